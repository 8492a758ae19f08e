"""Addresses of payments, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.reimbursements.case_pages import LIST, PAGES
from tirek.reimbursements.task_pages import OFFICERS, SUPPLIERS
from tirek.reimbursements.views import payments

app_name = "reimbursements"

urlpatterns = [
    # the supplier's desk
    path("supply/payments", payments.payments, name="payments"),
    path("supply/payments/file", payments.payments_file, name="payments-file"),
    *SUPPLIERS.urls("supply/payments-waiting"),
    *LIST.urls(Desk.SUPPLIER, "supply/claims"),
    *PAGES.urls(Desk.SUPPLIER, "supply/claims"),
    # the officer's desk
    *OFFICERS.urls("office/payments-waiting"),
    *LIST.urls(Desk.OFFICER, "office/payments"),
    *PAGES.urls(Desk.OFFICER, "office/payments"),
]
