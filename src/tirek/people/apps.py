from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tirek.people"
    label = "people"
