"""Addresses of programmes, terms to order, corrections and requests, by desk."""

from django.urls import path

from tirek.entitlements.views import corrections, officer, recipient, requests

app_name = "entitlements"

urlpatterns = [
    # the recipient's desk
    path("programme", recipient.programme, name="recipient-programme"),
    path("programme/<uuid:key>", recipient.line, name="recipient-line"),
    path("corrections", requests.all_requests, name="recipient-requests"),
    path("corrections/ask", requests.ask, name="request-ask"),
    path("corrections/form/<uuid:key>", requests.fill_in, name="request-form"),
    path("corrections/form/<uuid:key>/check", requests.check, name="request-check"),
    path("corrections/form/<uuid:key>/discard", requests.discard, name="request-discard"),
    path("corrections/done/<str:number>", requests.receipt, name="request-receipt"),
    path("corrections/<str:number>", requests.one, name="recipient-request"),
    # the officer's desk
    path("office/tasks", officer.tasks, name="officer-tasks"),
    path("office/lines/<uuid:key>", officer.line, name="officer-line"),
    path("office/terms/<str:number>", officer.term, name="officer-term"),
    path("office/requests/<str:number>", officer.asked, name="officer-request"),
    path("office/corrections/begin", corrections.begin, name="correction-begin"),
    path("office/corrections/form/<uuid:key>", corrections.fill_in, name="correction-form"),
    path("office/corrections/form/<uuid:key>/check", corrections.check, name="correction-check"),
    path("office/corrections/form/<uuid:key>/discard", corrections.discard, name="correction-discard"),
    path("office/corrections/<str:number>", corrections.one, name="officer-correction"),
]
