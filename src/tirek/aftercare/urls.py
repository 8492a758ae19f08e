"""Addresses of what comes after the receipt, by desk."""

from django.urls import path

from tirek.aftercare.case_pages import FAULT_LIST, FAULT_PAGES, HARM_LIST, HARM_PAGES, OWN_FAULTS
from tirek.aftercare.draft_forms import HARMING, REPORTING
from tirek.aftercare.task_pages import BOUGHT, OFFICERS, SUPPLIERS
from tirek.aftercare.views import recalls, things
from tirek.core.actors import Desk

app_name = "aftercare"

urlpatterns = [
    path("my-things", things.things, name="things"),
    *REPORTING.urls("faults/form"),
    *HARMING.urls("harm/form"),
    # the recipient's desk
    *OWN_FAULTS.urls("faults"),
    *FAULT_PAGES.urls(Desk.RECIPIENT, "faults"),
    *HARM_PAGES.urls(Desk.RECIPIENT, "harm"),
    # the supplier's desk
    *SUPPLIERS.urls("supply/faults-waiting"),
    *FAULT_LIST.urls(Desk.SUPPLIER, "supply/faults"),
    *FAULT_PAGES.urls(Desk.SUPPLIER, "supply/faults"),
    *HARM_LIST.urls(Desk.SUPPLIER, "supply/harm"),
    path("supply/harm/<str:number>/out", recalls.out_for_supplier, name="supplier-harm-out"),
    *HARM_PAGES.urls(Desk.SUPPLIER, "supply/harm"),
    # the officer's desk
    path("office/things/<uuid:person_key>", things.things_of, name="things-of"),
    *OFFICERS.urls("office/faults-waiting"),
    *BOUGHT.urls("office/bought-faults-waiting"),
    *FAULT_LIST.urls(Desk.OFFICER, "office/faults"),
    *FAULT_PAGES.urls(Desk.OFFICER, "office/faults"),
    *HARM_LIST.urls(Desk.OFFICER, "office/harm"),
    path("office/harm/<str:number>/out", recalls.out_for_officer, name="officer-harm-out"),
    *HARM_PAGES.urls(Desk.OFFICER, "office/harm"),
]
