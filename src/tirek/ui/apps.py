from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tirek.ui"
    label = "ui"
