"""A balance is corrected by two officers, neither of them close to the person; only the signature moves the ledger."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from tests import factories as make
from tests.entitlements import papers
from tests.kit.together import at_once

from tirek.core import clock, drafts
from tirek.core.actors import ANYONE, CLOCK, Actor, Desk
from tirek.core.drafts import HeldElsewhere
from tirek.core.errors import DomainError, NotAllowed, NotFound, RuleBroken, StaleState
from tirek.entitlements import actions, queries
from tirek.entitlements.case_pages import TO_SIGN
from tirek.entitlements.case_types import CORRECTIONS
from tirek.entitlements.models import Correction, LedgerEntry, Line, OrderingTerm
from tirek.entitlements.workflow import CORRECTION
from tirek.notices.models import Notice
from tirek.people.models import Representation

State = Correction.State


@pytest.fixture
def shop(db: None) -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def available(shop: make.Shop) -> int:
    with clock.at(make.MORNING):
        return queries.status_of(
            Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)
        ).availability.quantity


def everybody(shop: make.Shop) -> dict[str, Actor]:
    mother, child = make.person(), make.person()
    for representative, represented in ((mother, shop.person), (shop.person, child)):
        Representation.objects.create(
            representative=representative,
            represented=represented,
            basis="guardian",
            since=date(2020, 1, 1),
            until=date(2021, 1, 1),
        )
    return {
        "own recipient": shop.actor,
        "representative": make.recipient_of(mother).behalf(shop.person.pk),
        "supplier": shop.supplier_actor,
        "officer here": make.officer(shop.place),
        "officer of the region": make.officer(make.district(f"{shop.place.code[:2]}0000000")),
        "officer elsewhere": make.officer(make.district("311000000")),
        "officer who is the person": papers.officer_who_is(shop.person, shop.place),
        "officer who represented the person": papers.officer_who_is(mother, shop.place),
        "officer whom the person represented": papers.officer_who_is(child, shop.place),
        "analyst": Actor(desk=Desk.ANALYST, user_id=mother.user_id),
        "inspector": Actor(desk=Desk.INSPECTOR, user_id=mother.user_id),
        "operator": Actor(desk=Desk.OPERATOR, user_id=mother.user_id),
        "admin": Actor(desk=Desk.ADMIN, user_id=mother.user_id),
        "nobody": ANYONE,
        "clock": CLOCK,
    }


def test_correction__enters_the_ledger_with_the_second_signature_only(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        proposed = papers.proposed(shop, first, 35)
        assert available(shop) == 365
        assert (TO_SIGN.count(first), TO_SIGN.count(second)) == (0, 1)
        actions.sign_correction(actor=second, correction=proposed)
        with pytest.raises(StaleState):
            actions.sign_correction(actor=second, correction=proposed)
        with pytest.raises(StaleState):
            actions.reject_correction(actor=second, correction=proposed, reason="қате")
    assert available(shop) == 400
    entry = LedgerEntry.objects.get(kind="correct")
    assert (entry.decided_by, entry.second_by, entry.case_id) == (first.user_id, second.user_id, proposed.pk)


@pytest.mark.parametrize("transition", ["sign", "reject"])
def test_correction__every_role_on_every_decision(shop: make.Shop, transition: str) -> None:
    with clock.at(make.MORNING):
        proposer = make.officer(shop.place)
        proposed = papers.proposed(shop, proposer)
        roles = everybody(shop) | {
            "the proposer": proposer,
            "the proposer by another desk": replace(proposer, role="head_officer"),
        }
        allowed = {
            name for name, actor in roles.items() if CORRECTION.transition(transition).by.allows(actor, proposed)
        }
        assert allowed == {"officer here", "officer of the region"}
        given: dict[str, Any] = {"reason": "қате"} if transition == "reject" else {}
        for name in set(roles) - allowed:
            with pytest.raises(NotAllowed):
                CORRECTION.actions[transition](actor=roles[name], correction=proposed, **given)
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED
    assert available(shop) == 365


def test_proposing__is_for_officers_of_the_territory_who_are_not_close_to_the_person(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        roles = everybody(shop)
        may = set()
        for name, actor in roles.items():
            if actor.user_id is None:
                continue
            try:
                with transaction.atomic():
                    papers.proposed(shop, actor)
                    may.add(name)
                    raise RuleBroken("undone")
            except DomainError:
                pass
    assert may == {"officer here", "officer of the region"}
    assert not Correction.objects.exists()


def test_correction__needs_amount_reason_and_document(shop: make.Shop) -> None:
    officer = make.officer(shop.place)
    with clock.at(make.MORNING):
        for wrong in (
            {"amount": "0"},
            {"amount": ""},
            {"amount": "1000000"},
            {"reason": " "},
            {"document": ""},
            {"line": "", "kind": ""},
        ):
            with pytest.raises(RuleBroken):
                actions.propose_correction(
                    actor=officer, draft_key=papers.correction_draft(shop, officer, **({"amount": "5"} | wrong)).pk
                )
    assert not Correction.objects.exists()


def test_correction__takes_away_no_more_than_is_left(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        shop.order(290)
        too_much = papers.proposed(shop, first, -66)
        shop.order(10)
        with pytest.raises(RuleBroken):
            actions.sign_correction(actor=second, correction=too_much)
        actions.reject_correction(actor=second, correction=too_much, reason="Тапсырыс бар")
        with pytest.raises(RuleBroken) as refused:
            papers.proposed(shop, first, -66)
        assert refused.value.code == "quantity"
        actions.sign_correction(actor=second, correction=papers.proposed(shop, first, "−65"))
    with clock.at(make.MORNING):
        assert (
            queries.status_of(
                Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)
            ).availability.quantity
            == 0
        )


def test_correction__of_one_line_waits_alone(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        papers.proposed(shop, first)
        with pytest.raises(RuleBroken) as refused:
            papers.proposed(shop, second)
    assert refused.value.code == "open_correction"


def test_same_draft__sent_again_is_the_same_correction(shop: make.Shop) -> None:
    officer, other = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        draft = papers.correction_draft(shop, officer)
        keys = {actions.propose_correction(actor=officer, draft_key=draft.pk).pk for _ in range(5)}
        with pytest.raises((NotFound, HeldElsewhere)):
            actions.propose_correction(actor=other, draft_key=draft.pk)
    assert len(keys) == 1


def test_rejection__needs_a_reason_and_moves_nothing(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        proposed = papers.proposed(shop, first)
        with pytest.raises(RuleBroken):
            actions.reject_correction(actor=second, correction=proposed, reason=" ")
        done = actions.reject_correction(actor=second, correction=proposed, reason="Құжат басқа адамға")
    assert (done.state, done.decision_reason) == (State.REJECTED, "Құжат басқа адамға")
    assert available(shop) == 365
    assert not Notice.objects.filter(template="balance.corrected").exists()


def test_person__is_told_and_sees_the_entry_with_its_reason(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        proposed = papers.proposed(shop, first, 10)
        with pytest.raises(NotFound):
            CORRECTIONS.find(shop.actor, proposed.number)
        actions.sign_correction(actor=second, correction=proposed)
    notice = Notice.objects.get(template="balance.corrected")
    assert (notice.user_id, notice.context["change"]) == (shop.person.user_id, "+10")
    newest = queries.history_of(shop.line)[0]
    assert newest.correction is not None
    assert newest.correction.reason == "Деректер қате енгізілген"
    assert CORRECTIONS.find(shop.actor, proposed.number) == proposed


def test_missing_line__is_added_by_two_officers_with_its_window_and_term(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        kind = make.kind("GI-02")
        with pytest.raises(RuleBroken):
            papers.proposed(shop, first, -5, line="", kind=kind.pk)
        proposed = papers.proposed(shop, first, 1460, line="", kind=kind.pk)
        assert not Line.objects.filter(kind=kind).exists()
        actions.sign_correction(actor=second, correction=proposed)
        line = Line.objects.select_related("programme", "kind", "person").get(kind=kind)
        assert queries.status_of(line).availability.quantity == 365
        assert OrderingTerm.objects.get(line=line).state == "running"
        with pytest.raises(RuleBroken):
            papers.proposed(shop, first, 10, line="", kind=kind.pk)


def test_ended_programme__is_not_corrected(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    with clock.at(make.MORNING):
        proposed = papers.proposed(shop, first)
        actions.cancel_programme(actor=first, programme=shop.programme, basis="№ 7")
        with pytest.raises(RuleBroken):
            actions.sign_correction(actor=second, correction=proposed)
        with pytest.raises(RuleBroken):
            papers.proposed(shop, first, 3)


def test_database__refuses_one_officer_for_both(shop: make.Shop) -> None:
    first = make.officer(shop.place)
    with clock.at(make.MORNING):
        proposed = papers.proposed(shop, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.filter(pk=proposed.pk).update(decided_by=first.user_id)


def _signers(shop: make.Shop, count: int = 4) -> tuple[Correction, list[Callable[[], object]]]:
    with clock.at(make.MORNING):
        proposed = papers.proposed(shop, make.officer(shop.place), 20)
        officers = [make.officer(shop.place) for _ in range(count)]
    return proposed, [lambda one=one: actions.sign_correction(actor=one, correction=proposed) for one in officers]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_signers_at_once__one_signs_and_the_ledger_moves_once() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
    _proposed, jobs = _signers(shop)
    results = at_once(*jobs)
    assert sum(isinstance(one, Correction) for one in results) == 1, results
    assert all(isinstance(one, Correction | DomainError) for one in results), results
    assert LedgerEntry.objects.filter(kind="correct").count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_signers_at_once__without_the_lock_they_get_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of the case is what refuses the second signer politely; without it only the last guards of the database
    are left.
    """
    with clock.at(make.MORNING):
        shop = make.Shop()
    _proposed, jobs = _signers(shop, 2)
    plain = QuerySet.select_for_update
    gate = threading.Barrier(2)

    def unlocked(self: QuerySet[Any], *args: Any, **options: Any) -> QuerySet[Any]:
        return self.all() if self.model is Correction else plain(self, *args, **options)

    original = actions.corrections.correct

    def together(*args: Any, **options: Any) -> object:
        gate.wait(timeout=20)
        return original(*args, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
    monkeypatch.setattr(actions.corrections, "correct", together)
    monkeypatch.setattr(
        actions.corrections,
        "lock_line",
        lambda key: Line.objects.select_related("programme", "kind", "person").get(pk=key),
    )
    results = at_once(*jobs)
    assert sum(isinstance(one, Correction) for one in results) == 1
    assert any(not isinstance(one, Correction | StaleState) for one in results), "both reached the ledger"


def test_draft_of_an_officer__is_not_the_persons_to_read(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        draft = papers.correction_draft(shop, make.officer(shop.place))
        with pytest.raises(NotFound):
            drafts.draft_for(shop.actor, draft.pk)
