"""The ordering view goes into each room once: what the action reads, the page does not read before it."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.sign_in import registered

from tirek.core import clock

pytestmark = pytest.mark.django_db

#: Statements of one submit by a person, from the session to the commit.
MOST = 22


def test_submit__reads_each_table_once_and_little_in_all() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        client = registered(shop.person)
        first, draft = shop.draft(3), shop.draft(4)
        client.post(f"/order/form/{first.pk}/submit", make.as_shown(first))
        sent = make.as_shown(draft)
        with CaptureQueriesContext(connection) as told:
            answer = client.post(f"/order/form/{draft.pk}/submit", sent)
    assert answer.status_code == 302
    said = [one["sql"] for one in told.captured_queries]
    assert len(said) <= MOST, "\n".join(one[:120] for one in said)
    read = Counter(found[1] for one in said if (found := re.match(r'SELECT .*? FROM "(\w+)"', one, re.DOTALL)))
    assert {table: count for table, count in read.items() if count > 1} == {}
