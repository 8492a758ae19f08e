from django.apps import AppConfig


class PreparedConfig(AppConfig):
    """Orders that the portal prepares when a person can order again: shown, sent by one press, never without it."""

    name = "tirek.prepared"
    label = "prepared"
