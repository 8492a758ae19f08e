"""Administrators amend dated data: new versions, days of the calendar; each amendment stands, and every process learns
of it.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation
from tests import factories as make

from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case import deadlines
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.reference import ReferenceValue, Status, Unit, Value, amendments, snapshot, values, workcalendar
from tirek.core.reference.amendments import Amendment, BrokenImport, DayEntered
from tirek.core.reference.workcalendar import CalendarDay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_values")]
ADMIN = Actor(desk=Desk.ADMIN, user_id=uuid7(), organisation_id=uuid7(), role="admin")
FIRST = Value("t.term", "", "10", Unit.CALENDAR_DAYS, date(2020, 1, 1), None, "Order 1", Status.DEMO)
NEXT = replace(FIRST, text="7", effective_from=date(2027, 1, 1), citation="Order 2", status=Status.APPROVED)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def known() -> ReferenceValue:
    return reference.add_version(FIRST)


def refused(code: str, one: Value, reason: str = "") -> None:
    with pytest.raises(RuleBroken) as error:
        amendments.amend_value(actor=ADMIN, one=one, reason=reason)
    assert error.value.code == code


def test_new_version__closes_the_one_before_and_is_written_down(known: ReferenceValue) -> None:
    row = amendments.amend_value(actor=ADMIN, one=NEXT)
    known.refresh_from_db()
    assert (known.value, known.effective_to, known.closed_by) == ("10", date(2026, 12, 31), row.pk)
    assert reference.term("t.term", at=date(2026, 12, 31)).amount == 10
    assert reference.term("t.term", at=date(2027, 1, 1)).amount == 7
    note = Amendment.objects.get()
    assert (note.kind, note.what, note.row_id, note.actor_id, note.desk) == (
        "added",
        "t.term",
        row.pk,
        ADMIN.user_id,
        "admin",
    )
    assert note.facts["value"] == "7"


@pytest.mark.parametrize("desk", [one for one in Desk if one is not Desk.ADMIN])
def test_new_version__is_for_administrators_alone(known: ReferenceValue, desk: Desk) -> None:
    actor = Actor(desk=desk, user_id=uuid7())
    for act in (
        lambda: amendments.amend_value(actor=actor, one=NEXT),
        lambda: amendments.withdraw_value(actor=actor, key=known.pk),
        lambda: amendments.add_day(actor=actor, one=DayEntered(date(2027, 1, 9), True, "x")),
        lambda: amendments.withdraw_day(actor=actor, day=date(2027, 1, 9)),
        lambda: amendments.import_days(actor=actor, text="day,working,citation\n"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert ReferenceValue.objects.count() == 1


def test_new_version__that_reaches_back_needs_a_reason(known: ReferenceValue) -> None:
    late = replace(NEXT, effective_from=date(2026, 10, 1))
    refused("past", late)
    row = amendments.amend_value(actor=ADMIN, one=late, reason="The order was published late")
    assert Amendment.objects.get(row_id=row.pk).reason == "The order was published late"


def test_new_version__that_begins_today_needs_none(known: ReferenceValue) -> None:
    amendments.amend_value(actor=ADMIN, one=replace(NEXT, effective_from=clock.today()))
    assert reference.term("t.term", at=clock.today()).amount == 7


def test_new_version__cannot_have_days_of_another(known: ReferenceValue) -> None:
    amendments.amend_value(actor=ADMIN, one=NEXT)
    refused("overlap", NEXT)
    refused("overlap", replace(NEXT, effective_from=date(2026, 12, 1)))
    refused("overlap", replace(FIRST, text="9"), reason="again")
    amendments.amend_value(actor=ADMIN, one=replace(NEXT, text="5", effective_from=date(2028, 1, 1)))
    assert ReferenceValue.objects.count() == 3


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("number", {"text": "ten"}),
        ("number", {"text": "NaN"}),
        ("number", {"text": "-1"}),
        ("number", {"text": "2.5"}),
        ("citation", {"citation": "  "}),
        ("unit", {"unit": Unit.TENGE}),
        ("value", {"unit": Unit.TEXT, "text": "  "}),
    ],
)
def test_new_version__says_what_is_wrong(known: ReferenceValue, code: str, change: dict[str, object]) -> None:
    refused(code, replace(NEXT, **change))  # type: ignore[arg-type]  # one field each
    assert not Amendment.objects.exists()


def test_new_version__of_a_value_that_no_rule_reads_is_not_made() -> None:
    with pytest.raises(NotFound):
        amendments.amend_value(actor=ADMIN, one=NEXT)


@pytest.mark.finding("L-144")
def test_refusal__writes_its_days_in_words(known: ReferenceValue) -> None:
    amendments.amend_value(actor=ADMIN, one=NEXT)
    for one, days in (
        (replace(NEXT, effective_from=date(2026, 12, 1)), ["2027 жылғы 1 қаңтар"]),
        (replace(NEXT, effective_from=date(2099, 1, 1)), ["2000 жылғы 1 қаңтар", "2031 жылғы 31 желтоқсан"]),
    ):
        with pytest.raises(RuleBroken) as error, translation.override("kk"):
            amendments.amend_value(actor=ADMIN, one=one, reason="late")
        with translation.override("kk"):
            assert all(day in str(error.value.message) for day in days), str(error.value.message)


def test_new_version__may_change_calendar_into_working_days(known: ReferenceValue) -> None:
    amendments.amend_value(actor=ADMIN, one=replace(NEXT, unit=Unit.WORKING_DAYS))
    assert reference.term("t.term", at=date(2027, 2, 1)).unit is Unit.WORKING_DAYS


def test_withdrawing__a_version_before_its_day_opens_the_one_before(known: ReferenceValue) -> None:
    row = amendments.amend_value(actor=ADMIN, one=NEXT)
    amendments.withdraw_value(actor=ADMIN, key=row.pk, reason="The order was cancelled")
    known.refresh_from_db()
    assert (known.effective_to, known.closed_by) == (None, None)
    assert reference.term("t.term", at=date(2027, 1, 1)).amount == 10
    amendments.amend_value(actor=ADMIN, one=replace(NEXT, text="8"))
    assert reference.term("t.term", at=date(2027, 1, 1)).amount == 8
    assert list(Amendment.objects.order_by("at", "pk").values_list("kind", flat=True)) == [
        "added",
        "withdrawn",
        "added",
    ]
    with pytest.raises(NotFound):
        amendments.withdraw_value(actor=ADMIN, key=row.pk)


def test_withdrawing__is_too_late_on_its_day(known: ReferenceValue) -> None:
    row = amendments.amend_value(actor=ADMIN, one=replace(NEXT, effective_from=clock.today()))
    with pytest.raises(RuleBroken, match="in_force"):
        amendments.withdraw_value(actor=ADMIN, key=row.pk)


def test_files_of_a_later_release__do_not_undo_an_amendment(known: ReferenceValue) -> None:
    amendments.amend_value(actor=ADMIN, one=NEXT)
    reference.add_version(FIRST)
    reference.add_version(replace(FIRST, text="12", effective_from=date(2026, 6, 1)))
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [reference.term("t.term", at=day).amount for day in days] == [10, 12, 12, 7]


def test_amendments__are_written_once(known: ReferenceValue) -> None:
    amendments.amend_value(actor=ADMIN, one=NEXT)
    for change in (lambda: Amendment.objects.update(reason="x"), lambda: Amendment.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once__make_one_version(known: ReferenceValue) -> None:
    outcome: list[str] = []
    together = threading.Barrier(2)

    def act() -> None:
        try:
            with clock.at(make.MORNING):
                together.wait()
                amendments.amend_value(actor=ADMIN, one=NEXT)
            outcome.append("made")
        except RuleBroken as error:
            outcome.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["made", "overlap"]


_OTHER_PROCESS = """
import sys, time
import django
django.setup()
from datetime import date, timedelta
from tirek.core import reference
from tirek.core.reference import snapshot
snapshot.SECONDS = float(sys.argv[1])
asked = lambda: reference.term("t.term", at=date(2027, 1, 1)).amount
print(asked(), flush=True)
sys.stdin.readline()
until = time.monotonic() + 30
while asked() != 7 and time.monotonic() < until:
    time.sleep(0.02)
