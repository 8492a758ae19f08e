"""Addresses of messages."""

from django.urls import path

from tirek.correspondence.views import threads

app_name = "correspondence"

urlpatterns = [
    path("messages", threads.received, name="list"),
    path("messages/department", threads.office, name="office"),
    path("messages/<slug:about>/<uuid:key>", threads.thread, name="thread"),
]
