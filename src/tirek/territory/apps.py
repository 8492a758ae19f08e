from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "tirek.territory"
    label = "territory"