print(asked(), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_another_process__sees_the_new_version_when_its_snapshot_is_old(known: ReferenceValue) -> None:
    assert snapshot.SECONDS <= 30
    told = connection.settings_dict
    address = f"postgresql://{told['USER']}:{told['PASSWORD']}@/{told['NAME']}?host={quote(str(told['HOST']))}"
    address += f"&port={told['PORT']}" if told["PORT"] else ""
    environment = os.environ | {"TIREK_DATABASE_URL": address, "TIREK_DATABASE_POOL": "0"}
    with subprocess.Popen(
        [sys.executable, "-c", _OTHER_PROCESS, "0.2"],
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "10\n"
        amendments.amend_value(actor=ADMIN, one=NEXT)
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "7\n"


def test_day__of_the_calendar_is_moved_with_its_source() -> None:
    saturday = date(2027, 1, 9)
    assert not workcalendar.calendar().is_working(saturday)
    amendments.add_day(actor=ADMIN, one=DayEntered(saturday, True, "Government decree 1"))
    assert workcalendar.calendar().is_working(saturday)
    amendments.withdraw_day(actor=ADMIN, day=saturday)
    assert not workcalendar.calendar().is_working(saturday)
    assert [(one.kind, one.what) for one in amendments.amendments_of(ADMIN, Amendment.Area.CALENDAR)] == [
        ("withdrawn", "2027-01-09"),
        ("added", "2027-01-09"),
    ]


@pytest.mark.parametrize(
    ("code", "one"),
    [
        ("citation", DayEntered(date(2027, 1, 9), True, " ")),
        ("ordinary", DayEntered(date(2027, 1, 9), False, "Decree")),
        ("past", DayEntered(date(2026, 1, 10), True, "Decree")),
    ],
)
def test_day__says_what_is_wrong(code: str, one: DayEntered) -> None:
    with pytest.raises(RuleBroken) as error:
        amendments.add_day(actor=ADMIN, one=one)
    assert error.value.code == code


def test_day__that_has_come_is_not_withdrawn() -> None:
    amendments.add_day(actor=ADMIN, one=DayEntered(date(2026, 11, 7), True, "Decree"), reason="late")
    with pytest.raises(RuleBroken, match="in_force"):
        amendments.withdraw_day(actor=ADMIN, day=date(2026, 11, 7))
    with pytest.raises(NotFound):
        amendments.withdraw_day(actor=ADMIN, day=date(2027, 11, 7))


HEAD = "day,working,citation\n"


def test_import__takes_all_days_and_the_same_file_again_changes_nothing() -> None:
    text = f"\ufeff{HEAD}2027-01-09,yes,Decree\n2027-03-26,no,Decree\n"
    assert amendments.import_days(actor=ADMIN, text=text) == 2
    assert amendments.import_days(actor=ADMIN, text=text) == 0
    assert dict(CalendarDay.objects.values_list("day", "working")) == {date(2027, 1, 9): True, date(2027, 3, 26): False}
    assert Amendment.objects.count() == 2


def test_import__names_every_wrong_row_and_takes_nothing() -> None:
    rows = [
        "2027-01-09,yes,Decree",
        "9/1/2027,yes,Decree",
        "2027-01-16,maybe,Decree",
        "2027-01-23,yes,",
        "2027-01-24,no,Decree",
        "2027-03-26",
    ]
    with pytest.raises(BrokenImport) as error:
        amendments.import_days(actor=ADMIN, text=HEAD + "\n".join(rows))
    assert [row.line for row in error.value.rows] == [3, 4, 5, 6, 7]
    assert not CalendarDay.objects.exists()
    assert not Amendment.objects.exists()


def test_import__of_another_kind_of_file_is_refused() -> None:
    with pytest.raises(BrokenImport) as error:
        amendments.import_days(actor=ADMIN, text="a;b;c\n1;2;3\n")
    assert error.value.rows[0].line == 1


@pytest.mark.finding("I-25")
@pytest.mark.parametrize(
    "text",
    [
        "\ufeffday;working;citation\r\n2027-01-09;yes;Decree\r\n",
        "\ufeffDay;Working;Citation\r\n09.01.2027;Yes;Decree\r\n",
        "sep=;\r\nday;working;citation\r\n2027-01-09;yes;Decree\r\n",
        "day\tworking\tcitation\n2027-01-09\tyes\tDecree\n",
        "day;working;citation;;\r\n2027-01-09;yes;Decree;;\r\n;;;;\r\n",
        'day,working,citation\n2027-01-09,yes,"Decree, point 3; annex"\n',
    ],
)
def test_import__takes_what_a_spreadsheet_writes(text: str) -> None:
    assert amendments.import_days(actor=ADMIN, text=text) == 1
    (day,) = CalendarDay.objects.all()
    assert (day.day, day.working) == (date(2027, 1, 9), True)
    assert day.citation.startswith("Decree")


@pytest.mark.finding("R-H3")
@pytest.mark.parametrize(
    ("unit", "text"),
    [(Unit.CALENDAR_DAYS, "999999999"), (Unit.CALENDAR_DAYS, "0"), (Unit.MONTHS, "99999999999"), (Unit.HOURS, "9999")],
)
def test_new_version__lies_within_the_bounds_of_its_unit(known: ReferenceValue, unit: Unit, text: str) -> None:
    refused("number", replace(NEXT, text=text, unit=unit))
    assert not Amendment.objects.exists()


@pytest.mark.finding("R-H3")
def test_bounds__of_a_key_are_its_own(known: ReferenceValue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "_bounds", {})
    reference.bounded({"t.term": reference.Bounds(5, 20)})
    refused("number", replace(NEXT, text="4"))
    refused("number", replace(NEXT, text="21"))
    amendments.amend_value(actor=ADMIN, one=replace(NEXT, text="20"))


@pytest.mark.finding("R-H3")
def test_every_value_of_the_files__lies_within_its_bounds_and_its_end_is_a_day() -> None:
    seen = 0
    for path in reference.files():
        for _line, row in reference.read_rows(path):
            unit = Unit(row["unit"])
            bounds = reference.bounds_of(row["key"], unit)
            if bounds is not None:
                assert bounds.least <= int(float(row["value"])) <= bounds.most, row["key"]
                seen += 1
                if unit in reference.TERMS:
                    term = reference.Term(bounds.most, unit)
                    assert deadlines.due_at(make.MORNING, term, workcalendar.calendar()) > make.MORNING, row["key"]
    assert seen > 20


@pytest.mark.finding("R-H3", "R-M3")
@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1), date(2032, 1, 1), date(1999, 12, 31)])
def test_day_that_nobody_means__is_refused_everywhere(known: ReferenceValue, day: date) -> None:
    refused("far_day", replace(NEXT, effective_from=day), reason="typed wrongly")
    with pytest.raises(RuleBroken) as error:
        amendments.add_day(actor=ADMIN, one=DayEntered(day, True, "Decree"), reason="typed wrongly")
    assert error.value.code == "far_day"


