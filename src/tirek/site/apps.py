from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The entrance: home, help, state of the service, drafts and sessions."""

    name = "tirek.site"
    label = "entrance"
