"""Addresses of programmes."""

from django.urls import path

from tirek.entitlements.views import recipient

app_name = "entitlements"

urlpatterns = [
    path("programme", recipient.programme, name="recipient-programme"),
    path("programme/<uuid:key>", recipient.line, name="recipient-line"),
]