@pytest.mark.finding("R-H3")
def test_mistake__is_put_right_on_its_first_day(known: ReferenceValue) -> None:
    today = clock.today()
    wrong = amendments.amend_value(actor=ADMIN, one=replace(NEXT, text="1000", effective_from=today))
    clean = replace(NEXT, text="10", effective_from=today)
    amendments.check_version(actor=ADMIN, one=clean)  # what the page asks before
    amendments.amend_value(actor=ADMIN, one=clean)
    assert reference.term("t.term", at=today).amount == 10
    known.refresh_from_db()
    assert known.effective_to == today - timedelta(days=1)
    assert not ReferenceValue.objects.filter(pk=wrong.pk).exists()
    assert list(Amendment.objects.order_by("at", "pk").values_list("kind", flat=True)) == [
        "added",
        "withdrawn",
        "added",
    ]


@pytest.mark.finding("R-H3")
def test_version_of_a_file__is_not_replaced_on_its_first_day(known: ReferenceValue) -> None:
    today = clock.today()
    reference.add_version(replace(NEXT, effective_from=today))
    refused("overlap", replace(NEXT, text="9", effective_from=today))


@pytest.mark.finding("R-M3")
@pytest.mark.parametrize(
    "text",
    [
        HEAD + "2027-01-09,yes,De\0cree\n",
        HEAD + "2027-01-09,yes," + "a" * 200_000 + "\n",
        HEAD + '2027-01-09,yes,"' + "a" * 200_000,
        "a" * 200_000,
    ],
)
def test_import__of_what_no_table_holds_is_refused(text: str) -> None:
    with pytest.raises(BrokenImport):
        amendments.import_days(actor=ADMIN, text=text)
    assert not CalendarDay.objects.exists()


@pytest.mark.finding("R-M3")
def test_import__takes_the_line_ends_of_every_system() -> None:
    for end, day in (("\r", "2027-01-09"), ("\r\n", "2027-01-16"), ("\n", "2027-01-23")):
        assert amendments.import_days(actor=ADMIN, text=f"day,working,citation{end}{day},yes,Decree{end}") == 1


@pytest.mark.finding("R-H3")
def test_text__is_one_that_the_rules_know(known: ReferenceValue) -> None:
    """A text that rules read by its words: another word would stop every one of its cases."""
    reference.spelled({"test.spelled": (("month", "a month"), ("quarter", "a quarter"))})
    first = replace(FIRST, key="test.spelled", text="quarter", unit=Unit.TEXT)
    reference.add_version(first)
    refused("value", replace(first, text="fortnight", effective_from=date(2027, 1, 1)))
    amendments.amend_value(actor=ADMIN, one=replace(first, text="month", effective_from=date(2027, 1, 1)))
