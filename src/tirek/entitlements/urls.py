"""Addresses of programmes, terms to order, corrections and requests, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.entitlements.case_pages import CORRECTION_PAGES, OWN_REQUESTS, REQUEST_PAGES, TASKS, TERM_PAGES
from tirek.entitlements.draft_forms import CORRECTION, REQUEST
from tirek.entitlements.views import officer, recipient

app_name = "entitlements"

urlpatterns = [
    # the recipient's desk
    path("programme", recipient.programme, name="recipient-programme"),
    path("programme/<uuid:key>", recipient.line, name="recipient-line"),
    *OWN_REQUESTS.urls("corrections"),
    *REQUEST.urls("corrections/form"),
    *REQUEST_PAGES.urls(Desk.RECIPIENT, "corrections"),
    # the officer's desk
    *TASKS.urls("office/tasks"),
    path("office/people/<uuid:key>/programme", officer.new_programme, name="new-programme"),
    path("office/lines/<uuid:key>", officer.line, name="officer-line"),
    path("office/lines/<uuid:key>/scenario", officer.line_scenario, name="officer-line-scenario"),
    path("office/lines/<uuid:key>/scenario/keep", officer.keep_scenario, name="keep-scenario"),
    *CORRECTION.urls("office/corrections/form"),
    *TERM_PAGES.urls(Desk.OFFICER, "office/terms"),
    *REQUEST_PAGES.urls(Desk.OFFICER, "office/requests"),
    *CORRECTION_PAGES.urls(Desk.OFFICER, "office/corrections"),
]
