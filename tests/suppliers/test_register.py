"""A supplier in the register: its checks, suspension and removal, the public offer; and races with real threads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import signed_in
from tests.kit.together import at_once
from tests.kit.world import World
from tests.suppliers import joining

from tirek.accounts.models import User
from tirek.catalogue.actions.offers import make_draft
from tirek.catalogue.queries import offers_of
from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.errors import DomainError, NotAllowed, NotFound, RuleBroken, StaleState
from tirek.notices.models import Notice
from tirek.orders.models import Order
from tirek.suppliers import checks, register
from tirek.suppliers.actions import lift_suspension, remove_supplier, suspend_supplier, write_missing_words
from tirek.suppliers.actions.agreements import SIGN_AGAIN, accept_again
from tirek.suppliers.actions.checks import examine_supplier, renew_document
from tirek.suppliers.actions.registrations import (
    accept_offer,
    conclude,
    refuse_registration,
    send_registration,
    withdraw_registration,
)
from tirek.suppliers.jobs import documents_end
from tirek.suppliers.jobs import offer_to_accept as ask_offer
from tirek.suppliers.models import (
    Agreement,
    Check,
    Ground,
    PublicOffer,
    RegisterEvent,
    Registration,
    Supplier,
    SupplierWord,
)
from tirek.suppliers.queries import may_take_orders, offer_to_accept

pytestmark = pytest.mark.django_db
State = Registration.State


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING), translation.override("en"):
        yield


def told(template: str) -> set[object]:
    return set(Notice.objects.filter(template=template).values_list("user_id", flat=True))


@contextmanager
def refuses(code: str) -> Iterator[None]:
    with pytest.raises(RuleBroken) as refused:
        yield
    assert refused.value.code == code


def manager(supplier: Supplier, who: Actor) -> Actor:
    """The applicant at the supplier's desk."""
    return Actor(
        desk=Desk.SUPPLIER, user_id=who.user_id, organisation_id=supplier.organisation_id, role="supplier_manager"
    )


# --- suspension and removal


def test_suspension__stops_new_orders_and_is_lifted_with_a_basis() -> None:
    world, clerk = World(), joining.region()
    sold = partial(offers_of, world.kind, on=clock.today(), territory_code=world.place.code)
    assert sold().exists()
    with refuses("basis"):
        suspend_supplier(actor=clerk, supplier=world.supplier, basis="  ")
    suspend_supplier(actor=clerk, supplier=world.supplier, basis="№ 7 of 9 November")
    with refuses("suspended"):
        suspend_supplier(actor=clerk, supplier=world.supplier, basis="№ 8")
    assert not sold().exists()
    assert world.supplier_actor.user_id in told("supplier.suspended")
    lift_suspension(actor=clerk, supplier=world.supplier, basis="№ 9")
    with refuses("suspended"):
        lift_suspension(actor=clerk, supplier=world.supplier, basis="№ 9")
    assert sold().exists()
    kinds = world.supplier.events.order_by("at", "pk").values_list("what", flat=True)
    assert list(kinds) == ["entered", "suspended", "lifted"]


def test_removal__keeps_open_orders_and_ends_the_sale() -> None:
    world, clerk = World(), joining.region()
    order = world.order()
    with refuses("ground"):
        remove_supplier(actor=clerk, supplier=world.supplier, ground="dislike", basis="№ 5")
    removed = remove_supplier(actor=clerk, supplier=world.supplier, ground=Ground.OWN_REQUEST, basis="Letter № 5")
    assert (removed.removed_on, removed.may_return_on) == (clock.today(), None)
    assert not may_take_orders(removed, clock.today())
    assert Order.objects.get(pk=order.pk).state == Order.State.SUBMITTED
    assert not offers_of(world.kind, on=clock.today(), territory_code=world.place.code).exists()
    with refuses("supplier_removed"):
        make_draft(actor=world.supplier_actor, supplier=removed, kind=world.kind)
    for again in (
        partial(remove_supplier, ground=Ground.END, basis="№ 6"),
        partial(suspend_supplier, basis="№ 6"),
        partial(lift_suspension, basis="№ 6"),
    ):
        with refuses("removed"):
            again(actor=clerk, supplier=removed)


