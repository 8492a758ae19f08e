"""Announcements are entered at one place, kept version by version, and lost by no two who save at once."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests import factories as make
from tests.kit.pages import words
from tests.kit.sign_in import signed_in
from tests.kit.together import FREE, at_once, meeting
from tests.status.declared import entered

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed, NotFound, RuleBroken, StaleState
from tirek.status import actions, keeping
from tirek.status.models import Announcement, Place
from tirek.status.queries import announcement_for, announcements, to_be_told, versions_of

pytestmark = [pytest.mark.django_db, pytest.mark.mission("S0.10")]
HOUR = timedelta(hours=1)
LIST = "/manage/announcements"


def said(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return words(response.content.decode().replace("\u00a0", " "))


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


def form(**changes: str | list[str]) -> dict[str, object]:
    said: dict[str, object] = {
        "kind": "incident",
        "text_kk": "SMS кешігіп жатыр.",
        "text_ru": "SMS приходят с опозданием.",
        "text_en": "Text messages come late.",
        "parts": ["sms"],
        "places": ["public"],
        "since_day_day": "9",
        "since_day_month": "11",
        "since_day_year": "2026",
        "since_time": "8:30",
    }
    return said | changes


class TestActions:
    def test_version__is_added_and_none_is_changed(self, boss: Actor) -> None:
        first = actions.announce(actor=boss, entered=entered())
        actions.change(actor=boss, key=first.key, version=1, entered=entered(text_en="Codes come late."))
        with clock.at(make.MORNING + HOUR):
            actions.end(actor=boss, key=first.key, version=2)
        told = [(one.version, one.act, one.text_en, one.ended_at) for one in versions_of(boss, first.key)]
        assert told == [
            (3, "ended", "Codes come late.", make.MORNING + HOUR),
            (2, "changed", "Codes come late.", None),
            (1, "added", "Text messages come late.", None),
        ]
        assert {one.actor_id for one in versions_of(boss, first.key)} == {boss.user_id}

    @pytest.mark.parametrize("how", ["UPDATE status_announcement SET text_en = 'x'", "DELETE FROM status_announcement"])
    def test_history__is_changed_by_nobody(self, boss: Actor, how: str) -> None:
        actions.announce(actor=boss, entered=entered())
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(how)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"text_kk": " "}, "text_kk"),
            ({"text_ru": ""}, "text_ru"),
            ({"text_en": "\n"}, "text_en"),
            ({"parts": ()}, "parts"),
            ({"since": make.MORNING + HOUR}, "since"),
            ({"since": make.MORNING - timedelta(days=400)}, "since"),
            ({"kind": "news", "since": make.MORNING + timedelta(days=400)}, "since"),
            ({"expected": make.MORNING - HOUR}, "expected"),
            ({"expected": make.MORNING + timedelta(days=400)}, "expected"),
            ({"regions": ("999999999",)}, "regions"),
        ],
    )
    def test_announcement__that_makes_no_sense_is_refused(
        self, boss: Actor, changes: dict[str, object], code: str
    ) -> None:
        with pytest.raises(RuleBroken) as refused:
            actions.announce(actor=boss, entered=entered(**changes))
        assert refused.value.code == code
        assert not Announcement.objects.exists()

    def test_news__may_begin_later_and_belong_to_no_part(self, boss: Actor) -> None:
        made = actions.announce(actor=boss, entered=entered(kind="news", parts=(), since=make.MORNING + HOUR))
        assert made.version == 1

    def test_ended_and_withdrawn__stay_as_they_were(self, boss: Actor) -> None:
        first, second = (actions.announce(actor=boss, entered=entered()).key for _n in range(2))
        actions.end(actor=boss, key=first, version=1)
        actions.withdraw(actor=boss, key=second, version=1)
        for key in (first, second):
            for act in (actions.end, actions.withdraw):
                with pytest.raises(RuleBroken):
                    act(actor=boss, key=key, version=2)
            with pytest.raises(RuleBroken):
                actions.change(actor=boss, key=key, version=2, entered=entered())
        assert [one.key for one in to_be_told(clock.now())] == [str(first)]

    @pytest.mark.parametrize(("kind", "role"), [("department", "officer"), ("ministry", "analyst")])
    def test_nobody_else__announces_or_reads(self, boss: Actor, kind: str, role: str) -> None:
        made, other = actions.announce(actor=boss, entered=entered()), make.staff(kind, role)
        calls = (
            lambda: actions.announce(actor=other, entered=entered()),
            lambda: actions.change(actor=other, key=made.key, version=1, entered=entered()),
            lambda: actions.end(actor=other, key=made.key, version=1),
            lambda: actions.withdraw(actor=other, key=made.key, version=1),
            lambda: announcements(other),
            lambda: versions_of(other, made.key),
        )
        for call in calls:
            with pytest.raises(NotAllowed):
                call()

    def test_unknown_one__is_not_found(self, boss: Actor) -> None:
        with pytest.raises(NotFound):
            announcement_for(boss, UUID(int=7))

    def test_what_ended_long_ago__is_told_no_more(self, boss: Actor) -> None:
        first = actions.announce(actor=boss, entered=entered())
        actions.announce(actor=boss, entered=entered(kind="news", expected=make.MORNING + HOUR))
        actions.end(actor=boss, key=first.key, version=1)
        assert len(to_be_told(make.MORNING + timedelta(days=29))) == 2
        assert len(to_be_told(make.MORNING + timedelta(days=31))) == 0


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def _both_change(self, boss: Actor) -> tuple[UUID, list[object]]:
        made = actions.announce(actor=boss, entered=entered())
        with meeting(actions, "_opened", seconds=FREE):
            results = at_once(
                *(
                    lambda text=text: actions.change(actor=boss, key=made.key, version=1, entered=entered(text_en=text))
                    for text in ("one", "two")
                )
            )
        return made.key, results

    def test_two_who_save__one_is_shown_what_the_other_changed(self, boss: Actor) -> None:
        key, results = self._both_change(boss)
        assert sorted(type(one).__name__ for one in results) == ["Announcement", "StaleState"]
        saved = next(one for one in results if isinstance(one, Announcement))
        assert announcement_for(boss, key).text_en == saved.text_en
        assert [one.text.en for one in keeping.MEMORY.known().announcements] == [saved.text_en]

    def test_control__without_the_constraint_one_of_two_is_lost(self, boss: Actor) -> None:
        unique = next(one for one in Announcement._meta.constraints if one.name == "status_version_once")
        with connection.schema_editor() as editor:
            editor.remove_constraint(Announcement, unique)
        try:
            _key, results = self._both_change(boss)
            assert [type(one) for one in results] == [Announcement, Announcement]
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE status_announcement DISABLE TRIGGER USER")
                cursor.execute("DELETE FROM status_announcement")
                cursor.execute("ALTER TABLE status_announcement ENABLE TRIGGER USER")
            with connection.schema_editor() as editor:
                editor.add_constraint(Announcement, unique)


class TestDesk:
    def test_announcement__is_entered_changed_and_ended(self, admin: Client) -> None:
        assert "Nothing was announced yet" in said(admin, LIST)
        begun = admin.get(f"{LIST}/new").content.decode()
        assert 'value="09:00"' in begun
        assert begun.count("checked") == len(Place) + 1
        assert admin.post(f"{LIST}/new", form()).status_code == 302
        row = Announcement.objects.get()
        assert row.since == make.MORNING - HOUR / 2
        assert "Text messages come late." in said(admin, LIST)
        changed = form(version="1", expected_day_day="9", expected_day_month="11", expected_day_year="2026")
        answer = admin.post(f"{LIST}/{row.key}/change", changed)
        assert answer.status_code == 422
        assert "Write the time, too." in answer.content.decode()
        assert admin.post(f"{LIST}/{row.key}/change", changed | {"expected_time": "1200"}).status_code == 302
        assert "Expected end 9 November 2026, 12:00" in said(admin, f"{LIST}/{row.key}")
        assert 'value="12:00"' in admin.get(f"{LIST}/{row.key}/change").content.decode()
        assert "End this announcement?" in said(admin, f"{LIST}/{row.key}/end")
        assert admin.post(f"{LIST}/{row.key}/end", {"version": "2"}).status_code == 302
        page = said(admin, f"{LIST}/{row.key}")
        assert "Time of the end 9 November 2026, 09:00" in page
        assert [word for word in ("announced", "changed", "ended") if word not in page] == []

    def test_withdrawn__is_asked_first(self, admin: Client, boss: Actor) -> None:
        made = actions.announce(actor=boss, entered=entered())
        assert "Withdraw this announcement?" in said(admin, f"{LIST}/{made.key}/withdraw")
        assert admin.post(f"{LIST}/{made.key}/withdraw", {"version": "1"}).status_code == 302
        assert announcement_for(boss, made.key).act == "withdrawn"

    @pytest.mark.parametrize(
        ("wrong", "told"),
        [
            ({"text_kk": ""}, "Text in Kazakh"),
            ({"since_time": "25:00"}, "must be a time of the day, for example 14:30."),
            ({"since_day_month": "13"}, "must be a real date"),
            ({"parts": []}, "Choose what does not work."),
            ({"since_time": "11:00"}, "its beginning cannot be in the future"),
            ({"expected_time": "11:00"}, "Write the day, too."),
            ({"text_en": "x" * 401}, "400"),
            ({"regions": ["1"]}, "In which regions?"),
        ],
    )
    def test_mistake__is_said_at_its_field_and_nothing_typed_is_lost(
        self, admin: Client, wrong: dict[str, str | list[str]], told: str
    ) -> None:
        answer = admin.post(f"{LIST}/new", form(**wrong))
        html = answer.content.decode()
        assert answer.status_code == 422
        assert told in html
        assert "SMS приходят с опозданием." in html
        assert not Announcement.objects.exists()

    def test_somebody_who_was_slower__sees_both_and_may_save_once_more(self, admin: Client, boss: Actor) -> None:
        made = actions.announce(actor=boss, entered=entered())
        actions.change(actor=boss, key=made.key, version=1, entered=entered(text_en="Changed meanwhile."))
        answer = admin.post(f"{LIST}/{made.key}/change", form(version="1", text_en="Mine."))
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Changed meanwhile." in html
        assert "Mine." in html
        assert 'name="version" value="2"' in html
        assert admin.post(f"{LIST}/{made.key}/change", form(version="2", text_en="Mine.")).status_code == 302
        assert announcement_for(boss, made.key).text_en == "Mine."

    def test_end__of_a_version_that_is_no_more_is_refused(self, admin: Client, boss: Actor) -> None:
        made = actions.announce(actor=boss, entered=entered())
        actions.change(actor=boss, key=made.key, version=1, entered=entered())
        assert admin.post(f"{LIST}/{made.key}/end", {"version": "1"}).status_code == 409
        assert admin.post(f"{LIST}/{made.key}/withdraw", {"version": "1"}).status_code == 409
        with pytest.raises(StaleState):
            actions.end(actor=boss, key=made.key, version=1)

    def test_text__is_escaped_at_the_desk(self, admin: Client, boss: Actor) -> None:
        made = actions.announce(actor=boss, entered=entered(text_en="<script>alert(1)</script> & more"))
        for address in (LIST, f"{LIST}/{made.key}", f"{LIST}/{made.key}/end", f"{LIST}/{made.key}/change"):
            html = admin.get(address).content.decode()
            assert "<script>alert" not in html
            assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html
