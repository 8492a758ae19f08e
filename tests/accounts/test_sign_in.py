import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from tests import factories as make

from tirek.accounts import limits
from tirek.accounts.actions import secrets
from tirek.accounts.models import OneTimeSecret, SignInEvent, User
from tirek.core import clock
from tirek.core.identifiers import Sex, synthetic_iin
from tirek.core.personal import retention
from tirek.core.signing import codes, messaging
from tirek.notices.models import SentMessage
from tirek.people.models import Person
from tirek.ui.browser import SHARED

pytestmark = pytest.mark.django_db
UNKNOWN = synthetic_iin(date(1950, 5, 5), Sex.FEMALE, 999).digits


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def person() -> Person:
    return make.person()


def ask(client: Client, iin: str, **fields: str) -> HttpResponse:
    return client.post("/sign-in/", {"iin": iin, **fields}, HTTP_ACCEPT_LANGUAGE="en")


def sent_code() -> str:
    secrets.hand_over()
    found = re.search(r"\b[0-9]{6}\b", SentMessage.objects.order_by("-at", "-id")[0].text)
    assert found is not None
    return found.group()


def enter(client: Client, code: str) -> HttpResponse:
    return client.post("/sign-in/code", {"code": code}, HTTP_ACCEPT_LANGUAGE="en")


def outcomes() -> list[str]:
    return list(SignInEvent.objects.order_by("id").values_list("outcome", flat=True))


