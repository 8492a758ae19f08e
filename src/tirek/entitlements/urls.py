"""Addresses of programmes, terms to order, corrections and requests, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.entitlements.case_pages import CORRECTION_PAGES, REQUEST_PAGES, TERM_PAGES
from tirek.entitlements.draft_forms import CORRECTION, REQUEST
from tirek.entitlements.views import corrections, officer, recipient, requests

app_name = "entitlements"

urlpatterns = [
    # the recipient's desk
    path("programme", recipient.programme, name="recipient-programme"),
    path("programme/<uuid:key>", recipient.line, name="recipient-line"),
    path("corrections", requests.all_requests, name="recipient-requests"),
    path("corrections/ask", requests.ask, name="request-ask"),
    *REQUEST.urls("corrections/form"),
    path("corrections/done/<str:number>", requests.receipt, name="request-receipt"),
    *REQUEST_PAGES.urls(Desk.RECIPIENT, "corrections"),
    # the officer's desk
    path("office/tasks", officer.tasks, name="officer-tasks"),
    path("office/lines/<uuid:key>", officer.line, name="officer-line"),
    path("office/corrections/begin", corrections.begin, name="correction-begin"),
    *CORRECTION.urls("office/corrections/form"),
    *TERM_PAGES.urls(Desk.OFFICER, "office/terms"),
    *REQUEST_PAGES.urls(Desk.OFFICER, "office/requests"),
    *CORRECTION_PAGES.urls(Desk.OFFICER, "office/corrections"),
]
