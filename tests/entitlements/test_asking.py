"""What a line asks for, and how it is provided: read from a cell, a page, a correction; kept, and changed by two."""

import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.utils import translation
from tests import factories as make
from tests.entitlements import papers
from tests.kit.pages import read
from tests.kit.sign_in import for_years
from tests.kit.together import at_once

from tirek.catalogue.models import Kind, Parameter
from tirek.cli.main import main
from tirek.core import clock, reference
from tirek.core.actors import CLOCK
from tirek.core.errors import RuleBroken, StaleState
from tirek.entitlements import actions
from tirek.entitlements.actions import LineGrant, corrections, ledger, register_programme
from tirek.entitlements.asking import Asked, check_channel, read_asked, written
from tirek.entitlements.models import Correction, LedgerEntry, Line, OrderingTerm, Programme
from tirek.entitlements.queries import status_of
from tirek.entitlements.rules import Reason
from tirek.entitlements.scenario_of import scenario_of
from tirek.notices.models import Notice
from tirek.orders.actions import submit_order
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
CODE: Final = "SM-02"


@pytest.fixture
def kind() -> Kind:
    """A kind that may be made to individual order, with a parameter of each type."""
    made = make.kind(CODE, made_to_order=True)
    names = {"name_kk": "жиналады", "name_ru": "складывается", "name_en": "foldable"}
    Parameter.objects.create(kind=made, code="foldable", type="bool", position=4, **names)
    Parameter.objects.create(kind=made, code="colour", type="text", position=5, **names | {"name_en": "colour"})
    reference.forget()
    return made


@pytest.fixture
def shop(kind: Kind) -> Iterator[make.Shop]:
    with clock.at(make.MORNING), translation.override("en"):
        yield make.Shop(quantity=1, kind_code=kind.code)


def test_cell__is_read_as_a_page_reads_the_answer_and_written_back(kind: Kind) -> None:
    asked = read_asked(kind.code, " Type = PANTS ! ; waist_min_cm=70,5|foldable=yes!; colour=red ")
    assert asked == Asked(
        {"type": "pants", "waist_min_cm": 70.5, "foldable": True, "colour": "red"}, ("foldable", "type")
    )
    assert read_asked(kind.code, written(asked)) == asked
    assert read_asked(kind.code, "") == Asked()


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("width=3", "parameter", "This kind has no parameter “width”. It has: waist_min_cm"),
        ("type=static", "value", "“static” is no value of “type”. It can be: tabs, pants."),
        ("waist_min_cm=wide", "value", "It is a number of 0 and more."),
        ("waist_min_cm=-3", "value", "It is a number of 0 and more."),
        ("foldable=perhaps", "value", "It can be: yes, no."),
        ("type=tabs; type=pants", "twice", "“type” is there twice."),
        ("type=!", "value", "No value of “type” is given."),
        ("type", "value", "No value of “type” is given."),
    ],
)
def test_cell__that_cannot_be_read_says_why(kind: Kind, text: str, code: str, said: str) -> None:
    with translation.override("en"), pytest.raises(RuleBroken) as refused:
        read_asked(kind.code, text)
    assert refused.value.code == code
    assert said in str(refused.value.message)


def test_channel__is_the_kinds_own_or_the_employers_where_it_leaves_no_choice(kind: Kind) -> None:
    diapers = make.kind("GI-01")
    for each, channel in ((kind, "procurement"), (kind, "portal"), (kind, "employer"), (diapers, "employer")):
        check_channel(each, channel)
    for channel in ("procurement", "closed", ""):
        with pytest.raises(RuleBroken) as refused:
            check_channel(diapers, channel)
        assert refused.value.code == "channel"


@pytest.mark.parametrize(
    ("grant", "code"),
    [
        ({"recommended": {"width": 3}}, "parameter"),
        ({"recommended": {"type": "static"}}, "value"),
        ({"recommended": {}, "must": ["type"]}, "must"),
        ({"recommended": {}, "channel": "closed"}, "channel"),
    ],
)
def test_programme__takes_nothing_that_its_kinds_do_not_have(kind: Kind, grant: dict[str, object], code: str) -> None:
    with clock.at(make.MORNING), pytest.raises(RuleBroken) as refused:
        register_programme(
            actor=CLOCK,
            person=make.person(),
            issued_by="МӘС",
            issued_on=date(2026, 1, 12),
            valid_until=None,
            lines=[LineGrant(kind=kind, quantity=1, **grant)],  # type: ignore[arg-type]
        )
    assert refused.value.code == code


