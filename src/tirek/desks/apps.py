from django.apps import AppConfig


class DesksConfig(AppConfig):
    """What the desks have in common, above every domain app: home pages, a person's file, unfinished forms."""

    name = "tirek.desks"
    label = "desks"