def test_others__neither_suspend_nor_remove() -> None:
    world = World()
    abroad = make.officer(make.district("310000000"))
    for actor in (abroad, world.officer, world.supplier_actor, world.actor):
        for act in (
            partial(suspend_supplier, basis="№ 1"),
            partial(lift_suspension, basis="№ 1"),
            partial(remove_supplier, ground=Ground.END, basis="№ 1"),
        ):
            with pytest.raises(NotAllowed):
                act(actor=actor, supplier=world.supplier)
        with pytest.raises(NotAllowed):
            examine_supplier(
                actor=actor,
                supplier=world.supplier,
                requirement="debts",
                finding="in_order",
                answered_on=clock.today(),
            )
    assert suspend_supplier(actor=world.admin, supplier=world.supplier, basis="№ 1").suspended_since == clock.today()


def test_history_and_agreements__are_written_once() -> None:
    _person, who = joining.somebody()
    joining.joined(who)
    for model in (RegisterEvent, Agreement):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(created_at=clock.now())
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


# --- standing checks


def test_document_that_ends__is_warned_of_once_then_told_to_the_region_and_renewed() -> None:
    _person, who = joining.somebody()
    clerk = joining.region()
    last = clock.today() + timedelta(days=40)
    case = joining.provided(who, joining.begun(who), until=last)
    case = send_registration(actor=who, registration=case)
    case = conclude(
        actor=clerk,
        registration=joining.pass_on(actor=clerk, registration=joining.found(case, clerk)),
        conclusion_number="1",
        conclusion_on=clock.today(),
    )
    accept_offer(actor=who, registration=case, signature_id=joining.signature(who, case).pk)
    supplier = Supplier.objects.get()
    documents_end(0)
    assert told("supplier.document_ends") == set()
    with clock.at(make.MORNING + timedelta(days=10)):
        documents_end(0)
        documents_end(0)
        assert Notice.objects.filter(template="supplier.document_ends").count() == 1
        assert told("supplier.document_ends") == {who.user_id}
    with clock.at(make.MORNING + timedelta(days=40)):
        documents_end(0)
        assert told("supplier.document_lapsed") == set(), "the last day counts"
    with clock.at(make.MORNING + timedelta(days=41)):
        documents_end(0)
        documents_end(0)
        assert Notice.objects.filter(template="supplier.document_lapsed", user_id=clerk.user_id).count() == 1
        assert may_take_orders(supplier, clock.today()), "a lapse stops nothing by itself"
        boss = manager(supplier, who)
        until = clock.today() + timedelta(days=400)
        renew_document(actor=boss, supplier=supplier, requirement="authority", **joining.paper(until))
        due = checks.due(clerk)
        assert "authority" in {one.requirement_id for one in due}, "the office looks at it"
        examine_supplier(actor=clerk, supplier=supplier, requirement="authority", finding="in_order")
        assert "authority" not in {one.requirement_id for one in due.all()}
        assert Check.objects.get(supplier=supplier, requirement="authority", replaced_at=None).due_on == until


def test_weekly_checks__become_due_and_are_asked_again() -> None:
    _person, who = joining.somebody()
    clerk, supplier = joining.region(), joining.joined(who)
    assert not checks.due(clerk).exists()
    with clock.at(make.MORNING + timedelta(days=7)):
        assert {one.requirement_id for one in checks.due(clerk)} == {"procurement", "welfare_fund"}
        assert not checks.due(make.officer(make.district("310000000"))).exists()
        assert not checks.due(make.officer()).exists(), "a district asks nothing"
        for code in ("procurement", "welfare_fund"):
            examine_supplier(
                actor=clerk, supplier=supplier, requirement=code, finding="in_order", answered_on=clock.today()
            )
        assert not checks.due(clerk).exists()
        examine_supplier(
            actor=clerk,
            supplier=supplier,
            requirement="debts",
            finding="not",
            words="A debt of 200 tenge",
            answered_on=clock.today(),
        )
        assert told("supplier.not_in_order") == {who.user_id}
        assert may_take_orders(supplier, clock.today())


