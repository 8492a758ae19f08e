"""The supplier's desk as a worklist: days are proposed, one act is the main one, many orders go on together, and a
sheet goes along with the driver.
"""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from tests import factories as make
from tests.kit.pages import Page, open_page, read
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken
from tirek.core.personal.viewlog import View
from tirek.orders import actions, promises
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.people.actions import record_measurement
from tirek.people.models import Needs
from tirek.ui.fields import DayField, sample_of_day

pytestmark = pytest.mark.django_db
LIST = "/supply/orders"
State = Order.State


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


@pytest.fixture
def seller(world: World) -> Client:
    return signed_in(world.supplier_actor)


def accepted(world: World) -> Order:
    return actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())


def slow_order(world: World, days: int) -> Order:
    """An order of an offer with another time of delivery."""
    offer = make.offer(world.supplier, world.kind, to="100000000", days=days)
    draft = world.draft(3, version=str(make.version_of(offer).pk))
    return actions.submit_order(actor=world.actor, draft_key=draft.pk)


def buttons(page: Page) -> list[tuple[str, bool]]:
    """Buttons between header and footer: what they say, and whether they are a quiet one."""
    main = page.html.partition("<main")[2].partition("</main>")[0]
    found = re.findall(
        r'<(?:button|a)\s[^>]*class="(govuk-button[^"]*)"[^>]*>\s*(.*?)\s*</(?:button|a)>', main, re.DOTALL
    )
    return [(words, "secondary" in classes) for classes, words in found]


# --- a day is proposed


