"""Addresses of orders, by desk."""

from django.urls import path

from tirek.orders.views import counter, lists, officer, ordering, recipient, supplier

app_name = "orders"

urlpatterns = [
    # choosing and ordering: the person, a representative, or an officer at the counter
    path("order/<uuid:line_key>", ordering.offers, name="offers"),
    path("order/<uuid:line_key>/compare", ordering.compare, name="compare"),
    path("order/<uuid:line_key>/offers/<uuid:offer_key>", ordering.offer, name="offer"),
    path("order/form/<uuid:key>", ordering.resume, name="form"),
    path("order/form/<uuid:key>/submit", ordering.submit, name="submit"),
    path("order/form/<uuid:key>/hand", ordering.hand_over_draft, name="hand-draft"),
    path("order/form/<uuid:key>/take", ordering.take_draft, name="take-draft"),
    path("order/form/<uuid:key>/discard", ordering.discard, name="discard"),
    path("order/form/<uuid:key>/<slug:step>", ordering.step, name="step"),
    path("order/done/<str:number>", ordering.receipt, name="receipt"),
    # the recipient's desk
    path("home", recipient.home, name="recipient-home"),
    path("drafts", recipient.drafts_list, name="recipient-drafts"),
    path("orders", recipient.orders, name="recipient-orders"),
    path("orders/<str:number>", recipient.order, name="recipient-order"),
    path("orders/<str:number>/cancel", recipient.cancel, name="recipient-cancel"),
    path("orders/<str:number>/confirm", recipient.confirm, name="recipient-confirm"),
    path("orders/<str:number>/refuse", recipient.refuse, name="recipient-refuse"),
    # the supplier's desk
    path("supply", supplier.home, name="supplier-home"),
    path("supply/orders", supplier.orders, name="supplier-orders"),
    path("supply/orders/accept", supplier.accept_many, name="supplier-accept-many"),
    path("supply/orders/export", supplier.export, name="supplier-export"),
    path("supply/orders/<str:number>", supplier.order, name="supplier-order"),
    path("supply/orders/<str:number>/<slug:verb>", supplier.act, name="supplier-act"),
    path("supply/offers", supplier.offers, name="supplier-offers"),
    path("supply/offers/<uuid:key>", supplier.variant, name="supplier-variant"),
    # lists of both desks of staff
    path("desk/filters", lists.save, name="save-filter"),
    path("desk/filters/<uuid:key>/delete", lists.delete, name="delete-filter"),
    # the officer's desk
    path("office", officer.home, name="officer-home"),
    path("office/people", officer.find, name="officer-find"),
    path("office/people/<uuid:key>", officer.person, name="officer-person"),
    path("office/people/<uuid:key>/reason", officer.reason, name="officer-reason"),
    path("office/drafts", officer.drafts_list, name="officer-drafts"),
    path("office/orders", officer.orders, name="officer-orders"),
    path("office/orders/<str:number>", officer.order, name="officer-order"),
    path("office/orders/<str:number>/confirm", officer.confirm, name="officer-confirm"),
    path("office/orders/<str:number>/cancel", officer.cancel, name="officer-cancel"),
    path("office/orders/<str:number>/refuse", officer.refuse, name="officer-refuse"),
    path("office/forms/<uuid:key>/agree", counter.agree, name="officer-agree"),
    path("office/orders/<str:number>/handed-over", officer.handed_over, name="officer-handed-over"),
    path("office/orders/<str:number>/let-go-on", officer.let_go_on, name="officer-let-go-on"),
]
