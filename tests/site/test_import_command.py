"""`tirek import`, which fills an installation from files, and whose name stands by what a file has entered."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result
from tests import factories as make

from tirek.accounts.models import AccountEvent
from tirek.cli.main import main
from tirek.core import clock, imports
from tirek.core.actors import BY_FILE, CLOCK, Actor, Desk
from tirek.core.case.journal import Event
from tirek.core.case.words import timeline
from tirek.core.errors import NotAllowed
from tirek.core.identifiers import Sex, check_digit, synthetic_iin
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.actions.programmes import NUMBERS
from tirek.entitlements.case_types import PROGRAMMES
from tirek.entitlements.models import Programme
from tirek.organisations.models import Organisation
from tirek.people.actions import record_death
from tirek.people.models import Person, PersonEvent
from tirek.suppliers.models import BankAccount, Supplier
from tirek.suppliers.queries import accounts_until_now

pytestmark = [pytest.mark.django_db, pytest.mark.finding("A-imported")]
PLACE: Final = "101810000"
BINS: Final = tuple(f"{head}{check_digit(head)}" for head in ("00074000011", "20014000005"))
HEAD: Final = "bin;conclusion_number;conclusion_on;registered_on;contact_phone;iban;bank;bic;kbe\n"
LINE: Final = f"{BINS[0]};1;2020-01-15;2020-02-01;+77222520002;"
BANK: Final = "KZ86125KZT5004100100;Банк;KKMFKZ2A;17"

Bring = Callable[[str, str | bytes], Result]


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        make.district(PLACE)
        yield


@pytest.fixture
def bring(tmp_path: Path) -> Bring:
    def run(what: str, content: str | bytes) -> Result:
        file = tmp_path / "table.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(main, ["import", what, str(file)])

    return run


def iin_of(n: int) -> str:
    return synthetic_iin(date(1980, 5, 17), Sex.FEMALE, n).digits


ORGANISATIONS: Final = f"""bin;kind;name_kk;name_ru;place
{BINS[0]};supplier;«Жол» ЖШС;ТОО «Жол»;{PLACE}
{BINS[1]};supplier;«Көмек» ЖШС;ТОО «Көмек»;{PLACE}
"""


class TestCommand:
    def test_good_file__is_taken_and_the_same_again_changes_nothing(self, bring: Bring) -> None:
        done = bring("organisations", ORGANISATIONS)
        assert (done.exit_code, done.output.splitlines()[-1]) == (0, "made: 2, changed: 0, same: 0")
        assert set(Organisation.objects.filter(bin__in=BINS).values_list("bin", flat=True)) == set(BINS)
        again = bring("organisations", ORGANISATIONS)
        assert (again.exit_code, again.output.splitlines()[-1]) == (0, "made: 0, changed: 0, same: 2")

    def test_lines_with_mistakes__are_written_out_and_left_out(self, bring: Bring) -> None:
        done = bring("organisations", ORGANISATIONS + "123;supplier;А;А;\n")
        assert done.exit_code == 2
        assert "made: 2, changed: 0, same: 0" in done.output
        assert "line 4: bin: A BIN has 12 digits." in done.output
        assert "1 lines were not taken." in done.output
        assert Organisation.objects.filter(bin__in=BINS).count() == 2

    def test_entry__is_taken_whole_or_not_at_all(self, bring: Bring) -> None:
        bring("organisations", ORGANISATIONS)
        half = bring("suppliers", HEAD + LINE + "KZ86125KZT5004100100;;;\n" + LINE.replace(BINS[0], BINS[1]) + BANK)
        assert half.exit_code == 2
        assert "line 2: Fill in all four bank details, or none of them." in half.output
        # the register was written before the bank details were looked at
        assert [one.organisation.bin for one in Supplier.objects.all()] == [BINS[1]]
        assert BankAccount.objects.count() == 1

    def test_programme__of_which_one_line_is_wrong_is_not_registered(self, bring: Bring) -> None:
        bring("people", f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n{iin_of(2)};В;Г;{PLACE}\n")
        kind = make.kind()
        lines = "iin;issued_on;issued_by;valid_until;kind;quantity\n" + "".join(
            f"{iin_of(n)};2026-01-15;МСЭ;2028-01-15;{code};10\n"
            for n, code in ((1, kind.code), (1, "NONE"), (2, kind.code))
        )
        done = bring("programmes", lines)
        assert "line 3: kind: The classifier has no kind “NONE”." in done.output
        assert [one.person.iin for one in Programme.objects.all()] == [iin_of(2)]

    @pytest.mark.parametrize(
        ("what", "content", "said"),
        [
            ("shops", b"a;b\n", "There is no kind of file “shops”. These are known: organisations, suppliers"),
            ("people", b"", "The file is empty."),
            ("people", b"iin;surname\n1;2\n", "The first line lacks these columns: given_name, place."),
            ("people", b"iin\0", "This is no text in UTF-8."),
            ("people", "бин".encode("cp1251"), "The first line lacks these columns: iin, surname"),
            ("people", b"PK\x03\x04rest", "This workbook cannot be read."),
        ],
    )
    def test_file_of_another_kind__is_refused_in_words_and_nothing_is_entered(
        self, bring: Bring, what: str, content: bytes, said: str
    ) -> None:
        done = bring(what, content)
        assert done.exit_code == 2
        assert said in " ".join(done.output.split())
        assert "Traceback" not in done.output
        assert not Person.objects.exists()

    def test_whoever_stands_at_the_machine__has_no_account(self, bring: Bring) -> None:
        bring("people", f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n")
        (event,) = PersonEvent.objects.all()
        assert (event.actor_id, event.desk) == (None, "clock")


class TestWho:
    @pytest.fixture
    def admin(self) -> Actor:
        row = make.member(make.organisation("centre"), "admin")
        type(row.user).objects.filter(pk=row.user_id).update(name="Серікова Айжан")
        return Actor(desk=Desk.ADMIN, user_id=row.user_id, organisation_id=row.organisation_id, role="admin")

    def take(self, admin: Actor, what: str, content: str) -> None:
        table = imports.table_of(what)
        assert table is not None
        run = imports.begin(actor=admin, table=table, file_name="a.csv", content=content.encode())
        assert run.mistakes == []
        assert imports.confirm(actor=admin, run=run).state == "done"

    def people(self, admin: Actor) -> Person:
        self.take(admin, "people", f"iin;surname;given_name;place\n{iin_of(1)};А;Б;{PLACE}\n")
        return Person.objects.get(iin=iin_of(1))

    def test_people__are_entered_in_the_name_of_the_administrator(self, admin: Actor) -> None:
        person = self.people(admin)
        self.take(admin, "disabilities", f"iin;group;reason;since\n{iin_of(1)};II;general;2026-01-15\n")
        self.take(admin, "moves", f"iin;place;address\n{iin_of(1)};{make.district('101010000').pk};Абай, 1\n")
        self.take(admin, "deaths", f"iin;deceased_on\n{iin_of(1)};2026-11-01\n")
        events = PersonEvent.objects.filter(person=person)
        assert {one.actor_id for one in events} == {admin.user_id}
        assert {one.desk for one in events} == {"admin"}
        assert len(events) >= 4
        opened = AccountEvent.objects.get(user=person.user_id, kind="opened")
        assert (opened.actor_id, opened.desk) == (admin.user_id, "admin")

    def test_who_represents_whom__is_entered_in_that_name_too(self, admin: Actor) -> None:
        self.people(admin)
        self.take(admin, "people", f"iin;surname;given_name;place\n{iin_of(2)};В;Г;{PLACE}\n")
        text = "representative;represented;basis;document;since\n"
        before = PersonEvent.objects.count()
        self.take(admin, "representations", f"{text}{iin_of(1)};{iin_of(2)};guardian;2-145;2026-01-15\n")
        made = list(PersonEvent.objects.order_by("at", "pk"))[before:]
        assert made
        assert {one.actor_id for one in made} == {admin.user_id}

    def test_programme__says_so_in_its_journal_and_history(self, admin: Actor) -> None:
        self.people(admin)
        kind = make.kind()
        text = "iin;issued_on;issued_by;valid_until;kind;quantity\n"
        self.take(admin, "programmes", f"{text}{iin_of(1)};2026-01-15;МСЭ;2028-01-15;{kind.code};10\n")
        programme = Programme.objects.get()
        event = Event.objects.get(case_id=programme.pk, type="programme.register")
        assert (event.actor_id, event.content["desk"]) == (admin.user_id, "admin")
        (told,) = timeline(PROGRAMMES, make.officer(), programme)
        assert told.by == "Әкімші, файлдан"

    @pytest.mark.finding("A-trial")
    def test_check_of_a_file__uses_no_number_up(self, admin: Actor) -> None:
        self.people(admin)
        kind = make.kind()
        text = "iin;issued_on;issued_by;valid_until;kind;quantity\n"
        line = f"{text}{iin_of(1)};2026-01-15;МСЭ;2028-01-15;{kind.code};10\n"
        first = NUMBERS.take()
        table = imports.table_of("programmes")
        assert table is not None
        run = imports.begin(actor=admin, table=table, file_name="a.csv", content=line.encode())
        imports.check_again(actor=admin, run=run)
        assert not Programme.objects.exists()
        imports.confirm(actor=admin, run=run)
        number = Programme.objects.get().number
        assert int(number[-7:]) == int(first[-7:]) + 1
        assert number.startswith(first[:-7]), "a number on trial is never kept"

    def test_bank_details__name_who_brought_them(self, admin: Actor) -> None:
        self.take(admin, "organisations", ORGANISATIONS)
        self.take(admin, "suppliers", HEAD + LINE + BANK + "\n")
        (entered,) = accounts_until_now(Supplier.objects.get())
        assert entered.account.actor_id == admin.user_id
        assert entered.who == "Серікова Айжан, Әкімші"

    def test_file__opens_to_an_administrator_nothing_that_a_page_does(self, admin: Actor) -> None:
        person = self.people(admin)
        line = LineGrant(kind=make.kind(), quantity=1, recommended={})
        with pytest.raises(NotAllowed):
            record_death(actor=admin, person=person, deceased_on=date(2026, 11, 1))
        with pytest.raises(NotAllowed):
            register_programme(
                actor=admin, person=person, issued_by="МСЭ", issued_on=date(2026, 1, 15), valid_until=None, lines=[line]
            )


@pytest.mark.parametrize(
    ("actor", "is_service"),
    [
        (CLOCK, True),
        (Actor(desk=Desk.ADMIN, role=BY_FILE), True),
        (Actor(desk=Desk.ADMIN, role="admin"), False),
        (Actor(desk=Desk.OFFICER, role=BY_FILE), False),
    ],
)
def test_service__is_the_clock_or_an_imported_file(actor: Actor, is_service: bool) -> None:
    assert actor.is_service is is_service
