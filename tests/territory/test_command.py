"""`tirek reference load kato FILE`, as an operator calls it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.territory.excerpt import HEADINGS, UNITS, changed, lines, written

from tirek.cli.main import main
from tirek.core import clock
from tirek.territory.models import Place, Territory

pytestmark = pytest.mark.django_db
Load = Callable[..., Result]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def run(content: bytes, *options: str) -> Result:
        file = tmp_path / "kato.csv"
        file.write_bytes(content)
        return CliRunner().invoke(main, ["reference", "load", "kato", str(file), *options])

    return run


def told(result: Result) -> str:
    """What was said, whatever the width of the terminal."""
    return re.sub(r"\s+", " ", result.output)


def test_file__is_loaded_and_the_same_again_changes_nothing(load: Load) -> None:
    done = load(written())
    assert done.exit_code == 0, done.output
    assert "100000000 is new: Абай облысы, область Абай" in done.output
    summary = "added: {}, renamed: 0, changed: 0, ended: 0, succeeded: 0, unchanged: {}, refused: 0"
    assert done.output.splitlines()[-1] == summary.format(14, 0)
    again = load(written())
    assert (again.exit_code, again.output.splitlines()[-1]) == (0, summary.format(0, 14))
    assert "is new" not in again.output


def test_lines_with_mistakes__are_written_out_and_stop_no_other(load: Load) -> None:
    rows = "\n".join((HEADINGS, "10320000,e,district,2,с.А,А а.", *lines(), "103235600,e,settlement,2,,А а."))
    result = load(rows.encode())
    assert result.exit_code == 2
    assert "line 2: kato: “10320000” is no code of 9 digits." in result.output
    assert "line 17: name_ru: 103235600 has no name." in result.output
    assert "refused: 2" in result.output
    assert "Nothing has ended" in result.output
    assert "2 lines were not taken." in told(result)
    assert Place.objects.count() == len(UNITS)


def test_many_mistakes__are_counted(load: Load) -> None:
    result = load("\n".join((HEADINGS, *lines(), *["1,e,oblast,0,А,А"] * 150)).encode())
    assert result.output.count("is no code of 9 digits") == 100
    assert "… and 50 more" in result.output


def test_another_file__is_refused_with_the_columns_that_it_needs(load: Load) -> None:
    result = load("БСН;Атауы\n1;2\n".encode())
    assert result.exit_code == 2
    assert "its first line must have the columns kato, kato_version, level, type_code, name_ru, name_kk" in told(result)
    assert not Place.objects.exists()


def test_file_of_another_encoding__is_refused_in_english(load: Load) -> None:
    result = load("kato;имя\n".encode("cp1251"))
    assert (result.exit_code, "This is no text in UTF-8" in told(result)) == (2, True)


def test_part_of_the_classifier__is_refused_with_the_command_that_means_it(load: Load) -> None:
    load(written())
    part = written(changed(without=["710000000", "711210000"]))
    result = load(part, "--since", "2027-03-01")
    assert result.exit_code == 2
    assert "lacks 2 units that are in force. Regions and districts among them: 710000000, 711210000." in told(result)
    [command] = re.findall(r"tirek reference load kato '[^']+' (--since 2027-03-01 --ends 2)", told(result))
    meant = load(part, *command.split())
    assert meant.exit_code == 0, meant.output
    assert "710000000 has ended: Астана қаласы, город Астана" in meant.output
    assert Territory.objects.get(pk="710000000").effective_to == date(2027, 2, 28)


def test_first_day__is_today_when_nobody_says_it(load: Load) -> None:
    load(written())
    with clock.at(datetime(2027, 5, 10, 12, tzinfo=UTC)):
        load(written(changed(without=["103235500"])))
    assert Place.objects.get(pk="103235500").effective_to == date(2027, 5, 9)


@pytest.mark.parametrize("day", ["0001-01-01", "1027-03-01", "yesterday"])
def test_first_day__is_one_of_the_republic(load: Load, day: str) -> None:
    assert load(written(), "--since", day).exit_code == 2
    assert not Place.objects.exists()


def test_file_that_is_not_there__is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["reference", "load", "kato", str(tmp_path / "no.csv")])
    assert (result.exit_code, "does not exist" in told(result)) == (2, True)


def test_files_of_the_apps__are_loaded_by_the_command_without_a_name() -> None:
    result = CliRunner().invoke(main, ["reference", "load"])
    assert result.exit_code == 0, result.output
    assert Territory.objects.count() > 200