@pytest.mark.finding("J-S2")
def test_acceptance__last_day_is_told_and_stands_in_the_form_before_any_mistake(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        page = open_page(seller, f"{LIST}/{world.order(3).number}")
    assert "The last day you can promise: 16 November 2026. Delivery time in your offer: 7 calendar days." in page.main
    shown = {
        part: re.search(rf'name="accept-ready_on_{part}"\s+value="(\d+)"', page.html)
        for part in ("day", "month", "year")
    }
    assert {part: one and one.group(1) for part, one in shown.items()} == {"day": "16", "month": "11", "year": "2026"}


@pytest.mark.finding("J-S2")
def test_acceptance__term_of_the_law_is_named_where_the_offer_says_more(world: World) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        told = str(promises.why_last_promise(slow_order(world, 90)))
    assert told == (
        "The last day you can promise: 9\u00a0December\u00a02026. "
        "The longest delivery time that is allowed: 30\u00a0calendar days."
    )


@pytest.mark.finding("J-S2")
@pytest.mark.parametrize(
    ("days", "message", "way_out"),
    [
        (-2500, "This day has passed.", "Choose a day from today to 16\u00a0November\u00a02026."),
        (8, "The last day you can promise: 16\u00a0November\u00a02026.", "Choose an earlier day"),
    ],
)
def test_acceptance__too_early_and_too_late_are_told_apart(world: World, days: int, message: str, way_out: str) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        order = world.order(3)
        with pytest.raises(RuleBroken) as refused:
            promises.check_acceptance(order, clock.today() + timedelta(days=days))
        assert refused.value.code == "promise"
        assert str(refused.value.message).startswith(message)
        assert str(refused.value.next_step).startswith(way_out)


@pytest.mark.finding("J-S2")
def test_sample_of_a_day__is_one_that_the_field_takes_and_lies_ahead() -> None:
    with clock.at(make.MORNING):
        today = clock.today()
        assert sample_of_day() == "9 12 2026"
        assert sample_of_day(latest=today + timedelta(days=4)) == "13 11 2026"
        assert sample_of_day(latest=clock.today) == "9 11 2026"
        assert sample_of_day(earliest=today + timedelta(days=60)) == "8 1 2027"
        field = DayField(label="Day", latest=today + timedelta(days=4))
        with pytest.raises(Exception, match="13 11 2026"):
            field.clean("41/1/2026")


# --- one main act


def test_refused_order__says_why_above_what_can_be_done(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = accepted(world)
        order = actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
        order = actions.refuse_delivery(actor=world.actor, order=order, reason="does_not_fit", note="Too narrow")
        page = open_page(seller, f"{LIST}/{order.number}").main
    above = page.partition("Bring other goods by")[0].partition("Take the goods back")[0]
    assert "Reason: it is as described but does not fit. Too narrow" in above


def test_order__says_what_it_costs_in_all_and_by_when_to_deliver(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        page = open_page(seller, f"{LIST}/{accepted(world).number}").main.replace("\u00a0", " ")
    assert "Price in all 180 ₸ × 3 = 540 ₸" in page
    assert "Deliver by" in page


@pytest.mark.finding("J-S3")
def test_order__has_one_main_act_in_every_state_of_the_supplier(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        orders = {"Accept the order": world.order(3), "Begin to prepare": accepted(world)}
        orders["It is on its way"] = actions.prepare_order(actor=world.supplier_actor, order=accepted(world))
        orders["Handed over"] = actions.dispatch_order(actor=world.supplier_actor, order=accepted(world))
        for main, order in orders.items():
            page = open_page(seller, f"{LIST}/{order.number}")
            assert [words for words, is_quiet in buttons(page) if not is_quiet] == [main]
            assert not [one for one in page.headings if page.headings.count(one) > 1]


@pytest.mark.finding("J-S3")
def test_quiet_act__opens_where_its_form_was_refused(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = accepted(world)
        closed = open_page(seller, f"{LIST}/{order.number}")
        refused = read(seller.post(f"{LIST}/{order.number}/hand_over", {"hand_over-code": "12"}))
    assert '<details class="govuk-details act">' in closed.html
    assert '<details class="govuk-details act" open>' in refused.html


# --- many at once


@pytest.mark.finding("J-S4")
def test_many__are_accepted_each_by_its_own_last_day_without_a_further_answer(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        quick, slow = world.order(3), slow_order(world, 20)
        numbers = [quick.number, slow.number]
        form = open_page(seller, f"{LIST}/bulk/accept?case={quick.number}&case={slow.number}")
        assert re.search(r'value="each"[^>]*checked', form.html), "it is what is meant when nothing is said"
        check = read(seller.post(f"{LIST}/bulk/accept", {"case": numbers, "by": "each"}))
        assert "Delivery no later than: 16 November 2026" in check.main
        assert "Delivery no later than: 29 November 2026" in check.main
        assert set(Order.objects.values_list("state", flat=True)) == {State.SUBMITTED}
        done = read(seller.post(f"{LIST}/bulk/accept", {"case": numbers, "by": "each", "step": "do"}, follow=True))
        assert "Delivery no later than: 29 November 2026" in done.main
    promised = dict(Order.objects.values_list("number", "ready_on"))
    assert promised[quick.number] == clock_day(7)
    assert promised[slow.number] == clock_day(20)


def clock_day(days: int) -> object:
    return make.MORNING.date() + timedelta(days=days)


@pytest.mark.finding("J-S4")
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"by": "each", "day": "12"}, "You typed a day, but chose that each has its own."),
        ({"by": "one", "day": ""}, "Enter the day for all of them."),
        ({"by": "", "day": ""}, "Choose an answer to “By which day will you deliver them?”."),
    ],
)
def test_many__answers_that_do_not_go_together_are_asked_again(
    world: World, seller: Client, sent: dict[str, str], said: str
) -> None:
    with clock.at(make.MORNING):
        day = {f"ready_on_{part}": sent["day"] and str(n) for part, n in (("day", 12), ("month", 11), ("year", 2026))}
        page = read(seller.post(f"{LIST}/bulk/accept", {"case": world.order(3).number, "by": sent["by"], **day}))
    assert page.status == 422
    assert said in " ".join(page.errors)


@pytest.mark.finding("J-S4")
@pytest.mark.parametrize(("name", "becomes"), [("prepare", State.IN_PREPARATION), ("dispatch", State.ON_THE_WAY)])
def test_many__are_prepared_and_sent_together(world: World, seller: Client, name: str, becomes: str) -> None:
    with clock.at(make.MORNING):
        mine, new = [accepted(world), accepted(world)], world.order(3)
        numbers = [one.number for one in (*mine, new)]
        check = open_page(seller, f"{LIST}/bulk/{name}?" + "&".join(f"case={one}" for one in numbers))
        assert "This will be done: 2 orders" in check.main
        assert "This will not be done: 1 order" in check.main
        assert Order.objects.filter(state=becomes).count() == 0, "a page that is looked at changes nothing"
        assert seller.get(f"{LIST}/bulk/{name}?step=do&case={numbers[0]}").status_code == 200
        assert Order.objects.filter(state=becomes).count() == 0
        done = read(seller.post(f"{LIST}/bulk/{name}", {"case": numbers, "step": "do"}, follow=True))
    assert "Done: 2 orders" in done.main
    assert set(Order.objects.filter(state=becomes)) == set(mine)
    assert Order.objects.get(pk=new.pk).state == State.SUBMITTED


@pytest.mark.finding("J-S4")
def test_list__offers_what_can_be_done_with_the_orders_on_it(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        world.order(3)
        assert [words for words, _quiet in buttons(open_page(seller, LIST)) if "ticked" in words] == [
            "Accept the ticked orders"
        ]
        actions.dispatch_order(actor=world.supplier_actor, order=accepted(world))
        found = [words for words, _quiet in buttons(open_page(seller, f"{LIST}?state=on_the_way"))]
    assert [words for words in found if "ticked" in words] == ["Route sheet for the ticked orders"]


@pytest.mark.finding("J-S4")
def test_bulk__that_is_none_is_not_found(seller: Client) -> None:
    assert seller.get(f"{LIST}/bulk/decline?case=1").status_code == 404


# --- nothing ticked


@pytest.mark.finding("J-S7")
def test_nothing_ticked__is_told_as_other_errors_are_and_keeps_the_filter(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        world.order(3)
        page = open_page(seller, f"{LIST}?sort=deadline")
        assert '<input type="hidden" name="filter" value="sort=deadline">' in page.html
        answer = seller.get(f"{LIST}/bulk/accept?filter=sort%3Ddeadline")
        assert answer["Location"] == f"{LIST}?sort=deadline"
        told, again = open_page(seller, answer["Location"]), open_page(seller, answer["Location"])
    assert told.title.startswith("Error:")
    assert '<a href="#tick-1">Tick the orders that you want to accept.</a>' in told.html
    assert 'id="tick-1"' in told.html
    assert "govuk-notification-banner" not in told.html.partition("<main")[2].partition("</main>")[0]
    assert "Tick the orders that you want" not in again.text, "it is told once"


@pytest.mark.finding("J-S7")
def test_many__way_back_keeps_the_filter(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        number = world.order(3).number
        form = open_page(seller, f"{LIST}/bulk/accept?case={number}&filter=state%3Dsubmitted")
        check = read(seller.post(f"{LIST}/bulk/accept", {"case": number, "by": "each", "filter": "state=submitted"}))
    for page in (form, check):
        assert f"{LIST}?state=submitted" in [one.address for one in page.links]
        assert '<input type="hidden" name="filter" value="state=submitted">' in page.html


# --- whom to deliver to


@pytest.mark.finding("J-S6")
def test_order__tells_the_supplier_whom_to_reach_first_and_not_the_own_phone(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        page = open_page(seller, f"{LIST}/{order.number}")
    labels = re.findall(r'<dt class="govuk-summary-list__key">\s*(.*?)\s*</dt>', page.html)
    assert labels[:3] == ["Recipient", "Phone for the delivery", "Delivery to"]
    assert 'href="tel:+77011234567"' in page.html
    assert world.supplier.contact_phone not in page.html
    assert "+7\u00a0727\u00a0123\u00a045\u00a067" not in page.html


@pytest.mark.finding("J-S6")
def test_order__tells_the_supplier_the_sizes_that_it_needs_and_no_other(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        for code, value in (("waist_cm", Decimal(92)), ("weight_kg", Decimal(71))):
            record_measurement(actor=CLOCK, person=world.person, parameter=code, value=value, measured_on=clock.today())
        assert "Waist: 92 cm" in open_page(seller, f"{LIST}/{order.number}").main
        assert "Weight" not in open_page(seller, f"{LIST}/{order.number}").main
        actions.decline_order(actor=world.supplier_actor, order=order, reason="capacity")
        assert "Waist" not in open_page(seller, f"{LIST}/{order.number}").main
        make.came(world.officer, world.person)
        other = open_page(signed_in(world.officer), f"/office/orders/{order.number}").main
    assert "Waist" not in other


def test_declined__is_chosen_again_with_the_number_and_the_words_that_were_typed(world: World) -> None:
    with clock.at(make.MORNING):
        draft = world.draft(17, comment="Екі рет қоңырау шалыңыз", phone="+7 705 111 22 33")
        order = actions.submit_order(actor=world.actor, draft_key=draft.pk)
        person, other = world.client(world.actor), make.offer(make.supplier(), world.kind, to="100000000")
        page = f"/order/{world.line.pk}/offers/{other.pk}"
        assert 'name="quantity" value="17"' not in open_page(person, page).html, "nothing came to nothing yet"
        actions.decline_order(actor=world.supplier_actor, order=order, reason="capacity")
        shown = open_page(person, page)
        assert re.search(r'name="quantity"[^>]*value="17"|value="17"[^>]*name="quantity"', shown.html)
        form = person.post(page, {"quantity": "17"}).headers["Location"]
        values = Draft.objects.exclude(pk=draft.pk).get(subject_id=world.person.pk).values()
        assert form
    kept = {name: values[name] for name in ("quantity", "comment", "phone", "address")}
    assert kept == {
        "quantity": "17",
        "comment": "Екі рет қоңырау шалыңыз",
        "phone": order.phone,
        "address": order.address,
    }


# --- the route sheet


@pytest.mark.finding("J-S4")
def test_route_sheet__holds_what_a_driver_needs_one_stop_for_one_door(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        orders = [accepted(world), accepted(world)]
        Order.objects.filter(pk=orders[0].pk).update(comment="Екі рет қоңырау шалыңыз")
        new = world.order(3)
        asked = "&".join(f"case={one.number}" for one in (*orders, new))
        page = open_page(seller, f"{LIST}/route?{asked}")
    (row,) = page.rows[1:]
    for words in (*(one.number for one in orders), world.person.full_name, "Абай көшесі 1", "Екі рет", "Diapers, M"):
        assert words in " ".join(row)
    assert 'href="tel:+77011234567"' in page.html
    assert "Diapers, M, pieces: 6" in page.main
    assert new.number not in page.html, "it is not accepted yet"
    assert "1 ticked order is left out" in page.main
    assert "data-print hidden" in page.html


@pytest.mark.finding("J-S4")
def test_route_sheet__says_that_somebody_is_not_called(world: World, seller: Client) -> None:
    Needs.objects.create(person=world.person, no_voice_calls=True, sign_language=True)
    with clock.at(make.MORNING):
        page = open_page(seller, f"{LIST}/route?case={accepted(world).number}")
    assert "Do not call: write" in page.main
    assert "sign language" not in page.main.lower()
    assert "tel:+7701" not in page.html


@pytest.mark.finding("J-S4")
def test_route_sheet__without_ticks_holds_the_newest_day_of_what_is_on_its_way(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        early = actions.dispatch_order(actor=world.supplier_actor, order=accepted(world))
    with clock.at(make.MORNING + timedelta(days=1)):
        late = actions.dispatch_order(actor=world.supplier_actor, order=accepted(world))
        newest = open_page(seller, f"{LIST}/route")
        before = open_page(seller, f"{LIST}/route?day=2026-11-09")
        assert open_page(seller, f"{LIST}/route?day=nonsense").main == newest.main
    assert (late.number in newest.main, early.number in newest.main) == (True, False)
    assert (late.number in before.main, early.number in before.main) == (False, True)


@pytest.mark.finding("J-S4")
def test_route_sheet__records_one_look_at_each_order_and_none_of_a_stranger(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        orders = [accepted(world), accepted(world)]
        View.objects.all().delete()
        asked = f"{LIST}/route?" + "&".join(f"case={one.number}" for one in orders)
        stranger = open_page(signed_in(make.supplier_actor(make.supplier())), asked)
        assert not View.objects.exists()
        open_page(seller, asked)
        open_page(seller, asked)
    assert sorted(View.objects.values_list("case_id", flat=True)) == sorted(one.pk for one in orders)
    assert {one.subject_id for one in View.objects.all()} == {world.person.pk}
    assert not [one for one in orders if one.number in stranger.html]


# --- the table


@pytest.mark.finding("J-S4")
def test_table__phones_are_plain_text_that_no_spreadsheet_takes_for_a_formula(world: World, seller: Client) -> None:
    with clock.at(make.MORNING):
        order = world.order(3)
        text = b"".join(seller.get(f"{LIST}/export").streaming_content).decode()
    heads, row = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert row[0] == order.number
    assert dict(zip(heads, row, strict=True))["Phone for the delivery"] == "8 701 123 45 67"
