from importlib import import_module
from typing import Final

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

#: Rooms of an app that declare something; each is found by itself, the earlier ones in every app before the later ones.
ROOMS: Final = (
    "case_types",
    "reference_data",
    "reference_names",
    "messages",
    "easy_messages",
    "paper_messages",
    "actions",
    "subscriptions",
    "imports",
    "personal",
    "draft_forms",
    "panels",
    "menu",
)


class CoreConfig(AppConfig):
    """What every app stands on."""

    name = "tirek.core"
    label = "core"

    def ready(self) -> None:
        """Read what each app declares in its rooms."""
        for room in ROOMS:
            autodiscover_modules(room)
        import_module("tirek.core.personal.own")
        post_migrate.connect(_keep_figures, sender=self)


def _keep_figures(**_told: object) -> None:
    """The tables are up to date: those of cases keep their figures."""
    import_module("tirek.core.case.figures").keep()
