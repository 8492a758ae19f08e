from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tirek.notices"
    label = "notices"
