from django.apps import AppConfig


class InsightConfig(AppConfig):
    """What the portal tells everybody of itself: how long people wait, and which kinds are ready in a region."""

    name = "tirek.insight"
    label = "insight"
