"""What nobody offers in a district is kept, shown to who can change it, and told when it is offered."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.case import registry
from tirek.core.errors import NotFound, RuleBroken
from tirek.demand import actions, queries
from tirek.demand.models import Demand
from tirek.entitlements.actions.terms import lapse_term
from tirek.entitlements.models import Line, OrderingTerm, Programme
from tirek.notices.models import Notice
from tirek.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Iterator[World]:
    """A line that nobody offers."""
    with clock.at(make.MORNING):
        found = World()
        found.supplier.offers.update(state="hidden")
        yield found


def offer_again(world: World) -> None:
    world.supplier.offers.update(state="active")


def offers(world: World) -> str:
    return reverse("orders:offers", args=[world.line.pk])


def ask(world: World, tell: str = "yes") -> None:
    answer = world.client(world.actor).post(reverse("demand:ask", args=[world.line.pk]), {"tell": tell})
    assert answer["Location"] == offers(world)


@pytest.mark.finding("J-B2", "J-M2")
def test_empty_offers__lead_to_the_office_and_to_a_notice(world: World) -> None:
    client = world.client(world.actor)
    page = open_page(client, offers(world))
    assert "Tell the department, and tell me when there is one" in page.main
    assert "Write to the department" in page.main
    assert "tel:1414" in page.html
    ask(world)
    page = open_page(client, offers(world))
    assert "You asked for it on 9 November 2026." in page.main
    assert "We tell you when there is an offer." in page.main
    assert "Tell the department, and tell me" not in page.main


@pytest.mark.finding("J-M2")
@pytest.mark.parametrize("address", ["desks:recipient-home", "entitlements:recipient-programme"])
def test_line__says_beforehand_that_nobody_offers_it(world: World, address: str) -> None:
    client = world.client(world.actor)
    said = "Nobody delivers it to your district yet"
    assert said in open_page(client, reverse(address)).main
    offer_again(world)
    assert said not in open_page(client, reverse(address)).main


def test_asked_twice__is_kept_once(world: World) -> None:
    ask(world)
    ask(world, tell="")
    assert [one.wants_notice for one in Demand.objects.all()] == [False]
    ask(world)
    assert [one.wants_notice for one in Demand.objects.all()] == [True]


def test_line_that_is_offered__is_not_asked_for_and_no_passed_term_begins_anew(world: World) -> None:
    offer_again(world)
    term = OrderingTerm.objects.get(line=world.line)
    with clock.at(make.MORNING + timedelta(days=70)):
        lapse_term(actor=CLOCK, term=term)
        with pytest.raises(RuleBroken):
            actions.keep(actor=world.actor, line=Line.objects.get(pk=world.line.pk), wants_notice=True)
        actions.answer()
        assert OrderingTerm.objects.get(line=world.line).state == OrderingTerm.State.NOT_ORDERED
    assert not Demand.objects.exists()


def test_press_of_an_old_page__is_refused_where_there_is_an_offer_now(world: World) -> None:
    offer_again(world)
    answer = world.client(world.actor).post(reverse("demand:ask", args=[world.line.pk]), {"tell": "yes"})
    assert answer.status_code == 422
    assert "There is an offer for it now" in answer.content.decode()


def test_line_that_cannot_be_ordered__is_not_asked_for(world: World) -> None:
    Programme.objects.filter(pk=world.line.programme_id).update(state=Programme.State.CANCELLED)
    with pytest.raises(RuleBroken):
        actions.keep(actor=world.actor, line=Line.objects.get(pk=world.line.pk), wants_notice=True)


def test_demand__goes_over_to_the_line_of_the_newer_programme(world: World) -> None:
    ask(world)
    Programme.objects.filter(pk=world.line.programme_id).update(state=Programme.State.REPLACED)
    newer = make.programme(world.person, world.kind, quantity=5).lines.get()
    assert actions.answer() == 0
    assert Demand.objects.get().line == newer


def test_demand__ends_with_the_programme_or_the_person(world: World) -> None:
    ask(world)
    Notice.objects.all().delete()
    Person.objects.filter(pk=world.person.pk).update(deceased_on=clock.today())
    offer_again(world)
    assert actions.answer() == 0
    assert not Demand.objects.exists()
    assert not Notice.objects.exists()


def test_job__looks_once_at_the_offers_however_many_districts_wait(
    world: World, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    ask(world)
    first = Demand.objects.get()
    for number in range(1, 12):
        person = make.person(place=world.place)
        line = make.programme(person, world.kind, quantity=1).lines.get()
        asked = actions.keep(actor=make.recipient_of(person), line=line, wants_notice=False)
        Demand.objects.filter(pk=asked.pk).update(territory_code=f"1018{number:02}000")
    assert first.territory_code == world.place.code
    with django_assert_max_num_queries(8):
        assert actions.answer() == 0


def test_stranger__cannot_ask_for_somebody_else(world: World) -> None:
    client = world.client(make.recipient_of(make.person(place=world.place)))
    assert client.post(reverse("demand:ask", args=[world.line.pk]), {"tell": "yes"}).status_code in {302, 404}
    assert not Demand.objects.exists()


def test_offer_that_comes__is_told_once_and_leads_to_the_order(world: World) -> None:
    ask(world)
    Notice.objects.all().delete()
    assert actions.answer() == 0
    offer_again(world)
    assert actions.answer() == 1
    assert actions.answer() == 0
    notice = Notice.objects.get(user_id=world.actor.account)
    assert registry.address_of(notice.case_type, world.actor, notice.case_id) == offers(world)
    with pytest.raises(NotFound):
        registry.address_of("demand", world.supplier_actor, notice.case_id)
    assert Demand.objects.get().answered_on == clock.today()


def test_who_did_not_want_to_be_told__is_not(world: World) -> None:
    ask(world, tell="")
    Notice.objects.all().delete()
    offer_again(world)
    assert actions.answer() == 1
    assert not Notice.objects.exists()


def test_offer__that_does_not_reach_the_district_answers_nothing(world: World) -> None:
    ask(world)
    make.offer(make.supplier(), world.kind, to="310000000")
    assert actions.answer() == 0


@pytest.mark.finding("J-M2")
def test_term_that_passed_while_nobody_offered__begins_anew(world: World) -> None:
    ask(world)
    term = OrderingTerm.objects.get(line=world.line)
    with clock.at(make.MORNING + timedelta(days=70)):
        lapse_term(actor=CLOCK, term=term)
        assert OrderingTerm.objects.get(line=world.line).state == OrderingTerm.State.NOT_ORDERED
        offer_again(world)
        actions.answer()
        term = OrderingTerm.objects.get(line=world.line)
        assert term.state == OrderingTerm.State.RUNNING
        assert term.started_on == clock.today()


def test_office__sees_its_districts_and_suppliers_no_single_person(world: World) -> None:
    ask(world)
    (here,) = queries.asked_for(world.officer)
    assert (here.kind, here.count, here.since) == (world.kind, 1, clock.today())
    assert queries.asked_for(make.officer(make.district("311000000"))) == []
    (told,) = queries.asked_for(world.supplier_actor)
    assert (told.count, told.since) == (0, None)
    assert "fewer than 5" in open_page(world.client(world.supplier_actor), "/demand").main
    for number in range(queries.FEWEST_TOLD):
        other = make.person(place=world.place)
        programme = make.programme(other, world.kind, quantity=number + 1)
        actions.keep(actor=world.actor, line=programme.lines.get(), wants_notice=False)
    assert queries.asked_for(world.supplier_actor)[0].count == queries.FEWEST_TOLD + 1


def test_demand__goes_along_with_who_moves(world: World) -> None:
    ask(world)
    other = make.district("311000000")
    registry.follow_residence(world.person.pk, other.code)
    assert len(queries.asked_for(make.officer(other))) == 1
    assert queries.asked_for(world.officer) == []
