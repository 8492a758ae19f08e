"""An address that takes only what is pressed leads who opens it to the page of the press."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit import declared
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock


@pytest.fixture
def world(furnished_world: World) -> Iterator[World]:
    with clock.at(make.MORNING):
        yield furnished_world


@pytest.mark.finding("J-M7")
def test_press__that_is_opened_is_never_an_empty_page(world: World) -> None:
    pages, seen = declared.pages(), 0
    for _address, name, entry in declared.routes():
        page = pages[name]
        if not page.post:
            continue
        keys = page.keys(world)
        for desk in sorted(declared.desks_of(entry)):
            if desk not in declared.roles():
                continue
            answer = signed_in(world.at(desk)).get(reverse(name, kwargs=keys))
            assert answer.status_code in {302, 404}, f"{desk} {name}: {answer.status_code}"
            assert answer.status_code != 302 or answer["Location"], name
            seen += 1
    assert seen > 10


@pytest.mark.finding("J-M7")
def test_address_of_a_script__leads_home_or_to_the_form_of_who_opens_it(world: World) -> None:
    draft = world.draft(3)
    own, kept = reverse("orders:step", args=[draft.pk, "check"]), reverse("draft-fields", args=[draft.pk])
    assert Client().get(reverse("session-keep"))["Location"] == "/"
    assert Client().get(kept)["Location"] == "/", "nothing is told of a form to others"
    assert own.startswith(world.client(world.actor).get(kept)["Location"].rstrip("/").rpartition("/")[0])
