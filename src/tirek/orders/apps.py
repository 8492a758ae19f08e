from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "tirek.orders"
    label = "orders"
