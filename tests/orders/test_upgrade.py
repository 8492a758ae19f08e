"""Filters that people kept before lists were common stay theirs."""

from importlib import import_module

import pytest
from django.db import connection
from tests import factories as make

from tirek.core.keys import uuid7
from tirek.ui.models import SavedFilter

#: The table as ``orders.0004_saved_filter`` made it.
BEFORE = """
ALTER TABLE ui_savedfilter RENAME TO ui_savedfilter_now;
ALTER TABLE ui_savedfilter_now RENAME CONSTRAINT ui_saved_filter_name TO ui_saved_filter_name_now;
CREATE TABLE orders_savedfilter (
    id uuid NOT NULL PRIMARY KEY, created_at timestamptz NOT NULL, desk varchar(20) NOT NULL,
    name varchar(60) NOT NULL, query varchar(300) NOT NULL,
    user_id uuid NOT NULL REFERENCES accounts_user (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_saved_filter_name UNIQUE (user_id, desk, name)
);
CREATE INDEX orders_savedfilter_user_id ON orders_savedfilter (user_id);
"""


@pytest.mark.django_db
def test_saved_filters__of_orders_are_kept_with_their_rows() -> None:
    account = make.officer().account
    with connection.cursor() as cursor:
        cursor.execute(BEFORE)
        cursor.execute(
            "INSERT INTO orders_savedfilter VALUES (%s, now(), 'officer', 'Mine', 'state=accepted', %s)",
            [uuid7(), account],
        )
        # what a deferred key has still to check would hold the table
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for step in import_module("tirek.orders.migrations.0006_hand_over_saved_filters").HAND_OVER:
            cursor.execute(step)
    (kept,) = SavedFilter.objects.all()
    assert (kept.user_id, kept.desk, kept.list, kept.name, kept.query) == (
        account,
        "officer",
        "order",
        "Mine",
        "state=accepted",
    )
    # the same name again is another list's to use
    SavedFilter.objects.create(user_id=account, desk="officer", list="visit", name="Mine", query="")