# --- by a page


def test_page_of_a_programme__takes_more_items_and_keeps_what_was_typed(kind: Kind) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        officer = make.officer(shop.place)
        desk, address = for_years(officer), f"/office/people/{shop.person.pk}/programme"
        make.came(officer, shop.person)
        given = {"issued_by": "МӘС № 2", **{f"issued_on_{part}": n for part, n in _SECOND.items()}}
        given |= {f"kind_{n}": "" for n in range(1, 9)} | {"kind_1": kind.code, "quantity_1": "1"}
        more = desk.post(address, given | {"more": "yes"})
        assert more.status_code == 200
        page = read(more)
        assert 'name="kind_16"' in page.html
        assert 'name="kind_17"' not in page.html
        assert 'value="1"' in page.html
        others = [make.kind(f"GI-{n:02}") for n in range(2, 15)]
        given |= {f"kind_{n}": one.code for n, one in enumerate(others, start=3)}
        given |= {f"quantity_{n}": "2" for n in range(3, 3 + len(others))}
        far = read(desk.post(address, {f"kind_{n}": "" for n in range(1, 200)} | {"more": "yes"})).html
        assert ['name="kind_72"' in far, 'name="kind_73"' in far, 'name="more"' in far] == [True, False, False]
        done = desk.post(address, given)
        assert done.status_code == 302, read(done).errors
    assert Line.objects.filter(programme__issued_by="МӘС № 2").count() == 1 + len(others)


_SECOND = {"day": "2", "month": "11", "year": "2026"}


def test_page_of_a_programme__asks_what_the_chosen_kinds_have(kind: Kind) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        officer = make.officer(shop.place)
        desk, address = for_years(officer), f"/office/people/{shop.person.pk}/programme"
        make.came(officer, shop.person)
        given = {
            "issued_by": "МӘС № 2",
            "issued_on_day": "2",
            "issued_on_month": "11",
            "issued_on_year": "2026",
            "kind_1": kind.code,
            "quantity_1": "one",
        }
        assert "asked-1" not in desk.get(address).content.decode()
        asked = desk.post(address, given | {"ask": "yes"})
        assert asked.status_code == 200
        page = read(asked)
        assert page.errors == [], "nothing is checked yet"
        before = f"asked-1-{kind.code}-"
        for name in ("p-type", "p-waist_min_cm", "p-foldable", "must", "channel"):
            assert f'name="{before}{name}"' in page.html, name
        assert 'value="one"' in page.html, "what was typed stays"
        wrong = given | {
            "quantity_1": "1",
            f"{before}p-waist_min_cm": "wide",
            f"{before}p-type": "pants",
            f"{before}must": ["type", "foldable"],
            f"{before}channel": "procurement",
        }
        refused = desk.post(address, wrong)
        assert refused.status_code == 422
        assert [one.removeprefix("Error: ") for one in read(refused).errors][-1] == "Enter what it must be."
        assert 'value="wide"' in read(refused).html
        right = wrong | {f"{before}p-waist_min_cm": "70,5", f"{before}p-foldable": "False"}
        done = desk.post(address, right)
        assert done.status_code == 302, read(done).errors
    line = Line.objects.get(person=shop.person, kind=kind)
    assert line.recommended == {"waist_min_cm": 70.5, "type": "pants", "foldable": False}
    assert line.must_match == ["foldable", "type"]
    assert line.channel == "procurement"
    assert not OrderingTerm.objects.filter(line=line).exists(), "it is not ordered on the portal"


