"""What people type is shown as they typed it and runs nowhere: pages of every desk, the file of one's data, the table
of orders.
"""

import csv
import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from tests import factories as make
from tests.security.attack import World, desks_of, furnished, keys_of, routes, signed_in

from tirek.aftercare.models import Fault, Harm
from tirek.catalogue.models import Admission, Offer, OfferDocument, OfferPhoto, Variant
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.drafts import Draft
from tirek.core.personal import viewlog
from tirek.entitlements.models import Correction, CorrectionRequest, Line, Programme
from tirek.files.models import StoredFile
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.organisations.models import Organisation
from tirek.people.models import Person
from tirek.suppliers.models import Check, Registration, Supplier
from tirek.ui.models import SavedFilter

pytestmark = pytest.mark.django_db
MARK = "zq9"
EVIL = (
    f"{MARK}<script>alert(1)</script>\"'><img src=x onerror=alert(2)></title></textarea>"
    f"<svg/onload=alert(3)>{{{{7*7}}}}{{% x %}}"
)
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1")


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


class Seen(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def runs_something(page: str) -> list[str]:
    """What a browser would run, or load from elsewhere, in a page."""
    seen = Seen()
    seen.feed(page)
    bad = []
    for tag, given in seen.found:
        handlers = [name for name in given if name.startswith("on")]
        if handlers or given.get("src") == "x" or (tag == "script" and "src" not in given) or "{{7" in "".join(given):
            bad.append(f"<{tag} {given}>")
        if str(given.get("href", "")).lower().strip().startswith(("javascript:", "data:")):
            bad.append(f"<{tag} {given}>")
    return bad


def poison(world: World) -> None:
    """The same hostile text in every field that somebody may fill."""
    for model in (
        Order,
        CorrectionRequest,
        Correction,
        Programme,
        Line,
        Person,
        Organisation,
        Offer,
        Variant,
        StoredFile,
        SavedFilter,
        Admission,
        OfferDocument,
        OfferPhoto,
        Fault,
        Harm,
        Registration,
        Check,
        Supplier,
    ):
        for field in model._meta.concrete_fields:
            text = field.get_internal_type() in {"CharField", "TextField"} and not field.choices and not field.unique
            kept = {
                "sort_key",
                "state",
                "number",
                "journal_head",
                "territory_code",
                "payer_code",
                "kind_code",
                "channel",
                "iin",
                "sex",
                "bin",
            }
            kept |= {
                "phone",
                "language",
                "desk",
                "list",
                "conclusion_number",
                "query",
                "content_type",
                "place",
                "sha256",
                "case_type",
                "consent_version",
                "code",
                "unit",
                "place_code",
                "contact_phone",
                "finding",
            }
            if text and field.name not in kept and not field.name.startswith("sort_"):
                most = field.max_length or len(EVIL)
                model.objects.update(**{field.name: EVIL[:most] if most >= 60 else f"{MARK}<b onx>"[:most]})
    for draft in Draft.objects.all():
        for name in ("address", "comment", "words", "reason", "document", "phone"):
            if name in draft.fields:
                draft.fields[name]["value"] = EVIL
        draft.save()


def test_hostile_text__runs_on_no_page_of_any_desk() -> None:
    world = furnished()
    actions.refuse_delivery(actor=world.actor, order=world.delivered, reason="does_not_fit", note=EVIL)
    actions.cancel_order(actor=world.actor, order=world.order(3), note=EVIL)
    viewlog.record(world.officer, subject_id=world.person.pk, basis=viewlog.View.Basis.REASON, reason=EVIL[:300])
    poison(world)
    own = {
        Desk.RECIPIENT: world.actor,
        Desk.SUPPLIER: world.supplier_actor,
        Desk.OFFICER: world.officer,
        Desk.ADMIN: world.admin,
    }
    shown = dict.fromkeys(own, 0)
    for desk, actor in own.items():
        for language in ("en", "kk"):
            client = signed_in(actor, language=language)
            for _address, name, entry in routes():
                if desk not in desks_of(entry) or name == "files:download":
                    continue
                answer = client.get(reverse(name, kwargs=keys_of(name, world)))
                if not answer.headers.get("Content-Type", "").startswith("text/html"):
                    continue
                page = answer.content.decode()
                assert runs_something(page) == [], f"{desk} {name}"
                assert f"{MARK}<" not in page, f"{desk} {name}"
                assert "49{%" not in page
                shown[desk] += f"{MARK}&lt;" in page
    assert min(shown[Desk.RECIPIENT], shown[Desk.SUPPLIER], shown[Desk.OFFICER]) > 5, shown


def test_the_guard__sees_what_would_run() -> None:
    assert len(runs_something(EVIL)) == 3
    assert runs_something('<a href=" javascript:x">') != []


def test_hostile_text_typed_into_a_form__comes_back_as_text() -> None:
    world = World()
    client = signed_in(world.actor)
    step = reverse("orders:step", args=[world.open_draft.pk, "delivery"])
    for name, fields in (
        (step, {"address": EVIL, "comment": EVIL, "phone": EVIL}),
        ("/sign-in/staff", {"name": EVIL, "password": ""}),
    ):
        page = client.post(name, fields).content.decode()
        assert runs_something(page) == []
        assert f"{MARK}&lt;script" in page
    for address in ("/supply/orders", "/office/orders", "/manage/reference"):
        actor = {"/s": world.supplier_actor, "/o": world.officer, "/m": world.admin}[address[:2]]
        page = (
            signed_in(actor)
            .get(address, dict.fromkeys(("number", "text", "state", "q", "sort", "name"), EVIL))
            .content.decode()
        )
        assert runs_something(page) == []


def test_file_of_ones_data__is_a_download_that_no_browser_takes_for_a_page() -> None:
    world = furnished()
    poison(world)
    answer = signed_in(world.actor).get("/my-data/export")
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert EVIL in json.dumps(answer.json(), ensure_ascii=False).replace('\\"', '"')


def test_table_of_orders__holds_no_formula() -> None:
    world = World()
    client = signed_in(world.supplier_actor)
    assert world.placed
    for formula in FORMULAS:
        Order.objects.update(comment=formula, address=formula)
        Person.objects.update(surname=formula)
        answer = client.get(reverse("orders:supplier-orders-export"))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        text = b"".join(answer).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        cells = [cell for row in rows[1:] for cell in row]
        assert len(rows) > 1
        assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]
        assert any(formula.strip() in cell for cell in cells)
