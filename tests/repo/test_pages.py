"""Every route has a desk, every list the same number of queries however long it is, and no template holds script or style."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from tests import factories as make
from tests.entitlements import papers

from tirek.accounts.models import User
from tirek.accounts.sessions import FACTOR
from tirek.catalogue.models import Kind
from tirek.core import amendments, clock, drafts, effects, reference
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.entitlements import actions as entitlements
from tirek.entitlements.actions.terms import lapse_term
from tirek.entitlements.models import Line, OrderingTerm
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.organisations.models import Membership
from tirek.site import sessions
from tirek.site.privacy import PRIVACY_VERSION
from tirek.ui.desks import DESKS

ROOT = Path(__file__).resolve().parents[2] / "src" / "tirek"
TEMPLATES = sorted(ROOT.glob("**/templates/**/*.html"))


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        name = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from routes(entry, name)
        else:
            yield name, entry


@pytest.mark.parametrize(("address", "route"), list(routes(get_resolver())))
def test_route__has_a_desk(address: str, route: URLPattern) -> None:
    desks = getattr(route.callback, DESKS, None)
    assert desks, f"/{address} has no desk: put @desk(…) on the view"
    assert desks <= set(Desk)
    assert Desk.CLOCK not in desks
    assert route.name, f"/{address} has no name"


FORBIDDEN = {
    "hx-on needs eval": re.compile(r"\bhx-on\b"),
    "js: needs eval": re.compile(r"""["'\s]js:|javascript:"""),
    "script within the page": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "style within the page": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template__holds_neither_script_nor_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [why for why, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("sample", "why"),
    [
        ('<button hx-on:click="x()">', "hx-on needs eval"),
        ("<a hx-vals='js:{a: 1}'>", "js: needs eval"),
        ("<script>alert(1)</script>", "script within the page"),
        ('<script type="module">a</script>', "script within the page"),
        ("<style>p {}</style>", "style within the page"),
        ('<p style="color:red">', "style attribute"),
        ('<p class="a" onclick="x()">', "event attribute"),
    ],
)
def test_guard__sees_what_it_forbids(sample: str, why: str) -> None:
    assert FORBIDDEN[why].search(sample)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template__has_at_most_one_main_heading(path: Path) -> None:
    text = re.sub(r"{% if .*?%}.*?{% endif %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert len(re.findall(r"<h1\b", text)) <= 1


class World(make.Shop):
    """A shop that can grow: each step adds one row to every list."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.person.consents.create(purpose="privacy", text_version=PRIVACY_VERSION, channel="web", given_at=make.MORNING)
        self.officer = make.officer(self.place)
        boss = make.member(make.organisation("centre"), "admin")
        self.admin = Actor(desk=Desk.ADMIN, user_id=boss.user_id, organisation_id=boss.organisation_id, role="admin")
        self.steps = 0

    def grow(self) -> None:
        """One more order under way, one to confirm, one refused, one draft of each kind, one line, one offer."""
        self.steps += 1
        self.order(3)
        self._handed_over()
        actions.refuse_delivery(actor=self.actor, order=self._handed_over(), reason="does_not_fit", note="")
        self.draft(3)
        self.draft(3, actor=self.officer)
        drafts.hand_to_office(self.actor, self.draft(3).pk, territory_code=self.place.code)
        kind = make.kind(f"SM-{50 + self.steps}")
        make.offer(self.supplier, self.kind, price=Decimal(170 + self.steps), to=f"{self.place.code[:2]}0000000")
        make.programme(self.person, kind)
        self._corrected(kind)
        self._amended()
        effects.run()

    def _corrected(self, kind: Kind) -> None:
        """One more request, one correction to sign, one signed, and somebody who did not order in time."""
        papers.asked(self)
        line = Line.objects.get(person=self.person, kind=kind)
        self.correction = papers.proposed(self, make.officer(self.place), 3, line=str(line.pk), programme=str(line.programme_id))
        entitlements.sign_correction(actor=make.officer(self.place), correction=papers.proposed(self, make.officer(self.place), 3))
        other = make.person(place=self.place)
        make.programme(other, kind)
        with clock.at(clock.now() + timedelta(days=70)):
            lapse_term(actor=CLOCK, term=OrderingTerm.objects.get(person=other))

    def _amended(self) -> None:
        """One more value, version, amendment, moved day, member of staff and guaranteed amount."""
        first = reference.Value(f"t.{self.steps}", "", "10", reference.Unit.HOURS, date(2020, 1, 1), None, "Order", reference.Status.DEMO)
        reference.add_version(first)
        day = date(2027, 1, 1) + timedelta(days=self.steps)
        amendments.amend_value(actor=self.admin, one=replace(first, effective_from=day, text="9"))
        amendments.amend_value(actor=self.admin, one=replace(reference.history("order.delivery", "")[0], effective_from=day))
        saturday = date(2027, 1, 2) + timedelta(weeks=1 + self.steps)
        amendments.add_day(actor=self.admin, one=amendments.DayEntered(saturday, True, "Decree"))
        make.member(make.organisation("local_body_district", make.district(f"1018{self.steps}0000")), "officer")

    def _handed_over(self) -> Order:
        order = actions.accept_order(actor=self.supplier_actor, order=self.order(3), ready_on=clock.today() + timedelta(days=3))
        return actions.hand_over(actor=self.supplier_actor, order=order, code=door_code_for(self.actor, order))

    def client(self, actor: Actor) -> Client:
        """Signed in as somebody of the shop."""
        client = Client(headers={"Accept-Language": "en"})
        user = User.objects.get(pk=actor.user_id)
        client.force_login(user)
        session = client.session
        session[FACTOR] = True
        if actor.organisation_id is not None:
            session[sessions.MEMBERSHIP] = str(Membership.objects.get(user=user).pk)
        session.save()
        return client


def _line(world: World) -> str:
    return str(Line.objects.get(person=world.person, kind=world.kind).pk)


def _both_offers(world: World) -> str:
    keys = "&".join(f"offer={one.pk}" for one in world.supplier.offers.all()[:4])
    return f"/order/{_line(world)}/compare?{keys}"


def _to_accept(world: World) -> str:
    numbers = Order.objects.filter(organisation=world.supplier.organisation, state=Order.State.SUBMITTED).values_list("number", flat=True)
    return "/supply/orders/accept?" + "&".join(f"order={one}" for one in numbers)


LISTS: list[tuple[str, Callable[[World], Actor], Callable[[World], str]]] = [
    ("recipient's home", lambda world: world.actor, lambda _world: "/home"),
    ("recipient's programme", lambda world: world.actor, lambda _world: "/programme"),
    ("recipient's movements of a line", lambda world: world.actor, lambda world: f"/programme/{_line(world)}"),
    ("offers of a line", lambda world: world.actor, lambda world: f"/order/{_line(world)}"),
    ("offers side by side", lambda world: world.actor, _both_offers),
    ("recipient's orders", lambda world: world.actor, lambda _world: "/orders"),
    ("recipient's drafts", lambda world: world.actor, lambda _world: "/drafts"),
    ("recipient's notices", lambda world: world.actor, lambda _world: "/notices"),
    ("supplier's home", lambda world: world.supplier_actor, lambda _world: "/supply"),
    ("supplier's orders", lambda world: world.supplier_actor, lambda _world: "/supply/orders"),
    ("supplier's offers", lambda world: world.supplier_actor, lambda _world: "/supply/offers"),
    ("supplier's notices", lambda world: world.supplier_actor, lambda _world: "/notices"),
    ("officer's home", lambda world: world.officer, lambda _world: "/office"),
    ("officer's orders", lambda world: world.officer, lambda _world: "/office/orders"),
    (
        "officer's orders by a filter",
        lambda world: world.officer,
        lambda world: f"/office/orders?light=green&sort=deadline&district={world.place.code}",
    ),
    ("officer's orders by name", lambda world: world.officer, lambda _world: "/office/orders?state=submitted&sort=name"),
    ("supplier's orders by a filter", lambda world: world.supplier_actor, lambda _world: "/supply/orders?light=green&sort=-deadline&all=1"),
    ("supplier's orders to accept", lambda world: world.supplier_actor, _to_accept),
    ("officer's forms", lambda world: world.officer, lambda _world: "/office/drafts"),
    ("recipient's requests", lambda world: world.actor, lambda _world: "/corrections"),
    ("officer's tasks", lambda world: world.officer, lambda _world: "/office/tasks"),
    ("officer's line", lambda world: world.officer, lambda world: f"/office/lines/{_line(world)}"),
    ("a correction to sign", lambda world: world.officer, lambda world: f"/office/corrections/{world.correction.number}"),
    ("person's file", lambda world: world.officer, lambda world: f"/office/people/{world.person.pk}"),
    ("who looked at the file", lambda world: world.actor, lambda _world: "/my-data"),
    ("terms and sources", lambda world: world.actor, lambda _world: "/terms"),
    ("administrator's home", lambda world: world.admin, lambda _world: "/manage/"),
    ("reference data", lambda world: world.admin, lambda _world: "/manage/reference"),
    ("versions of a value", lambda world: world.admin, lambda _world: "/manage/reference/order.delivery"),
    ("moved days", lambda world: world.admin, lambda _world: "/manage/calendar?year=2027"),
    ("users", lambda world: world.admin, lambda _world: "/manage/users"),
    ("guaranteed amounts", lambda world: world.admin, lambda _world: "/manage/prices"),
]


def _asked(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        response = client.get(address)
    assert response.status_code == 200, address
    assert len(re.findall(rb"<h1\b", response.content)) == 1, address
    return [query["sql"] for query in seen]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "who", "where"), LISTS, ids=[name for name, _who, _where in LISTS])
def test_list__asks_the_same_number_of_queries_with_one_row_and_with_three(
    name: str, who: Callable[[World], Actor], where: Callable[[World], str]
) -> None:
    with clock.at(make.MORNING):
        world = World()
        world.grow()
        client = world.client(who(world))
        _asked(client, where(world))
        one = _asked(client, where(world))
        world.grow()
        world.grow()
        _asked(client, where(world))  # what is kept for half a minute is read before the counting
        three = _asked(client, where(world))
    assert len(three) == len(one), f"{name}:\n" + "\n".join(sql[:200] for sql in three)


@pytest.mark.django_db
def test_list__really_grows_in_this_test() -> None:
    with clock.at(make.MORNING):
        world = World()
        world.grow()
        client = world.client(world.actor)
        before = client.get("/orders").content.count(b'class="card"')
        world.grow()
        world.grow()
        after = client.get("/orders").content.count(b'class="card"')
    assert (before, after) == (3, 9)
