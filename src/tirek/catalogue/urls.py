"""Addresses of the catalogue that everybody may open."""

from django.urls import path

from tirek.catalogue.views import things

app_name = "catalogue"

urlpatterns = [
    path("things", things.kinds, name="things"),
    path("things/<str:code>", things.kind, name="thing"),
]
