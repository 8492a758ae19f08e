"""What turns money or the power over accounts is done by who has confirmed a short while ago who they are."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from tests import factories as make
from tests.kit.filling import forms_of
from tests.kit.pages import open_page, read
from tests.kit.sign_in import signed_in

from tirek.accounts import confirming
from tirek.accounts.actions import factors
from tirek.accounts.confirming import Act
from tirek.accounts.limits import Origin
from tirek.accounts.models import SignInEvent, User
from tirek.core import clock
from tirek.organisations.models import Membership
from tirek.suppliers.models import BankAccount, Supplier

pytestmark = [pytest.mark.django_db, pytest.mark.finding("A-confirmed")]
PASSWORD: Final = "four words put together"
ACCOUNT: Final = "/supply/account"
DETAILS: Final = {"iban": "KZ86 125K ZT50 0410 0100", "bank": "Банк «Алтын»", "bic": "KKMFKZ2A", "kbe": "17"}
LATER: Final = make.MORNING + timedelta(minutes=16)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with override_settings(DEMO=False), clock.at(make.MORNING):
        yield


@pytest.fixture
def supplier() -> Supplier:
    return make.supplier()


@pytest.fixture
def member(supplier: Supplier) -> Membership:
    return make.member(supplier.organisation, "supplier_manager")


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def with_app(member: Membership) -> str:
    secret = factors.new_app_secret()
    before = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 - 1))
    factors.enrol_app(user=member.user, secret=secret, code=before, origin=Origin(address="10.0.0.1", device=""))
    return secret


def with_password(member: Membership) -> Membership:
    member.user.set_password(PASSWORD)
    member.user.save()
    return member


def stands(browser: Client, address: str) -> dict[str, str]:
    """What stands in the form of a page, by field."""
    found = next(one for one in forms_of(open_page(browser, address), address) if len(one.fields) > 2)
    return {name: one.values[0] if one.values else "" for name, one in found.fields.items()}


def asked(browser: Client, address: str, given: dict[str, str]) -> str:
    """Where somebody is led who is to confirm first."""
    answer = browser.post(address, given)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("accounts:confirm"))
    return answer.headers["Location"]


def test_account__of_a_supplier_is_not_changed_by_a_session_that_confirmed_long_ago(
    member: Membership, supplier: Supplier
) -> None:
    browser = signed_in(with_password(member))
    with clock.at(LATER):
        asked(browser, ACCOUNT, DETAILS)
        assert not BankAccount.objects.filter(supplier=supplier).exists()
        # a confirmation that is not given opens nothing, however often the form is sent
        asked(browser, ACCOUNT, DETAILS)
    assert not BankAccount.objects.filter(supplier=supplier).exists()


def test_account__is_changed_without_asking_while_the_confirmation_is_young(
    member: Membership, supplier: Supplier
) -> None:
    browser = signed_in(member)
    with clock.at(make.MORNING + timedelta(minutes=15)):
        assert browser.post(ACCOUNT, DETAILS).headers["Location"] == ACCOUNT
    assert BankAccount.objects.get(supplier=supplier).iban == "KZ86125KZT5004100100"


@pytest.mark.parametrize("way", ["app", "password"])
def test_what_was_typed__stands_in_the_form_after_confirming_and_is_sent_then(
    member: Membership, supplier: Supplier, way: str
) -> None:
    secret = with_app(member) if way == "app" else ""
    browser = signed_in(with_password(member))
    with clock.at(LATER):
        page = asked(browser, ACCOUNT, DETAILS)
        shown = open_page(browser, page)
        assert "You are changing the bank details" in shown.text
        right = {"way": "totp", "code": code_of(secret)} if way == "app" else {"password": PASSWORD}
        before = browser.session.session_key
        done = browser.post(page, {"next": ACCOUNT, **right})
        assert done.headers["Location"] == ACCOUNT
        assert browser.session.session_key != before
        assert not BankAccount.objects.filter(supplier=supplier).exists(), "the person presses, not the page"
        assert "Now press the button once more." in open_page(browser, ACCOUNT).text
        form = stands(browser, ACCOUNT)
        assert {name: form[name] for name in DETAILS} == DETAILS
        assert browser.post(ACCOUNT, DETAILS).headers["Location"] == ACCOUNT
        assert BankAccount.objects.get(supplier=supplier).bank == "Банк «Алтын»"
        assert stands(browser, ACCOUNT)["iban"] != DETAILS["iban"], "kept only until it is sent"


def test_what_was_typed__stands_on_its_own_page_only_and_not_for_long(member: Membership) -> None:
    browser = signed_in(with_password(member))
    with clock.at(LATER):
        asked(browser, ACCOUNT, DETAILS)
        assert stands(browser, f"{ACCOUNT}?x=1")["bank"] == ""
        assert stands(browser, ACCOUNT)["bank"] == DETAILS["bank"]
    with clock.at(LATER + timedelta(minutes=16)):
        assert stands(browser, ACCOUNT)["bank"] == ""


def test_what_was_typed__lies_sealed_in_the_session(member: Membership) -> None:
    browser = signed_in(with_password(member))
    with clock.at(LATER):
        asked(browser, ACCOUNT, DETAILS)
    kept = Session.objects.get(session_key=browser.session.session_key).get_decoded()[confirming.KEPT]
    assert "125K" not in str(kept)
    assert "125K" in confirming.decrypt(kept["form"].encode()).decode()


def test_wrong_answer__is_refused_and_tries_are_limited_as_at_sign_in(member: Membership, supplier: Supplier) -> None:
    with_app(member)
    browser = signed_in(with_password(member))
    with clock.at(LATER):
        page = asked(browser, ACCOUNT, DETAILS)
        wrong = [browser.post(page, {"way": "totp", "code": "000000"}).status_code for _n in range(6)]
        assert wrong == [422] * 5 + [429]
        assert browser.post(page, {"password": PASSWORD}).status_code != 302, "a password is no second step"
        asked(browser, ACCOUNT, DETAILS)
    assert list(SignInEvent.objects.values_list("outcome", flat=True)).count("factor_wrong") == 5


def test_wrong_password__counts_with_those_of_signing_in(member: Membership) -> None:
    browser = signed_in(with_password(member))
    name = member.user.email or member.user.iin or ""
    assert name
    with clock.at(LATER):
        page = asked(browser, ACCOUNT, DETAILS)
        shown = browser.post(page, {"password": "wrong"}, headers={"Accept-Language": "ru"})
        assert shown.status_code == 422
        assert "Это не пароль вашей учётной записи" in read(shown).text
        for _n in range(9):
            browser.post(page, {"password": "wrong"})
        assert browser.post(page, {"password": PASSWORD}).status_code == 429
        assert Client().post("/sign-in/staff", {"name": name, "password": PASSWORD}).status_code == 429


def test_who_has_neither_password_nor_device__is_told_what_to_do(member: Membership) -> None:
    User.objects.filter(pk=member.user_id).update(password="!")
    browser = signed_in(User.objects.get(pk=member.user_id), membership=str(member.pk))
    with clock.at(LATER):
        page = browser.get(asked(browser, ACCOUNT, DETAILS))
        assert page.status_code == 403
        assert "Ask an administrator" in read(page).text


def test_session_of_a_code_to_the_phone__has_confirmed_nothing(member: Membership) -> None:
    browser = signed_in(with_password(member), factor=False)
    with override_settings(DEMO=True):
        asked(browser, ACCOUNT, DETAILS)


def test_acts_of_weight__are_these() -> None:
    found = {}
    for space, (_prefix, resolver) in get_resolver().namespace_dict.items():
        for pattern in resolver.url_patterns:
            act = getattr(pattern.callback, confirming.ACT, None)
            if act is not None:
                found[f"{space}:{pattern.name}"] = act
    assert found == {
        "suppliers:account": Act.BANK_DETAILS,
        "manage:supplier-account": Act.BANK_DETAILS,
        "manage:invite": Act.ROLE,
        "manage:give-role": Act.ROLE,
        "manage:reset-factors": Act.SECOND_STEP,
        "manage:import-run": Act.IMPORT,
    }


class TestAdministrator:
    @pytest.fixture
    def admin(self) -> Client:
        return signed_in(with_password(make.member(make.organisation("centre"), "admin")))

    def confirm(self, browser: Client, page: str) -> str:
        sent = stands(browser, page) | {"password": PASSWORD}
        return str(browser.post(reverse("accounts:confirm"), sent).headers["Location"])

    def test_invitation__goes_on_with_what_was_typed(self, admin: Client) -> None:
        office = make.organisation("local_body_district")
        address = f"/manage/organisations/{office.pk}/invite"
        given = {"name": "Серікова Айжан", "email": "aizhan@example.kz", "language": "ru", "role": "officer"}
        given |= {"since_day": "9", "since_month": "11", "since_year": "2026"}
        with clock.at(LATER):
            page = asked(admin, address, given)
            assert not Membership.objects.filter(organisation=office).exists()
            assert self.confirm(admin, page) == address
            form = stands(admin, address)
            assert (form["name"], form["email"]) == ("Серікова Айжан", "aizhan@example.kz")
            assert admin.post(address, given).status_code == 302
        assert Membership.objects.get(organisation=office).user.email == "aizhan@example.kz"

    def test_role__is_given_after_confirming_in_the_organisation_that_was_chosen(self, admin: Client) -> None:
        office = make.organisation("local_body_district")
        other = make.member(make.organisation("centre"), "analyst")
        address = f"/manage/users/{other.user_id}/roles?organisation={office.pk}"
        given = {"role": "officer", "since_day": "9", "since_month": "11", "since_year": "2026"}
        with clock.at(LATER):
            page = asked(admin, address, given)
            assert self.confirm(admin, page) == address
            assert stands(admin, address)["since_day"] == "9"
            assert admin.post(address, given).status_code == 302
        assert Membership.objects.filter(organisation=office, user=other.user_id).exists()

    def test_second_step_of_another__is_taken_off_after_confirming(self, admin: Client) -> None:
        other = make.member(make.organisation("centre"), "analyst")
        with_app(other)
        address = f"/manage/users/{other.user_id}/second-step"
        with clock.at(LATER):
            page = asked(admin, address, {})
            assert factors.factors_of(other.user) == {factors.APP}
            assert self.confirm(admin, page) == address
            assert "Remove the second-step devices?" in open_page(admin, address).text
            admin.post(address)
        assert factors.factors_of(other.user) == frozenset()
