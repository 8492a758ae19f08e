from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "tirek.suppliers"
    label = "suppliers"
