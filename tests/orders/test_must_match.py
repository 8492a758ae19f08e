"""What the programme requires, on the way to an order: told on every page, and refused whatever is ticked."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import read
from tests.kit.world import World

from tirek.catalogue.models import Offer
from tirek.core import clock
from tirek.core.errors import RuleBroken
from tirek.orders import actions
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
MEASURES = {"waist_min_cm": 70, "waist_max_cm": 110}


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING), translation.override("en"):
        made = World()
        made.person.measurements.create(parameter="waist_cm", number=90, measured_on=date(2026, 11, 1), source="self")
        yield made


@pytest.fixture
def pants(world: World) -> Offer:
    """The one offer that is what the programme requires; the shop's own does not tell."""
    world.line.recommended, world.line.must_match = {"type": "pants"}, ["type"]
    world.line.save()
    return make.offer(world.supplier, world.kind, parameters={**MEASURES, "type": "pants"})


@pytest.fixture
def tabs(world: World, pants: Offer) -> Offer:
    """An offer that is something else."""
    return make.offer(world.supplier, world.kind, parameters={**MEASURES, "type": "tabs"})


@pytest.mark.mission("S0.13")
def test_submit__what_must_match_and_does_not_is_refused_whatever_is_ticked(
    world: World, pants: Offer, tabs: Offer
) -> None:
    barred = str(make.version_of(tabs).pk)
    for ticked in ("", "yes"):
        with pytest.raises(RuleBroken) as refused:
            draft = world.draft(version=barred, fit_acknowledged=ticked)
            actions.submit_order(actor=world.actor, draft_key=draft.pk, final={"fit_acknowledged": ticked})
        assert refused.value.code == "must_match"
        assert "The programme requires pants" in str(refused.value.message)
        assert "ask for a correction" in str(refused.value.next_step)
    assert not Order.objects.exists()
    draft = world.draft(version=str(make.version_of(pants).pk))
    assert not actions.submit_order(actor=world.actor, draft_key=draft.pk).fit_acknowledged
    # what the supplier does not tell is not known to be wrong
    assert world.order(3).state == Order.State.SUBMITTED


def test_submit__a_wish_is_told_and_may_be_otherwise(world: World, tabs: Offer) -> None:
    world.line.must_match = []
    world.line.save()
    draft = world.draft(version=str(make.version_of(tabs).pk), fit_acknowledged="yes")
    assert actions.submit_order(actor=world.actor, draft_key=draft.pk).fit_acknowledged


def test_pages__tell_what_is_required_and_the_ways_out(world: World, pants: Offer, tabs: Offer) -> None:
    client, lists = world.client(world.actor), f"/order/{world.line.pk}"
    listed = read(client.get(lists)).text
    assert "The programme requires: Waist: pants. What does not match cannot be ordered." in listed
    assert "The programme requires pants: it cannot be ordered." in listed
    assert "the supplier does not tell" in listed
    found = read(client.get(f"{lists}?only=fits")).html
    assert str(pants.pk) in found
    assert str(tabs.pk) not in found
    offer = read(client.get(f"{lists}/offers/{tabs.pk}"))
    for words in ("it cannot be ordered", "Look at the offers that fit", "I cannot find what I need"):
        assert words in offer.text, words
    assert "The programme is wrong: ask for a correction" in offer.text
    assert client.post(f"{lists}/offers/{tabs.pk}", {"quantity": "3"}).status_code == 422
    side = read(client.get(f"{lists}/compare?offer={pants.pk}&offer={tabs.pk}")).text
    assert "Waist (must match)" in side
    assert side.count("Choose this") == 1, "what is barred cannot be chosen"
    draft = world.draft(version=str(make.version_of(tabs).pk))
    check = f"/order/form/{draft.pk}/check"
    page = read(client.get(check))
    assert "it cannot be ordered" in page.text
    assert 'name="fit_acknowledged"' not in page.html, "there is nothing to tick"
    forged = client.post(check, {"consent": make.CONSENT_VERSION, "fit_acknowledged": "on"})
    assert forged.status_code == 422
    assert not Order.objects.exists()


def test_list__says_that_nothing_was_compared(world: World) -> None:
    make.offer(world.supplier, world.kind, parameters={"type": "tabs"})
    listed = read(world.client(world.actor).get(f"/order/{world.line.pk}")).text
    assert "Not compared Nothing tells here whether it fits." in listed
