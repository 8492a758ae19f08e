from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "tirek.site"
    label = "entrance"
