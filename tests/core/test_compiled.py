"""Reads whose statement is made once, and lean inserts: the same answers as Django's own."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from tirek.catalogue.models import OfferVersion
from tirek.core import clock
from tirek.core.case.deadlines import Deadline
from tirek.core.database import rows
from tirek.core.database.compiled import Compiled, CompiledObject
from tirek.core.keys import uuid7
from tirek.entitlements.models import LedgerEntry, Line
from tirek.people.models import Measurement

pytestmark = pytest.mark.django_db


def test_compiled__gives_what_the_queryset_gives_also_for_json_and_decimals() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        other = make.version_of(make.offer(shop.supplier, shop.kind, price=Decimal("190.50")))
    names = ("pk", "price", "parameters", "variant__offer__delivers_to", "valid_from")
    read = Compiled(lambda key: OfferVersion.objects.filter(pk=key).values_list(*names), key=UUID)
    for version in (shop.version, other, shop.version):
        assert read.rows(key=version.pk) == list(OfferVersion.objects.filter(pk=version.pk).values_list(*names))
    assert read.rows(key=uuid7()) == []


def test_compiled__takes_keys_and_days_and_one_statement() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
    read = Compiled(
        lambda line, start: LedgerEntry.objects.filter(line_id=line, window_start=start).values_list("amount"),
        line=UUID,
        start=date,
    )
    with CaptureQueriesContext(connection) as seen:
        assert read.rows(line=shop.line.pk, start=date(2026, 10, 1)) == [(365,)]
        assert read.rows(line=shop.line.pk, start=date(2026, 7, 1)) == []
    assert len(seen) == 2


def test_compiled__a_slot_that_the_query_does_not_use_is_an_error() -> None:
    read = Compiled(lambda _line: LedgerEntry.objects.values_list("amount"), line=UUID)
    with pytest.raises(TypeError):
        read.rows(line=uuid7())


def test_insert__writes_what_save_would_write() -> None:
    person = make.person()
    one = Measurement(
        person=person, parameter="waist_cm", number=Decimal("90.5"), measured_on=date(2026, 11, 1), source="self"
    )
    two = Measurement(person=person, parameter="skin", text="dry", measured_on=date(2026, 11, 2), source="self")
    with CaptureQueriesContext(connection) as seen:
        rows.insert([one, two])
        rows.insert([])
    assert len(seen) == 1
    read = {row.pk: row for row in Measurement.objects.filter(person=person)}
    for row in (one, two):
        for field in Measurement._meta.concrete_fields:
            assert getattr(read[row.pk], field.attname) == getattr(row, field.attname)
    two.text = "oily"
    two.save()
    assert Measurement.objects.get(pk=two.pk).text == "oily"


def test_insert__a_constraint_refuses_as_ever() -> None:
    common = {"case_type": "order", "case_id": uuid7(), "transition": "a", "otherwise": "b", "unit": "hours"}
    at = datetime(2026, 1, 1, tzinfo=UTC)
    twice = [Deadline(opened_at=at, due_at=at, **common) for _ in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(twice)


def test_compiled_object__is_the_model_with_what_the_queryset_selects() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
    query = Line.objects.select_related("programme", "person").only(
        "quantity", "programme__state", "person__birth_date"
    )
    read: CompiledObject[Line] = CompiledObject(
        lambda key: query.select_for_update(of=("self",)).filter(pk=key), key=UUID
    )
    for _ in range(2):
        found, plain = read.get(key=shop.line.pk), query.get(pk=shop.line.pk)
        assert found is not None
        with CaptureQueriesContext(connection) as seen:
            assert (found.pk, found.quantity, found.programme.state) == (
                plain.pk,
                plain.quantity,
                plain.programme.state,
            )
            assert found.person.birth_date == plain.person.birth_date
        assert len(seen) == 0
        assert found.get_deferred_fields() == plain.get_deferred_fields()
        assert not found._state.adding
    assert read.get(key=uuid7()) is None
