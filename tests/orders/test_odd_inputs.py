"""What people type into the forms of orders is read as it is meant, by the page as by what is sent."""

import re
from collections.abc import Iterator

import pytest
from django.forms import Field
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import Page, read
from tests.kit.world import World

from tirek.catalogue.card_forms import SizeForm
from tirek.core import clock
from tirek.core.database.ratelimit import RateWindow
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken, TooMany
from tirek.core.sheets import Line
from tirek.orders import actions
from tirek.orders.forms.person import DeliveryForm
from tirek.orders.forms.supplier import TopUpForm
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.parts.forms import PartForm
from tirek.people.forms import RepresentationForm
from tirek.procurement.forms import ContractForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


@pytest.fixture
def client(world: World) -> Client:
    return world.client(world.actor)


def step(draft: Draft, name: str) -> str:
    return reverse("orders:step", args=[draft.pk, name])


@pytest.mark.finding("I-1")
@pytest.mark.parametrize("typed", ["30 ", " 30", "\u200b30", "3\u00a00", "+30"])
def test_quantity__typed_with_a_blank_is_the_same_on_every_page_and_sent(
    world: World, client: Client, typed: str
) -> None:
    draft = world.draft(quantity=typed)
    assert client.post(step(draft, "quantity"), {"quantity": typed}).status_code == 302
    page = client.get(step(draft, "check"))
    assert b"5\xc2\xa0400" in page.content
    assert reverse("orders:submit", args=[draft.pk]) in page.content.decode()
    assert actions.submit_order(actor=world.actor, draft_key=draft.pk).quantity == 30


@pytest.mark.finding("I-1")
@pytest.mark.parametrize("typed", ["0", "1.5", "thirty", "1 000 000 000 000"])
def test_quantity__that_is_none_is_refused_on_its_own_page(world: World, client: Client, typed: str) -> None:
    draft = world.draft()
    assert client.post(step(draft, "quantity"), {"quantity": typed}).status_code == 422


def on_the_way(world: World) -> Order:
    return actions.accept_order(actor=world.supplier_actor, order=world.order(), ready_on=clock.today())


@pytest.mark.finding("I-4")
@pytest.mark.parametrize("typed", ["12345б", "абвгде", "\u200b\u200b", "123", "é" * 9])
def test_code_at_the_door__that_is_none_is_refused_in_words_and_is_no_try(world: World, typed: str) -> None:
    order = on_the_way(world)
    client = world.client(world.supplier_actor)
    for _time in range(6):
        answer = client.post(f"/supply/orders/{order.number}/hand_over", {"hand_over-code": typed})
        assert answer.status_code == 422
    assert not RateWindow.objects.filter(name="order.door_code").exists()


@pytest.mark.finding("I-4")
@pytest.mark.parametrize("form", ["{0}-{1}", "\u200b{0}{1}\u200b", "{0} {1} ", "код {0}{1}."])
def test_code_at_the_door__is_taken_in_every_form(world: World, form: str) -> None:
    order = on_the_way(world)
    code = door_code_for(world.actor, order)
    done = actions.hand_over_at_door(actor=world.supplier_actor, order=order, code=form.format(code[:3], code[3:]))
    assert done.state == Order.State.AWAITING_CONFIRMATION


@pytest.mark.finding("I-4")
def test_code_at_the_door__is_counted_when_it_is_one(world: World) -> None:
    order = on_the_way(world)
    wrong = "000000" if door_code_for(world.actor, order) != "000000" else "111111"
    for _time in range(5):
        with pytest.raises(RuleBroken):
            actions.hand_over_at_door(actor=world.supplier_actor, order=order, code=wrong)
    with pytest.raises(TooMany):
        actions.hand_over_at_door(actor=world.supplier_actor, order=order, code=wrong)


def delivery(**changes: str) -> DeliveryForm:
    return DeliveryForm({"address": "Абай көшесі 1", "phone": "+7 701 123 45 67", "comment": "", **changes})


