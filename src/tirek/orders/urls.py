"""Addresses of orders, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.orders.case_pages import LIST, OWN_ORDERS, PAGES
from tirek.orders.draft_forms import FORM_OF_ORDER
from tirek.orders.task_pages import OFFICERS, SUPPLIERS
from tirek.orders.views import offers, ordering, supplier, together

app_name = "orders"

urlpatterns = [
    # choosing and ordering: the person, a representative, or an officer at the counter
    path("order/<uuid:line_key>", ordering.offers, name="offers"),
    path("order/<uuid:line_key>/compare", ordering.compare, name="compare"),
    path("order/<uuid:line_key>/again", ordering.again, name="again"),
    path("order/<uuid:line_key>/unfinished", ordering.unfinished, name="unfinished"),
    path("order/<uuid:line_key>/offers/<uuid:offer_key>", ordering.offer, name="offer"),
    *FORM_OF_ORDER.urls("order/form"),
    path("order/together/<uuid:person_key>", together.page, name="together"),
    path("order/together/<uuid:person_key>/sign", together.sign, name="together-sign"),
    path("order/together/done/<uuid:key>", together.receipt, name="together-done"),
    # the recipient's desk
    *OWN_ORDERS.urls("orders"),
    path("orders/<str:number>/act.pdf", ordering.act, name="act"),
    path("orders/<str:number>/payment", ordering.payment, name="payment"),
    *PAGES.urls(Desk.RECIPIENT, "orders"),
    # the supplier's desk
    path("supply/orders/route", supplier.route, name="supplier-route"),
    *LIST.urls(Desk.SUPPLIER, "supply/orders"),
    *PAGES.urls(Desk.SUPPLIER, "supply/orders"),
    *SUPPLIERS.urls("supply/waiting"),
    path("supply/offers", offers.offers, name="supplier-offers"),
    path("supply/offers/export", offers.export, name="supplier-offers-export"),
    path("supply/offers/table", offers.bring_back, name="supplier-offers-table"),
    path("supply/offers/<uuid:key>", offers.variant, name="supplier-variant"),
    # the officer's desk
    *LIST.urls(Desk.OFFICER, "office/orders"),
    *PAGES.urls(Desk.OFFICER, "office/orders"),
    *OFFICERS.urls("office/waiting"),
]
