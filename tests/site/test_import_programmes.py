"""A file of programmes, however long and however it was saved: read rightly or refused with its line; repeat-safe; good
lines are taken whatever stands beside them; taken together as one by one.
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from tirek.cli.main import main
from tirek.core import clock
from tirek.core.case import proof
from tirek.core.case.deadlines import Deadline
from tirek.core.case.journal import Event
from tirek.core.database import rows
from tirek.entitlements import imports as ours
from tirek.entitlements.models import LedgerEntry, Line, OrderingTerm, Programme
from tirek.notices.models import Notice
from tirek.people.models import Person

pytestmark = pytest.mark.django_db
HEAD = ("iin", "issued_on", "issued_by", "valid_until", "kind", "quantity", "employer_pays")
BY = "МСЭ № 2, отдел"
Bring = Callable[..., Result]


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        for code in ("GI-01", "GI-03", "SM-11"):
            make.kind(code)
        yield


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    def run(content: bytes, *more: str, name: str = "table.csv") -> Result:
        file = tmp_path / name
        file.write_bytes(content)
        return CliRunner().invoke(main, ["import", "programmes", str(file), *more])

    return run


def _rows(*people: Person, kinds: tuple[str, ...] = ("GI-01", "GI-03"), day: str = "2026-10-15") -> list[list[str]]:
    return [[one.iin, day, BY, "2028-01-15", kind, "100", "no"] for one in people for kind in kinds]


def _text(lines: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows([HEAD, *lines])
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_file__is_read_with_any_separator_and_encoding(bring: Bring, separator: str, encoding: str) -> None:
    who = make.person()
    told = bring(_text(_rows(who), separator).encode(encoding))
    assert told.exit_code == 0, told.output
    programme = Programme.objects.get(person=who)
    assert (programme.issued_by, programme.issued_on, programme.valid_until) == (
        BY,
        date(2026, 10, 15),
        date(2028, 1, 15),
    )
    assert programme.lines.count() == 2


def test_text__of_which_one_sign_cannot_be_read_is_taken_without_that_line(bring: Bring) -> None:
    lines = _text(_rows(*(make.person() for _ in range(3)))).encode().split(b"\r\n")
    lines[3] = lines[3].replace("МСЭ".encode(), "МСЭ".encode()[:-1])
    told = bring(b"\r\n".join(lines))
    assert told.exit_code == 2
    # both lines of the second person are one programme
    assert Programme.objects.count() == 2
    assert "line 4: A sign cannot be read." in told.output


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda cell: f'"{cell}', "A quotation mark is open"),
        (lambda cell: f'"{cell}" x', "A quotation mark is open"),
        (lambda cell: cell * 10_000, "A cell is too long."),
        (lambda cell: f"{cell}\0", "A sign cannot be read."),
    ],
    ids=["open quotation", "text behind it", "huge", "nul"],
)
def test_line_that_cannot_be_read__spoils_no_other(bring: Bring, spoil: Callable[[str], str], why: str) -> None:
    people = [make.person() for _ in range(5)]
    lines = _text([row for who in people for row in _rows(who)], ";").split("\r\n")
    place = 5
    lines[place] = lines[place].replace(BY, spoil(BY))
    # a mark that another line leaves open later joins nothing to it
    lines[place + 4] = lines[place + 4].replace(BY, f'{BY}"')
    told = bring("\r\n".join(lines).encode())
    assert told.exit_code == 2
    assert why in told.output
    made = set(Programme.objects.values_list("person_id", flat=True))
    assert {people[0].pk, people[1].pk, people[3].pk} <= made
    assert people[2].pk not in made
    assert not Programme.objects.filter(issued_by__contains="\n").exists()
    assert all(len(one) < 60 for one in Programme.objects.values_list("issued_by", flat=True))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-01-15", date(2026, 1, 15)),
        ("15.01.2026", date(2026, 1, 15)),
        ("15/01/2026", date(2026, 1, 15)),
        ("5/1/2026", date(2026, 1, 5)),
        ("01/15/2026", None),
        ("15.01/2026", None),
        ("15.01.26", None),
        ("46037", None),
        ("30.02.2026", None),
    ],
)
def test_day__is_read_as_spreadsheets_write_it_or_refused_with_its_line(
    bring: Bring, typed: str, read: date | None
) -> None:
    good, who = make.person(), make.person()
    told = bring(_text([*_rows(good), *_rows(who, day=typed)]).encode())
    assert Programme.objects.filter(person=good).exists(), "the good one is taken whatever stands beside it"
    found = Programme.objects.filter(person=who).first()
    if read is None:
        assert found is None
        assert told.exit_code != 0
        assert "line 4: issued_on" in told.output
    else:
        assert told.exit_code == 0, told.output
        assert found is not None
        assert found.issued_on == read


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_workbook__holds_days_as_days_texts_or_counts_of_days(bring: Bring, epoch: str) -> None:
    book = openpyxl.Workbook()
    if epoch == "1904":
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    count = (date(2026, 1, 15) - book.epoch.date()).days
    people = [make.person() for _ in range(5)]
    midnight = datetime.combine(date(2026, 1, 15), datetime.min.time())
    for who, day in zip(people, [midnight, "15.01.2026", count, float(count), 7], strict=True):
        sheet.append([who.iin, day, BY, None, "GI-01", 100, "no"])
    out = io.BytesIO()
    book.save(out)
    told = bring(out.getvalue(), name="table.xlsx")
    assert "line 6: issued_on" in told.output
    assert [Programme.objects.filter(person=one, issued_on=date(2026, 1, 15)).count() for one in people] == [
        1, 1, 1, 1, 0,
    ]  # fmt: skip


def _spoiled() -> tuple[list[Person], list[list[str]]]:
    people = [make.person() for _ in range(6)]
    lines = _rows(*people)
    lines[2][4] = "XX-99"
    lines[5][5] = "many"
    lines.insert(6, ["800101300011", "2026-10-15", BY, "", "GI-01", "1", ""])
    lines.append(_rows(people[3], kinds=("SM-11",))[0])
    return people, lines


def test_bad_lines__never_stop_good_ones_and_each_stands_in_the_report(bring: Bring, tmp_path: Path) -> None:
    people, lines = _spoiled()
    report = tmp_path / "report.csv"
    told = bring(_text(lines).encode(), "--report", str(report))
    assert told.exit_code != 0
    assert "made: 4" in told.output
    assert str(report) in told.output.replace("\n", "")
    found = list(csv.DictReader(report.read_text("utf-8-sig").splitlines()))
    assert [(row["line"], row["mistake"].partition(":")[0]) for row in found] == [
        ("4", "kind"),
        ("7", "quantity"),
        ("8", "iin"),
    ]
    taken = set(Programme.objects.values_list("person_id", flat=True))
    assert taken == {one.pk for n, one in enumerate(people) if n not in {1, 2}}
    assert Line.objects.filter(person=people[3]).count() == 3, "a line far below belongs to its programme, too"
    lines[2][4], lines[5][5] = "GI-01", "100"
    del lines[6]
    again = bring(_text(lines).encode())
    assert again.exit_code == 0, again.output
    assert "made: 2, changed: 0, same: 4" in again.output
    third = bring(_text(lines).encode())
    assert "made: 0, changed: 0, same: 6" in third.output
    assert Programme.objects.count() == 6


def _facts(who: Person) -> dict[str, object]:
    """All that a programme leaves behind, without keys and numbers."""
    programmes = Programme.objects.filter(person=who).order_by("issued_on")
    terms = OrderingTerm.objects.filter(person=who)
    cases = [*programmes.values_list("pk", flat=True), *terms.values_list("pk", flat=True)]
    return {
        "programmes": list(programmes.values_list("state", "issued_on", "valid_until", "territory_code", "version")),
        "due": list(programmes.values_list("due_at", "soon_at")),
        "lines": sorted(Line.objects.filter(person=who).values_list("kind", "quantity", "window", "year_quantity")),
        "terms": sorted(terms.values_list("line__kind", "state", "order_by", "first_reminder", "due_at")),
        "ledger": sorted(
            LedgerEntry.objects.filter(line__person=who).values_list(
                "line__kind", "window_start", "window_end", "kind", "amount", "cause"
            ),
            key=str,
        ),
        "events": sorted(Event.objects.filter(case_id__in=cases).values_list("type", "n")),
        "deadlines": sorted(Deadline.objects.filter(case_id__in=cases).values_list("otherwise", "due_at")),
        "notices": list(Notice.objects.filter(about=who.pk).values_list("user_id", "template").order_by("template")),
    }


def test_programmes__taken_together_leave_what_they_leave_one_by_one(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = ("GI-01", "GI-03", "SM-11")
    people = [make.person() for _ in range(4)]
    with CaptureQueriesContext(connection) as together:
        assert bring(_text(_rows(*people, kinds=kinds)).encode()).exit_code == 0
    others = [make.person() for _ in range(4)]
    with CaptureQueriesContext(connection) as alone:
        for one in others:
            assert bring(_text(_rows(one, kinds=kinds)).encode()).exit_code == 0
    for one, other in zip(people, others, strict=True):
        seen = _facts(one)
        assert seen["lines"]
        assert seen["ledger"]
        assert seen["notices"] == [(one.user_id, "programme.on_portal")]
        assert {**_facts(other), "notices": None} == {**seen, "notices": None}
    numbers = [
        *Programme.objects.values_list("number", flat=True),
        *OrderingTerm.objects.values_list("number", flat=True),
    ]
    assert len(numbers) == len(set(numbers))
    assert len(together) < len(alone) / 2
    assert list(proof.verify()) == []


def test_second_programme__of_one_person_in_one_file_replaces_the_first(bring: Bring) -> None:
    who, other = make.person(), make.person()
    told = bring(_text([*_rows(who), *_rows(other), *_rows(who, day="2026-11-01")]).encode())
    assert told.exit_code == 0, told.output
    states = Programme.objects.filter(person=who).order_by("issued_on").values_list("state", flat=True)
    assert list(states) == ["replaced", "active"]
    later = bring(_text([*_rows(who, day="2026-11-05"), *_rows(other, day="2026-11-05")]).encode())
    assert later.exit_code == 0, later.output
    assert Programme.objects.filter(state="active").count() == 2
    active = Line.objects.get(person=other, kind="GI-01", programme__state="active")
    given = LedgerEntry.objects.filter(line__person=other, line__kind="GI-01", kind="grant", cause="window")
    assert given.filter(line=active).count() == 1


def test_refusal_by_the_database__is_told_of_the_one_line_that_it_is_about(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make.person() for _ in range(3)]
    taken = ours.register_programme

    def register(**given: object) -> Programme:
        person = given["person"]
        assert isinstance(person, Person)
        if person.pk == people[1].pk:
            if rows.are_gathered():
                rows.insert([Programme(number="X", person=person, issued_on=date(2026, 1, 2), territory_code="x" * 99)])
                raise IntegrityError
            raise IntegrityError
        return taken(**given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(ours, "register_programme", register)
    told = bring(_text(_rows(*people)).encode())
    assert "made: 2" in told.output
    assert "line 4: Somebody entered the same" in told.output
    assert set(Programme.objects.values_list("person_id", flat=True)) == {people[0].pk, people[2].pk}


def test_gathered_rows__are_written_at_the_end_and_not_after_an_error() -> None:
    who = make.person()
    notice = {"user_id": who.user_id, "template": "x", "context": {"a": [1, "б"]}, "about": who.pk}
    with rows.gathered():
        rows.insert([Notice(**notice)])
        assert not Notice.objects.exists()
        with pytest.raises(ZeroDivisionError), rows.one_of_many():
            rows.insert([Notice(**{**notice, "template": "y"})])
            raise ZeroDivisionError
    [one] = Notice.objects.all()
    assert (one.template, one.context, one.read_at) == ("x", {"a": [1, "б"]}, None)
    with pytest.raises(ZeroDivisionError), rows.gathered():
        rows.insert([Notice(**notice)])
        raise ZeroDivisionError
    assert Notice.objects.count() == 1


def test_programme_that_has_ended__is_refused_and_its_neighbours_are_taken(bring: Bring) -> None:
    people = [make.person() for _ in range(3)]
    lines = _rows(*people)
    for line in lines[2:4]:
        line[3] = (clock.today() - timedelta(days=1)).isoformat()
    told = bring(_text(lines).encode())
    assert "made: 2" in told.output
    assert "line 4: The programme ended before today." in told.output
    assert not Event.objects.filter(canonical__contains=str(people[1].pk)).exists(), "nothing of it is left behind"
