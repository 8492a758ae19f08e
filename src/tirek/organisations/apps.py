from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "tirek.organisations"
    label = "organisations"
