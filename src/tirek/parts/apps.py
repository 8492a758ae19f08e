from django.apps import AppConfig


class PartsConfig(AppConfig):
    """Spare parts and accessories of what people hold: found by its number, ordered within warranty and term of use."""

    name = "tirek.parts"
    label = "parts"