def test_file__brings_what_is_asked_for_and_how_it_is_provided(kind: Kind, tmp_path: Path) -> None:
    head = "iin;issued_on;issued_by;kind;quantity;asks;channel\n"

    def bring(text: str) -> str:
        file = tmp_path / "table.csv"
        file.write_text(head + text, encoding="utf-8")
        return CliRunner().invoke(main, ["import", "programmes", str(file)]).output

    with clock.at(make.MORNING):
        person, other, plain = make.person(), make.person(), make.kind("GI-01")
        first = f"{person.iin};2026-01-15;МСЭ;{kind.code};1;type=pants!|foldable=yes;procurement\n"
        wrong = [(kind, "width=3", ""), (kind, "type=static", ""), (plain, "", "procurement")]
        lines = [
            f"{other.iin};2026-01-1{n};МСЭ;{what.code};1;{asks};{channel}\n"
            for n, (what, asks, channel) in enumerate(wrong)
        ]
        told = bring(first + "".join(lines))
        assert "line 3: This kind has no parameter “width”" in told
        assert "line 4: “static” is no value of “type”" in told
        assert "line 5: This kind is not provided so. It can be: chosen on the portal" in told
        line = Line.objects.get()
        assert (line.recommended, line.must_match) == ({"type": "pants", "foldable": True}, ["type"])
        assert line.channel == "procurement"
        assert "same: 1" in bring(first)
        assert "with other parameters" in bring(first.replace("pants!", "tabs"))
    assert Programme.objects.count() == 1


# --- by a correction


def _corrected(shop: make.Shop, **changes: str) -> Line:
    first, second = make.officer(shop.place), make.officer(shop.place)
    actions.sign_correction(actor=second, correction=papers.proposed(shop, first, "", **changes))
    shop.line.refresh_from_db()
    return shop.line


def test_correction__changes_what_a_line_asks_for_and_leaves_the_balance(shop: make.Shop) -> None:
    before = status_of(shop.line).availability.balance
    line = _corrected(shop, **{"p-type": "pants", "p-waist_min_cm": "70", "must": "type"})
    assert (line.recommended, line.must_match) == ({"type": "pants", "waist_min_cm": 70}, ["type"])
    assert status_of(line).availability.balance == before
    assert Notice.objects.filter(user_id=shop.person.user_id, template="line.corrected").count() == 1
    told = scenario_of(status_of(line)).replace("'", "")
    assert "asks: type=pants!; waist_min_cm=70" in told
    # a district would say where somebody lives
    assert (f"place: {shop.place.code[:2]}0000000" in told, shop.place.code in told) == (True, False)
    # what is not said stays, and one answer alone is changed
    line = _corrected(shop, **{"p-type": "tabs"})
    assert (line.recommended, line.must_match) == ({"type": "tabs", "waist_min_cm": 70}, ["type"])
    line = _corrected(shop, **{"p-type": "", "p-waist_min_cm": "", "must": ""})
    assert (line.recommended, line.must_match) == ({}, [])
    assert list(Correction.objects.order_by("pk").values_list("amount", "recommended"))[-1] == (0, {})


def test_correction__of_nothing_is_refused(shop: make.Shop) -> None:
    officer = make.officer(shop.place)
    for amount, changes in (
        ("", {}),
        ("", {"p-type": "static"}),
        ("", {"must": "type"}),
        ("x", {"p-type": "pants"}),
        ("", {"channel": "closed"}),
    ):
        with pytest.raises(RuleBroken) as refused:
            papers.proposed(shop, officer, amount, **changes)
        assert refused.value.code == "incomplete_answers", (amount, changes)
    assert not Correction.objects.exists()


def test_correction__adds_a_line_with_all_that_it_asks_for(shop: make.Shop) -> None:
    make.kind("SM-01", made_to_order=True)
    missing = {"line": "", "kind": "SM-01", "p-type": "pants", "must": "type", "channel": "procurement"}
    first, second = make.officer(shop.place), make.officer(shop.place)
    actions.sign_correction(actor=second, correction=papers.proposed(shop, first, 1, **missing))
    line = Line.objects.get(kind="SM-01")
    assert (line.recommended, line.must_match, line.channel) == ({"type": "pants"}, ["type"], "procurement")