@pytest.mark.finding("I-19")
def test_own_words__are_counted_as_the_browser_counts_them() -> None:
    lines = "\r\n".join(["тоғызәріп"] * 50)
    assert len(lines.replace("\r\n", "\n")) == 499
    form = delivery(comment=lines)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["comment"].count("\n") == 49


@pytest.mark.finding("J-M9")
@pytest.mark.parametrize("address", ["😀😀😀😀😀😀", "......", "— — — —"])
def test_address__needs_letters_or_digits(address: str) -> None:
    assert "address" in delivery(address=address).errors


@pytest.mark.parametrize("address", ["Орда ауылы", "Ақши", "с.Аша", "Ой", "64"])
def test_address__of_a_village_without_streets_is_its_name(address: str) -> None:
    form = delivery(address=address)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["address"] == address


@pytest.mark.finding("J-M9")
def test_own_words__are_counted_on_the_page_and_never_cut(world: World, client: Client) -> None:
    draft = world.draft()
    page = client.get(step(draft, "delivery")).content.decode()
    (box,) = re.findall(r'<textarea name="comment"[^>]*>', page)
    assert "maxlength" not in box
    assert "govuk-js-character-count" in box
    assert "id_comment-info" in box
    assert 'data-maxlength="500"' in page
    answer = client.post(
        step(draft, "delivery"), {"address": "Абай 1-1", "phone": "+77011234567", "comment": "x" * 501}
    )
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.values()["comment"] == "x" * 501, "what was typed is kept whole"


@pytest.mark.finding("J-M9")
@pytest.mark.parametrize("name", ["comment", "phone"])
def test_text_that_no_draft_has_room_for__is_refused_on_its_page_with_all_that_was_typed(
    world: World, client: Client, name: str
) -> None:
    draft, typed = world.draft(), {"address": "Абай 7-7", "phone": "+7 701 123 45 67", "comment": ""}
    answer = client.post(step(draft, "delivery"), typed | {name: "x" * 20_001})
    page = read(answer)
    assert page.status == 422
    assert "govuk-error-summary" in page.html
    assert "x" * 20_001 in page.html
    draft.refresh_from_db()
    assert draft.values()["address"] == "Абай 7-7"


@pytest.mark.finding("I-21")
def test_counter__lets_no_browser_fill_in_what_it_knows(world: World) -> None:
    paths: dict[str, Page] = {}
    for actor in (world.actor, world.officer):
        make.came(world.officer, world.person)
        draft = world.draft(actor=actor)
        paths[actor.desk] = read(world.client(actor).get(step(draft, "delivery")))
    marks = {desk: page.html.count('autocomplete="off"') for desk, page in paths.items()}
    assert all("street-address" not in page.html for desk, page in paths.items() if desk == "officer")
    assert "street-address" in paths[world.actor.desk].html
    assert marks["officer"] >= 3


@pytest.mark.finding("I-18")
@pytest.mark.finding("J-S1")
@pytest.mark.parametrize(
    "form", ["TC-{0}-{1:07d}", "tc {0} {1}", "№ ТС-{0}-{1:07d}", "ТС\u2013{0}\u2013{1:07d}", "#{1}", "{1}"]
)
def test_number__is_found_however_it_was_typed_or_dictated(world: World, form: str) -> None:
    order = world.order()
    _prefix, year, n = order.number.split("-")
    for actor, place in ((world.supplier_actor, "supply"), (world.officer, "office")):
        page = read(world.client(actor).get(f"/{place}/orders", {"number": form.format(year, int(n))}))
        assert order.number in page.main, (place, form)


@pytest.mark.parametrize(
    "field",
    [
        SizeForm.base_fields["article"],
        SizeForm.base_fields["label"],
        PartForm.base_fields["article"],
        TopUpForm.base_fields["receipt"],
        ContractForm.base_fields["number"],
        RepresentationForm.base_fields["document_number"],
    ],
)
def test_short_code__holds_no_mark_of_direction(field: Field) -> None:
    assert field.clean("\u200fAB\u202e-\u206612\u2069 \u202a7\u202c") == "AB-12 7"


def test_cell_of_a_file__holds_no_mark_of_direction() -> None:
    assert Line(2, ("\u200eSN-7\u200f",)).text(0) == "SN-7"
