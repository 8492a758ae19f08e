"""Addresses of parts, by desk."""

from django.urls import path

from tirek.core.actors import Desk
from tirek.parts.case_pages import LIST, OWN, PAGES
from tirek.parts.draft_forms import ASKING
from tirek.parts.task_pages import SUPPLIERS
from tirek.parts.views import cabinet, files, things

app_name = "parts"

urlpatterns = [
    path("my-things/find", things.find, name="find"),
    path("my-things/<uuid:key>/parts", things.of, name="of"),
    *ASKING.urls("part-orders/form"),
    # the recipient's desk
    *OWN.urls("part-orders"),
    *PAGES.urls(Desk.RECIPIENT, "part-orders"),
    # the supplier's desk
    path("supply/parts", cabinet.parts, name="supplier-parts"),
    path("supply/parts/new", cabinet.new, name="supplier-part-new"),
    path("supply/parts/find", things.find_handed_over, name="supplier-find"),
    path("supply/parts/book", files.book, name="supplier-parts-book"),
    path("supply/parts/file", files.brought, name="supplier-parts-file"),
    path("supply/parts/<uuid:key>", cabinet.part, name="supplier-part"),
    path("supply/parts/<uuid:key>/edit", cabinet.edit, name="supplier-part-edit"),
    path("supply/parts/<uuid:key>/fits", cabinet.fits, name="supplier-part-fits"),
    path("supply/parts/<uuid:key>/fits/<uuid:fit>/off", cabinet.fit_off, name="supplier-part-fit-off"),
    *SUPPLIERS.urls("supply/parts-waiting"),
    *LIST.urls(Desk.SUPPLIER, "supply/part-orders"),
    *PAGES.urls(Desk.SUPPLIER, "supply/part-orders"),
    # the officer's desk
    path("office/things/<uuid:person_key>/find", things.find_of, name="find-of"),
    path("office/thing/<uuid:key>/parts", things.of_thing, name="of-thing"),
    *LIST.urls(Desk.OFFICER, "office/part-orders"),
    *PAGES.urls(Desk.OFFICER, "office/part-orders"),
]
