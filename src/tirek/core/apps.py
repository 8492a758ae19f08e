from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """What every app stands on."""

    name = "tirek.core"
    label = "core"

    def ready(self) -> None:
        """Read what each app says of its personal data (``personal.py``) and of its reference values (``reference_names.py``)."""
        autodiscover_modules("personal", "reference_names")
