from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Kinds of the classifier and the offers of suppliers."""

    name = "tirek.catalogue"
    label = "catalogue"
