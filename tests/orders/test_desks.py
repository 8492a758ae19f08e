"""Desks of staff: lists by deadline, filters that are kept, many orders accepted at once, a table to take along."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import words
from tests.kit.world import World
from tests.markup import folded
from tests.orders.bulk import accept_many, plan_acceptance

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.case import counting, deadlines, workflow
from tirek.core.case.deadlines import Light
from tirek.core.case.words import listed, view_of
from tirek.core.errors import NotFound, RuleBroken, StaleState
from tirek.core.personal.viewlog import View
from tirek.core.sheets import Bounds, lines_of
from tirek.orders import actions, queries
from tirek.orders.case_pages import LIST
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.ui.lists import Chosen, saved
from tirek.ui.lists.exports import cell, write_lines
from tirek.ui.models import SavedFilter

pytestmark = pytest.mark.django_db
State = Order.State


def numbers_in(html: bytes) -> list[str]:
    """Numbers of the rows of a list, in their order."""
    return re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', folded(html.decode()))


def page(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return folded(answer.content.decode()).encode()


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


# --- lights of deadlines


def test_list__counts_orders_by_the_light_of_their_deadline(world: World) -> None:
    with clock.at(make.MORNING):
        calm, soon = world.order(3), world.order(3)
        actions.accept_order(actor=world.supplier_actor, order=soon, ready_on=clock.today() + timedelta(days=2))
    with clock.at(make.MORNING + timedelta(days=2)):
        assert LIST.counts(world.officer).by_light == {Light.RED: 0, Light.YELLOW: 1, Light.GREEN: 1}
        assert [one.number for one in LIST.rows(world.officer, Chosen(light="yellow"))] == [soon.number]
        assert [one.number for one in LIST.rows(world.officer, Chosen(light="green"))] == [calm.number]


def test_list__shows_a_late_order_as_overdue_after_the_clock_has_warned(world: World) -> None:
    """The passed deadline is closed by the warning; the order is late all the same."""
    with clock.at(make.MORNING):
        late = actions.accept_order(
            actor=world.supplier_actor, order=world.order(3), ready_on=clock.today() + timedelta(days=1)
        )
    with clock.at(make.MORNING + timedelta(days=3)):
        assert deadlines.sweep_with(workflow.fire) > 0
        assert deadlines.open_of(late) == []
        assert LIST.counts(world.officer).by_light[Light.RED] == 1
        assert [one.number for one in LIST.rows(world.officer, Chosen(light="red"))] == [late.number]
        (row,) = listed(ORDERS, world.officer, [late])
        assert row.deadline is not None
        assert row.deadline.present_light is Light.RED
        html = page(world.client(world.officer), "/office")
    assert b'href="/office/orders?light=red">Overdue' in html


def test_list__a_deadline_of_an_earlier_state_makes_no_order_late(world: World) -> None:
    with clock.at(make.MORNING):
        late = actions.accept_order(
            actor=world.supplier_actor, order=world.order(3), ready_on=clock.today() + timedelta(days=1)
        )
    with clock.at(make.MORNING + timedelta(days=3)):
        deadlines.sweep_with(workflow.fire)
        actions.hand_over(actor=world.supplier_actor, order=late, code=queries.door_code_for(world.actor, late))
        assert LIST.counts(world.officer).by_light == {Light.RED: 0, Light.YELLOW: 0, Light.GREEN: 1}


def test_list__lights_of_the_count_and_of_the_rows_are_the_same(world: World) -> None:
    with clock.at(make.MORNING):
        for days in (1, 3, 6):
            actions.accept_order(
                actor=world.supplier_actor, order=world.order(3), ready_on=clock.today() + timedelta(days=days)
            )
            world.order(3)
    for later in range(0, 12, 2):
        with clock.at(make.MORNING + timedelta(days=later)):
            deadlines.sweep_with(workflow.fire)
            rows = listed(ORDERS, world.officer, LIST.rows(world.officer, Chosen()))
            lights = [one.deadline.present_light for one in rows if one.deadline]
            assert LIST.counts(world.officer).by_light == {
                one: lights.count(one) for one in (Light.RED, Light.YELLOW, Light.GREEN)
            }


@pytest.mark.finding("J-O4")
def test_home__says_deadlines_before_states_and_leaves_out_what_is_nought(world: World) -> None:
    with clock.at(make.MORNING):
        world.order(3)
        html = page(world.client(world.officer), "/office").decode()
    assert html.index('href="/office/orders?light=green"') < html.index('href="/office/orders?state=submitted"')
    assert "light=red" not in html
    assert ": 0</a>" not in html
    assert re.search(
        r'govuk-tag--green"\s+href="/office/orders\?light=green">In time<span[^>]*>, Orders</span>: 1</a>', html
    )


# --- filter and order of the list


def test_officers_list__is_ordered_by_the_kazakh_surname(world: World) -> None:
    with clock.at(make.MORNING):
        orders = [world.order(3)]
        for surname, key in (("Әбенов", "a"), ("Ясенев", "z")):
            other = make.Shop(kind_code=f"SM-0{len(orders)}")
            other.person.surname, other.person.sort_key = surname, key
            other.person.save()
            orders.append(other.order(1))
        client = world.client(world.officer)
        ascending = page(client, "/office/orders?sort=name")
        descending = page(client, "/office/orders?sort=-name")
    by_name = [orders[0].number, orders[1].number, orders[2].number]
    assert numbers_in(ascending) == by_name
    assert numbers_in(descending) == by_name[::-1]
    assert b'aria-sort="ascending"' in ascending
    assert "Әбенов Айгүл" in ascending.decode()


def test_list__is_ordered_by_number_day_and_deadline(world: World) -> None:
    with clock.at(make.MORNING):
        first = world.order(3)
    with clock.at(make.MORNING + timedelta(minutes=1)):
        second = world.order(3)
        actions.accept_order(actor=world.supplier_actor, order=second, ready_on=clock.today() + timedelta(days=1))
        client = world.client(world.officer)
        found = {
            sort: numbers_in(page(client, f"/office/orders?sort={sort}"))
            for sort in ("number", "-day", "day", "deadline", "-deadline")
        }
    there, back = [first.number, second.number], [second.number, first.number]
    assert found == {"number": there, "-day": back, "day": there, "deadline": back, "-deadline": there}


def test_list__is_narrowed_by_state_number_and_district(world: World) -> None:
    with clock.at(make.MORNING):
        here = world.order(3)
        away = make.Shop(place=make.district("101830000"), kind_code="SM-01").order(1)
        region = make.officer(make.district("100000000"))
        client = world.client(region)
        assert set(numbers_in(page(client, "/office/orders"))) == {here.number, away.number}
        assert numbers_in(page(client, "/office/orders?district=101830000")) == [away.number]
        assert numbers_in(page(client, f"/office/orders?number={here.number[-6:]}")) == [here.number]
        assert numbers_in(page(client, "/office/orders?state=received")) == []
        assert set(numbers_in(page(client, "/office/orders?state=nonsense&light=pink&sort=sideways&district=x"))) == {
            here.number,
            away.number,
        }


def test_suppliers_list__counts_its_open_orders_and_remembers_their_districts(
    world: World, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_known_places", {})
    rows = LIST.case.visible_to(world.supplier_actor).filter(state__in=Order.open_states())
    with clock.at(make.MORNING):
        world.order(3)
        world.order(3)
        with django_assert_num_queries(2):
            counts = LIST.counts(world.supplier_actor, Chosen())
        with django_assert_num_queries(1):
            assert LIST.counts(world.supplier_actor, Chosen()) == counts
        narrowed = LIST.counts(world.supplier_actor, Chosen(state="submitted"))
        html = page(world.client(world.supplier_actor), "/supply/orders")
        place = rows[0].territory_code
        assert counting.by_light(rows) == [("submitted", "green", 2)]
        assert (counts.by_state, counts.places) == ({"submitted": 2}, {place})
        # a part of the list does not tell the districts of the whole
        assert narrowed.places is None
        assert f'value="{place}"'.encode() in html
        # another case is seen at once, one that has moved a minute later
        other = make.district("750000000").code
        Order.objects.filter(pk=world.order(2).pk).update(territory_code=other)
        assert LIST.counts(world.supplier_actor, Chosen()).places == {place, other}
        Order.objects.update(territory_code=other)
    with clock.at(make.MORNING + timedelta(minutes=1)):
        assert LIST.counts(world.supplier_actor, Chosen()).places == {other}
        monkeypatch.setattr(counting, "MOST_PLACES", 1)
        LIST.counts(make.supplier_actor(make.supplier()), Chosen())
    assert len(counting._known_places) == 1, "what is remembered is bounded"


def test_suppliers_list__has_no_names_and_is_not_ordered_by_them(world: World) -> None:
    with clock.at(make.MORNING):
        world.order(3)
        html = page(world.client(world.supplier_actor), "/supply/orders?sort=name").decode()
    assert "Сынақова" not in html
    assert LIST.chosen(world.supplier_actor, {"sort": "name"}).sort == "-day"


def test_paging__keeps_the_filter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(LIST), "per_page", 1)
    with clock.at(make.MORNING):
        world.order(3)
        world.order(3)
        html = page(world.client(world.officer), "/office/orders?state=submitted&sort=number").decode()
    assert "state=submitted&amp;sort=number&amp;page=2" in html


# --- previous and next without going back to the list


@pytest.fixture
def spread(world: World) -> list[Order]:
    """Orders of two people and two moments: some with a deadline, some that were received and owe nothing."""
    other = make.Shop(kind_code="SM-01")
    other.person.surname, other.person.sort_key = "Әбенов", "a"
    other.person.save()
    made = []
    for minutes in (0, 0, 1, 2):
        with clock.at(make.MORNING + timedelta(minutes=minutes)):
            made += [world.order(3), other.order(1)]
    with clock.at(make.MORNING + timedelta(minutes=3)):
        for order in made[::3]:
            actions.accept_order(
                actor=world.supplier_actor if order.person_id == world.person.pk else other.supplier_actor,
                order=order,
                ready_on=clock.today() + timedelta(days=1),
            )
        for order in (made[1], made[4]):
            deadlines.Deadline.objects.filter(case_id=order.pk).delete()
            deadlines.settle(order)
            order.save(update_fields=["due_at", "soon_at"])
    return made


@pytest.mark.parametrize("state", ["", "submitted"])
@pytest.mark.parametrize("sort", [f"{way}{one.name}" for one in LIST.sortings(Desk.OFFICER) for way in ("", "-")])
def test_neighbours__lead_through_the_whole_list_and_back(
    world: World, spread: list[Order], sort: str, state: str
) -> None:
    with clock.at(make.MORNING + timedelta(hours=1)):
        wanted = Chosen(state=state, sort=sort)
        rows = list(LIST.rows(world.officer, wanted))
        assert len(rows) == (len(spread) if not state else 5)
        beside = {row.number: LIST.neighbours(world.officer, row, wanted) for row in rows}
    numbers = [row.number for row in rows]
    assert beside == {
        number: (before, after)
        for number, before, after in zip(numbers, ["", *numbers[:-1]], [*numbers[1:], ""], strict=True)
    }


def test_order_page__keeps_the_filter_on_every_way_from_it(world: World) -> None:
    with clock.at(make.MORNING):
        first, second, third = world.order(3), world.order(3), world.order(3)
        actions.accept_order(actor=world.supplier_actor, order=second, ready_on=clock.today() + timedelta(days=1))
        kept = "?state=submitted&sort=number"
        shown = kept.replace("&", "&amp;")
        here, there = (reverse("orders:officer-order", args=[order.number]) for order in (first, third))
        client = world.client(world.officer)
        assert f'href="{here}{shown}"' in page(client, f"/office/orders{kept}").decode()
        html = page(client, f"{here}{kept}").decode()
        assert f'rel="next" href="{there}{shown}"' in html
        assert 'rel="prev"' not in html
        assert f'href="/office/orders{shown}"' in html
        assert f'href="{here}/cancel{shown}"' in html
        answer = client.post(f"{here}/cancel{kept}", {"note": "She called."})
        assert answer["Location"] == here + kept
        # cancelled meanwhile: the list goes on where the order stood
        assert f'rel="next" href="{there}{shown}"' in page(client, here + kept).decode()


def test_confirmation_at_the_counter__keeps_the_filter_with_the_code_that_was_asked_for(world: World) -> None:
    with clock.at(make.MORNING):
        order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
        actions.hand_over(actor=world.supplier_actor, order=order, code=door_code_for(world.actor, order))
        here = reverse("orders:officer-order-act", args=[order.number, "confirm"])
        answer = world.client(world.officer).post(f"{here}?sort=name", {"step": "ask"})
        assert answer["Location"].startswith(f"{here}?sort=name&asked=")
        assert world.client(world.officer).get(answer["Location"]).status_code == 200


def test_suppliers_order__has_neighbours_and_an_act_keeps_the_filter(world: World) -> None:
    with clock.at(make.MORNING):
        first, second = world.order(3), world.order(3)
        kept = "?state=submitted&sort=number"
        here, there = (reverse("orders:supplier-order", args=[order.number]) for order in (first, second))
        client = world.client(world.supplier_actor)
        shown = kept.replace("&", "&amp;")
        html = page(client, here + kept).decode()
        assert f'rel="next" href="{there}{shown}"' in html
        assert f'action="{here}/accept{shown}"' in html
        day = clock.today() + timedelta(days=1)
        said = {"accept-ready_on_day": day.day, "accept-ready_on_month": day.month, "accept-ready_on_year": day.year}
        answer = client.post(f"{here}/accept{kept}", said)
        assert answer["Location"] == here + kept


# --- named filters


def test_filter__is_saved_with_the_account_shown_again_and_deleted(world: World) -> None:
    with clock.at(make.MORNING):
        client = world.client(world.officer)
        answer = client.post(
            "/office/orders/filters", {"name": "Late ones", "query": "light=red&sort=-deadline&page=7&evil=1"}
        )
        assert answer["Location"] == "/office/orders?light=red&sort=-deadline"
        html = page(client, "/office/orders").decode()
        assert '<a class="govuk-link" href="?light=red&amp;sort=-deadline">Late ones</a>' in html
        kept = SavedFilter.objects.get()
        assert b"Late ones" in page(client, f"/office/orders/filters/{kept.pk}")
        assert client.post(f"/office/orders/filters/{kept.pk}").status_code == 302
        assert "is deleted" in page(client, "/office/orders").decode()
        assert b"Late ones" not in page(client, "/office/orders")


def test_filter__without_a_name_says_so_and_keeps_the_filter(world: World) -> None:
    with clock.at(make.MORNING):
        answer = world.client(world.officer).post("/office/orders/filters", {"name": "", "query": "state=refused"})
    assert answer.status_code == 422
    assert b'value="state=refused"' in answer.content
    assert b"<title>Error:" in answer.content
    assert not SavedFilter.objects.exists()


def test_filter__belongs_to_one_account_and_one_desk(world: World) -> None:
    kept = saved.save_filter(code="order", actor=world.officer, name="Mine", chosen=Chosen(state="refused"))
    assert list(saved.saved_filters(world.supplier_actor, "order")) == []
    with pytest.raises(NotFound):
        saved.delete_filter(code="order", actor=make.officer(world.place), key=kept.pk)
    again = saved.save_filter(code="order", actor=world.officer, name="Mine", chosen=Chosen(state="submitted"))
    assert (again.pk, SavedFilter.objects.get().query) == (kept.pk, "state=submitted")


def test_filter__one_more_than_may_be_is_refused(world: World) -> None:
    for n in range(saved.MOST_FILTERS):
        saved.save_filter(code="order", actor=world.officer, name=f"{n}", chosen=Chosen(state="refused"))
    with pytest.raises(RuleBroken):
        saved.save_filter(code="order", actor=world.officer, name="one more", chosen=Chosen(state="refused"))


# --- many orders at once


def ready(day: date, step: str = "") -> dict[str, str]:
    return {
        "ready_on_day": str(day.day),
        "ready_on_month": str(day.month),
        "ready_on_year": str(day.year),
        "step": step,
    }


def test_acceptance_of_many__is_checked_first_and_changes_nothing(world: World) -> None:
    with clock.at(make.MORNING):
        orders = [world.order(3), world.order(3)]
        client = world.client(world.supplier_actor)
        asked = "&".join(f"case={one.number}" for one in orders)
        assert b"Latest day you can promise" in page(client, f"/supply/orders/bulk/accept?{asked}")
        sent = {"case": [one.number for one in orders], **ready(clock.today() + timedelta(days=3))}
        answer = client.post("/supply/orders/bulk/accept", sent)
    assert b"This will be done: 2" in answer.content
    html = folded(answer.content.decode())
    assert [html.count(f'name="case" value="{one.number}"') for one in orders] == [1, 1]
    assert set(Order.objects.values_list("state", flat=True)) == {State.SUBMITTED}


def test_acceptance_of_many__the_outcome_names_what_the_check_left_out(world: World) -> None:
    with clock.at(make.MORNING):
        kept, gone = world.order(3), world.order(3)
        actions.cancel_order(actor=world.actor, order=gone)
        client = world.client(world.supplier_actor)
        day = ready(clock.today() + timedelta(days=2))
        checked = client.post(
            "/supply/orders/bulk/accept", {"case": [kept.number, gone.number], **day}
        ).content.decode()
        passed_on = re.findall(r'name="case" value="([^"]+)"', checked)
        sent = {"case": passed_on, **day, "step": "do"}
        done = client.post("/supply/orders/bulk/accept", sent, follow=True).content.decode()
    assert "This will be done: 1 order" in words(checked)
    assert "The day for all of them 11 November 2026" in words(done)
    assert "Done: 1 order" in words(done)
    assert "Not done: 1 order" in words(done)
    assert gone.number in done


def test_acceptance_of_many__accepts_what_it_can_and_says_why_not_the_rest(world: World) -> None:
    slow = make.offer(world.supplier, world.kind, price=Decimal(180), to="100000000", days=20)
    with clock.at(make.MORNING):
        quick, gone = world.order(3), world.order(3)
        draft = world.draft(3, version=str(make.version_of(slow).pk))
        long = actions.submit_order(actor=world.actor, draft_key=draft.pk)
        actions.cancel_order(actor=world.actor, order=gone)
        numbers = [quick.number, gone.number, long.number, "ТС-none"]
        client = world.client(world.supplier_actor)
        sent = {"case": numbers, **ready(clock.today() + timedelta(days=15), "do")}
        answer = client.post("/supply/orders/bulk/accept", sent, follow=True).content.decode()
        results = accept_many(actor=world.supplier_actor, numbers=numbers, ready_on=clock.today() + timedelta(days=15))
    for number in numbers:
        assert number in answer
    assert "Done: 1" in answer
    assert "Not done: 3" in answer
    states = dict(Order.objects.values_list("number", "state"))
    assert (states[quick.number], states[gone.number], states[long.number]) == (
        State.SUBMITTED,
        State.CANCELLED,
        State.ACCEPTED,
    )
    # a second press accepts nothing twice
    assert [type(one.refusal) for one in results] == [RuleBroken, StaleState, StaleState, NotFound]


def test_acceptance_of_many__plan_and_outcome_agree(world: World) -> None:
    with clock.at(make.MORNING):
        numbers = [world.order(3).number, world.order(3).number]
        for day in (
            clock.today() - timedelta(days=1),
            clock.today() + timedelta(days=90),
            clock.today() + timedelta(days=2),
        ):
            asked = {"actor": world.supplier_actor, "numbers": numbers, "ready_on": day}
            planned = plan_acceptance(**asked)
            done = accept_many(**asked)
            assert [one.refusal and one.refusal.code for one in planned] == [
                one.refusal and one.refusal.code for one in done
            ]
    assert set(Order.objects.values_list("state", flat=True)) == {State.ACCEPTED}


def test_acceptance_of_many__orders_of_others_are_not_found(world: World) -> None:
    with clock.at(make.MORNING):
        other = make.supplier_actor(make.supplier())
        (answer,) = accept_many(actor=other, numbers=[world.order(3).number], ready_on=clock.today())
    assert isinstance(answer.refusal, NotFound)
    assert answer.case is None


def test_acceptance_of_many__nothing_ticked_and_no_day_are_said(world: World) -> None:
    with clock.at(make.MORNING):
        number = world.order(3).number
        client = world.client(world.supplier_actor)
        empty = client.get("/supply/orders/bulk/accept", follow=True).content
        assert empty.count(b"Tick the orders that you want to accept.") == 1
        assert client.post("/supply/orders/bulk/accept", {"case": number}).status_code == 422


def test_ticks__stand_beside_orders_that_can_be_carried_on_together(world: World) -> None:
    with clock.at(make.MORNING):
        waiting, taken = world.order(3), world.order(3)
        taken = actions.accept_order(actor=world.supplier_actor, order=taken, ready_on=clock.today())
        actions.hand_over(actor=world.supplier_actor, order=taken, code=door_code_for(world.actor, taken))
        client = world.client(world.supplier_actor)
        plain, ticked = page(client, "/supply/orders").decode(), page(client, "/supply/orders?all=1").decode()
    assert f'name="case" value="{waiting.number}"' in plain
    assert f'name="case" value="{taken.number}"' not in plain
    assert (plain.count(" checked"), ticked.count(" checked")) == (0, 1)


# --- the table


def test_export__holds_the_own_orders_of_the_filter_in_the_readers_language(world: World) -> None:
    with clock.at(make.MORNING):
        mine, other = world.order(3), make.Shop(kind_code="SM-01").order(1)
        Order.objects.filter(pk=mine.pk).update(comment="=1+1")
        client = world.client(world.supplier_actor)
        client.cookies["tirek_language"] = "ru"
        answer = client.get("/supply/orders/export?state=submitted")
        text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    heads, *rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert heads[0] == "Номер"
    assert [row[0] for row in rows] == [mine.number]
    row = dict(zip(heads, rows[0], strict=True))
    assert "'=1+1" in row.values()
    assert "540,00" in row.values()
    assert other.number not in text
    assert world.person.iin not in text


def test_export__reads_piece_by_piece_and_leaves_nothing_out(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tirek.ui.lists.exports._AT_ONCE", 2)
    with clock.at(make.MORNING):
        numbers = {world.order(3).number for _ in range(5)}
        pieces = list(world.client(world.supplier_actor).get("/supply/orders/export").streaming_content)
    assert len(pieces) == 4  # the heads, then three of two at most
    assert numbers == set(re.findall('ТС-[^;"]+', b"".join(pieces).decode()))


@pytest.mark.parametrize("ending", ["", "?as=xlsx"])
def test_export__is_one_look_at_each_case_that_it_holds(
    world: World, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr("tirek.ui.lists.exports._AT_ONCE", 2)
    with clock.at(make.MORNING):
        keys = {world.order(3).pk for _ in range(3)}
        make.Shop(kind_code="SM-01").order(1)
        client = world.client(world.supplier_actor)
        for _turn in range(2):
            b"".join(client.get(f"/supply/orders/export{ending}"))
    looks = View.objects.filter(user_id=world.supplier_actor.user_id, case_type="order", desk="supplier")
    assert sorted(looks.values_list("case_id", flat=True)) == sorted(keys)
    assert set(looks.values_list("subject_id", flat=True)) == {world.person.pk}


@pytest.mark.parametrize("separator", [";", ","])
@pytest.mark.parametrize("other", [";", ",", "\t"])
@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"])
def test_line_of_a_table__begins_no_formula_whatever_ends_a_cell(separator: str, other: str, formula: str) -> None:
    typed = f"Abai 1{other}{formula}{other} {formula}"
    target = io.StringIO()
    write_lines(target, [["1", typed, typed, -5, None]], delimiter=separator)
    for sign in (";", ",", "\t"):
        for cells in csv.reader(io.StringIO(target.getvalue(), newline=""), delimiter=sign):
            assert not [one for one in cells if one.lstrip(' "').startswith(("=", "@", "+", "-2"))], cells
    if separator == ";":
        (line,) = lines_of(target.getvalue().encode(), Bounds(lines=9, columns=9, cell=99, unpacked=99))
        assert line.values == ["1", typed, typed, "-5", ""], "brought back as it was"


@pytest.mark.parametrize("text", ["+7 701 000-00-01", "a, -5; +7 (701) 1, b-c, d", "x = 1, y", "Семей, Абай к-сі, 1-2"])
def test_cell__keeps_numbers_and_words_as_they_are(text: str) -> None:
    assert cell(f"a, {text}") == f"a, {text}"


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+7701", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cell__is_never_a_formula(text: str) -> None:
    # a tab and an end of a line may end a cell, too
    ends, rest = text[: len(text) - len(text.lstrip())], text.lstrip()
    assert cell(text) == (f"'{ends}'{rest}" if ends else f"'{rest}")


# --- words


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_states__are_said_to_their_reader(language: str) -> None:
    """ "Your" is who reads it, never somebody else."""
    yours = {"kk": ("сіз",), "ru": ("ваш", "вам", "вы "), "en": ("your", "you ")}[language]
    with translation.override(language):
        for desk in (Desk.OFFICER, Desk.SUPPLIER, Desk.RECIPIENT):
            said = {state: str(ORDERS.words.state_name(State, state, desk)).casefold() for state in State}
            assert all(said.values())
            about_reader = {state for state, words in said.items() if any(one in words for one in yours)}
            allowed = {
                Desk.OFFICER: set(),
                Desk.SUPPLIER: {State.SUBMITTED, State.DECLINED, State.REFUSED},
                Desk.RECIPIENT: {
                    State.AWAITING_TOP_UP,
                    State.AWAITING_CONFIRMATION,
                    State.CLARIFYING,
                    State.REFUSED,
                },
            }[desk]
            assert about_reader <= allowed, (desk, about_reader)


def test_next_step__is_said_to_who_acts(world: World) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        order = world.order(3)
        said = {
            actor.desk: view_of(ORDERS, actor, order).next_step
            for actor in (world.actor, world.supplier_actor, world.officer)
        }
        # the words are made when they are read
        who = {desk: str(one.who) for desk, one in said.items()}
        texts = {str(one.text) for one in said.values()}
    assert who == {Desk.SUPPLIER: "You", Desk.OFFICER: "Supplier", Desk.RECIPIENT: "Supplier"}
    assert len(texts) == 3
