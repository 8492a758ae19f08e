from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Portal inbox, short messages and e-mail."""

    name = "tirek.notices"
    label = "notices"

    def ready(self) -> None:
        """Put the bell into the common pages."""
        import_module("tirek.notices.menu").announce()
        import_module("tirek.notices.messages").register_all()
