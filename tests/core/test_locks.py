"""Locks: sorted, bounded, ending as the domain error Busy."""

import threading

import pytest
from django.db import close_old_connections, connection, transaction
from tests import factories as make

from tirek.core import clock
from tirek.core.database import locks
from tirek.core.errors import Busy
from tirek.entitlements.models import Line


@pytest.mark.django_db(transaction=True)
def test_lock__needs_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        locks.lock_rows(Line, [])


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_lock__that_somebody_holds_too_long_is_busy() -> None:
    with clock.at(make.MORNING):
        line = make.Shop().line
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            locks.lock_rows(Line, [line.pk])
            held.set()
            done.wait(timeout=30)
        close_old_connections()
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(timeout=20)
    try:
        with pytest.raises(Busy), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            locks.lock_rows(Line, [line.pk])
    finally:
        done.set()
        holder.join()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_lock__in_any_order_given_never_deadlocks() -> None:
    with clock.at(make.MORNING):
        keys = [make.Shop(kind_code=f"GI-0{n}").line.pk for n in range(1, 5)]
    problems: list[Exception] = []

    def work(order: list[object]) -> None:
        try:
            for _ in range(20):
                with transaction.atomic():
                    locks.lock_rows(Line, order)  # type: ignore[arg-type]  # keys
        except Exception as error:  # noqa: BLE001 - shown below
            problems.append(error)
        close_old_connections()
        connection.close()

    threads = [
        threading.Thread(target=work, args=(order,))
        for order in (keys, keys[::-1], [keys[2], keys[0], keys[3], keys[1]])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