def test_correction__of_the_way_of_provision_moves_the_term_along(shop: make.Shop) -> None:
    term = OrderingTerm.objects.get(line=shop.line)
    line = _corrected(shop, channel="procurement")
    assert status_of(line).availability.reason is Reason.PROCUREMENT
    term.refresh_from_db()
    assert (term.state, term.call_waits) == (OrderingTerm.State.NOT_ORDERED, False)
    with pytest.raises(RuleBroken) as refused:
        shop.order(1)
    assert refused.value.code == "procurement"
    line = _corrected(shop, channel="portal")
    term.refresh_from_db()
    assert (term.state, term.started_on) == (OrderingTerm.State.RUNNING, clock.today())
    assert status_of(line).can_order
    first, second = make.officer(shop.place), make.officer(shop.place)
    waits = papers.proposed(shop, first, "", channel="procurement")
    shop.order(1)
    with pytest.raises(RuleBroken) as open_order:
        actions.sign_correction(actor=second, correction=waits)
    assert open_order.value.code == "open_order"
    actions.reject_correction(actor=second, correction=Correction.objects.get(pk=waits.pk), reason="Тапсырыс бар")
    with pytest.raises(RuleBroken) as again:
        papers.proposed(shop, first, "", channel="procurement")
    assert again.value.code == "open_order"
    with pytest.raises(StaleState):
        actions.sign_correction(actor=second, correction=Correction.objects.get(pk=waits.pk))


def test_pages_of_a_correction__tell_before_and_after(shop: make.Shop) -> None:
    shop.line.recommended, shop.line.must_match = {"type": "tabs"}, ["type"]
    shop.line.save()
    first, second = make.officer(shop.place), make.officer(shop.place)
    one, two = for_years(first), for_years(second)
    make.came(first, shop.person)
    assert "The programme requires: Waist: tabs." in read(one.get(f"/office/lines/{shop.line.pk}")).text
    form = one.get(one.post("/office/corrections/begin", {"line": str(shop.line.pk)}).url).url
    begun = read(one.get(form))
    assert 'value="tabs" selected' in begun.html
    same = {"p-type": "tabs", "must": "type", "channel": "portal", "reason": "Қате", "document": "№ 12"}
    nothing = one.post(form, same | {"amount": ""})
    assert nothing.status_code == 422
    assert "Nothing is corrected." in read(nothing).errors[0]
    wrong = one.post(form, same | {"p-waist_min_cm": "wide"})
    assert (wrong.status_code, 'value="wide"' in read(wrong).html) == (422, True)
    check = one.post(form, same | {"p-type": "pants", "channel": "procurement"}).url
    told = read(one.get(check)).text
    for words in ("Waist: tabs", "Waist: pants", "Bought by the local body", "as before"):
        assert words in told, words
    page = one.post(check).url
    waiting = read(two.get(page)).text
    assert "The programme asks now" in waiting
    assert "From now on it asks" in waiting
    assert two.post(f"{page}/sign").status_code == 302
    signed = read(two.get(page)).text
    assert "Waist: pants" in signed
    assert "The programme asks now" not in signed
    mine = read(for_years(shop.actor).get(f"/programme/{shop.line.pk}")).text
    assert "The programme requires: Waist: pants." in mine


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_checked", [True, False])
def test_order_and_another_way_of_provision_at_once__never_both(
    monkeypatch: pytest.MonkeyPatch, *, is_checked: bool
) -> None:
    with clock.at(make.MORNING):
        make.kind(CODE, made_to_order=True)
        shop = make.Shop(quantity=1, kind_code=CODE)
        first, second = make.officer(shop.place), make.officer(shop.place)
        waits, draft = papers.proposed(shop, first, "", channel="procurement"), shop.draft(1)
    reached, entry, lock = threading.Event(), ledger._entry, corrections.lock_line

    def entered(*args: Any, **kwargs: Any) -> LedgerEntry:
        reached.set()
        return entry(*args, **kwargs)

    def locked(key: UUID) -> Line:
        reached.wait(20)
        return lock(key)

    # the order holds the line when the signature comes to it
    monkeypatch.setattr(ledger, "_entry", entered)
    monkeypatch.setattr(corrections, "lock_line", locked)
    if not is_checked:
        monkeypatch.setattr(corrections, "_check_nothing_open", lambda _line: None)
    order, signed = at_once(
        partial(submit_order, actor=shop.actor, draft_key=draft.pk),
        partial(actions.sign_correction, actor=second, correction=waits),
    )
    assert isinstance(order, Order), order
    shop.line.refresh_from_db()
    if is_checked:
        assert isinstance(signed, RuleBroken), signed
        assert (signed.code, shop.line.channel) == ("open_order", "portal")
    else:
        assert shop.line.channel == "procurement", "without the check both would go through"
