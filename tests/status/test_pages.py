"""The page of the state opens when nothing else does, and banners reach those whom they concern."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import factories as make
from tests.kit.pages import words
from tests.kit.sign_in import registered, signed_in
from tests.status.test_known import INCIDENT

from tirek.core import clock
from tirek.core.service import failures
from tirek.people.models import Person, Representation
from tirek.site import sessions
from tirek.status import keeping, known
from tirek.status.known import Announced, Known, PartState, Words
from tirek.status.models import Part, Place
from tirek.status.rules import State

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S0.10")]
HOUR = timedelta(hours=1)
HERE, THERE = "100000000", "750000000"
EVERYWHERE = tuple(Place.values)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def parts(**states: State) -> dict[str, PartState]:
    return {
        part.value: PartState(
            states.get(part.value, State.WORKS),
            make.MORNING - HOUR,
            states.get(part.value, State.WORKS),
            make.MORNING,
        )
        for part in Part
    }


def announced(**changes: object) -> Announced:
    base = replace(INCIDENT, since=make.MORNING - HOUR, expected=None, regions=(), names=(), places=EVERYWHERE)
    said = {"text": Words("Қазақша мәтін", "Русский текст", "English text")}
    return replace(base, **(said | changes))  # type: ignore[arg-type]  # the same names


def here(**changes: object) -> Announced:
    return announced(regions=(HERE,), names=(Words("Абай облысы", "область Абай", "Abai Region"),), **changes)


def keep(*announcements: Announced, **states: State) -> None:
    known.store(known.place(), Known(make.MORNING, parts(**states), make.MORNING, announcements))
    keeping.MEMORY.forget()


def page(client: Client | None = None, language: str = "en") -> str:
    response = (client or Client()).get("/status", headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def gone(*_args: object, **_kwargs: object) -> None:
    raise OperationalError("gone")


class TestWithoutDatabase:
    def test_page__asks_the_database_nothing_whoever_opens_it(self) -> None:
        keep(here())
        failures.SHED.count("GET", "/help")
        for client in (Client(), signed_in(make.person()), signed_in(make.staff("centre", "admin"))):
            cookies = {name: morsel.value for name, morsel in client.cookies.items()}
            with CaptureQueriesContext(connection) as asked, clock.at(make.MORNING + 2 * HOUR):
                for address in ("/status", "/status?answer=x", "/language/ru?next=/status"):
                    assert client.get(address).status_code in {200, 302}
            assert [one["sql"] for one in asked] == []
            kept = {name: morsel.value for name, morsel in client.cookies.items() if name in cookies}
            assert kept == cookies, "the session in the browser stays"
        failures.SHED.forget()

    def test_page__opens_while_the_database_is_away_and_others_do_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keep()
        client = signed_in(make.person())
        client.raise_request_exception = False
        with monkeypatch.context() as broken:
            broken.setattr(BaseDatabaseWrapper, "ensure_connection", gone)
            broken.setattr(connection, "cursor", gone)
            assert client.get("/").status_code == 503
            keeping.refresh()
            keeping.MEMORY.forget()
            html = page(client)
        text = words(html)
        assert "Something does not work" in text
        assert "Nothing can be saved now." in text
        assert "Last known: works" in text
        assert "Sign out" not in text

    @pytest.mark.parametrize(
        ("language", "said"), [("kk", "Жүйенің жұмысы"), ("ru", "Состояние сервиса"), ("en", "State of the service")]
    )
    def test_page__speaks_each_language_and_can_be_switched(self, language: str, said: str) -> None:
        keep()
        client = Client(headers={"Accept-Language": "en"})
        client.get(f"/language/{language}?next=/status")
        html = client.get("/status").content.decode()
        assert f'<html lang="{language}"' in html
        assert said in words(html)
        assert re.search(r'href="/language/\w\w\?next=%2Fstatus"', html)


class TestHonesty:
    def test_all_is_well__is_said_only_of_the_present(self) -> None:
        keep()
        assert "Everything works" in page()
        with clock.at(make.MORNING + timedelta(minutes=3)):
            old = words(page())
        assert "Everything works" not in old
        assert "we do not know how it is now" in old
        assert old.count("Not known") == len(Part)
        assert "Last known: works (9 November 2026, 09:00)" in old
        assert "The list of incidents is as it was at this time: 9 November 2026, 09:00." in old

    def test_page__without_a_file_says_that_it_knows_nothing(self) -> None:
        text = words(page())
        assert "The service has not been checked yet." in text
        assert "The list of incidents cannot be shown now." in text
        assert "Everything works" not in text

    def test_page__of_a_broken_file_says_so_and_the_next_round_mends_it(self, place: Path) -> None:
        place.parent.mkdir()
        place.write_bytes(b'{"form": 1')
        text = words(page())
        assert "cannot be read now" in text
        assert "Everything works" not in text
        assert "1414" in text
        assert keeping.run_round()
        assert "Checked: 9 November 2026, 09:00" in words(page())

    def test_incident__that_lasts_longer_than_expected_says_so(self) -> None:
        keep(announced(expected=make.MORNING - HOUR / 2))
        text = words(page())
        assert "Something does not work" in text
        assert "It takes longer than expected." in text
        keep(announced(expected=make.MORNING + HOUR))
        assert "Expected to work again: 9 November 2026, 10:00." in words(page())

    def test_page__tells_what_is_planned_and_what_has_ended(self) -> None:
        keep(
            announced(key="a", kind="news", since=make.MORNING + HOUR),
            here(key="b", ended_at=make.MORNING - HOUR / 2),
        )
        text = words(page())
        assert text.index("What is planned") < text.index("What has ended in the last 30 days")
        assert "Incident: Abai Region" in text
        assert "Time of the end 9 November 2026, 08:30" in text
        assert "Everything works" in text
        assert "No incident is known to us now." in text


def shown(client: Client, address: str) -> str:
    response = client.get(address, headers={"Accept-Language": "en"}, follow=True)
    assert response.status_code == 200, address
    return response.content.decode()


def is_shown(client: Client, address: str) -> bool:
    return "English text" in shown(client, address)


class TestBanner:
    def test_regional_one__is_shown_to_staff_of_the_region_and_not_to_others(self) -> None:
        keep(here())
        inside, outside = make.officer(make.district("101810000")), make.officer(make.district("751110000"))
        assert is_shown(signed_in(inside), "/office")
        assert not is_shown(signed_in(outside), "/office")
        assert is_shown(signed_in(make.staff("centre", "admin")), "/manage/")
        supplier = make.supplier()
        assert is_shown(signed_in(make.supplier_actor(supplier)), "/supply")
        assert "Something does not work now: Abai Region" in words(shown(Client(), "/help"))

    def test_regional_one__is_shown_to_who_lives_there_and_follows_a_move(self) -> None:
        keep(here())
        person = make.person(place=make.district("751110000"))
        client = registered(person)
        assert not is_shown(client, "/my-data")
        Person.objects.filter(pk=person.pk).update(territory=make.district("101810000"))
        assert not is_shown(client, "/my-data"), "kept for a minute"
        with clock.at(make.MORNING + timedelta(minutes=2)):
            assert client.get("/my-data").status_code == 200
            assert is_shown(client, "/my-data")

    def test_regional_one__is_shown_to_who_acts_for_somebody_there(self) -> None:
        keep(here())
        parent = make.person(place=make.district("751110000"))
        child = make.person(place=make.district("101810000"))
        Representation.objects.create(
            representative=parent, represented=child, basis="guardian", since=make.MORNING.date()
        )
        client = signed_in(parent, **{sessions.BEHALF: str(child.pk)})
        make.agree(parent)
        assert is_shown(client, "/my-data")

    @pytest.mark.parametrize(
        ("places", "public", "sign_in", "staff"),
        [
            ((), False, False, False),
            (("public",), True, False, False),
            (("sign_in",), False, True, False),
            (("staff",), False, False, True),
            (("people", "suppliers"), False, False, False),
        ],
    )
    def test_banner__is_shown_above_the_pages_that_were_chosen(
        self, places: tuple[str, ...], public: bool, sign_in: bool, staff: bool
    ) -> None:
        keep(announced(places=places))
        officer = signed_in(make.officer())
        met = (is_shown(Client(), "/help"), is_shown(Client(), "/sign-in/"), is_shown(officer, "/office"))
        assert met == (public, sign_in, staff)
        assert "English text" in page(), "the page of the state tells all"

    @pytest.mark.parametrize(
        "changes",
        [
            {"ended_at": make.MORNING},
            {"kind": "news", "expected": make.MORNING - HOUR / 2},
        ],
    )
    def test_banner__goes_when_it_is_over(self, changes: dict[str, object]) -> None:
        keep(announced(**changes))
        assert not is_shown(Client(), "/help")

    def test_banner__is_a_named_region_of_the_page_and_escaped(self) -> None:
        evil = Words("", "", '<img src=x onerror="alert(1)">\n& more')
        keep(replace(here(), text=evil, names=(Words("", "", "<b>Abai</b>"),)))
        for html in (shown(Client(), "/help"), page()):
            assert "<img src=x" not in html
            assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;<br>&amp; more" in html
            assert "<b>Abai</b>" not in html
        html = shown(Client(), "/help")
        assert '<section class="announcement" aria-labelledby="announcement-k announced-k">' in html
        assert 'id="announcement-k">Something does not work now: &lt;b&gt;Abai' in html

    def test_banner__asks_the_database_nothing(self) -> None:
        client = signed_in(make.officer())
        client.get("/office")
        with CaptureQueriesContext(connection) as without:
            client.get("/office")
        keep(here(), announced(key="other"))
        with CaptureQueriesContext(connection) as told:
            assert is_shown(client, "/office")
        assert len(told) == len(without)

    def test_region_of_a_person__is_asked_once_and_only_while_something_regional_is_announced(self) -> None:
        client = registered(make.person())

        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/my-data").status_code == 200
            return sum(one["sql"].startswith('SELECT "people_person"."territory_id"') for one in queries)

        keep(announced())
        client.get("/my-data")
        assert asked() == 0
        keep(here())
        first = asked()
        assert (first, asked()) == (1, 0)
