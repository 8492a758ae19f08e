"""Addresses of letters."""

from django.urls import path

from tirek.letters.views import officer

app_name = "letters"

urlpatterns = [
    path("office/letters", officer.of_day, name="day"),
    path("office/letters/print", officer.printed, name="print"),
    path("office/letters/envelopes.csv", officer.envelopes, name="envelopes"),
    path("office/letters/posted", officer.posted, name="posted"),
    path("office/letters/<uuid:key>/returned", officer.returned, name="returned"),
    path("office/letters/<uuid:key>/settled", officer.settle, name="settle"),
    path("office/letters/by-post/<uuid:person_key>", officer.by_post, name="by-post"),
]
