from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tirek.files"
    label = "files"
