from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations and memberships."""

    name = "tirek.organisations"
    label = "organisations"
