"""Scenarios that are kept: a case of an officer and a file of an expert are played whenever rules change."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import factories as make
from tests.kit.sign_in import signed_in
from tests.kit.world import World
from tests.markup import folded

from tirek.cli.main import main
from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.keys import uuid7
from tirek.entitlements import actions, kept, queries
from tirek.entitlements.actions import kept as verbs
from tirek.entitlements.models import KeptScenario
from tirek.entitlements.scenarios import BrokenScenario, read
from tirek.organisations.models import Membership
from tirek.people.models import Person

pytestmark = pytest.mark.django_db
TITLE = "A quarter is used by two orders"
GOOD = """\
title: The quarter of an expert
on: 2027-02-10
programmes:
  - issued: 2027-01-12
    lines:
      - {kind: GI-01, quantity: 1460}
expect:
  - {kind: GI-01, rule: available, quantity: 365}
"""


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def admin() -> Client:
    return signed_in(make.staff("ministry", Membership.Role.ADMIN))


@pytest.fixture
def administrator() -> Actor:
    return Actor(desk=Desk.ADMIN, user_id=uuid7())


def ordered() -> World:
    """A world with an order, which lets the officer open the person's file."""
    world = World()
    world.order(300)
    actions.follow_orders(world.line)
    return world


def keep(client: Client, world: World, title: str, *, status: int) -> str:
    answer = client.post(f"/office/lines/{world.line.pk}/scenario/keep", {"title": title})
    page = folded(answer.content.decode())
    assert answer.status_code == status, page[page.find("<main") :][:3000]
    return page


def sent(client: Client, text: str | bytes, *, status: int) -> str:
    content = text if isinstance(text, bytes) else text.encode()
    answer = client.post("/manage/scenarios/add", {"file": SimpleUploadedFile("mine.yml", content)})
    page = folded(answer.content.decode())
    assert answer.status_code == status, page[page.find("<main") :][:3000]
    return page


class TestCase:
    def test_case__is_kept_as_it_is_shown_and_names_nobody(self) -> None:
        world = ordered()
        officer = signed_in(world.officer)
        page = folded(officer.get(f"/office/lines/{world.line.pk}/scenario/keep").content.decode())
        assert "order: 300" in page
        keep(officer, world, f"  {TITLE}\n ", status=302)
        row = KeptScenario.objects.get()
        assert (row.title, row.kinds, row.asked_on) == (TITLE, [world.kind.pk], clock.today())
        assert (row.kept_by, row.organisation_id) == (world.officer.account, world.officer.organisation_id)
        person = world.person
        for secret in (person.iin, person.surname, person.birth_date.isoformat(), str(person.pk), str(world.line.pk)):
            assert secret not in row.text
        [one] = read("x.yml", row.text)
        assert one.title == TITLE
        assert one.expect[0].values["held"] == 300

    @pytest.mark.parametrize(
        "title", ["Of {surname}", "of {given_name}'s case", "IIN 900101 300123", "Call 87010000001"]
    )
    def test_title__that_names_somebody_is_refused_and_stays_in_the_field(self, title: str) -> None:
        world = ordered()
        title = title.format(surname=world.person.surname.upper(), given_name=world.person.given_name)
        page = keep(signed_in(world.officer), world, title, status=422)
        assert "what is kept names nobody" in page
        assert 'name="title"' in page
        assert not KeptScenario.objects.exists()

    def test_title__may_hold_days_and_quantities(self) -> None:
        world = ordered()
        keep(signed_in(world.officer), world, "365 of a quarter, 30 of 12.2026", status=302)

    def test_same_case__is_kept_once_and_again_when_it_was_set_aside(self, administrator: Actor) -> None:
        world = ordered()
        officer = signed_in(world.officer)
        keep(officer, world, TITLE, status=302)
        assert "kept already" in keep(officer, world, "In other words", status=422)
        verbs.set_aside(actor=administrator, key=KeptScenario.objects.get().pk, why="Says nothing new")
        keep(officer, world, TITLE, status=302)
        assert KeptScenario.objects.count() == 2

    def test_case__that_comes_out_otherwise_is_not_kept_and_says_what_differs(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = ordered()
        monkeypatch.setattr(
            verbs,
            "scenario_of",
            lambda status, *, title="": _as_it_is(status, title=title).replace("order: 300", "order: 299"),
        )
        page = keep(signed_in(world.officer), world, TITLE, status=422)
        assert "does not come out as it says" in page
        assert "<title>Error: " in page
        assert f"{world.kind.pk} held" in page
        assert ">300<" in page
        assert ">299<" in page
        assert f'value="{TITLE}"' in page
        assert not KeptScenario.objects.exists()

    def test_room__is_bounded_and_set_aside_makes_more(
        self, monkeypatch: pytest.MonkeyPatch, administrator: Actor
    ) -> None:
        monkeypatch.setattr(verbs, "MOST_KEPT", 1)
        world = ordered()
        officer = signed_in(world.officer)
        keep(officer, world, TITLE, status=302)
        world.order(30)
        actions.follow_orders(world.line)
        assert "1 scenarios are kept already" in keep(officer, world, TITLE, status=422)
        verbs.set_aside(actor=administrator, key=KeptScenario.objects.get().pk, why="Old")
        keep(officer, world, TITLE, status=302)

    def test_case__of_a_stranger_and_of_another_desk_is_not_kept(self, administrator: Actor) -> None:
        world = World()
        elsewhere = signed_in(make.officer(make.district("311000000")))
        keep(elsewhere, world, TITLE, status=404)
        status = queries.status_of(world.line)
        for actor in (administrator, world.actor, world.supplier_actor):
            with pytest.raises(NotAllowed):
                verbs.keep_case(actor=actor, status=status, title=TITLE)
        assert not KeptScenario.objects.exists()


_as_it_is = verbs.scenario_of


@pytest.fixture
def _loaded() -> None:
    list(reference.load())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("quantity: 365", "quantiy: 365"), "mine.yml:8: quantiy: nobody knows this key"),
        (GOOD.replace("quantity: 1460", "quantity: 99999999999"), "too large a number"),
        (GOOD.replace("on: 2027", "on: 9027"), "not between"),
        (GOOD.replace("on: 2027", "on: 2099"), "years after the first programme"),
        (GOOD + "steps: [" + "{on: 2027-01-20, kind: GI-01, order: 1}, " * 101 + "]\n", "more than 100 items"),
        ("[" * 5000, "too many parts within parts"),
        ("a: &a [1]\nb: *a\n", "names of parts"),
        (GOOD.replace("365}", "365, split: [{price: 1e99999, quantity: 1}]}"), "too large or too small"),
        (GOOD.encode("utf-16"), "text file in UTF-8"),
        ("---\n".join([GOOD] * 51), "more than 50 scenarios"),
        (b"x" * 1_000_001, "too large"),
        ("", "empty"),
    ],
)
def test_broken_file__is_refused_with_the_place(admin: Client, text: str | bytes, said: str) -> None:
    assert said in sent(admin, text, status=422)
    assert not KeptScenario.objects.exists()


