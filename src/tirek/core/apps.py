from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every app stands on."""

    name = "tirek.core"
    label = "core"
