"""Addresses of purchases and lots, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.procurement.case_pages import LOT_LIST, LOT_PAGES, OWN_PURCHASES, PURCHASE_LIST, PURCHASE_PAGES
from tirek.procurement.task_pages import OFFICERS, REGION
from tirek.procurement.views import officer

app_name = "procurement"

urlpatterns = [
    # the recipient's desk
    *OWN_PURCHASES.urls("purchases"),
    *PURCHASE_PAGES.urls(Desk.RECIPIENT, "purchases"),
    # the officer's desk
    *OFFICERS.urls("office/purchases-waiting"),
    *REGION.urls("office/lots-waiting"),
    path("office/purchases-needed", officer.needs, name="needs"),
    path("office/purchases-needed/<str:kind>", officer.new_lot, name="new-lot"),
    path("office/lines/<uuid:key>/need", officer.record, name="record"),
    *PURCHASE_LIST.urls(Desk.OFFICER, "office/purchases"),
    *PURCHASE_PAGES.urls(Desk.OFFICER, "office/purchases"),
    *LOT_LIST.urls(Desk.OFFICER, "office/lots"),
    *LOT_PAGES.urls(Desk.OFFICER, "office/lots"),
]
