from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, their measurements, representatives, consents and needs."""

    name = "tirek.people"
    label = "people"
