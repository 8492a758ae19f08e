"""No link of any page is a dead end for who reads it."""

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from tests import factories as make
from tests.kit import declared
from tests.kit.pages import Page, read
from tests.kit.sign_in import signed_in
from tests.kit.world import furnished

from tirek.core import clock
from tirek.core.actors import Desk

pytestmark = pytest.mark.django_db


def _pages() -> Iterator[tuple[Desk, str, Client, Page]]:
    """Every page that is open to somebody of the world, at each desk."""
    world, pages = furnished(), declared.pages()
    clients = {desk: signed_in(find(world)) for desk, find in declared.roles().items()}
    for _address, name, entry in declared.routes():
        if pages[name].post:
            continue
        for desk in sorted(declared.desks_of(entry) & clients.keys()):
            here = reverse(name, kwargs=pages[name].keys(world))
            answer = clients[desk].get(f"{here}?{pages[name].query(world)}")
            if answer.status_code == 200:
                yield desk, name, clients[desk], read(answer)


def _led(address: str) -> str | None:
    """The route that an address of the product leads to; nothing for another one, and for what is no page."""
    path = unquote(address.partition("?")[0].partition("#")[0])
    if not path.startswith("/") or path.startswith(("/static/", "/language/", "/sign-out")):
        return None
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@pytest.mark.slow
@pytest.mark.finding("J-dead-link")
def test_link__leads_to_a_page_that_its_reader_may_open() -> None:
    # a menu leads to the same pages from everywhere
    answers: dict[tuple[Desk, str], int] = {}
    dead, followed = set(), set()
    with clock.at(make.MORNING):
        for desk, name, client, page in _pages():
            for link in page.links:
                led = _led(link.address)
                if led is None or (desk, name, led) in followed:
                    continue
                followed.add((desk, name, led))
                if (desk, link.address) not in answers:
                    answers[desk, link.address] = client.get(link.address).status_code if led else 404
                if answers[desk, link.address] >= 400:
                    dead.add((desk.value, name, link.address, link.text))
    assert dead == set()
    assert len(followed) > 500, "the control: links are found"
