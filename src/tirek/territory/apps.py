from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Regions and districts."""

    name = "tirek.territory"
    label = "territory"
