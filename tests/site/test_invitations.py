"""Organisations and staff enter an installation by the administrator's pages: found by name, invited by e-mail."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.test import Client
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.sign_in import signed_in
from tests.kit.together import FREE, at_once, meeting

from tirek.accounts.actions import passwords, secrets
from tirek.accounts.actions.passwords import invitation_days
from tirek.accounts.limits import Origin
from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.identifiers import check_digit
from tirek.notices.models import Notice, SentMessage
from tirek.organisations.actions import end_membership
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.queries import officers_in
from tirek.suppliers.models import Supplier
from tirek.ui import addresses

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-A2")]
NUMBER = f"20014000123{check_digit('20014000123')}"
PASSWORD = "four words put together"
TODAY = {"since_day": "9", "since_month": "11", "since_year": "2026"}


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def admin() -> Client:
    return signed_in(make.member(make.organisation("centre"), "admin"))


@pytest.fixture
def office() -> Organisation:
    return make.organisation("local_body_district")


def invite(admin: Client, place: Organisation, **changes: str) -> Client:
    given = {"name": "Серікова Айжан", "email": "Aizhan@example.kz", "language": "ru", "role": "officer", **TODAY}
    done = admin.post(f"/manage/organisations/{place.pk}/invite", given | changes)
    assert done.status_code == 302, read(done).errors
    return admin


def link() -> str:
    secrets.hand_over()
    newest = SentMessage.objects.filter(address="aizhan@example.kz").order_by("-at", "-pk").first()
    assert newest is not None
    found = re.search(r"https?://[^/]+(/\S+)", newest.text)
    assert found is not None
    return found.group(1)


def test_invitation__leads_to_password_second_step_and_desk(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    address = link()
    assert Client().post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    row = Membership.objects.get(user__email="aizhan@example.kz")
    assert (row.organisation, row.role) == (office, "officer")
    assert row.user.check_password(PASSWORD)
    assert Client().get(address).status_code == 404, "the link serves once"
    newcomer = Client()
    signed = newcomer.post("/sign-in/staff", {"name": "aizhan@example.kz", "password": PASSWORD})
    assert signed.status_code == 302


def test_invitation__ends_after_its_days_and_with_the_next_one(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    first = link()
    user = User.objects.get(email="aizhan@example.kz")
    assert "The link is valid until" in open_page(admin, f"/manage/users/{user.pk}").text
    admin.post(f"/manage/users/{user.pk}/invite-again")
    with clock.at(make.MORNING + timedelta(minutes=1)):
        second = link()
    assert second != first
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    with clock.at(make.MORNING + timedelta(days=invitation_days(), minutes=1)):
        assert Client().get(second).status_code == 404


def test_invitation__withdrawn_opens_nothing_and_ends_the_role(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    address = link()
    user = User.objects.get(email="aizhan@example.kz")
    admin.post(f"/manage/users/{user.pk}/withdraw-invitation")
    assert Client().get(address).status_code == 404
    assert Membership.objects.get(user=user).ended_at is not None


def test_invitation__is_not_sent_to_somebody_at_work(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    given = {"name": "Басқа Адам", "email": "aizhan@example.kz", "language": "kk", "role": "officer", **TODAY}
    page = read(admin.post(f"/manage/organisations/{office.pk}/invite", given))
    assert page.errors == ["Error: Somebody at work has this e-mail address already."]
    assert Membership.objects.filter(organisation=office).count() == 1


def test_roles__without_pages_are_not_offered_and_not_given(admin: Client) -> None:
    ministry = make.organisation("ministry")
    page = open_page(admin, f"/manage/organisations/{ministry.pk}/invite")
    assert "Analyst" in page.main
    assert "Inspector" not in page.main
    given = {"name": "Басқа Адам", "email": "b@example.kz", "language": "kk", "role": "inspector", **TODAY}
    assert admin.post(f"/manage/organisations/{ministry.pk}/invite", given).status_code == 422
    assert not User.objects.filter(email="b@example.kz").exists()


def test_users__are_named_and_found_by_name_mail_and_organisation(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    for text in ("серік", "aizhan@", office.name_ru, office.bin):
        page = open_page(admin, f"/manage/users?text={text}")
        assert "Серікова Айжан" in page.main, text
    assert "Nobody by this name" in open_page(admin, "/manage/users?text=nobodyatall").main


def test_role__is_given_where_the_organisation_is_found_by_its_name(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    user = User.objects.get(email="aizhan@example.kz")
    other = make.organisation("local_body_region", make.district("100000000"))
    page = open_page(admin, f"/manage/users/{user.pk}/roles?text={other.name_ru.split()[-1]}")
    (way,) = [one.address for one in page.links if str(other.pk) in one.address]
    done = admin.post(f"/manage/users/{user.pk}/roles{way}", {"role": "analyst", **TODAY})
    assert done.status_code == 302
    assert Membership.objects.filter(user=user, organisation=other, role="analyst").exists()


def test_organisation__is_entered_by_a_page_and_put_into_the_register(admin: Client) -> None:
    make.district("101810000")
    given = {
        "kind": "supplier",
        "number": NUMBER,
        "name_kk": "«Жол» ЖШС",
        "name_ru": "ТОО «Жол»",
        "name_en": "",
        "place": "101810000",
        "address": "",
        "phone": "87222520001",
        "active_from_day": "1",
        "active_from_month": "1",
        "active_from_year": "2026",
    }
    assert admin.post("/manage/organisations/new", given).status_code == 302
    made = Organisation.objects.get(bin=given["number"])
    assert (made.name_en, made.phone) == ("ТОО «Жол»", "+77222520001")
    entry = {
        "conclusion_number": "7",
        **{f"conclusion_on_{part}": value for part, value in (("day", "2"), ("month", "2"), ("year", "2026"))},
        **{f"registered_on_{part}": value for part, value in (("day", "1"), ("month", "2"), ("year", "2026"))},
        "contact_phone": "+7 722 252 00 02",
    }
    refused = read(admin.post(f"/manage/organisations/{made.pk}/register", entry))
    assert refused.errors == ["Error: A supplier is registered after the conclusion of the commission, not before."]
    done = admin.post(f"/manage/organisations/{made.pk}/register", entry | {"registered_on_day": "3"})
    assert done.status_code == 302
    assert Supplier.objects.get(organisation=made).contact_phone == "+77222520002"
    changed = admin.post(f"/manage/organisations/{made.pk}/register", {"contact_phone": "+7 722 252 00 09"})
    assert changed.status_code == 302
    assert Supplier.objects.get(organisation=made).contact_phone == "+77222520009"
    assert "ТОО «Жол»" in open_page(admin, "/manage/organisations?text=жол").main


@pytest.mark.finding("J-demo")
def test_invitation__is_one_letter(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    invited = User.objects.get(email="aizhan@example.kz")
    assert not Notice.objects.filter(user_id=invited.pk).exists(), "the invitation says it all"


@pytest.mark.django_db(transaction=True)
def test_invitation__used_by_two_at_once_sets_one_password() -> None:
    admin = signed_in(make.member(make.organisation("centre"), "admin"))
    invite(admin, make.organisation("local_body_district"))
    *_way, key, secret = link().strip("/").split("/")
    words = (PASSWORD, "other words put together")

    def used(password: str) -> Callable[[], User]:
        where = Origin(address="10.0.0.1", device="")
        return lambda: passwords.set_password(key=UUID(key), secret=secret, password=password, origin=where)

    with meeting(passwords, "open_link", seconds=FREE):
        done = at_once(*map(used, words))
    assert sorted(type(one).__name__ for one in done) == ["CodeGone", "User"]
    [winner] = [said for said, one in zip(words, done, strict=True) if isinstance(one, User)]
    assert User.objects.get(email="aizhan@example.kz").check_password(winner)


@pytest.mark.finding("A-invited")
def test_invitation__whose_role_has_ended_opens_nothing(admin: Client, office: Organisation) -> None:
    invite(admin, office)
    address = link()
    row = Membership.objects.get(user__email="aizhan@example.kz")
    end_membership(actor=make.staff("centre", "admin"), membership=row)
    assert Client().get(address).status_code == 404
    assert Client().post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    row.user.refresh_from_db()
    assert not row.user.has_usable_password()


def test_invitation__opened_while_somebody_else_is_signed_in_changes_nothing_of_theirs(
    admin: Client, office: Organisation
) -> None:
    invite(admin, office)
    address, before = link(), admin.session["_auth_user_id"]
    page = open_page(admin, address)
    assert "Серікова" not in page.main
    assert admin.post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert admin.session["_auth_user_id"] == before
    assert open_page(admin, "/manage/organisations").status == 200
    assert User.objects.get(email="aizhan@example.kz").check_password(PASSWORD)


def test_link_in_a_letter__comes_from_the_setting_whatever_the_request_says(
    admin: Client, office: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "config", lambda: SimpleNamespace(public_url="https://tirek.example.kz/"))
    poisoned = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "host=evil.example"}
    given = {"name": "Серікова Айжан", "email": "Aizhan@example.kz", "language": "ru", "role": "officer", **TODAY}
    assert admin.post(f"/manage/organisations/{office.pk}/invite", given, **poisoned).status_code == 302
    assert admin.post(f"/manage/organisations/{office.pk}/invite", given, HTTP_HOST="evil.example").status_code == 400
    secrets.hand_over()
    newest = SentMessage.objects.get(address="aizhan@example.kz")
    assert "https://tirek.example.kz/sign-in/" in newest.text
    assert "evil" not in newest.text


def test_training__of_officers_is_recorded_in_one_press_and_refused_with_what_was_chosen(
    admin: Client, office: Organisation
) -> None:
    first, second = (make.member(office, "officer") for _ in range(2))
    rows = list(officers_in(office.pk).order_by("since", "pk"))
    address = f"/manage/organisations/{office.pk}/training"
    assert "Record a training" in open_page(admin, f"/manage/organisations/{office.pk}").main
    day = {"on_day": "9", "on_month": "11", "on_year": "2026"}
    nobody = read(admin.post(address, day))
    assert nobody.status == 422
    assert nobody.errors
    late = read(admin.post(address, day | {"members": str(rows[0].pk), "on_day": "10"}))
    assert (late.status, "when it is over" in late.text) == (422, True)
    assert re.search(rf'value="{rows[0].pk}"[^>]*checked', late.html), "who was chosen stays so"
    done = admin.post(address, day | {"members": [str(row.pk) for row in rows]})
    assert done.status_code == 302
    assert [row.trained_on for row in officers_in(office.pk)] == [date(2026, 11, 9)] * 2
    admin.post(address, day | {"members": str(rows[0].pk), "on_day": "2"})
    rows[0].refresh_from_db()
    assert rows[0].trained_on == date(2026, 11, 9), "an earlier training takes no place of a later one"
    assert [one.kind for one in rows[0].events.order_by("at", "pk")].count("trained") == 1
    assert "trained on 9 November 2026" in open_page(admin, address).main
    end_membership(actor=make.staff("centre", "admin"), membership=rows[1])
    gone = read(admin.post(address, day | {"members": str(rows[1].pk)}))
    assert gone.status == 422, "who has left is not on the list"
    assert admin.get(f"/manage/organisations/{make.organisation('supplier').pk}/training").status_code == 404
    assert {first.user_id, second.user_id} == {row.user_id for row in rows}
