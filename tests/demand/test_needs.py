"""What somebody needs and did not find among the offers is kept with its conditions, and told to who can change it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.world import World

from tirek.catalogue import narrowing
from tirek.catalogue.models import Parameter
from tirek.catalogue.narrowing import Narrowed, Range
from tirek.core import clock
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.personal.export import Subject
from tirek.demand import actions, personal, queries, rules
from tirek.demand.models import Demand
from tirek.demand.rules import Cell
from tirek.notices.models import Notice
from tirek.people.models import Person

pytestmark = pytest.mark.django_db
#: Wider than any offer of the world.
WIDE = "p-waist_max_cm_from=150&p-waist_max_cm_to=160&p-type=pants"
SOUGHT = Narrowed(
    values={"type": frozenset({"pants"})}, ranges={"waist_max_cm": Range(Decimal(150), Decimal(160))}, fits=True
)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        made = World()
        # one end alone is a number like others; a size chart is sought in test_size_charts
        Parameter.objects.filter(code="waist_min_cm").delete()
        yield made


def need(world: World, query: str = "") -> str:
    return reverse("demand:need", args=[world.line.pk]) + (f"?{query}" if query else "")


def tell(world: World, sought: Narrowed = SOUGHT, words: str = "", *, wants: bool = True) -> Demand:
    return actions.keep_need(actor=world.actor, line=world.line, sought=sought, words=words, wants_notice=wants)


def another(world: World, sought: Narrowed = SOUGHT, place: str = "") -> Demand:
    person = make.person(place=make.district(place) if place else world.place)
    line = make.programme(person, world.kind).lines.get()
    return actions.keep_need(
        actor=make.recipient_of(person), line=line, sought=sought, words="Кең керек", wants_notice=False
    )


@pytest.mark.parametrize("query", [WIDE, "sort=days"])
def test_list__leads_to_where_the_need_is_told_with_its_conditions(world: World, query: str) -> None:
    client = world.client(world.actor)
    page = open_page(client, f"{reverse('orders:offers', args=[world.line.pk])}?{query}")
    (link,) = [one.address for one in page.links if one.text == "I cannot find what I need"]
    assert link == need(world, query)
    page = open_page(client, link)
    assert ("Waist: 150–160" in page.main.replace("\u2060", "")) == (query == WIDE)


def test_need__is_kept_with_typed_conditions_and_the_persons_words(world: World) -> None:
    client = world.client(world.actor)
    answer = client.post(need(world, WIDE), {"words": "  Өте кең, түнге. ", "tell": "on"})
    assert answer["Location"] == reverse("orders:offers", args=[world.line.pk])
    kept = Demand.objects.get()
    assert narrowing.read(kept.sought) == Narrowed(values=SOUGHT.values, ranges=SOUGHT.ranges)
    assert (kept.why, kept.words, kept.wants_notice) == ("not_as_needed", "Өте кең, түнге.", True)
    assert (kept.territory_code, kept.kind_id) == (world.place.code, world.kind.pk)
    assert "The department sees since 9 November 2026 what is needed" in open_page(client, answer["Location"]).main
    client.post(need(world), {"words": "Тек түнге"})
    again = Demand.objects.get()
    assert (again.pk, again.words, again.wants_notice, again.sought["ranges"]) == (kept.pk, "Тек түнге", False, {})


def test_nothing_said__is_told_at_the_field_and_nothing_typed_is_lost(world: World) -> None:
    client = world.client(world.actor)
    answer = client.post(need(world), {"words": " "})
    assert answer.status_code == 422
    assert "Say what you need" in answer.content.decode()
    long = "а" * 600
    answer = client.post(need(world, WIDE), {"words": long})
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert not Demand.objects.exists()


def test_what_is_offered_so__asks_for_words(world: World) -> None:
    fits = Narrowed(ranges={"waist_max_cm": Range(Decimal(100), Decimal(120))})
    with pytest.raises(RuleBroken) as refused:
        tell(world, fits)
    assert refused.value.code == "words"
    assert tell(world, fits, "Ол жыртылады").by_parameters is False


def test_stranger__cannot_tell_for_somebody_else(world: World) -> None:
    client = world.client(make.recipient_of(make.person(place=world.place)))
    assert client.post(need(world, WIDE), {"words": "x"}).status_code in {302, 404}
    assert not Demand.objects.exists()


def test_offer_with_these_parameters__answers_it_and_another_does_not(world: World) -> None:
    tell(world)
    Notice.objects.all().delete()
    assert actions.answer() == 0, "the offers that are there were found wanting"
    make.offer(world.supplier, world.kind, parameters={"waist_max_cm": 155, "type": "tabs"})
    assert actions.answer() == 0
    make.offer(world.supplier, world.kind, parameters={"waist_max_cm": 155, "type": "pants"})
    assert actions.answer() == 1
    assert Demand.objects.get().answered_on == clock.today()
    assert Notice.objects.filter(user_id=world.actor.account).count() == 1


def test_need_in_words_alone__is_settled_by_an_officer_of_the_place_only(world: World) -> None:
    kept = tell(world, Narrowed(), "Жұмсақ болсын")
    make.offer(world.supplier, world.kind, parameters={"waist_max_cm": 155, "type": "pants"})
    assert actions.answer() == 0
    for stranger in (make.officer(make.district("311000000")), world.actor, world.supplier_actor):
        with pytest.raises(NotFound):
            actions.settle(actor=stranger, key=kept.pk)
    client = world.client(world.officer)
    page = open_page(client, "/demand")
    assert "Жұмсақ болсын" in page.main
    assert world.person.full_name in page.main
    assert client.post(reverse("demand:settle", args=[kept.pk]))["Location"] == "/demand"
    assert Demand.objects.get().answered_on == clock.today()
    assert "Жұмсақ болсын" not in open_page(client, "/demand").main


def test_namesakes__are_told_apart_by_their_birthdays(world: World) -> None:
    tell(world)
    other = another(world).person
    Person.objects.filter(pk=other.pk).update(given_name=world.person.given_name, birth_date=date(1981, 6, 18))
    page = open_page(world.client(world.officer), "/demand")
    names = [one.text for one in page.links if one.text.startswith(world.person.full_name)]
    assert names == [f"{world.person.full_name}, {day}" for day in ("17 May 1980", "18 June 1981")]


def test_office__sees_the_needs_of_its_place_and_no_other(world: World) -> None:
    tell(world, words="Кең керек")
    assert [one.demand.person for one in queries.told_needs(queries.needs(world.officer))] == [world.person]
    assert list(queries.needs(make.officer(make.district("311000000")))) == []
    assert list(queries.needs(world.supplier_actor)) == []
    assert queries.asked_for(world.officer) == [], "somebody offers it, only not so"
    page = open_page(world.client(world.officer), "/demand")
    assert "Waist: 150–160" in page.main.replace("\u2060", "")
    assert "Everything that is needed is offered" not in page.main


def test_suppliers__see_what_five_people_of_a_region_seek_and_nothing_of_four(world: World) -> None:
    near = Narrowed(ranges={"waist_max_cm": Range(Decimal(152), Decimal(156))})
    tell(world)
    for _ in range(3):
        another(world, near)
    another(world, near, place="311000000")
    client = world.client(world.supplier_actor)
    assert queries.sought_by_many(world.supplier_actor) == []
    assert "150" not in open_page(client, "/demand").main
    another(world, near)
    (told,) = queries.sought_by_many(world.supplier_actor)
    assert (told.kind, told.count) == (world.kind, 5)
    assert told.condition.replace("\u2060", "").startswith("Waist: 150–160")
    page = open_page(client, "/demand")
    assert "Кең керек" not in page.main, "words of people are for their office"
    assert world.person.surname not in page.main
    assert queries.sought_by_many(world.officer) == []


def test_person__reads_what_is_kept_of_the_need(world: World) -> None:
    tell(world, words="Кең керек")
    (told,) = personal._asked(Subject(person_id=world.person.pk, user_id=world.actor.account))
    assert told["words"] == "Кең керек"
    assert "150" in str(told["conditions"])


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        ("40", "44", (40, 45)),
        ("44", None, (40, 45)),
        (None, "45", (45, 50)),
        ("152", "156", (150, 160)),
        ("2", "2.5", (2, 3)),
        ("1500", "1550", (1500, 1600)),
        ("20000", "25000", (22000, 23000)),
    ],
)
def test_ranges__are_told_in_round_steps(low: str | None, high: str | None, told: tuple[int, int]) -> None:
    ends = [Decimal(one) if one else None for one in (low, high)]
    assert rules.step(Range(*ends)) == told


def test_one_person__is_counted_once_in_each_cell() -> None:
    sought = Narrowed(values={"type": frozenset({"pants", "tabs"})}, ranges={"w": Range(Decimal(1), None)})
    assert rules.cells(sought) == {Cell("type", "pants"), Cell("type", "tabs"), Cell("w", "", Decimal(1), Decimal(2))}
    assert rules.step(Range()) is None
    many = [("GI-01", "100000000", sought)] * rules.FEWEST
    assert set(rules.counted(many).values()) == {rules.FEWEST}
    assert rules.counted(many[1:]) == {}
