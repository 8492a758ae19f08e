"""Addresses of private files."""

from django.urls import path

from tirek.files.views.download import download

app_name = "files"

urlpatterns = [path("files/<uuid:key>", download, name="download")]