def test_renewal__is_the_suppliers_own_and_ends_with_its_removal() -> None:
    _person, who = joining.somebody()
    supplier = joining.joined(who)
    boss, stranger = manager(supplier, who), make.supplier_actor(make.supplier())
    with pytest.raises(NotAllowed):
        renew_document(actor=stranger, supplier=supplier, requirement="authority", **joining.paper())
    for code in ("debts", "licence", "origin", "x"):
        with pytest.raises(NotFound):
            renew_document(actor=boss, supplier=supplier, requirement=code, **joining.paper())
    with refuses("valid_until"):
        renew_document(actor=boss, supplier=supplier, requirement="authority", **joining.paper(date(2026, 1, 13)))
    remove_supplier(actor=joining.region(), supplier=supplier, ground=Ground.END, basis="№ 1")
    with refuses("removed"):
        renew_document(actor=boss, supplier=supplier, requirement="authority", **joining.paper())


# --- the public offer


def _second() -> PublicOffer:
    words = {f"{name}_{code}": f"{name} {code}" for name in ("text", "changes") for code in ("kk", "ru", "en")}
    return PublicOffer.objects.create(
        version="2",
        effective_from=clock.today(),
        accept_by=clock.today() + timedelta(days=60),
        citation="test",
        status="demo",
        **words,
    )


def test_new_public_offer__is_read_with_what_changed_and_signed_by_a_code() -> None:
    _person, who = joining.somebody()
    supplier = joining.joined(who)
    client = signed_in(manager(supplier, who))
    where = reverse("suppliers:supplier-agreement")
    assert "is accepted" in pages.text(client, where)
    offer = _second()
    assert offer_to_accept(supplier, clock.today()) == offer
    home = pages.text(client, reverse("desks:supplier-home"))
    assert "Read and sign it by" in home
    page = pages.text(client, where)
    assert "changes en" in page
    assert "text en" in page
    asked = client.post(where, {"step": "ask"})
    assert asked.status_code == 302
    key = asked.headers["Location"].rpartition("=")[2]
    wrong = client.post(where, {"step": "sign", "asked": key, "code": "000000"})
    assert wrong.status_code == 422
    row = signing.Signature.objects.get(pk=key)
    assert row.signer_user_id == who.user_id
    signing.Signature.objects.filter(pk=key).update(state="signed", signed_at=clock.now())
    accept_again(actor=manager(supplier, who), supplier=supplier, signature_id=row.pk)
    assert offer_to_accept(supplier, clock.today()) is None
    assert supplier.agreements.count() == 2


def test_new_public_offer__is_told_once_to_those_who_have_not_accepted_it() -> None:
    _person, who = joining.somebody()
    joining.joined(who)
    old = make.supplier()
    clerk = make.supplier_actor(old)
    ask_offer(0)
    assert told("supplier.offer_by") == {clerk.user_id}
    ask_offer(0)
    assert Notice.objects.filter(template="supplier.offer_by").count() == 1
    _second()
    ask_offer(0)
    ask_offer(0)
    assert Notice.objects.filter(template="supplier.offer_by").count() == 3
    assert told("supplier.offer_by") == {clerk.user_id, who.user_id}


def test_who_has_no_phone__is_told_who_signs() -> None:
    world = World()
    client = world.client(world.supplier_actor)
    refused = client.post(reverse("suppliers:supplier-agreement"), {"step": "ask"})
    assert refused.status_code == 422
    assert "no phone" in pages.read(refused).main


def test_signature_of_another_supplier__accepts_nothing() -> None:
    _person, who = joining.somebody()
    supplier, other = joining.joined(who), make.supplier()
    _second()
    document = signing.Document(
        purpose=SIGN_AGAIN, case_type="supplier", case_id=other.pk, text="x", version="2", language="kk"
    )
    given = signing.record_paper(who, document, signing.Signer(user_id=make.user_of(who)))
    with pytest.raises(RuleBroken):
        accept_again(actor=manager(supplier, who), supplier=supplier, signature_id=given.pk)
    with pytest.raises(NotAllowed):
        accept_again(actor=make.supplier_actor(other), supplier=supplier, signature_id=given.pk)


# --- the public register


