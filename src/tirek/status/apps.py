from django.apps import AppConfig


class StatusConfig(AppConfig):
    """The state of the service, and what is announced about it."""

    name = "tirek.status"
    label = "status"
