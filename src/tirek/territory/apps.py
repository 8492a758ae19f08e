from importlib import import_module

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    """Regions and districts."""

    name = "tirek.territory"
    label = "territory"

    def ready(self) -> None:
        """Make the loader of the shipped territories known."""
        import_module("tirek.territory.reference_data")