@pytest.mark.usefixtures("_loaded")
class TestFile:
    def test_file__is_kept_whole_or_not_at_all(self, admin: Client) -> None:
        page = sent(admin, f"{GOOD}---\n{GOOD.replace('365', '366')}", status=422)
        assert "The quarter of an expert (mine.yml:10)" in page
        assert ">366<" in page
        assert not KeptScenario.objects.exists()
        sent(admin, f"{GOOD}---\n{GOOD.replace('02-10', '02-11')}", status=302)
        assert [row.title for row in KeptScenario.objects.all()] == ["The quarter of an expert"] * 2
        assert not Person.objects.filter(iin__startswith="000000").exists()

    def test_file__with_one_that_is_kept_keeps_none(self, admin: Client) -> None:
        sent(admin, GOOD, status=302)
        again = GOOD.replace("title: The quarter of an expert", "title: Otherwise called")
        assert "kept already" in sent(admin, f"{GOOD.replace('02-10', '02-11')}---\n{again}", status=422)
        assert KeptScenario.objects.count() == 1

    def test_file__is_taken_from_administrators_only(self) -> None:
        for role in (Membership.Role.ANALYST, Membership.Role.OFFICER):
            sent(signed_in(make.staff("ministry", role)), GOOD, status=403)
        with pytest.raises(NotAllowed):
            verbs.keep_file(actor=Actor(desk=Desk.ANALYST, user_id=uuid7()), name="x", text=GOOD)

    def test_kept__are_played_before_terms_and_values_change(
        self, admin: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tirek.site.views.admin_scenarios.shipped", lambda: iter(read("shipped.yml", GOOD)))
        sent(admin, GOOD, status=302)
        row = KeptScenario.objects.get()
        day = (clock.today() + timedelta(days=20)).isoformat()
        value = {
            "value": "1", "unit": "months", "effective_from": day, "citation": "Test", "status": "demo", "reason": "",
        }  # fmt: skip
        page = folded(admin.post("/manage/reference/entitlement.order_within/new", value).content.decode())
        link = f'href="/manage/scenarios/{row.pk}"'
        assert link in page
        terms = {
            "period": "year", "norm": "1460", "part": "month", "part_quantity": "122", "carry_over": "none",
            "max_per_order": "", "replacement_months": "", "region_code": "country", "effective_from_day": "1",
            "effective_from_month": "2", "effective_from_year": "2027", "citation": "Test", "status": "demo",
            "reason": "",
        }  # fmt: skip
        page = folded(admin.post("/manage/terms/GI-01/new", terms).content.decode())
        assert link in page
        assert "122" in page
        admin.post(f"/manage/scenarios/{row.pk}/set-aside", {"why": "Says nothing new"})
        assert link not in folded(admin.post("/manage/terms/GI-01/new", terms).content.decode())

    def test_command__plays_those_that_are_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tirek.cli.reference.shipped", lambda: iter(read("shipped.yml", GOOD)))
        told = CliRunner().invoke(main, ["reference", "check"])
        assert told.exit_code == 0, told.output
        verbs.keep_file(actor=Actor(desk=Desk.ADMIN, user_id=uuid7()), name="x", text=GOOD)
        told = CliRunner().invoke(main, ["reference", "check"])
        assert "2 scenarios come out as they say." in told.output
        KeptScenario.objects.update(text=GOOD.replace("365", "366"))
        told = CliRunner().invoke(main, ["reference", "check"])
        assert told.exit_code == 1
        assert "expected 366, got 365" in told.output
        KeptScenario.objects.update(text="title: of another version")
        told = CliRunner().invoke(main, ["reference", "check"])
        assert told.exit_code == 1
        assert "A kept scenario cannot be read any more: kept-" in told.output

    def test_command__with_files_plays_those_alone(self, tmp_path: Path) -> None:
        verbs.keep_file(actor=Actor(desk=Desk.ADMIN, user_id=uuid7()), name="x", text=GOOD)
        file = tmp_path / "mine.yml"
        file.write_text(GOOD, encoding="utf-8")
        assert "1 scenarios come out" in CliRunner().invoke(main, ["reference", "check", str(file)]).output


@pytest.mark.usefixtures("_loaded")
class TestPages:
    def test_all__are_played_by_a_press(self, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tirek.site.views.admin_scenarios.shipped", lambda: iter(read("shipped.yml", GOOD)))
        sent(admin, GOOD.replace("02-10", "02-11"), status=302)
        assert "2 scenarios were played and come out as they say." in folded(
            admin.post("/manage/scenarios").content.decode()
        )
        KeptScenario.objects.update(text=GOOD.replace("365", "366"))
        page = folded(admin.post("/manage/scenarios").content.decode())
        assert "1 of 2 scenarios comes out otherwise." in page
        assert ">366<" in page
        KeptScenario.objects.update(text="title: of another version")
        page = folded(admin.post("/manage/scenarios").content.decode())
        assert "cannot be read any more" in page
        assert "come out as they say" not in page

    def test_one__is_played_shown_downloaded_and_set_aside(self, admin: Client) -> None:
        sent(admin, GOOD, status=302)
        row = KeptScenario.objects.get()
        url = f"/manage/scenarios/{row.pk}"
        assert row.title in folded(admin.get("/manage/scenarios").content.decode())
        assert "comes out as it says" in folded(admin.post(url).content.decode())
        assert read("x", admin.get(f"{url}/file").content.decode())[0].title == row.title
        analyst = signed_in(make.staff("ministry", Membership.Role.ANALYST))
        assert "set-aside" not in analyst.get(url).content.decode()
        assert analyst.post(f"{url}/set-aside", {"why": "No"}).status_code == 403
        assert admin.post(f"{url}/set-aside", {"why": " "}).status_code == 422
        assert admin.post(f"{url}/set-aside", {"why": "Says nothing new"}).status_code == 302
        page = folded(admin.get(url).content.decode())
        assert "Says nothing new" in page
        assert "set-aside" not in page
        assert admin.post(f"{url}/set-aside", {"why": "Twice"}).status_code == 422
        row.refresh_from_db()
        assert row.set_aside_why == "Says nothing new"
        assert list(kept.standing()) == []

    def test_others__see_none_of_them(self) -> None:
        world = World()
        for actor in (world.officer, world.actor, world.supplier_actor):
            assert signed_in(actor).get("/manage/scenarios").status_code == 403
            with pytest.raises(NotAllowed):
                kept.kept_scenarios(actor)


def test_reading__never_takes_two_of_one_digest(administrator: Actor) -> None:
    list(reference.load())
    [row] = verbs.keep_file(actor=administrator, name="x", text=GOOD)
    with pytest.raises(RuleBroken):
        verbs.keep_file(
            actor=administrator,
            name="x",
            text=GOOD.replace("{kind: GI-01, quantity: 1460}", "{quantity:  1460,  kind: GI-01}"),
        )
    with pytest.raises(BrokenScenario):
        verbs.keep_file(actor=administrator, name="x", text="[")
    assert KeptScenario.objects.get() == row
