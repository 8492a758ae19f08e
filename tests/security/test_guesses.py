"""Guessing, repeating and flooding: codes to sign in, codes at the door, codes to sign, passwords, links; and two at
the same moment.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client, override_settings
from tests import factories as make
from tests.orders.declared import handed_over
from tests.security.attack import World, signed_in

from tirek.accounts import limits
from tirek.accounts.actions import passwords, secrets
from tirek.accounts.limits import Origin
from tirek.accounts.models import OneTimeSecret, SignInEvent, User
from tirek.core import clock, signing
from tirek.core.database.ratelimit import Limit
from tirek.core.errors import DomainError, TooMany
from tirek.core.identifiers import Iin
from tirek.core.signing import codes, messaging
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.people.actions import withdraw_consent
from tirek.people.models import Consent

HERE = Origin(address="10.0.0.1", device="")


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def known_code(iin: str, code: str = "123456", *, place: Origin = HERE) -> UUID:
    """A code was asked for, and the test knows it."""
    key = secrets.ask_code(iin=Iin(iin), origin=place)
    OneTimeSecret.objects.filter(pk=key).update(secret_hash=codes.hash_of("accounts.code", key, code))
    return key


@pytest.mark.django_db
class TestCodes:
    def test_code__guessed_from_many_sessions_and_places_is_gone_after_five(self) -> None:
        key = known_code(make.person().iin)
        for n in range(5):
            browser = Client(REMOTE_ADDR=f"10.7.0.{n}")
            browser.get("/sign-in/")
            session = browser.session
            session["sign_in"] = {"code": str(key)}
            session.save()
            assert browser.post("/sign-in/code", {"code": f"00000{n}"}).status_code == 422
        with pytest.raises(secrets.CodeGone):
            secrets.use_code(key=key, typed="123456", origin=HERE)

    def test_code_of_one_person__does_not_sign_in_another(self) -> None:
        mine, other = known_code(make.person().iin, "111111"), known_code(make.person().iin, "222222")
        with pytest.raises(secrets.WrongCode):
            secrets.use_code(key=other, typed="111111", origin=HERE)
        assert mine != other

    def test_new_code__ends_the_one_before(self) -> None:
        old = known_code(make.person().iin)
        secrets.ask_code_again(key=old, origin=HERE)
        with pytest.raises(secrets.CodeGone):
            secrets.use_code(key=old, typed="123456", origin=HERE)

    def test_code_to_sign_in__is_no_link_to_set_a_password(self) -> None:
        key = known_code(make.person().iin)
        assert Client().get(f"/sign-in/password/{key}/123456").status_code == 404

    def test_forwarded_address__that_no_proxy_of_ours_wrote_changes_no_limit(self) -> None:
        iin = make.person().iin
        statuses = [
            Client().post("/sign-in/", {"iin": iin}, headers={"X-Forwarded-For": f"6.6.6.{n}"}).status_code
            for n in range(4)
        ]
        assert statuses == [302, 302, 302, 429]

    def test_network_of_one_subscriber__is_one_place(self) -> None:
        iin = make.person().iin
        statuses = [
            Client(REMOTE_ADDR=f"2001:db8:1:2::{n}").post("/sign-in/", {"iin": iin}).status_code for n in range(4)
        ]
        assert statuses == [302, 302, 302, 429]
        assert Client(REMOTE_ADDR="2001:db8:1:3::1").post("/sign-in/", {"iin": iin}).status_code == 302
        assert limits.net_of("::ffff:10.0.0.1") == limits.net_of("10.0.0.1")

    def test_one_iin_written_in_other_ways__is_one_name_for_the_limit_on_passwords(self) -> None:
        iin = make.person().iin
        ways = [
            iin,
            f" {iin}",
            f"{iin[:6]} {iin[6:]}",
            f"{iin[:6]}-{iin[6:]}",
            *[f"{iin[:n]} {iin[n:]}" for n in range(1, 9)],
        ]
        statuses = [Client().post("/sign-in/staff", {"name": one, "password": "wrong"}).status_code for one in ways]
        assert statuses == [422] * 10 + [429] * 2


@pytest.mark.django_db
class TestAnswers:
    def test_known_and_unknown_people__get_the_same_pages_and_cost_the_same(self) -> None:
        known, blocked, silent = make.person(), make.person(), make.person()
        User.objects.filter(iin=blocked.iin).update(is_active=False)
        User.objects.filter(iin=silent.iin).update(phone="")
        seen = set()
        for iin in (known.iin, blocked.iin, silent.iin, "500505300014"):
            browser = Client(REMOTE_ADDR=f"10.8.0.{len(iin)}")
            pages = [
                browser.post("/sign-in/", {"iin": iin}),
                browser.get("/sign-in/code"),
                browser.post("/sign-in/code", {"code": "000000"}),
            ]
            text = [page.content.replace(browser.cookies["tirek_csrf"].value.encode(), b"") for page in pages]
            seen.add(tuple((page.status_code, len(one) // 100) for page, one in zip(pages, text, strict=True)))
        assert len(seen) == 1, seen

    def test_names_and_passwords__fail_alike(self) -> None:
        User.objects.create_user(email="staff@example.kz", password="four words put together")
        pages = {
            Client().post("/sign-in/staff", {"name": name, "password": "x"}).status_code
            for name in ("staff@example.kz", "no@example.kz")
        }
        assert pages == {422}
        assert set(SignInEvent.objects.values_list("outcome", flat=True)) == {"password_wrong"}


@pytest.mark.django_db
class TestLimitsAsTheyAreShipped:
    @override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    )  # a hundred slow ones would take a minute
    def test_password_of_one_account__is_tried_a_hundred_times_a_day_from_all_places_together(self) -> None:
        name, right = "staff@example.kz", "four words put together"
        User.objects.create_user(email=name, password=right)
        for n in range(100):
            with pytest.raises(passwords.WrongPassword):
                passwords.check_password(name=name, password="wrong", origin=Origin(f"10.9.{n // 10}.1", device=""))
        fresh = Origin("10.10.0.1", device="")
        for late in (timedelta(), timedelta(hours=23, minutes=59)):
            with clock.at(make.MORNING + late), pytest.raises(TooMany):
                passwords.check_password(name=name, password=right, origin=fresh)
        with clock.at(make.MORNING + timedelta(days=1)):
            assert passwords.check_password(name=name, password=right, origin=fresh).email == name

    @pytest.mark.finding("A-A7", "I-28")
    def test_one_address__tries_a_thousand_accounts_an_hour_without_success_and_no_more(self) -> None:
        names = [f"{n:012d}" for n in range(1001)]
        for name in names[:1000]:
            limits.count("sign_in.code", name, HERE)
        for late in (timedelta(), timedelta(minutes=59)):
            with clock.at(make.MORNING + late), pytest.raises(TooMany):
                limits.count("sign_in.code", names[1000], HERE)
        limits.count("sign_in.code", names[1000], Origin("10.0.0.2", device=""))
        with clock.at(make.MORNING + timedelta(hours=1)):
            limits.count("sign_in.code", names[1000], HERE)

    @pytest.mark.finding("A-A7", "I-28")
    def test_town_behind_one_address__signs_in_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "FROM_ONE_ADDRESS", (Limit(3, timedelta(hours=1)),))
        for _n in range(8):
            key = known_code(make.person().iin)
            assert secrets.use_code(key=key, typed="123456", origin=HERE).is_active
        for _n in range(3):  # who does not come in counts
            known_code(make.person().iin)
        with pytest.raises(TooMany):
            known_code(make.person().iin)

    @pytest.mark.finding("R-L2")
    def test_wrong_codes_of_one_address__are_counted_over_all_people(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "WRONG_FROM_ONE_ADDRESS", (Limit(4, timedelta(hours=1)),))
        for n in range(4):
            key = known_code(make.person().iin, place=Origin(f"10.5.0.{n}", ""))
            assert secrets.use_code(key=key, typed="123456", origin=HERE).is_active  # right ones do not count
        for n in range(4):
            key = known_code(make.person().iin, place=Origin(f"10.6.0.{n}", ""))
            with pytest.raises(secrets.WrongCode):
                secrets.use_code(key=key, typed="000000", origin=HERE)
        key = known_code(make.person().iin)
        with pytest.raises(TooMany):  # not even the right one is looked at: it may be a guess
            secrets.use_code(key=key, typed="123456", origin=HERE)
        assert limits.wrong_of_the_last_hour() == 4
        assert secrets.use_code(key=key, typed="123456", origin=Origin("10.5.0.9", "")).is_active


@pytest.mark.django_db
class TestNobodyIsLockedOut:
    """A stranger who asks for codes or tries passwords uses up the limits of strangers, not those of a known device."""

    @pytest.mark.finding("R-M1")
    def test_device_that_has_signed_in__still_gets_its_code(self) -> None:
        iin, own = make.person().iin, Origin("10.1.0.1", device="d" * 64)
        secrets.use_code(key=known_code(iin, place=own), typed="123456", origin=own)
        for n in range(5):
            known_code(iin, place=Origin(f"10.2.0.{n}", device=""))
        with pytest.raises(TooMany):
            known_code(iin, place=Origin("10.2.1.1", device="e" * 64))
        assert secrets.use_code(key=known_code(iin, place=own), typed="123456", origin=own).iin == iin
        for _n in range(2):
            known_code(iin, place=own)
        with pytest.raises(TooMany):  # and has a limit too
            known_code(iin, place=own)

    @pytest.mark.finding("R-M1")
    def test_officer__with_the_right_password_comes_in_while_strangers_try(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(limits, "PASSWORDS_ANYWHERE", (Limit(5, timedelta(days=1)),))
        name, right = "officer@example.kz", "four words put together"
        User.objects.create_user(email=name, password=right)
        own = Origin("10.1.0.1", device="d" * 64)
        for _n in range(12):  # right passwords do not use up what is there for wrong ones
            passwords.check_password(name=name, password=right, origin=own)
        for n in range(5):
            with pytest.raises(passwords.WrongPassword):
                passwords.check_password(name=name, password="wrong", origin=Origin(f"10.3.0.{n}", device=""))
        with pytest.raises(TooMany):
            passwords.check_password(name=name, password=right, origin=Origin("10.3.1.1", device=""))
        assert passwords.check_password(name=name, password=right, origin=own).email == name

    @pytest.mark.finding("R-M1")
    def test_device_of_another_person__is_no_known_one(self) -> None:
        own, other = make.person(), make.person()
        device = Origin("10.1.0.1", device="d" * 64)
        secrets.use_code(key=known_code(own.iin, place=device), typed="123456", origin=device)
        assert limits.is_known(limits.identifier_of(own.iin), device)
        assert not limits.is_known(limits.identifier_of(other.iin), device)
        with clock.at(make.MORNING + limits.KNOWN_FOR + timedelta(seconds=1)):
            assert not limits.is_known(limits.identifier_of(own.iin), device)

    @pytest.mark.finding("R-M1")
    def test_browser__is_known_from_its_first_sign_in_on(self) -> None:
        person, browser = make.person(), Client()
        browser.get("/sign-in/")
        browser.post("/sign-in/", {"iin": person.iin})
        key = UUID(browser.session["sign_in"]["code"])
        OneTimeSecret.objects.filter(pk=key).update(secret_hash=codes.hash_of("accounts.code", key, "123456"))
        assert browser.post("/sign-in/code", {"code": "123456"}).status_code == 302
        for n in range(5):
            known_code(person.iin, place=Origin(f"10.2.0.{n}", device=""))
        browser.post("/sign-out")
        assert browser.post("/sign-in/", {"iin": person.iin}).status_code == 302
        assert Client(REMOTE_ADDR="10.2.1.1").post("/sign-in/", {"iin": person.iin}).status_code == 429


@pytest.mark.django_db
class TestDoorAndSignature:
    def test_door_code__cannot_be_guessed_in_the_time_of_an_order(self) -> None:
        world = World()
        order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
        right = door_code_for(world.actor, order)
        wrong = f"{(int(right) + 1) % 1_000_000:06d}"
        tried = 0
        for hour in range(100):
            with clock.at(make.MORNING + timedelta(hours=hour, minutes=1)):
                for _n in range(6):
                    try:
                        actions.check_door_code(actor=world.supplier_actor, order=order, code=wrong)
                    except TooMany:
                        break
                    except DomainError:
                        tried += 1
        assert 10 < tried <= 20

    def test_door_code__is_shown_to_the_supplier_on_no_page(self) -> None:
        world = World()
        order = actions.accept_order(actor=world.supplier_actor, order=world.order(3), ready_on=clock.today())
        code = door_code_for(world.actor, order)
        pages = [signed_in(actor).get(address) for actor, address in (
            (world.supplier_actor, f"/supply/orders/{order.number}"),
            (world.officer, f"/office/orders/{order.number}"),
        )]  # fmt: skip
        assert [code in page.content.decode() for page in pages] == [False, False]
        assert code in signed_in(world.actor).get(f"/orders/{order.number}").content.decode()

    def test_codes_to_sign__are_twenty_a_day_at_most(self, monkeypatch: pytest.MonkeyPatch) -> None:
        world, sent = World(), list[messaging.ShortMessage]()
        monkeypatch.setattr(messaging, "send", sent.append)
        document = signing.Document("p", "order", world.placed.pk, "text", "1", "en")
        signer = signing.Signer(world.actor.account, phone="+77011234567")
        for hour in range(12):
            with clock.at(make.MORNING + timedelta(hours=hour, minutes=hour)):
                for _n in range(6):
                    try:
                        signing.request_code(world.actor, document, signer)
                    except TooMany:
                        break
        assert 10 < len(sent) <= 20

    def test_code_for_one_receipt__signs_no_other(self) -> None:
        world = World()
        other = handed_over(world)
        asked = signing.Signature.objects.none()
        client = signed_in(world.actor)
        client.post(f"/orders/{world.delivered.number}/confirm", {"step": "ask"})
        asked = signing.Signature.objects.filter(case_id=world.delivered.pk)
        key = str(asked.get().pk)
        answer = client.post(f"/orders/{other.number}/confirm", {"step": "sign", "asked": key, "code": "123456"})
        assert answer.status_code == 422
        assert Order.objects.get(pk=other.pk).state == Order.State.AWAITING_CONFIRMATION


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """What came of tasks that began at the same moment: a value, or the refusal."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        try:
            with clock.at(make.MORNING):
                gate.wait(timeout=20)
                return task()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as threads:
        return [one.result() for one in [threads.submit(run, task) for task in tasks]]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_code__signs_in_once(self) -> None:
        key = known_code(make.person().iin)
        came = at_once(*[lambda: secrets.use_code(key=key, typed="123456", origin=HERE)] * 4)
        assert sum(isinstance(one, User) for one in came) == 1

    def test_one_link__sets_one_password(self) -> None:
        user = User.objects.create_user(email="staff@example.kz", password="four words put together")
        with override_settings(DEMO=False):
            passwords.ask_link(name="staff@example.kz", origin=HERE)
        row = OneTimeSecret.objects.get(user=user)
        OneTimeSecret.objects.filter(pk=row.pk).update(secret_hash=codes.hash_of("accounts.link", row.pk, "known"))
        tries = [
            lambda n=n: passwords.set_password(
                key=row.pk, secret="known", password=f"one of {n} four words", origin=HERE
            )
            for n in range(2)
        ]
        assert sum(isinstance(one, User) for one in at_once(*tries)) == 1

    def test_guesses_at_once__are_five_like_guesses_one_by_one(self) -> None:
        key = known_code(make.person().iin)
        came = at_once(*[lambda: secrets.use_code(key=key, typed="000000", origin=HERE)] * 10)
        assert sum(isinstance(one, secrets.WrongCode) for one in came) == 5

    def test_codes_asked_for_at_once__are_three(self) -> None:
        iin = Iin(make.person().iin)
        came = at_once(*[lambda: secrets.ask_code(iin=iin, origin=HERE)] * 8)
        assert sum(isinstance(one, UUID) for one in came) == 3

    def test_two_clicks_of_a_supplier__accept_or_decline_but_not_both(self) -> None:
        shop = make.Shop()
        order = shop.order(3)
        came = at_once(
            lambda: actions.accept_order(actor=shop.supplier_actor, order=order, ready_on=clock.today()),
            lambda: actions.decline_order(
                actor=shop.supplier_actor, order=Order.objects.get(pk=order.pk), reason="capacity"
            ),
        )
        assert sum(isinstance(one, Order) for one in came) == 1

    def test_consent_withdrawn_twice__is_withdrawn_once(self) -> None:
        shop = make.Shop()
        shop.order(3)
        consent = Consent.objects.filter(person=shop.person)[0]
        at_once(*[lambda: withdraw_consent(actor=shop.actor, consent=Consent.objects.get(pk=consent.pk))] * 2)
        assert Consent.objects.get(pk=consent.pk).withdrawn_at == clock.now()
