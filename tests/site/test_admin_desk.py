"""The administrator's desk through its pages: reference data, preview, calendar, users."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests import factories as make
from tests.kit.sign_in import signed_in
from tests.markup import folded

from tirek.accounts.models import AccountEvent, User
from tirek.core import clock, reference
from tirek.core.actors import Desk
from tirek.core.identifiers import Bin, InvalidIdentifier
from tirek.core.personal.viewlog import View
from tirek.core.reference import ReferenceValue
from tirek.core.reference.amendments import Amendment
from tirek.core.reference.workcalendar import CalendarDay
from tirek.core.service.failures import Failure
from tirek.notices.models import Notice, SentMessage
from tirek.organisations.models import Membership, Organisation
from tirek.site import preview as previewing
from tirek.site import sessions

pytestmark = pytest.mark.django_db
PASSWORD = "four words put together"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def centre() -> Organisation:
    return make.organisation("centre")


@pytest.fixture
def boss(centre: Organisation) -> Membership:
    return make.member(centre, "admin")


@pytest.fixture
def admin(boss: Membership) -> Client:
    return signed_in(boss)


@pytest.fixture
def analyst(centre: Organisation) -> Client:
    return signed_in(make.member(centre, "analyst"))


def said(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, response.content.decode()
    return folded(response.content.decode().replace("\u00a0", " "))


VERSION = {
    "value": "7",
    "unit": "calendar_days",
    "effective_from_day": "1",
    "effective_from_month": "1",
    "effective_from_year": "2027",
    "citation": "Order 5",
    "status": "approved",
    "reason": "",
}
NEW = "/manage/reference/order.acceptance/new"


class TestHome:
    def test_home__is_where_an_administrator_comes_and_tells_what_waits(self, admin: Client) -> None:
        Failure.objects.create(
            step="orders:submit",
            method="POST",
            status=503,
            desk="recipient",
            channel="web",
            language="kk",
            milliseconds=9,
        )
        Failure.objects.create(
            step="orders:home", method="GET", status=503, desk="", channel="web", language="", milliseconds=0, times=70
        )
        Failure.objects.create(
            step="orders:home", method="GET", status=500, desk="recipient", channel="web", language="kk", milliseconds=1
        )
        old = Failure.objects.create(
            step="old:page", method="GET", status=500, desk="public", channel="web", language="kk", milliseconds=9
        )
        Failure.objects.filter(pk=old.pk).update(at=clock.now() - timedelta(days=2))
        ReferenceValue.objects.filter(key="order.delivery").update(effective_to=date(2026, 12, 31))
        page = said(admin, "/")
        assert "What waits" in page
        assert "Orders: 71" in page
        assert "Sending an order: 1" in page
        assert "(last: 9 November 2026, 09:00)" in page
        assert "orders:" not in page
        assert "old:page" not in page
        assert "last day 31 December 2026, and nothing follows" in page
        over = ReferenceValue.objects.filter(effective_to__lt=clock.today())
        demo = ReferenceValue.objects.filter(status="demo").exclude(pk__in=over).count()
        assert f"<strong>{demo}</strong>demo values are in force" in page

    def test_home__is_not_for_others(self, analyst: Client) -> None:
        assert analyst.get("/manage/").status_code == 403
        assert "Reference data" in said(analyst, "/")

    @pytest.mark.parametrize("role", ["officer", "supplier_manager"])
    def test_desk__is_closed_to_other_desks(self, role: str) -> None:
        client = signed_in(make.member(make.organisation("supplier"), role))
        for address in (
            "/manage/",
            "/manage/reference",
            "/manage/users",
            "/manage/calendar",
            "/manage/preview",
            "/manage/prices",
            NEW,
        ):
            assert client.get(address).status_code == 403


class TestReference:
    def test_list__is_filtered_by_name_and_status(self, admin: Client) -> None:
        assert "order.acceptance" in said(admin, "/manage/reference")
        assert "Time for the supplier to answer an order" in said(
            admin, "/manage/reference?text=supplier+to+answer+an+order"
        )
        assert "Time for the supplier to answer an order" in said(admin, "/manage/reference/order.acceptance")
        assert "08:00" in said(admin, "/manage/reference?text=sms_from"), "a time of day is no count of minutes"
        assert "08:00" in said(admin, "/manage/reference/notices.sms_from")
        assert "order.acceptance" not in said(admin, "/manage/reference?status=demo")
        assert "order.acceptance" not in said(admin, "/manage/reference?text=confirmation")
        assert "No such value" in said(admin, "/manage/reference?text=nothing+like+it")

    @pytest.mark.parametrize(
        ("key", "plays"),
        [("entitlement.order_within", True), ("entitlement.basis.programme", True), ("supplier.check", False)],
    )
    def test_new_version__says_beforehand_that_scenarios_are_played(self, admin: Client, key: str, plays: bool) -> None:
        assert ("the scenarios of the experts are played" in said(admin, f"/manage/reference/{key}/new")) == plays

    def test_new_version__is_checked_then_saved_then_withdrawn(self, admin: Client) -> None:
        checked = admin.post(NEW, VERSION)
        assert b"Check the new version" in checked.content
        assert ReferenceValue.objects.filter(key="order.acceptance").count() == 1
        saved = admin.post(NEW, {**VERSION, "confirmed": "yes"}, follow=True)
        assert b"The new version is saved." in saved.content
        assert reference.term("order.acceptance", at=date(2027, 1, 1)).amount == 7
        assert "then 7 calendar days from 1 January 2027" in said(admin, "/manage/reference")
        row = ReferenceValue.objects.get(key="order.acceptance", value="7")
        address = f"/manage/reference/order.acceptance/withdraw/{row.pk}"
        assert "It will never come into force;" in said(admin, address)
        admin.post(address)
        assert reference.term("order.acceptance", at=date(2027, 1, 1)).amount == 10
        page = said(admin, "/manage/reference/order.acceptance")
        assert "withdrawn 7 from 1 January 2027" in page
        assert "added 7 from 1 January 2027" in page

    def test_check_page__leads_back_with_all_that_was_typed(self, admin: Client) -> None:
        again = admin.post(NEW, {**VERSION, "change": "yes"})
        assert b'value="Order 5"' in again.content
        assert b"Save the version" not in again.content

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"value": "ten"}, "The value must be a number"),
            ({"effective_from_year": "2026"}, "This day has passed. Say why"),
            ({"citation": ""}, "Source"),
            ({"unit": "tenge"}, "Unit"),
            ({"effective_from_year": "2020", "reason": "late"}, "Another version is in force from 1 January 2020"),
        ],
    )
    def test_new_version__says_beside_the_field_what_is_wrong(
        self, admin: Client, change: dict[str, str], told: str
    ) -> None:
        response = admin.post(NEW, {**VERSION, **change, "confirmed": "yes"})
        assert response.status_code == 422
        assert told in response.content.decode()
        assert b"govuk-error-message" in response.content
        assert not Amendment.objects.exists()

    def test_analyst__reads_and_cannot_amend(self, analyst: Client) -> None:
        assert "New version" not in said(analyst, "/manage/reference/order.acceptance")
        assert analyst.post(NEW, {**VERSION, "confirmed": "yes"}).status_code == 403

    def test_value__that_is_not_known_is_not_found(self, admin: Client) -> None:
        for address in (
            "/manage/reference/no.such",
            "/manage/reference/no.such/new",
            "/manage/reference/order.acceptance?scope=kind:X",
        ):
            assert admin.get(address).status_code == 404

    def test_scope__has_its_own_history(self, admin: Client) -> None:
        known = reference.value("order.acceptance", at=clock.today())
        reference.add_version(replace(known, scope="kind:GI-01", text="21"))
        assert "21 calendar days" in said(admin, "/manage/reference/order.acceptance?scope=kind:GI-01")
        assert "21 calendar days" not in said(admin, "/manage/reference/order.acceptance")


class TestPreview:
    def look_at(self, client: Client, day: date) -> None:
        sent = {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}
        assert client.post("/manage/preview", sent).status_code == 302

    def test_preview__shows_the_day_and_every_page_says_so(self, admin: Client, analyst: Client) -> None:
        admin.post(NEW, {**VERSION, "confirmed": "yes"})
        assert '<td class="number" data-label="Value">10 calendar days' in said(
            analyst, "/manage/reference?text=acceptance"
        )
        self.look_at(analyst, date(2027, 2, 1))
        page = said(analyst, "/manage/reference?text=acceptance")
        assert '<td class="number" data-label="Value">7 calendar days' in page
        assert "Preview: this page shows 1 February 2027." in page
        assert "in force on 1 February 2027" in said(analyst, "/manage/prices")
        assert "Preview: this page shows 1 February 2027." in said(analyst, "/terms")
        help_page = said(analyst, "/help")
        assert "Preview as of 1 February 2027: nothing can be changed." in help_page
        assert "Preview: this page shows" not in help_page
        assert clock.today() == date(2026, 11, 9)

    def test_preview__lets_nothing_be_sent(self, admin: Client, boss: Membership) -> None:
        self.look_at(admin, date(2027, 2, 1))
        before = ReferenceValue.objects.count(), Amendment.objects.count()
        refused = admin.post(NEW, {**VERSION, "confirmed": "yes"})
        assert refused.status_code == 422
        assert b"Nothing can be changed in a preview." in refused.content
        assert admin.post("/manage/calendar/new", {}).status_code == 422
        assert admin.post("/notices/read").status_code == 422
        assert (ReferenceValue.objects.count(), Amendment.objects.count()) == before
        assert b"You see today again." in admin.post("/manage/preview", {"leave": "yes"}, follow=True).content
        assert b"The new version is saved." in admin.post(NEW, {**VERSION, "confirmed": "yes"}, follow=True).content

    def test_preview__of_a_missing_page_is_a_page(self, admin: Client) -> None:
        self.look_at(admin, date(2027, 2, 1))
        assert admin.get("/manage/reference/no.such").status_code == 404

    def test_preview__does_not_reach_other_desks(self, admin: Client, boss: Membership) -> None:
        self.look_at(admin, date(2027, 2, 1))
        Membership.objects.filter(pk=boss.pk).update(ended_at=clock.now())
        assert "Preview" not in said(admin, "/help")

    def test_day__must_be_one(self, admin: Client) -> None:
        assert admin.post("/manage/preview", {"day_day": "31", "day_month": "2", "day_year": "2027"}).status_code == 422

    def test_session__is_not_ended_by_a_day_far_away(self, admin: Client) -> None:
        self.look_at(admin, date(2099, 1, 1))
        said(admin, "/manage/reference")
        assert admin.get("/session/state").json()["seconds_left"] > 1000


class TestCalendar:
    DAY = {"day_day": "9", "day_month": "1", "day_year": "2027", "working": "yes", "citation": "Decree 1", "reason": ""}

    def test_day__is_entered_listed_and_withdrawn(self, admin: Client) -> None:
        entered = admin.post("/manage/calendar/new", self.DAY, follow=True)
        assert b"The day is entered." in entered.content
        assert "9 January 2027" in said(admin, "/manage/calendar?year=2027")
        assert "Withdraw this day?" in said(admin, "/manage/calendar/2027-01-09/withdraw")
        admin.post("/manage/calendar/2027-01-09/withdraw")
        assert not CalendarDay.objects.exists()
        assert admin.get("/manage/calendar/2027-01-09/withdraw").status_code == 404
        assert admin.get("/manage/calendar/nonsense/withdraw").status_code == 404

    def test_day__says_what_is_wrong(self, admin: Client) -> None:
        assert b"nothing would change" in admin.post("/manage/calendar/new", {**self.DAY, "working": "no"}).content
        assert (
            b"This day has passed"
            in admin.post("/manage/calendar/new", {**self.DAY, "day_day": "10", "day_year": "2026"}).content
        )

    def test_year__is_kept_within_bounds(self, admin: Client) -> None:
        assert "Working calendar of 2029" in said(admin, "/manage/calendar?year=9999")
        assert "Working calendar of 2026" in said(admin, "/manage/calendar?year=abc")

    def send(self, client: Client, content: bytes) -> str:
        answer = client.post(
            "/manage/calendar/import", {"file": SimpleUploadedFile("days.csv", content), "reason": ""}, follow=True
        )
        return answer.content.decode()

    def test_file__is_taken_whole_or_not_at_all(self, admin: Client) -> None:
        wrong = self.send(admin, b"day,working,citation\n2027-01-09,yes,Decree\n2027-01-16,perhaps,Decree\n")
        assert "Line 3: In the column “working” there must be yes / no." in wrong
        assert not CalendarDay.objects.exists()
        assert "2 days were entered." in self.send(
            admin, b"day,working,citation\n2027-01-09,yes,Decree\n2027-01-16,yes,Decree\n"
        )
        assert "This is no text in UTF-8." in self.send(admin, b"\xff\xfe\x00")

    def test_analyst__sees_and_cannot_enter(self, analyst: Client) -> None:
        assert "Enter a day" not in said(analyst, "/manage/calendar")
        assert analyst.post("/manage/calendar/new", self.DAY).status_code == 403


def staff(role: str = "officer") -> Membership:
    row = make.member(make.organisation("local_body_district"), role)
    row.user.set_password(PASSWORD)
    row.user.language = "en"
    row.user.save()
    return row


def role_form(**change: str) -> dict[str, str]:
    begun = {"role": "officer", "since_day": "9", "since_month": "11", "since_year": "2026"}
    return {**begun, "until_day": "", "until_month": "", "until_year": "", **change}


class TestUsers:
    def test_login__is_found_by_post_and_stands_in_no_address(self, admin: Client) -> None:
        found = staff()
        answer = admin.post("/manage/users", {"login": found.user.email.upper(), "reason": ""})
        assert answer.headers["Location"] == f"/manage/users/{found.user_id}"
        assert found.user.email in said(admin, f"/manage/users/{found.user_id}")
        assert admin.post("/manage/users", {"login": "nobody@example.kz", "reason": ""}).status_code == 404

    def test_person__is_opened_with_a_reason_that_the_person_sees(self, admin: Client, boss: Membership) -> None:
        person = make.person()
        assert person.user is not None
        assert admin.get(f"/manage/users/{person.user_id}").status_code == 403
        iin = str(person.user.iin)
        assert b"Say why you open" in admin.post("/manage/users", {"login": iin, "reason": " "}).content
        assert not View.objects.exists()
        admin.post("/manage/users", {"login": iin, "reason": "Letter 12: cannot sign in"})
        page = said(admin, f"/manage/users/{person.user_id}")
        assert iin not in page
        assert person.surname not in page
        look = View.objects.get()
        assert (look.subject_id, look.user_id, look.basis, look.reason) == (
            person.pk,
            boss.user_id,
            "reason",
            "Letter 12: cannot sign in",
        )
        with clock.at(clock.now() + timedelta(minutes=31)):
            session = admin.session
            session[sessions.SEEN] = int(clock.now().timestamp())
            session.save()
            assert admin.get(f"/manage/users/{person.user_id}").status_code in {302, 403}

    def test_unknown_iin__says_the_same_with_and_without_an_account(self, admin: Client) -> None:
        answer = admin.post("/manage/users", {"login": "880412401016", "reason": ""})
        assert b"Say why you open" in answer.content

    def test_role__is_given_with_dates_and_told(self, admin: Client) -> None:
        found, place = staff(), make.organisation("local_body_district")
        roles = f"/manage/users/{found.user_id}/roles"
        assert "No such organisation" in said(admin, f"{roles}?text=nothing+like+it")
        assert admin.get(f"{roles}?organisation={UUID(int=7)}").status_code == 404
        address = f"{roles}?organisation={place.pk}"
        assert admin.post(address, role_form(role="admin")).status_code == 422
        late = {"until_day": "1", "until_month": "11", "until_year": "2026"}
        assert b"cannot lie before the first day" in admin.post(address, role_form(**late)).content
        given = admin.post(address, role_form(), follow=True)
        assert b"The role is given." in given.content
        row = Membership.objects.get(user=found.user, organisation=place)
        assert (row.since, row.until) == (date(2026, 11, 9), None)
        assert Notice.objects.get(user_id=found.user_id).template == "membership.added"
        assert b"This person has this role there already." in admin.post(address, role_form()).content
        admin.post(f"{roles}/{row.pk}/end")
        row.refresh_from_db()
        assert row.ended_at is not None
        assert Notice.objects.filter(user_id=found.user_id, template="membership.ended").exists()

    def test_own_roles_and_account__are_out_of_reach(self, admin: Client, boss: Membership) -> None:
        own = f"/manage/users/{boss.user_id}"
        assert "another administrator changes it" in said(admin, own)
        assert admin.post(f"{own}/roles/{boss.pk}/end").status_code == 403
        assert admin.post(f"{own}/block").status_code == 403
        assert admin.post(f"{own}/second-step").status_code == 403
        boss.refresh_from_db()
        assert boss.ended_at is None

    def test_block__signs_out_and_is_told_and_can_be_undone(self, admin: Client) -> None:
        found = staff()
        theirs = signed_in(found)
        assert theirs.get("/office").status_code == 200
        address = f"/manage/users/{found.user_id}"
        assert "Block this account?" in said(admin, f"{address}/block")
        admin.post(f"{address}/block")
        assert theirs.get("/office").status_code == 302
        assert admin.post(f"{address}/block").status_code == 422
        assert "blocked" in SentMessage.objects.get(user_id=found.user_id).text
        admin.post(f"{address}/unblock")
        assert User.objects.get(pk=found.user_id).is_active
        assert list(
            AccountEvent.objects.filter(user=found.user).order_by("at", "pk").values_list("kind", flat=True)
        ) == [
            "blocked",
            "unblocked",
        ]
        assert admin.post(f"{address}/unblock").status_code == 422

    def test_lost_devices__are_taken_off_and_told(self, admin: Client) -> None:
        found = staff()
        address = f"/manage/users/{found.user_id}/second-step"
        assert admin.post(address).status_code == 422
        Authenticator.objects.create(user=found.user, type="totp", data={"secret": "x"})
        admin.post(address)
        assert not Authenticator.objects.filter(user=found.user).exists()
        assert AccountEvent.objects.filter(user=found.user, kind="factors_removed").exists()
        assert "second-step devices" in SentMessage.objects.get(user_id=found.user_id).text

    def test_nobody_else__acts_on_users(self, analyst: Client) -> None:
        found = staff()
        for act in ("", "/block", "/unblock", "/second-step", "/roles"):
            assert analyst.post(f"/manage/users/{found.user_id}{act}").status_code == 403

    def test_unknown_account__is_not_found(self, admin: Client) -> None:
        assert admin.get(f"/manage/users/{UUID(int=7)}").status_code == 404


def is_bin(digits: str) -> bool:
    try:
        Bin.parse(digits)
    except InvalidIdentifier:
        return False
    return True


def test_every_desk__that_looks_ahead_is_one_of_two() -> None:
    assert {Desk.ADMIN, Desk.ANALYST} == previewing.DESKS
