from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Kinds of the classifier and the offers of suppliers."""

    name = "tirek.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Make the loaders of the reference tables known."""
        from tirek.catalogue import reference_data  # noqa: F401 - models are not loaded before ``ready``
