from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders, from the submission to the signed receipt."""

    name = "tirek.orders"
    label = "orders"
