"""The list of failures that people met, for staff: by time, step and user group, counted, newest first."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.kit.pages import words
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed
from tirek.core.service.failures import Failure
from tirek.site.failure_queries import Wanted, found
from tirek.site.steps import key_of_step

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S0.11")]
LIST = "/manage/failures"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def boss() -> Actor:
    return make.staff("centre", "admin")


@pytest.fixture
def admin(boss: Actor) -> Client:
    return signed_in(boss)


def failure(step: str = "orders:submit", desk: str = "recipient", *, ago: float = 1, **said: object) -> Failure:
    return Failure.objects.create(
        **{
            "at": make.MORNING - timedelta(minutes=ago),
            "step": step,
            "method": "POST",
            "status": 503,
            "code": "busy",
            "desk": desk,
            "channel": "web",
            "language": "kk",
            "milliseconds": 1200,
        }
        | said
    )


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("3;125", [(0, "no_answer", 3, 125_000)]),
        ("999;999999", [(0, "no_answer", 20, 86_400_000)]),
        ("0;5", []),
        ("1000;5", []),
        ("3;-1", []),
        ("3", []),
        ("3;5;7", []),
        ("٣;5", []),
        ("3;5\n", []),
        ("9" * 10_000, []),
    ],
)
def test_what_only_the_browser_knows__is_told_with_the_next_try(told: str, kept: list[tuple[object, ...]]) -> None:
    world = World()
    client = world.client(world.actor)
    address = reverse("demand:need", args=[world.line.pk])
    answer = client.post(address, {"words": "Кең керек"}, headers={"X-Tirek-Unanswered": told})
    assert answer.status_code == 302
    assert list(Failure.objects.values_list("status", "code", "times", "milliseconds")) == kept
    if kept:
        one = Failure.objects.get()
        assert (one.step, one.method, one.desk) == ("demand:need", "POST", "recipient")


def test_one_account__tells_of_so_many_and_its_presses_are_answered_still() -> None:
    world = World()
    client, told = world.client(world.actor), {"X-Tirek-Unanswered": "20;60"}
    for n in range(25):
        assert client.post(reverse("notices:read-all"), {"n": n}, headers=told).status_code < 400
    assert sum(Failure.objects.filter(code="no_answer").values_list("times", flat=True)) == 400


def test_what_had_no_answer__is_told_by_nobody_who_is_not_signed_in_and_not_by_a_read(admin: Client) -> None:
    told = {"X-Tirek-Unanswered": "3;125"}
    Client().post("/sign-in/", {"iin": "1"}, headers=told)
    admin.get(LIST, headers=told)
    assert not Failure.objects.filter(code="no_answer").exists()
    failure(status=0, code="no_answer", times=4, milliseconds=65_000)
    page = said(admin)
    assert "No answer reached the browser" in page
    assert "tries: 4, seconds until an answer came: 65" in page


def said(client: Client, query: str = "") -> str:
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200
    return words(response.content.decode().replace("\u00a0", " "))


def test_failures__are_counted_by_step_and_group_and_listed_newest_first(admin: Client, boss: Actor) -> None:
    old = failure(ago=90)
    new = failure(ago=2, times=5)
    other = failure("orders:step", "officer", ago=30, status=500, code="KeyError")
    told = found(boss, Wanted())
    assert list(told.rows) == [new, other, old]
    assert told.times == 7
    assert [(one.key, one.times, one.last) for one in told.steps] == [
        ("orders:submit", 6, new.at),
        ("orders:step", 1, other.at),
    ]
    assert [(one.key, one.times) for one in told.desks] == [("recipient", 6), ("officer", 1)]
    text = said(admin)
    assert "Met in this period: 7" in text
    assert "times in this minute: 5" in text
    assert "Sending an order" in text
    assert "500 KeyError" in text
    assert "after 1 200 ms" in text or "after 1,200 ms" in text


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted("hour"), 1),
        (Wanted("day"), 2),
        (Wanted("week"), 3),
        (Wanted("month"), 4),
        (Wanted("all"), 5),
        (Wanted("hour", date(2026, 11, 8)), 1),
        (Wanted(day=date(2026, 11, 9)), 1),
        (Wanted(day=date(2025, 1, 1)), 0),
    ],
)
def test_failures__of_a_time_are_found(boss: Actor, wanted: Wanted, count: int) -> None:
    for minutes in (1, 10 * 60, 3 * 1440, 20 * 1440, 100 * 1440):
        failure(ago=minutes)
    assert found(boss, wanted).rows.count() == count


def test_failures__are_narrowed_by_step_and_group(admin: Client, boss: Actor) -> None:
    failure("orders:submit", "recipient")
    failure("orders:submit", "supplier")
    failure("orders:something", "recipient")
    failure("orders:else", "")
    failure("", "public")
    told = found(boss, Wanted(step="orders:submit"))
    assert (told.rows.count(), told.times, len(told.steps)) == (2, 2, 3)
    assert [one.key for one in told.desks] == ["recipient", "supplier"]
    assert found(boss, Wanted(step="orders:*")).rows.count() == 2
    assert found(boss, Wanted(desk="public")).rows.count() == 2
    assert found(boss, Wanted(step="orders:*", desk="public")).times == 1
    assert found(boss, Wanted(step="nothing")).rows.count() == 0
    assert "Met in this period: 1" in said(admin, "?step=orders:submit&desk=supplier")
    assert "Nobody met a failure" in said(admin, "?step=nothing&desk=nobody")


def test_step__without_words_of_its_own_is_counted_with_its_part() -> None:
    assert key_of_step("orders:submit") == "orders:submit"
    assert key_of_step("orders:something") == key_of_step("orders:else") == "orders:*"
    assert key_of_step("health") == key_of_step("nowhere:x") == ":*"


def test_pages__follow_one_another_and_keep_the_filter(admin: Client) -> None:
    for _n in range(51):
        failure()
    assert "page=2" in admin.get(f"{LIST}?desk=recipient").content.decode()
    html = admin.get(f"{LIST}?desk=recipient&page=2").content.decode()
    assert html.count("503 busy") == 1
    assert "desk=recipient" in html


@pytest.mark.parametrize("query", ["?period=never", "?day_day=31&day_month=2&day_year=2026", "?day_day=9"])
def test_filter__that_makes_no_sense_is_said(admin: Client, query: str) -> None:
    failure()
    answer = admin.get(f"{LIST}{query}")
    assert answer.status_code == 422
    assert "govuk-error-summary" in answer.content.decode()


def test_list__asks_the_same_however_long_it_is(admin: Client) -> None:
    failure()
    admin.get(LIST)
    counts = []
    for _n in range(2):
        with CaptureQueriesContext(connection) as asked:
            admin.get(LIST)
        counts.append(len(asked))
        for step in ("orders:step", "desks:x", "people:y"):
            failure(step, "officer")
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("kind", "role"), [("ministry", "analyst"), ("department", "officer")])
def test_list__is_for_administrators(kind: str, role: str) -> None:
    other = make.staff(kind, role)
    assert signed_in(other).get(LIST).status_code == 403
    with pytest.raises(NotAllowed):
        found(other, Wanted())
    assert other.desk is not Desk.ADMIN


def test_text_of_a_code__is_escaped(admin: Client) -> None:
    failure(code="<script>x</script>", step="<b>")
    html = admin.get(LIST).content.decode()
    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html
