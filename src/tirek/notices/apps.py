from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Portal inbox, short messages and e-mail."""

    name = "tirek.notices"
    label = "notices"
