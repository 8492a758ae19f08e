from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "tirek.catalogue"
    label = "catalogue"
