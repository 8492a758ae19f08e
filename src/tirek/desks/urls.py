"""Addresses of what the desks have in common."""

from django.urls import path

from tirek.desks.views import officer, offline, overview, recipient, supplier, unsent

app_name = "desks"

urlpatterns = [
    path("home", recipient.home, name="recipient-home"),
    path("drafts", recipient.forms, name="recipient-forms"),
    path("not-sent", unsent.unsent, name="unsent"),
    path("not-sent/<str:code>.js", offline.worker, name="offline-worker"),
    path("not-sent/<str:code>", offline.page, name="offline"),
    path("supply", supplier.home, name="supplier-home"),
    path("office", officer.home, name="officer-home"),
    path("office/people", officer.find, name="officer-find"),
    path("office/people/<uuid:key>", officer.person, name="officer-person"),
    path("office/people/<uuid:key>/reason", officer.reason, name="officer-reason"),
    path("office/people/<uuid:key>/file", unsent.bring, name="officer-bring"),
    path("office/drafts", officer.forms, name="officer-forms"),
    path("overview", overview.side_by_side, name="overview"),
    path("overview/<str:code>", overview.side_by_side, name="overview-of"),
]
