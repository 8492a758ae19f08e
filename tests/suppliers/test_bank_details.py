"""Where people pay their part: the bank details of a supplier, who is told when they change, what an order keeps."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.core import clock, imports
from tirek.core.actors import Actor
from tirek.core.case import effects, journal
from tirek.core.case.words import timeline
from tirek.core.errors import NotAllowed
from tirek.core.identifiers import Iban, InvalidAccount, parse_bic
from tirek.notices.models import Notice
from tirek.orders import actions, queries
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.organisations.models import Organisation
from tirek.suppliers.actions import set_account
from tirek.suppliers.models import BankAccount
from tirek.suppliers.queries import account_of
from tirek.suppliers.rules import BankDetails

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-M11")]
FIRST: Final = "KZ86125KZT5004100100"
OTHER: Final = "KZ75125KZT1001300335"


@pytest.fixture
def world() -> Iterator[World]:
    """A person pays 50 above the guaranteed amount for each."""
    with clock.at(make.MORNING):
        yield World(price=Decimal(250))


def waiting(world: World) -> Order:
    return actions.accept_order(actor=world.supplier_actor, order=world.order(60), ready_on=clock.today())


def told(template: str) -> set[object]:
    return set(Notice.objects.filter(template=template).values_list("user_id", flat=True))


@pytest.mark.parametrize("typed", [FIRST, "kz86 125K ZT50 0410 0100", " KZ86-125K-ZT50-0410-0100 "])
def test_account__is_read_as_people_write_it(typed: str) -> None:
    assert Iban.parse(typed).signs == FIRST
    assert str(Iban.parse(typed)) == "KZ86 125K ZT50 0410 0100"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("KZ86125KZT5004100101", "check_digits"),
        ("KZ68125KZT5004100100", "check_digits"),
        ("KZ86125KZT500410010", "length"),
        ("KZ86125KZT50041001000", "length"),
        ("DE89370400440532013000", "country"),
        ("KZ86125KZТ5004100100", "iban"),
        ("KZ86A25KZT5004100100", "iban"),
    ],
)
def test_account__that_is_none_is_refused_with_the_reason(typed: str, why: str) -> None:
    with pytest.raises(InvalidAccount) as refused:
        Iban.parse(typed)
    assert refused.value.code == why


def test_code_of_a_bank__has_8_or_11_signs_of_kazakhstan() -> None:
    assert [parse_bic(one) for one in ("kkmfkz2a", "HSBK KZKX XXX")] == ["KKMFKZ2A", "HSBKKZKXXXX"]
    for typed in ("KKMFRU2A", "KKMFKZ2", "KKMFKZ2A12", "KKMFKZ2АXXX"):
        with pytest.raises(InvalidAccount):
            parse_bic(typed)


def test_order_that_waits__tells_how_to_pay_on_its_page_and_on_a_sheet(world: World) -> None:
    make.account(world.supplier)
    order = waiting(world)
    assert journal.events_of(order)[-1].data["account"] == str(order.pay_to)
    assert told("order.accepted_top_up") == {world.actor.user_id}
    for actor, address in (
        (world.actor, f"/orders/{order.number}"),
        (world.actor, f"/orders/{order.number}/payment"),
        (world.officer, f"/orders/{order.number}/payment"),
    ):
        page = open_page(world.client(actor), address)
        said = page.main.replace("\u00a0", " ")
        organisation = world.supplier.organisation
        for words in (
            "3 000 ₸",
            str(Iban(FIRST)),
            "KKMFKZ2A",
            "АО «Банк»",
            "17",
            organisation.bin,
            organisation.name,
            f"Payment for order {order.number}",
        ):
            assert words in said, (address, words)
        assert f'data-copy="{FIRST}"' in page.html
    sheet = reverse("orders:payment", args=[order.number])
    for actor, address in ((world.actor, "orders"), (world.officer, "office/orders")):
        assert sheet in open_page(world.client(actor), f"/{address}/{order.number}").html
    paid = actions.record_top_up(actor=world.supplier_actor, order=order, receipt="CHK-1")
    assert world.client(world.actor).get(f"/orders/{paid.number}/payment").status_code == 404


def test_supplier_without_details__is_asked_where_to_pay_to_while_an_order_waits(world: World) -> None:
    order = waiting(world)
    assert told("order.accepted_top_up_ask") == {world.actor.user_id}
    assert "the supplier tells you" in open_page(world.client(world.actor), f"/orders/{order.number}").main
    assert order in queries.needing(world.supplier_actor)
    client = world.client(world.supplier_actor)
    assert "Say where to pay to" in open_page(client, "/supply").main
    assert "/supply/account" in open_page(client, f"/supply/orders/{order.number}").html
    given = {"iban": FIRST, "bank": "АО «Банк»", "bic": "KKMFKZ2A", "kbe": "17"}
    assert client.post("/supply/account", given).status_code == 302
    order.refresh_from_db()
    known = account_of(world.supplier.pk)
    assert known is not None
    assert order.pay_to == known.pk
    assert order not in queries.needing(world.supplier_actor)
    assert told("order.where_to_pay") == {world.actor.user_id}
    assert "named the account" in str(timeline(ORDERS, world.actor, order)[-1].text)


def test_changed_account__is_told_to_the_others_and_to_who_waits_to_pay_and_the_order_keeps_what_it_showed(
    world: World,
) -> None:
    shown = make.account(world.supplier)
    order = waiting(world)
    colleague = make.member(world.supplier.organisation, "supplier_manager")
    stranger = make.supplier_actor(make.supplier())
    changed = set_account(
        actor=world.supplier_actor,
        supplier=world.supplier,
        details=BankDetails(Iban(OTHER), "АО «Другой»", "KKMFKZ2A", "17"),
    )
    assert told("supplier.account_changed") == {colleague.user_id}, "whoever changed it knows"
    assert stranger.user_id not in told("supplier.account_changed")
    assert told("order.account_changed") == {world.actor.user_id}
    order.refresh_from_db()
    assert order.pay_to == shown.pk
    event = journal.events_of(order)[-1]
    assert (event.type, event.actor_id) == ("order.account_changed", world.supplier_actor.user_id)
    assert event.data == {"account": str(changed.pk), "shown": str(shown.pk)}
    said = open_page(world.client(world.actor), f"/orders/{order.number}").main
    assert "changed the bank details" in said
    words = ("Call the supplier or write to the office before you pay", str(Iban(OTHER)), str(Iban(FIRST)))
    places = [said.index(one) for one in words]
    assert places == sorted(places)


def test_same_details_again__tell_nobody(world: World) -> None:
    known = make.account(world.supplier)
    Notice.objects.all().delete()
    assert make.account(world.supplier).pk == known.pk
    assert not Notice.objects.exists()


def test_bank_details__are_changed_by_the_supplier_itself_and_administrators_only(world: World) -> None:
    details = BankDetails(Iban(FIRST), "АО «Банк»", "KKMFKZ2A", "17")
    for actor in (world.officer, world.actor, make.supplier_actor(make.supplier())):
        with pytest.raises(NotAllowed):
            set_account(actor=actor, supplier=world.supplier, details=details)
    client = world.client(world.admin)
    place = f"/manage/organisations/{world.supplier.organisation_id}"
    wrong = client.post(f"{place}/account", {"iban": "KZ1", "bank": "", "bic": "x", "kbe": "77"})
    assert wrong.status_code == 422
    assert len(read(wrong).errors) == 4
    given = {"iban": FIRST, "bank": "АО «Банк»", "bic": "KKMFKZ2A", "kbe": "17"}
    assert client.post(f"{place}/account", given).status_code == 302
    assert str(Iban(FIRST)) in open_page(client, place).main
    [row] = BankAccount.objects.all()
    assert (row.actor_id, row.desk) == (world.admin.user_id, "admin")
    assert world.supplier_actor.user_id in told("supplier.account_entered")


def test_bank_details__are_never_changed_in_place(world: World) -> None:
    row = make.account(world.supplier)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankAccount.objects.filter(pk=row.pk).update(iban=OTHER)


@pytest.mark.finding("A-names")
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eАО «Банк»\u202c", "АО «Банк»"),
        ("АО\u200b \u2066«Банк»\n", "АО «Банк»"),
        ("АО\x07\t«Банк»", "АО «Банк»"),
        ("<b>Банк</b>", "<b>Банк</b>"),
        ("\u200b", None),
        ("…", None),
    ],
)
def test_name_of_a_bank__has_no_marks_that_nobody_sees(world: World, typed: str, kept: str | None) -> None:
    client = world.client(world.supplier_actor)
    answer = client.post("/supply/account", {"iban": FIRST, "bank": typed, "bic": "KKMFKZ2A", "kbe": "17"})
    if kept is None:
        assert (answer.status_code, len(read(answer).errors)) == (422, 1)
        assert not BankAccount.objects.exists()
        return
    assert BankAccount.objects.get().bank == kept
    page = open_page(client, "/supply/account")
    assert kept in page.main
    assert "<b>Банк" not in page.html


def test_bank_details__cannot_be_posted_from_any_other_desk(world: World) -> None:
    given = {"iban": FIRST, "bank": "АО «Банк»", "bic": "KKMFKZ2A", "kbe": "17"}
    there = f"/manage/organisations/{world.supplier.organisation_id}/account"
    for actor in (world.officer, world.actor, world.analyst, world.supplier_actor):
        client = world.client(actor)
        assert client.post(there, given).status_code == 403
        if actor != world.supplier_actor:
            assert client.post("/supply/account", given).status_code == 403
    for address in ("/supply/account", there):
        assert Client().post(address, given)["Location"].startswith("/sign-in/")
    stranger = make.supplier()
    world.client(make.supplier_actor(stranger)).post("/supply/account", given | {"supplier": str(world.supplier.pk)})
    [row] = BankAccount.objects.all()
    assert row.supplier == stranger


def test_order_that_has_ended__keeps_the_account_it_showed_and_nobody_is_told(world: World) -> None:
    shown = make.account(world.supplier)
    order = actions.cancel_order(actor=world.actor, order=waiting(world))
    Notice.objects.all().delete()
    make.account(world.supplier, OTHER)
    order.refresh_from_db()
    assert order.pay_to == shown.pk
    assert not told("order.account_changed")
    assert journal.events_of(order)[-1].type == "order.cancel"
    assert world.client(world.actor).get(f"/orders/{order.number}/payment").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_bank_details__changed_by_two_at_once_stand_one_after_the_other() -> None:
    with clock.at(make.MORNING):
        world = World(price=Decimal(250))
        order, admin = waiting(world), world.admin
    done = at_once(
        *(
            partial(_change, actor, world, iban)
            for actor, iban in (
                (world.supplier_actor, FIRST),
                (admin, OTHER),
            )
        )
    )
    assert {type(one) for one in done} == {BankAccount}
    first, second = BankAccount.objects.order_by("pk")
    order.refresh_from_db()
    assert order.pay_to == first.pk
    assert [one.data["account"] for one in journal.events_of(order)[-2:]] == [str(first.pk), str(second.pk)]
    assert account_of(world.supplier.pk) == second


def _change(actor: Actor, world: World, iban: str) -> BankAccount:
    details = BankDetails(Iban(iban), "АО «Банк»", "KKMFKZ2A", "17")
    return set_account(actor=actor, supplier=world.supplier, details=details)


def test_file_of_suppliers__that_overwrites_an_account_tells_the_people(world: World) -> None:
    make.account(world.supplier)
    order = waiting(world)
    Notice.objects.all().delete()
    Organisation.objects.filter(pk=world.supplier.organisation_id).update(bin="000740000113")
    content = (
        "bin;conclusion_number;conclusion_on;registered_on;contact_phone;iban;bank;bic;kbe\n"
        f"000740000113;1;2020-01-15;2020-02-01;+77222520002;{OTHER};Банк;KKMFKZ2A;17\n"
    )
    table = imports.table_of("suppliers")
    assert table is not None
    imports.confirm(
        actor=world.admin,
        run=imports.begin(actor=world.admin, table=table, file_name="s.csv", content=content.encode()),
    )
    effects.run()
    assert told("supplier.account_changed") == {world.supplier_actor.user_id}
    assert told("order.account_changed") == {world.actor.user_id}
    page = open_page(world.client(world.actor), f"/orders/{order.number}").main
    assert "Call the supplier or write to the office before you pay" in page


def test_file_of_suppliers__brings_bank_details_too(world: World) -> None:
    table = imports.table_of("suppliers")
    assert table is not None
    head = "bin;conclusion_number;conclusion_on;registered_on;contact_phone;iban;bank;bic;kbe\n"
    Organisation.objects.filter(pk=world.supplier.organisation_id).update(bin="000740000113")
    type(world.supplier).objects.filter(pk=world.supplier.pk).update(contact_phone="+77222520002")
    line = "000740000113;1;2020-01-15;2020-02-01;+77222520002;"

    def counts(rest: str) -> dict[str, int]:
        run = imports.begin(
            actor=world.admin, table=table, file_name="s.csv", content=(head + line + rest + "\n").encode()
        )
        return {"changed": run.changed, "same": run.same, "wrong": len(run.mistakes)}

    assert counts(f"{FIRST};Банк;KKMFKZ2A;17") == {"changed": 1, "same": 0, "wrong": 0}
    assert counts(";;;") == {"changed": 0, "same": 1, "wrong": 0}
    assert counts(f"{FIRST};;;")["wrong"] == 1
    assert counts(f"{FIRST[:-1]}1;Банк;KKMFKZ2A;17")["wrong"] == 1
    assert account_of(world.supplier.pk) is None, "a check changes nothing"
