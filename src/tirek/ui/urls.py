"""Addresses of what is common to all pages."""

from django.urls import path

from tirek.ui.views import display, public

app_name = "ui"

urlpatterns = [
    path("display", display.panel, name="display"),
    path("language/<str:code>", public.language, name="language"),
]
