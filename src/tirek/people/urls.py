"""Addresses of the officer's pages about people."""

from django.urls import path

from tirek.people.views import officer

app_name = "people"

urlpatterns = [
    path("counter/phone", officer.phone, name="phone"),
    path("counter/agreement/<uuid:key>", officer.agree, name="agree"),
]
