from django.apps import AppConfig


class UiConfig(AppConfig):
    """What people see that is not one app's own."""

    name = "tirek.ui"
    label = "ui"
