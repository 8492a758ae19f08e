"""Addresses of notices."""

from django.urls import path

from tirek.notices.views import admin, inbox

app_name = "notices"

urlpatterns = [
    path("notices", inbox.inbox, name="inbox"),
    path("notices/read", inbox.read_all, name="read-all"),
    path("notices/undelivered", admin.undelivered, name="undelivered"),
    path("notices/undelivered/<uuid:key>/again", admin.send_again, name="send-again"),
    path("notices/texts", admin.texts, name="texts"),
    path("notices/texts/<str:code>", admin.text, name="text"),
    path("notices/sent", admin.sent, name="sent"),
    path("notices/<uuid:key>", inbox.notice, name="notice"),
]
