"""Addresses of prepared orders."""

from django.urls import path

from tirek.prepared.views import answering

app_name = "prepared"

urlpatterns = [
    path("prepared", answering.mine, name="mine"),
    path("prepared/<uuid:key>", answering.one, name="one"),
    path("prepared/<uuid:key>/order", answering.take, name="take"),
    path("prepared/<uuid:key>/not-now", answering.decline, name="decline"),
    path("prepared/<uuid:key>/form", answering.form, name="form"),
    path("prepared/wish/<uuid:person_key>", answering.wish, name="wish"),
]
