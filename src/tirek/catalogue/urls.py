"""Addresses of the catalogue: what everybody may open, and the cards of suppliers by desk."""

from django.urls import path

from tirek.catalogue.case_pages import LIST, PAGES
from tirek.catalogue.task_pages import OFFICERS
from tirek.catalogue.views import cards, papers, showing, table, things, watched
from tirek.core.actors import Desk

app_name = "catalogue"

urlpatterns = [
    path("things", things.kinds, name="things"),
    path("things/<str:code>", things.kind, name="thing"),
    path("things/<str:code>/offers", showing.offers, name="offers"),
    path("things/<str:code>/compare", showing.compare, name="offers-compare"),
    path("things/<str:code>/offers.pdf", showing.offers_paper, name="offers-paper"),
    path("things/offers/<uuid:key>", showing.offer, name="offer"),
    path("things/offers/<uuid:key>.pdf", showing.offer_paper, name="offer-paper"),
    path("things/photos/<uuid:key>", papers.photo, name="photo"),
    # the supplier's desk
    path("supply/cards", cards.cards, name="supplier-cards"),
    path("supply/cards/new", cards.choose_kind, name="supplier-kind"),
    path("supply/cards/begin", cards.begin, name="supplier-begin"),
    path("supply/cards/table", table.table, name="supplier-card-table"),
    path("supply/cards/book", table.book, name="supplier-card-book"),
    path("supply/cards/files", table.brought, name="supplier-card-files"),
    path("supply/cards/files/<uuid:key>", table.one_file, name="supplier-card-file"),
    path("supply/cards/files/<uuid:key>/wrong", table.wrong, name="supplier-card-file-wrong"),
    path("supply/cards/<uuid:key>", cards.card, name="supplier-card"),
    path("supply/cards/<uuid:key>/part/<slug:name>", cards.part, name="supplier-card-part"),
    path("supply/cards/<uuid:key>/sizes/new", cards.size, name="supplier-card-size"),
    path("supply/cards/<uuid:key>/sizes/<uuid:size_key>", cards.size, name="supplier-card-size-edit"),
    path("supply/cards/<uuid:key>/sizes/<uuid:size_key>/off", cards.drop_size, name="supplier-card-size-off"),
    path("supply/cards/<uuid:key>/documents/new", papers.new_document, name="supplier-card-document"),
    path(
        "supply/cards/<uuid:key>/documents/<uuid:document_key>/off",
        papers.drop_document,
        name="supplier-card-document-off",
    ),
    path("supply/cards/<uuid:key>/photos/new", papers.new_photo, name="supplier-card-photo"),
    path("supply/cards/<uuid:key>/photos/<uuid:photo_key>/off", papers.drop_photo, name="supplier-card-photo-off"),
    path("supply/cards/<uuid:key>/<slug:verb>", cards.act, name="supplier-card-act"),
    *LIST.urls(Desk.SUPPLIER, "supply/admissions"),
    *PAGES.urls(Desk.SUPPLIER, "supply/admissions"),
    # the officer's desk
    path("office/cards", watched.cards, name="officer-cards"),
    path("office/cards/<uuid:key>", watched.card, name="officer-card"),
    path("office/cards/<uuid:key>/<slug:verb>", watched.decide, name="officer-card-act"),
    *OFFICERS.urls("office/admissions-waiting"),
    *LIST.urls(Desk.OFFICER, "office/admissions"),
    *PAGES.urls(Desk.OFFICER, "office/admissions"),
]
