"""Addresses of the register of suppliers, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.suppliers.case_pages import LIST, OWN, PAGES
from tirek.suppliers.draft_forms import JOINING
from tirek.suppliers.task_pages import OFFICERS
from tirek.suppliers.views import account, applicant, officer, public, supplier

app_name = "suppliers"

urlpatterns = [
    # everybody
    path("join", public.join, name="join"),
    path("join/offer", public.offer, name="public-offer"),
    path("suppliers", public.entries, name="register"),
    # the applicant
    *OWN.urls("registrations"),
    *JOINING.urls("registrations/form"),
    path("registrations/<str:number>/data", applicant.data, name="recipient-data"),
    path("registrations/<str:number>/papers/<slug:code>", applicant.paper, name="recipient-paper"),
    *PAGES.urls(Desk.RECIPIENT, "registrations"),
    # the supplier's desk
    path("supply/account", account.account, name="account"),
    path("supply/checks", supplier.listed, name="supplier-checks"),
    path("supply/checks/<slug:code>", supplier.paper, name="supplier-paper"),
    path("supply/agreement", supplier.agreement, name="supplier-agreement"),
    *PAGES.urls(Desk.SUPPLIER, "supply/registrations"),
    # the officer's desk
    *OFFICERS.urls("office/registrations-waiting"),
    *LIST.urls(Desk.OFFICER, "office/registrations"),
    path("office/registrations/<str:number>/checks/<slug:code>", officer.finding, name="officer-finding"),
    *PAGES.urls(Desk.OFFICER, "office/registrations"),
    path("office/suppliers", officer.entries, name="officer-suppliers"),
    path("office/suppliers/<uuid:key>", officer.entry, name="officer-supplier"),
    path("office/suppliers/<uuid:key>/checks/<slug:code>", officer.entry_finding, name="officer-supplier-check"),
    path("office/suppliers/<uuid:key>/<slug:verb>", officer.decide, name="officer-supplier-act"),
    path("office/checks", officer.due, name="officer-checks"),
]
