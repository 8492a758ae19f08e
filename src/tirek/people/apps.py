from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, their measurements, representatives, consents and needs."""

    name = "tirek.people"
    label = "people"

    def ready(self) -> None:
        """Put the officers' page into their menu."""
        import_module("tirek.people.menu").announce()
