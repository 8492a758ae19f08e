"""Scenarios of experts: read strictly, played by the product's own verbs, taken back; a case is downloaded as one."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.catalogue.amounts import AMOUNTS
from tirek.catalogue.models import GuaranteedAmount, KindProvision, KindTerms, Period
from tirek.catalogue.terms import TERMS
from tirek.cli.main import main
from tirek.core import clock, reference
from tirek.core.case.journal import Event
from tirek.core.reference import snapshot
from tirek.entitlements import actions, rules, scenarios
from tirek.entitlements.actions.scenarios import changed_by, on_trial, play
from tirek.entitlements.models import LedgerEntry, Line, OrderingTerm, Programme
from tirek.entitlements.reasons import BASES
from tirek.entitlements.scenarios import BrokenScenario, read
from tirek.organisations.models import Membership
from tirek.people.models import Person

pytestmark = pytest.mark.django_db
GOOD = """\
title: One
on: 2027-02-10
programmes:
  - issued: 2027-01-12
    lines:
      - {kind: GI-01, quantity: 1460}
expect:
  - {kind: GI-01, rule: available, quantity: 365}
"""
SHIPPED = list(scenarios.shipped())


@pytest.fixture
def _loaded() -> None:
    list(reference.load())


@pytest.mark.usefixtures("_loaded")
def test_shipped__come_out_as_they_say_and_leave_nothing() -> None:
    different = {
        f"{one.file}:{each.line} {each.what}": (each.expected, each.got)
        for one in SHIPPED
        for each in play(one).differences
    }
    assert different == {}
    for model in (Person, Programme, Line, LedgerEntry, OrderingTerm, Event):
        assert not model.objects.exists(), model


def test_shipped__cover_every_reason_and_window_with_no_two_of_one_title() -> None:
    assert len(SHIPPED) >= 25
    rules_said = {expected.values.get("rule") for one in SHIPPED for expected in one.expect}
    assert rules_said >= {reason.value for reason in rules.Reason}
    assert {name.rpartition(" ")[2] for one in SHIPPED for each in one.expect for name in each.values} >= {
        "budget",
        "person",
        "order_by",
        "next",
    }
    said = {value for one in SHIPPED for each in one.expect for value in each.values.values()}
    assert said >= set(BASES) - {"order_by"}, "each rule that can be said is said"
    assert len({one.title for one in SHIPPED}) == len(SHIPPED)
    supposed = {terms.period for one in SHIPPED for terms in one.suppose.terms} | {"quarter", "day", "year", "once"}
    assert supposed == set(Period.values)


@pytest.mark.usefixtures("_loaded")
def test_scenario__that_is_wrong_says_what_came_out() -> None:
    [one] = read("x.yml", GOOD.replace("rule: available, quantity: 365", "rule: quota_used, quantity: 400"))
    assert [(each.line, each.what, each.expected, each.got) for each in play(one).differences] == [
        (8, "GI-01 rule", "quota_used", "available"),
        (8, "GI-01 quantity", 400, 365),
    ]
    [unknown] = read("x.yml", GOOD.replace("GI-01", "XX-99"))
    assert [each.got for each in play(unknown).differences] == ["no such kind"]
    [refused] = read("x.yml", GOOD + "steps:\n  - {on: 2027-01-20, kind: GI-01, order: 999}\n")
    assert [(each.what, each.got) for each in play(refused).differences] == [("GI-01 order", "quantity")]
    [ended] = read("x.yml", GOOD.replace("issued: 2027-01-12", "issued: 2027-01-12\n    until: 2027-01-11"))
    assert ("2027-01-12", "goes through") in [(each.what, each.expected) for each in play(ended).differences]


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        (GOOD + "colour: red\n", 9, "colour", "nobody knows this key"),
        (GOOD.replace("on: 2027-02-10\n", ""), 1, "on", "is missing"),
        (GOOD.replace("2027-02-10", "10.02.2027"), 2, "on", "no day like"),
        (GOOD.replace("quantity: 1460", "quantity: many"), 6, "quantity", "no whole number"),
        (GOOD.replace("quantity: 365", "quantiy: 365"), 8, "quantiy", "nobody knows this key"),
        (GOOD + "title: Two\n", 9, "title", "twice"),
        (GOOD + "person: {group: IV}\n", 9, "group", "none of I, II, III, child"),
        (GOOD + "steps:\n  - {on: 2027-01-20, kind: GI-01}\n", 10, "steps", "one of order"),
        (GOOD.partition("expect")[0] + "expect: []\n", 1, "expect", "nothing is expected"),
        (GOOD.partition("expect")[0] + "expect:\n  - {kind: GI-01}\n", 8, "expect", "nothing is expected of GI-01"),
        (GOOD.replace("lines:", "lines: GI-01\n    x:"), 5, "lines", "a list belongs here"),
        ("- a\n- b\n", 1, "", "keys with values"),
        ("title: [unclosed\n", 2, "", "no YAML"),
        ("a: &a [1]\nb: *a\n", 1, "", "names of parts"),
        ("", 1, "", "holds no scenario"),
        ("a: \x07\n", 1, "", "no YAML"),
        ("x" * (scenarios.MOST + 1), 1, "", "more than"),
    ],
)
def test_file__with_a_slip_is_refused_with_file_line_and_key(text: str, line: int, key: str, said: str) -> None:
    with pytest.raises(BrokenScenario) as refused:
        read("mine.yml", text)
    assert (refused.value.file, refused.value.line, refused.value.key) == ("mine.yml", line, key)
    assert said in refused.value.text
    assert str(refused.value).startswith(f"mine.yml:{line}: ")


def test_case__is_downloaded_without_personal_data_and_comes_out_as_it_was_shown() -> None:
    with clock.at(make.MORNING):
        world = World()
        order = world.order(300)
        actions.consume(case_id=order.pk, line_id=world.line.pk, quantity=120, part=1, on=clock.today())
        actions.follow_orders(world.line)
    with clock.at(make.MORNING + timedelta(days=3)):
        actions.release(case_id=order.pk, line_id=world.line.pk)
        world.order(50, actor=world.officer)
        response = signed_in(world.officer).get(f"/office/lines/{world.line.pk}/scenario")
        assert response.status_code == 200
        assert "attachment" in response.headers["Content-Disposition"]
        text = response.content.decode()
        person, programme = world.person, Programme.objects.get(pk=world.line.programme_id)
        for secret in (
            person.iin,
            person.surname,
            person.given_name,
            person.address,
            person.birth_date.isoformat(),
            str(person.pk),
            programme.number,
            programme.issued_by,
            order.number,
            str(order.pk),
        ):
            assert secret not in text
        [one] = read("case.yml", text)
        values = one.expect[0].values
        assert (values["rule"], values["held"], values["received"]) == ("available", 50, 120)
        people = Person.objects.count()
        assert play(one).differences == ()
        assert Person.objects.count() == people
        spoiled = read("case.yml", text.replace("receive: 120", "receive: 119"))
        assert play(spoiled[0]).differences, "the steps are what decides"


def test_case__of_a_stranger_is_nobodys_to_download() -> None:
    with clock.at(make.MORNING):
        world = World()
        elsewhere = make.officer(make.district("311000000"))
        assert signed_in(elsewhere).get(f"/office/lines/{world.line.pk}/scenario").status_code == 404


@pytest.mark.usefixtures("_loaded")
def test_proposed_terms__say_which_scenarios_change_and_stay_a_proposal() -> None:
    before = TERMS.at("GI-01", territory_code="", on=date(2027, 1, 1))
    assert before is not None
    proposed = KindTerms(
        kind_id="GI-01", period="year", norm=1460, part="month", part_quantity=122, citation="x", status="demo",
        effective_from=date(2027, 3, 1),
    )  # fmt: skip
    changed = changed_by(proposed, SHIPPED)
    assert changed
    assert {one.kind for one in changed} == {"GI-01"}
    first = next(one for one in changed if one.scenario.title.startswith("A quarter gives 365"))
    assert "365" in first.before[0]
    assert "122" in first.after[0]
    assert proposed.effective_from == date(2027, 3, 1), "the page still shows what was proposed"
    assert [one.part for one in KindTerms.objects.filter(kind="GI-01")] == [before.part]
    assert TERMS.at("GI-01", territory_code="", on=date(2027, 1, 1)) == before
    same = KindTerms(
        kind_id="GI-01", period="year", norm=1460, part="quarter", part_quantity=365, citation="x", status="demo",
        effective_from=date(2027, 3, 1),
    )  # fmt: skip
    assert changed_by(same, SHIPPED) == []


@pytest.mark.usefixtures("_loaded")
def test_proposed_provision__says_which_scenarios_change() -> None:
    closed = KindProvision(kind_id="GI-01", way="closed", effective_from=date(2027, 3, 1), citation="x", status="demo")
    changed = changed_by(closed, SHIPPED)
    assert {one.kind for one in changed} == {"GI-01"}
    assert any(one.scenario.title.startswith("A quarter gives 365") for one in changed)
    assert not KindProvision.objects.filter(kind="GI-01").exists()
    portal = KindProvision(kind_id="GI-01", way="portal", effective_from=date(2027, 3, 1), citation="x", status="demo")
    assert changed_by(portal, [one for one in SHIPPED if one.title.startswith("A quarter gives 365")]) == []


@pytest.mark.usefixtures("_loaded")
def test_proposed_article__says_which_scenarios_change() -> None:
    known = reference.history("entitlement.basis.programme", "")
    row = reference.row_of(
        replace(known[0], text="999", citation="Social Code art. 999", effective_from=date(2027, 3, 1))
    )
    assert changed_by(row, [one for one in SHIPPED if one.title.startswith("A quarter gives 365")])


@pytest.mark.usefixtures("_loaded")
def test_proposed_amount__changes_what_the_person_would_pay() -> None:
    row = GuaranteedAmount(
        kind_id="GI-01", amount=Decimal(260), effective_from=date(2027, 3, 1), citation="x", status="demo"
    )
    [changed] = changed_by(row, SHIPPED)
    assert changed.scenario.title.startswith("The shipped amount")
    assert changed.before != changed.after
    limit = AMOUNTS.at("GI-01", territory_code="", on=date(2027, 3, 1))
    assert limit is not None
    assert limit.amount == Decimal(210)


@pytest.mark.usefixtures("_loaded")
def test_trial__is_not_read_by_anybody_else() -> None:
    """What is tried reaches no other thread of the process; without the block apart it would."""

    def read_elsewhere() -> list[Decimal]:
        found: list[Decimal] = []

        def look() -> None:
            row = AMOUNTS.at("GI-01", territory_code="", on=date(2027, 3, 1))
            found.append(row.amount if row is not None else Decimal(0))
            connection.close()

        one = threading.Thread(target=look)
        one.start()
        one.join()
        return found

    AMOUNTS.at("GI-01", territory_code="", on=date(2027, 3, 1))
    with on_trial():
        GuaranteedAmount.objects.filter(kind="GI-01").update(amount=999)
        reference.forget()
        here = AMOUNTS.at("GI-01", territory_code="", on=date(2027, 3, 1))
        assert here is not None
        assert here.amount == Decimal(999)
        assert read_elsewhere() == [Decimal(210)]
    there = AMOUNTS.at("GI-01", territory_code="", on=date(2027, 3, 1))
    assert there is not None
    assert there.amount == Decimal(210)
    with snapshot.apart():
        reference.forget()
    assert AMOUNTS.at("GI-01", territory_code="", on=date(2027, 3, 1)) is there, "nobody else has to read anew"


def test_administrator__sees_which_scenarios_change_before_a_version_is_saved() -> None:
    with clock.at(make.MORNING):
        list(reference.load())
        admin = signed_in(make.staff("ministry", Membership.Role.ADMIN))
        form = {
            "value": "1", "unit": "months", "effective_from": "2026-12-01", "citation": "Test", "status": "demo",
            "reason": "",
        }  # fmt: skip
        before = reference.term("entitlement.order_within", at=clock.today())
        answer = admin.post("/manage/reference/entitlement.order_within/new", form)
        page = open_page(admin, "/manage/reference")
        assert page
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "terms.yml:" in text
        assert reference.term("entitlement.order_within", at=clock.today()) == before
        other = admin.post(
            "/manage/reference/entitlement.correction_answer/new", form | {"value": "4", "unit": "working_days"}
        )
        assert other.status_code == 200
        assert ".yml:" not in other.content.decode()


@pytest.mark.usefixtures("_loaded")
def test_command__plays_files_prints_what_differs_and_ends_with_one(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"

    def check() -> Result:
        return CliRunner().invoke(main, ["reference", "check", str(file)])

    file.write_text(GOOD, encoding="utf-8")
    told = check()
    assert told.exit_code == 0, told.output
    assert "1 scenarios come out as they say." in told.output
    file.write_text(f"{GOOD}---\n{GOOD.replace('quantity: 365', 'quantity: 366')}", encoding="utf-8")
    told = check()
    assert told.exit_code == 1
    assert "mine.yml:10: One" in told.output
    assert "line 17: GI-01 quantity: expected 366, got 365" in told.output
    assert "1 of 2 scenarios come out otherwise." in told.output
    file.write_text(GOOD.replace("kind: GI-01, rule", "kind: GI-01, rul"), encoding="utf-8")
    told = check()
    assert told.exit_code == 2
    assert "mine.yml:8: rul: nobody knows this key" in " ".join(told.output.split())
    file.write_bytes("title: Ж".encode("cp1251"))
    assert "text in UTF-8" in check().output