def test_register__is_found_by_the_beginning_of_words_and_by_the_whole_bin() -> None:
    _person, who = joining.somebody()
    number = joining.a_bin()
    supplier = joining.joined(who, number, name_ru="ТОО «Қызыл Ай»", name_kk="ЖШС «Қызыл Ай»")
    make.supplier()
    everybody = register.everybody()
    for typed in ("кызы", "Қызыл ай", "АЙ қыз", number, f"{number[:6]} {number[6:]}"):
        assert list(register.sought(everybody, name=typed, region="")) == [supplier], typed
    for typed in (number[:11], "ызыл", "%", "«»", "ай' OR 1=1"):
        assert list(register.sought(everybody, name=typed, region="")) == [], typed
    assert list(register.sought(everybody, name="кызыл", region="310000000")) == []
    SupplierWord.objects.all().delete()
    assert write_missing_words() == 2
    assert write_missing_words() == 0
    assert list(register.sought(everybody, name="кызыл", region="100000000")) == [supplier]


def test_register__never_tells_or_finds_an_iin() -> None:
    person, who = joining.somebody()
    joining.joined(who, who="individual")
    client = Client(headers={"Accept-Language": "en"})
    page = pages.text(client, "/suppliers")
    assert "Тирек Мед" in page
    assert person.iin not in page
    assert "Nobody is found" in pages.text(client, f"/suppliers?name={person.iin}")


def test_register__is_read_part_by_part_and_hostile_marks_begin_it_anew() -> None:
    for _n in range(5):
        make.supplier()
    rows, seen, after = register.everybody(), [], ""
    while True:
        part = register.part(rows, "registered_on", falls=True, after=after, size=2)
        seen += [one.pk for one in part.rows]
        after = part.after
        if not after:
            break
    assert sorted(seen) == sorted(Supplier.objects.values_list("pk", flat=True))
    assert len(seen) == len(set(seen)) == 5
    client = Client(headers={"Accept-Language": "en"})
    for mark in ("x", "2026-99-99~1", "~", "2026-01-01~zz", "'--"):
        assert client.get("/suppliers", {"after": mark}).status_code == 200


# --- races


def _race(*jobs: Callable[[], object]) -> list[object]:
    return at_once(*jobs)


@pytest.mark.django_db(transaction=True)
def test_race__two_officers_conclude_at_once() -> None:
    _person, who = joining.somebody()
    case = joining.before_commission(who)
    clerks = [joining.region(), joining.region()]
    given = {"conclusion_number": "1", "conclusion_on": clock.today()}
    results = _race(
        partial(conclude, actor=clerks[0], registration=case, **given),
        partial(refuse_registration, actor=clerks[1], registration=case, reason="Debts", **given),
    )
    refused = [one for one in results if isinstance(one, DomainError)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], StaleState)
    case.refresh_from_db()
    assert case.state in {State.ACCEPTING, State.REFUSED}


@pytest.mark.django_db(transaction=True)
def test_race__conclusion_against_withdrawal() -> None:
    _person, who = joining.somebody()
    case, clerk = joining.before_commission(who), joining.region()
    results = _race(
        partial(
            refuse_registration,
            actor=clerk,
            registration=case,
            conclusion_number="1",
            reason="x",
            conclusion_on=clock.today(),
        ),
        partial(withdraw_registration, actor=who, registration=case),
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [StaleState], results
    case.refresh_from_db()
    assert case.state in {State.REFUSED, State.WITHDRAWN}


@pytest.mark.django_db(transaction=True)
def test_race__two_applications_of_one_bin() -> None:
    number = joining.a_bin()
    people = [joining.somebody()[1] for _n in range(2)]
    cases = [joining.provided(one, joining.begun(one, number)) for one in people]
    results = _race(
        *(partial(send_registration, actor=who, registration=case) for who, case in zip(people, cases, strict=True))
    )
    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == 1, results
    assert isinstance(refused[0], RuleBroken)
    assert refused[0].code == "bin"
    assert Registration.objects.filter(bin=number, state=State.CHECKING).count() == 1


@pytest.mark.django_db(transaction=True)
def test_race__removal_against_suspension() -> None:
    supplier, clerks = make.supplier(), [joining.region(), joining.region()]
    results = _race(
        partial(remove_supplier, actor=clerks[0], supplier=supplier, ground=Ground.END, basis="№ 1"),
        partial(suspend_supplier, actor=clerks[1], supplier=supplier, basis="№ 2"),
    )
    assert not isinstance(results[0], Exception), results
    supplier.refresh_from_db()
    assert supplier.removed_on == clock.today()
    assert supplier.suspended_since is None
    assert User.objects.exists()
