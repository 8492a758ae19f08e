"""Who decides about an application, and on what it rests when it is decided."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.suppliers import joining

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import members_of, memberships_of
from tirek.people.models import Representation
from tirek.suppliers.actions import lift_suspension, remove_supplier, suspend_supplier
from tirek.suppliers.actions.checks import examine_supplier
from tirek.suppliers.actions.registrations import (
    conclude,
    examine,
    give_back,
    pass_on,
    refuse_registration,
)
from tirek.suppliers.models import Ground, Registration

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING), translation.override("en"):
        yield


@pytest.fixture
def who() -> Actor:
    return joining.somebody()[1]


@contextmanager
def refuses(code: str) -> Iterator[None]:
    with pytest.raises(RuleBroken) as refused:
        yield
    assert refused.value.code == code


@contextmanager
def not_own() -> Iterator[None]:
    with pytest.raises(NotAllowed) as refused:
        yield
    assert refused.value.code == "own_organisation"


# --- nobody decides about an own firm


def _the_same(who: Actor, _case: Registration) -> Actor:
    return replace(joining.region(), user_id=who.user_id, person_id=who.person_id)


def _representative(who: Actor, _case: Registration) -> Actor:
    person = make.person()
    Representation.objects.create(
        representative=person,
        represented_id=who.person_id,
        basis=Representation.Basis.PARENT,
        since=date(2020, 1, 1),
        document_number="1",
    )
    return replace(joining.region(), person_id=person.pk)


def _colleague(_who: Actor, case: Registration) -> Actor:
    clerk, firm = joining.region(), make.organisation()
    Organisation.objects.filter(pk=firm.pk).update(bin=case.bin)
    works = make.member(firm, Membership.Role.SUPPLIER_MANAGER)
    Membership.objects.filter(pk=works.pk).update(user=clerk.account)
    return clerk


@pytest.mark.parametrize("own", [_the_same, _representative, _colleague])
def test_officer__decides_nothing_about_an_own_application(who: Actor, own: object) -> None:
    assert callable(own)
    case = joining.before_commission(who)
    clerk = own(who, case)
    conclusion = {"conclusion_number": "1", "conclusion_on": clock.today()}
    for act in (
        partial(examine, requirement="debts", finding="in_order", answered_on=clock.today()),
        partial(conclude, **conclusion),
        partial(refuse_registration, reason="x", **conclusion),
        give_back,
    ):
        with not_own():
            act(actor=clerk, registration=case)
    checked = joining.sent(who)
    with pytest.raises(NotAllowed):
        pass_on(actor=own(who, checked), registration=checked)
    assert conclude(actor=joining.region(), registration=case, **conclusion).state == State.ACCEPTING


def test_officer__is_told_on_the_page_that_a_colleague_decides(who: Actor) -> None:
    case = joining.sent(who)
    clerk = _colleague(who, case)
    client = signed_in(clerk)
    page = client.get(reverse("suppliers:officer-finding", args=[case.number, "debts"]), follow=True)
    text = pages.read(page).main
    assert "You do not decide about this organisation" in text
    assert "Look at it" not in text


def test_who_works_for_a_supplier__neither_checks_nor_suspends_nor_removes_it(who: Actor) -> None:
    supplier, clerk = joining.joined(who), joining.region()
    works = make.member(supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    Membership.objects.filter(pk=works.pk).update(user=clerk.account)
    boss = make.staff("centre", Membership.Role.ADMIN)
    for actor in (clerk, replace(boss, user_id=clerk.user_id)):
        for act in (suspend_supplier, lift_suspension, partial(remove_supplier, ground=Ground.END)):
            with not_own():
                act(actor=actor, supplier=supplier, basis="№ 1")
    with not_own():
        examine_supplier(
            actor=clerk, supplier=supplier, requirement="debts", finding="in_order", answered_on=clock.today()
        )
    client = signed_in(clerk)
    assert "Remove from the register" not in pages.text(
        client, reverse("suppliers:officer-supplier", args=[supplier.pk])
    )
    Membership.objects.filter(pk=works.pk).update(until=clock.today() - timedelta(days=1))
    assert suspend_supplier(actor=clerk, supplier=supplier, basis="№ 1").suspended_since == clock.today()


# --- who works there no more


def test_expired_membership__keeps_nobody_out_and_is_followed_by_a_new_one(who: Actor) -> None:
    firm, number = make.organisation(), joining.a_bin()
    Organisation.objects.filter(pk=firm.pk).update(bin=number)
    yesterday = clock.today() - timedelta(days=1)
    make.member(firm, Membership.Role.SUPPLIER_MANAGER)
    own = make.member(firm, Membership.Role.SUPPLIER_MANAGER)
    Membership.objects.filter(pk=own.pk).update(user=who.account)
    Membership.objects.filter(organisation=firm).update(until=yesterday)
    joining.joined(who, number)
    assert [one.user_id for one in members_of(number)] == [who.user_id]
    assert Membership.objects.filter(user=who.account, organisation=firm).count() == 2
    with clock.at(make.MORNING + timedelta(minutes=1)):
        assert [one.organisation for one in memberships_of(User.objects.get(pk=who.account))] == [firm]
