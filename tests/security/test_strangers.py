"""Nobody reaches what is another's by guessing its address: every route with a parameter, every desk, reading and
writing.
"""

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.security.attack import CASES, NO_OBJECT, World, all_strangers, desks_of, keys_of, routes, signed_in

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.case.journal import Event
from tirek.core.drafts import Draft
from tirek.entitlements.models import Correction, CorrectionRequest
from tirek.orders.models import Order

WITH_KEYS = {name: entry for address, name, entry in routes() if "<" in address}


@pytest.fixture
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def test_every_route_with_a_parameter__has_its_case_here() -> None:
    assert set(WITH_KEYS) - NO_OBJECT == set(CASES), (
        "a new route: say in tests/<app>/declared.py which object of a stranger it names"
    )


def _state() -> list[object]:
    """Whatever a stranger's request could have moved."""
    return [
        list(Order.objects.order_by("pk").values("pk", "state", "version")),
        list(Draft.objects.order_by("pk").values("pk", "state", "holder_id", "fields", "version")),
        list(Correction.objects.order_by("pk").values("pk", "state")),
        list(CorrectionRequest.objects.order_by("pk").values("pk", "state")),
        Event.objects.count(),
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("_morning", "refusals_in_short")
def test_strangers__of_every_desk_get_nothing_and_move_nothing(furnished_world: World) -> None:
    world = furnished_world
    browsers = [(desk, signed_in(actor)) for desk, actor in all_strangers(world)]
    before = _state()
    for name, case in CASES.items():
        address = reverse(name, kwargs=case.keys(world))
        for desk, client in browsers:
            if desk in case.open_to:
                continue
            methods = ["post"] if case.post else ["get", "post"]
            for method in methods:
                given = {
                    "verb": "sign",
                    "step": "paper",
                    "quantity": "1",
                    "consent": make.CONSENT_VERSION,
                    "reason": "does_not_fit",
                }
                if name == "draft-fields":
                    typed = json.dumps({"fields": {"address": {"value": "mine now", "base": 1}}})
                    answer = client.post(address, typed, content_type="application/json")
                else:
                    answer = getattr(client, method)(address, given)
                assert answer.status_code in {403, 404, 405}, f"{desk} {method} {name}: {answer.status_code}"
                assert world.person.surname not in answer.content.decode()
    assert _state() == before


@pytest.mark.django_db
@pytest.mark.usefixtures("_morning")
def test_strangers__would_be_let_in_where_they_belong(furnished_world: World) -> None:
    """The control: the same addresses open to whom they concern, so that the refusals above are about the actor."""
    world = furnished_world
    owners = {
        Desk.RECIPIENT: signed_in(world.actor),
        Desk.SUPPLIER: signed_in(world.supplier_actor),
        Desk.OFFICER: signed_in(world.officer),
    }
    opened = set()
    for name, case in CASES.items():
        if case.post:
            continue
        for desk in owners.keys() & desks_of(WITH_KEYS[name]):
            if owners[desk].get(reverse(name, kwargs=case.keys(world))).status_code in {200, 302}:
                opened.add(name)
    missing = {
        name for name, case in CASES.items() if not case.post and not name.startswith(("manage:", "files:"))
    } - opened
    assert missing == set()


@pytest.mark.django_db
@pytest.mark.usefixtures("_morning")
def test_every_page__sends_who_is_not_signed_in_to_sign_in(furnished_world: World) -> None:
    world = furnished_world
    for _address, name, entry in routes():
        if Desk.PUBLIC in desks_of(entry) or name in NO_OBJECT:
            continue
        address = reverse(name, kwargs=keys_of(name, world))
        for method in ("get", "post"):
            answer = getattr(Client(), method)(address)
            assert answer.status_code == 302, f"{method} {name}"
            assert answer.headers["Location"].startswith("/sign-in/?next=")


@pytest.mark.django_db
@pytest.mark.usefixtures("_morning", "refusals_in_short")
def test_every_page__of_another_desk_is_refused_though_the_person_is_known(furnished_world: World) -> None:
    world = furnished_world
    browsers = {desk: signed_in(actor) for desk, actor in world.strangers().items()}
    for _address, name, entry in routes():
        desks = desks_of(entry)
        if Desk.PUBLIC in desks:
            continue
        address = reverse(name, kwargs=keys_of(name, world))
        for desk in browsers.keys() - desks:
            for method in ("get", "post"):
                assert getattr(browsers[desk], method)(address).status_code == 403, f"{desk} {method} {name}"
