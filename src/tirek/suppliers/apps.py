from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Register of suppliers."""

    name = "tirek.suppliers"
    label = "suppliers"
