from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Private files."""

    name = "tirek.files"
    label = "files"
