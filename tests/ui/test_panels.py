"""Parts that apps put into pages of the desks."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest
from django.test import RequestFactory

from tirek.core.actors import Actor, Desk
from tirek.ui import panels
from tirek.ui.desks import DeskRequest
from tirek.ui.panels import Shown, panel, shown

Fill = Mapping[str, object] | None


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test declares is on no other page."""
    monkeypatch.setattr(panels, "_panels", {})
    return


def request(desk: Desk = Desk.OFFICER) -> DeskRequest:
    made = RequestFactory().get("/")
    made.actor = Actor(desk=desk)  # type: ignore[attr-defined]  # as the middleware does
    return cast("DeskRequest", made)


def declare(template: str, order: int, fill: Any = dict, *, place: str = "home", at: Desk = Desk.OFFICER) -> None:
    @panel(place, at, template, order)
    def _fill(_request: DeskRequest, _subject: object) -> Fill:
        return cast("Fill", fill())


@pytest.mark.parametrize("place", ["", "Home", "search", "persons"])
def test_panel__at_a_place_that_nobody_owns_is_refused(place: str) -> None:
    with pytest.raises(ValueError, match="no place for panels"):
        panel(place, Desk.OFFICER, "a.html", 1)
    assert panels._panels == {}


def test_panels__stand_by_order_and_one_template_may_serve_two() -> None:
    for template, order in (("c.html", 10), ("a.html", 20), ("c.html", 15), ("d.html", -5)):
        declare(template, order, lambda order=order: {"n": order})
    assert shown(request(), "home") == [
        Shown("d.html", {"n": -5}),
        Shown("c.html", {"n": 10}),
        Shown("c.html", {"n": 15}),
        Shown("a.html", {"n": 20}),
    ]


def test_panels__are_those_of_the_place_and_the_readers_desk() -> None:
    declare("home.html", 1)
    declare("person.html", 1, place="person")
    declare("supply.html", 1, at=Desk.SUPPLIER)
    assert [one.template for one in shown(request(), "home")] == ["home.html"]
    assert [one.template for one in shown(request(), "person")] == ["person.html"]
    assert [one.template for one in shown(request(Desk.SUPPLIER), "home")] == ["supply.html"]
    assert shown(request(Desk.SUPPLIER), "person") == shown(request(Desk.ADMIN), "home") == []


def test_panel__that_has_nothing_to_say_is_not_shown_and_an_empty_one_is() -> None:
    declare("silent.html", 1, lambda: None)
    declare("empty.html", 2, dict)
    declare("none.html", 3, lambda: {"waiting": 0})
    assert shown(request(), "home") == [Shown("empty.html", {}), Shown("none.html", {"waiting": 0})]


def test_panel__in_the_place_of_another_is_refused_and_the_first_stays() -> None:
    declare("a.html", 1, lambda: {"n": 1})
    with pytest.raises(ValueError, match=r"order 1 already: a\.html"):
        declare("b.html", 1)
    declare("b.html", 1, place="person")
    assert shown(request(), "home") == [Shown("a.html", {"n": 1})]


def test_panel__is_filled_with_the_request_and_whom_the_page_is_about() -> None:
    seen: list[tuple[Actor, object]] = []

    @panel("person", Desk.OFFICER, "a.html", 1)
    def _fill(request: DeskRequest, subject: object) -> Fill:
        seen.append((request.actor, subject))
        return {}

    made, person = request(), object()
    shown(made, "person", person)
    shown(made, "person")
    assert seen == [(made.actor, person), (made.actor, None)]
    assert callable(_fill), "the function itself stays usable"
