"""Addresses of the officer's pages about people."""

from django.urls import path

from tirek.people.views import counter, officer

app_name = "people"

urlpatterns = [
    path("counter/phone", officer.phone, name="phone"),
    path("counter/register", counter.register, name="register"),
    path("counter/<uuid:key>/needs", counter.needs, name="needs"),
    path("counter/<uuid:key>/move", counter.move, name="move"),
    path("counter/<uuid:key>/representative", counter.representation, name="representative"),
    path("counter/<uuid:key>/representative/<uuid:pair>/end", counter.end_representation, name="end-representative"),
    path("counter/<uuid:key>/disability", counter.disability, name="disability"),
    path("counter/<uuid:key>/death", counter.death, name="death"),
    path("counter/<uuid:key>/consent/<uuid:consent>/withdraw", counter.withdraw, name="withdraw-consent"),
    path("counter/agreement/<uuid:key>", officer.agree, name="agree"),
]