def without_tokens(page: HttpResponse) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestCode:
    @pytest.mark.mission("S2.6")
    def test_recipient__signs_in_by_iin_and_the_code_on_the_phone(self, client: Client, person: Person) -> None:
        assert ask(client, person.iin).headers["Location"] == "/sign-in/code"
        assert enter(client, sent_code()).status_code == 302
        assert client.session["_auth_user_id"] == str(person.user_id)
        assert SentMessage.objects.get().address == person.user.phone
        assert outcomes() == ["code_asked", "code_right"]

    def test_code__is_kept_nowhere_in_clear(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        row = OneTimeSecret.objects.get()
        with connection.cursor() as cursor:
            cursor.execute("SELECT message, secret_hash FROM accounts_onetimesecret")
            stored = b"".join(bytes(cell) for cell in cursor.fetchone())
        code = sent_code()
        assert code.encode() not in stored
        assert row.secret_hash != code.encode()
        row.refresh_from_db()
        assert row.message is None

    def test_first_sign_in__is_the_registration_and_goes_by_the_welcome_page(
        self, client: Client, person: Person
    ) -> None:
        User.objects.update(first_signed_in_at=None)
        ask(client, person.iin, next="/help")
        assert enter(client, sent_code()).headers["Location"] == "/welcome?next=%2Fhelp"
        assert User.objects.get(pk=person.user_id).first_signed_in_at == make.MORNING

    def test_later_sign_in__goes_where_the_person_wanted(self, client: Client, person: Person) -> None:
        ask(client, person.iin, next="/help?a=1")
        assert enter(client, sent_code()).headers["Location"] == "/help?a=1"

    @pytest.mark.parametrize(
        "wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "https:evil.example"]
    )
    def test_foreign_address__is_not_followed(self, client: Client, person: Person, wanted: str) -> None:
        ask(client, person.iin, next=wanted)
        assert enter(client, sent_code()).headers["Location"] == "/"

    def test_session__gets_a_new_key_and_the_pending_step_is_gone(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        before = client.session.session_key
        enter(client, sent_code())
        assert client.session.session_key != before
        assert "sign_in" not in client.session

    def test_code__serves_once(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        code = sent_code()
        enter(client, code)
        other = Client()
        session = other.session
        session["sign_in"] = {"code": str(OneTimeSecret.objects.get().pk)}
        session.save()
        assert enter(other, code).status_code == 422
        assert not is_signed_in(other)

    def test_code__belongs_to_the_browser_that_asked(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        other = Client()
        assert enter(other, sent_code()).headers["Location"] == "/sign-in/"
        assert not is_signed_in(other)

    def test_code__ends_after_ten_minutes(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        code = sent_code()
        with clock.at(make.MORNING + timedelta(minutes=10)):
            page = enter(client, code)
        assert page.status_code == 422
        assert "no longer valid" in page.content.decode()

    def test_code__ends_after_five_wrong_ones(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        code = sent_code()
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        for _n in range(5):
            assert "not the code we sent" in enter(client, wrong).content.decode()
        assert "no longer valid" in enter(client, code).content.decode()
        assert not is_signed_in(client)
        assert outcomes() == ["code_asked"] + ["code_wrong"] * 5

    def test_new_code__replaces_the_old_one(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        old = sent_code()
        client.post("/sign-in/code/new")
        new = sent_code()
        assert SentMessage.objects.count() == 2
        if old != new:
            assert enter(client, old).status_code == 422
        assert enter(client, new).status_code == 302

    def test_code_typed_with_a_space__is_the_code(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        code = sent_code()
        assert enter(client, f"{code[:3]} {code[3:]}").status_code == 302

    def test_closed_account__does_not_sign_in_and_its_session_ends(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        enter(client, sent_code())
        assert client.get("/phone").status_code == 200
        User.objects.filter(pk=person.user_id).update(is_active=False)
        assert client.get("/phone").status_code == 302
        other = Client()
        ask(other, person.iin)
        secrets.hand_over()
        assert SentMessage.objects.count() == 1

    @pytest.mark.parametrize("language", ["kk", "ru", "en"])
    def test_message__is_written_in_the_language_of_the_page(
        self, client: Client, person: Person, language: str
    ) -> None:
        client.post("/sign-in/", {"iin": person.iin}, HTTP_ACCEPT_LANGUAGE=language)
        code = sent_code()
        text = SentMessage.objects.get().text
        start = {
            "kk": f"Tirek: кіру коды — {code}",
            "ru": f"Tirek: {code} — код для входа",
            "en": f"Tirek: {code} is your code",
        }
        assert text.startswith(start[language])


class TestUnknown:
    def test_answer__is_the_same_for_known_unknown_and_phoneless(self, person: Person) -> None:
        nobody = make.person(phone="")
        pages, counts, wrongs = set(), set(), set()
        for iin in (person.iin, UNKNOWN, nobody.iin):
            client = Client()
            client.get("/sign-in/")
            with CaptureQueriesContext(connection) as asked:
                answer = ask(client, iin)
            counts.add(len(asked))
            pages.add(
                (
                    answer.status_code,
                    answer.headers["Location"],
                    without_tokens(client.get("/sign-in/code", HTTP_ACCEPT_LANGUAGE="en")),
                )
            )
            with CaptureQueriesContext(connection) as checked:
                refused = enter(client, "000000")
            wrongs.add((refused.status_code, without_tokens(refused), len(checked)))
        assert len(pages) == 1
        assert len(counts) == 1
        assert len(wrongs) == 1

    def test_nobody__gets_a_message(self, client: Client) -> None:
        ask(client, UNKNOWN)
        assert secrets.hand_over() == 1
        assert not SentMessage.objects.exists()
        assert OneTimeSecret.objects.get().message is None

    def test_right_guess_for_an_unknown_iin__opens_nothing(self, client: Client) -> None:
        ask(client, UNKNOWN)
        row = OneTimeSecret.objects.get()
        OneTimeSecret.objects.filter(pk=row.pk).update(secret_hash=codes.hash_of("accounts.code", row.pk, "123456"))
        assert enter(client, "123456").status_code == 422
        assert not is_signed_in(client)

    def test_mistyped_iin__is_told_at_once(self, client: Client) -> None:
        page = ask(client, "123")
        assert page.status_code == 422
        assert "An IIN has 12 digits." in page.content.decode()
        assert not OneTimeSecret.objects.exists()

    def test_journal__does_not_tell_whose_iin_was_tried(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        enter(client, sent_code())
        told = str(list(SignInEvent.objects.values())) + str(list(OneTimeSecret.objects.values()))
        assert person.iin not in told

    def test_journal__is_written_once(self, client: Client) -> None:
        ask(client, UNKNOWN)
        for act in (lambda: SignInEvent.objects.update(outcome="x"), lambda: SignInEvent.objects.all().delete()):
            with pytest.raises(Exception, match="append-only"), transaction.atomic():
                act()


class TestLimits:
    @pytest.mark.parametrize("known", [True, False])
    def test_codes__for_one_iin_from_one_place_are_three_in_ten_minutes(
        self, client: Client, person: Person, known: bool
    ) -> None:
        iin = person.iin if known else UNKNOWN
        assert [ask(client, iin).status_code for _n in range(4)] == [302, 302, 302, 429]
        assert outcomes()[-1] == "limited"
        with clock.at(make.MORNING + timedelta(minutes=10)):
            assert ask(client, iin).status_code == 302

    def test_limit__says_when_to_try_again(self, client: Client, person: Person) -> None:
        for _n in range(3):
            ask(client, person.iin)
        page = ask(client, person.iin)
        assert page.headers["Retry-After"] == "600"
        assert "Try again in 10 minutes." in page.content.decode()

    @pytest.mark.finding("J-minor-sign-in")
    def test_limit__tells_the_ways_that_are_left(self, client: Client, person: Person) -> None:
        for _n in range(3):
            ask(client, person.iin)
        page = ask(client, person.iin).content.decode()
        assert "that code is still valid" in page
        assert 'href="/sign-in/code"' in page
        assert "office of your district" in page
        assert enter(client, sent_code()).status_code == 302

    def test_codes__for_one_iin_from_many_places_are_six_an_hour(self, person: Person) -> None:
        statuses = [
            Client(REMOTE_ADDR=f"10.0.0.{n}").post("/sign-in/", {"iin": person.iin}).status_code for n in range(7)
        ]
        assert statuses == [302] * 6 + [429]

    def test_new_code__counts_like_the_first(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        statuses = [client.post("/sign-in/code/new", HTTP_ACCEPT_LANGUAGE="en").status_code for _n in range(3)]
        assert statuses == [302, 302, 429]

    def test_one_address__cannot_try_people_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", (limits.Limit(5, timedelta(hours=1)),))
        numbers = [synthetic_iin(date(1950, 5, 5), Sex.MALE, n).digits for n in range(6)]
        assert [Client().post("/sign-in/", {"iin": one}).status_code for one in numbers] == [302] * 5 + [429]

    def test_address__is_the_one_that_our_own_proxy_saw(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", (limits.Limit(1, timedelta(hours=1)),))
        numbers = iter(synthetic_iin(date(1950, 5, 5), Sex.MALE, n).digits for n in range(9))

        def tried(forwarded: str) -> int:
            return Client().post("/sign-in/", {"iin": next(numbers)}, HTTP_X_FORWARDED_FOR=forwarded).status_code

        with override_settings(TIREK_PROXIES=1):
            assert [tried("6.6.6.6, 1.1.1.1"), tried("7.7.7.7, 1.1.1.1"), tried("6.6.6.6, 2.2.2.2")] == [302, 429, 302]
        assert [tried("8.8.8.8"), tried("9.9.9.9")] == [302, 429]


class TestHandingOver:
    def test_message_that_does_not_leave__is_not_repeated_and_stops_nobody(
        self, client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = make.person()
        ask(client, person.iin)
        ask(Client(), other.iin)
        real, seen = messaging.send, []

        def send(message: messaging.ShortMessage) -> None:
            seen.append(message.user_id)
            if len(seen) == 1:
                raise messaging.Undeliverable("no")
            real(message)

        monkeypatch.setattr(messaging, "send", send)
        assert secrets.hand_over() == 2
        assert secrets.hand_over() == 0
        assert seen == [person.user_id, other.user_id]
        assert SentMessage.objects.count() == 1

    def test_late_code__is_not_sent_any_more(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        with clock.at(make.MORNING + timedelta(minutes=11)):
            secrets.hand_over()
        assert not SentMessage.objects.exists()

    def test_old_secrets__are_deleted_a_day_after_their_end(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        with clock.at(make.MORNING + timedelta(hours=24)):
            assert retention.run()["retention.one_time_secrets"] == 0
        with clock.at(make.MORNING + timedelta(days=1, minutes=11)):
            assert retention.run()["retention.one_time_secrets"] == 1


class TestSession:
    def test_shared_computer__is_remembered_in_the_session(self, client: Client, person: Person) -> None:
        ask(client, person.iin, shared="on")
        enter(client, sent_code())
        assert client.session[SHARED] is True
        assert 'data-shared="true"' in client.get("/phone").content.decode()
        assert "data-store-key" not in client.get("/phone").content.decode()

    def test_own_computer__gets_the_key_of_its_store(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        enter(client, sent_code())
        assert "data-store-key" in client.get("/phone").content.decode()

    @pytest.mark.parametrize(("address", "ticked"), [("10.20.0.7", True), ("10.21.0.7", False)])
    def test_counter__has_the_box_ticked(self, address: str, ticked: bool) -> None:
        with override_settings(TIREK_COUNTER_NETWORKS=("10.20.0.0/16",)):
            page = Client(REMOTE_ADDR=address).get("/sign-in/").content.decode()
        box = re.search(r'<input[^>]*name="shared"[^>]*>', page)
        assert box is not None
        assert ("checked" in box.group()) is ticked

    def test_sign_out__ends_the_session_and_wipes_the_browsers_store(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        enter(client, sent_code())
        assert client.get("/sign-out")["Location"] == "/"
        assert is_signed_in(client), "who only opens the address stays signed in"
        page = client.post("/sign-out", follow=True)
        assert "data-wipe-store" in page.content.decode()
        assert not is_signed_in(client)
        assert outcomes()[-1] == "signed_out"

    def test_sign_in_page__sends_on_who_is_signed_in(self, client: Client, person: Person) -> None:
        ask(client, person.iin)
        enter(client, sent_code())
        assert client.get("/sign-in/?next=/help").headers["Location"] == "/help"

    def test_pages__are_never_cached(self, client: Client) -> None:
        for address in ("/sign-in/", "/sign-in/staff", "/signed-out"):
            assert "no-store" in client.get(address).headers["Cache-Control"]


@pytest.mark.finding("I-24")
def test_code_of_an_earlier_message__is_named_so_and_is_no_try(client: Client, person: Person) -> None:
    ask(client, person.iin)
    first = sent_code()
    with clock.at(make.MORNING + timedelta(minutes=1)):
        client.post("/sign-in/code/new")
        second = sent_code()
        assert first != second
        for _time in range(codes.MAX_TRIES + 1):
            page = enter(client, first).content.decode()
            assert "earlier message" in page
            assert "09:01" in page
        assert enter(client, f"{second[:3]}-{second[3:]}").status_code == 302


@pytest.mark.finding("I-23")
def test_what_is_no_code__is_no_try(client: Client, person: Person) -> None:
    ask(client, person.iin)
    code = sent_code()
    for typed in ("12345", "абвгде", "1234567"):
        for _time in range(2):
            assert enter(client, typed).status_code == 422
    assert enter(client, f"\u200b{code}\u200b").status_code == 302
