"""Who was let in once is let in no longer: roles, representation, accounts, telephones, devices and keys of
sessions.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from tests import factories as make
from tests.security.attack import World, desks_of, keys_of, routes, signed_in
from tests.security.test_inside import production_settings

from tirek.accounts.actions import blocking, change_phone, passwords, secrets
from tirek.accounts.limits import Origin
from tirek.accounts.models import OneTimeSecret, User
from tirek.core import clock, drafts
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.drafts import DraftLost, HeldElsewhere
from tirek.core.errors import NotAllowed, NotFound
from tirek.core.identifiers import Iin
from tirek.core.keys import uuid7
from tirek.core.signing import codes
from tirek.entitlements.models import Line
from tirek.orders import actions, signing
from tirek.organisations.actions import add_member, end_membership
from tirek.organisations.models import Membership
from tirek.people.actions import record_death
from tirek.people.models import Person, Representation
from tirek.site import urls
from tirek.site.preview import STILL_SENT
from tirek.site.views import public

pytestmark = pytest.mark.django_db
OLD, NEW = "four words put together", "quite another four words"
HERE = Origin(address="10.0.0.1", device="")


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def is_in(client: Client) -> bool:
    return client.get("/phone").status_code == 200


def user_of(actor: Actor) -> User:
    return User.objects.get(pk=actor.account)


def represented(world: World) -> tuple[Client, Representation]:
    """A browser of somebody who acts for the person of the world."""
    other = make.person(place=world.place)
    make.agree(other)
    row = Representation.objects.create(
        representative=other, represented=world.person, basis="guardian", document_number="1", since=clock.today()
    )
    client = signed_in(make.recipient_of(other))
    assert client.post("/for-whom/use", {"person": str(world.person.pk)}).status_code == 302
    assert client.get(reverse("orders:recipient-order", args=[world.placed.number])).status_code == 200
    return client, row


class TestRepresentation:
    def test_revoked_in_the_middle_of_a_session__shows_and_sends_nothing_more(self) -> None:
        world = World()
        client, row = represented(world)
        draft = world.draft(
            3, actor=Actor(desk=world.actor.desk, user_id=row.representative.user_id, person_id=row.representative_id)
        )
        Representation.objects.filter(pk=row.pk).update(revoked_at=clock.now())
        order = reverse("orders:recipient-order", args=[world.placed.number])
        assert client.get(order).status_code == 404
        assert (
            client.post(
                reverse("orders:recipient-order-act", args=[world.placed.number, "cancel"]), {"note": ""}
            ).status_code
            == 404
        )
        assert client.get(reverse("orders:form", args=[draft.pk])).status_code == 404
        assert (
            client.post(reverse("orders:submit", args=[draft.pk]), {"consent": make.CONSENT_VERSION}).status_code == 404
        )
        assert world.person.surname + " " + world.person.given_name not in client.get("/home").content.decode()

    def test_somebody_not_represented__is_not_chosen(self) -> None:
        world = World()
        stranger = make.person(place=world.place)
        make.agree(stranger)
        client = signed_in(make.recipient_of(stranger))
        assert client.post("/for-whom/use", {"person": str(world.person.pk)}).status_code == 403
        session = client.session
        session["behalf"] = str(world.person.pk)
        session.save()
        assert client.get(reverse("orders:recipient-order", args=[world.placed.number])).status_code == 404

    def test_officer_close_to_the_person__records_no_signature_on_paper(self) -> None:
        world = World()
        near = replace(world.officer, person_id=world.person.pk)
        with pytest.raises(NotAllowed):
            signing.RECEIPT.on_paper(near, world.delivered)
        signing.RECEIPT.on_paper(world.officer, world.delivered)


class TestAccount:
    def test_blocked__is_out_with_the_next_page_and_its_codes_are_void(self) -> None:
        world = World()
        client, key = signed_in(world.actor), ask(world)
        blocking.block_account(actor=world.admin, user=user_of(world.actor))
        assert not is_in(client)
        assert not OneTimeSecret.objects.filter(pk=key).exists()
        blocking.unblock_account(actor=world.admin, user=user_of(world.actor))
        assert not is_in(client), "a session from before the block lives again"

    def test_of_somebody_who_died__is_out_and_cannot_order(self) -> None:
        world = World()
        client, draft = signed_in(world.actor), world.draft(3)
        record_death(actor=world.officer, person=world.person, deceased_on=clock.today())
        assert not is_in(client)
        assert (
            client.post(reverse("orders:submit", args=[draft.pk]), {"consent": make.CONSENT_VERSION})
            .headers["Location"]
            .startswith("/sign-in/")
        )

    def test_new_phone__ends_sessions_and_codes_of_the_old_one(self) -> None:
        world = World()
        client, key = signed_in(world.actor), ask(world)
        change_phone(actor=world.officer, user=user_of(world.actor), phone="+7 702 765 43 21")
        assert not is_in(client)
        with pytest.raises(secrets.CodeGone):
            secrets.use_code(key=key, typed="000000", origin=HERE)

    def test_devices_taken_off__end_sessions_that_one_of_them_opened(self) -> None:
        world = World()
        client = signed_in(world.officer)
        Authenticator.objects.create(user=user_of(world.officer), type="totp", data={})
        assert is_in(client)
        blocking.reset_factors(actor=world.admin, user=user_of(world.officer))
        assert not is_in(client)

    def test_new_password__voids_other_links_and_a_sign_in_under_way(self) -> None:
        user = User.objects.create_user(email="staff@example.kz", password=OLD)
        keys = [link(user), link(user)]
        with override_settings(DEMO=False):
            thief = Client()
            thief.post("/sign-in/staff", {"name": "staff@example.kz", "password": OLD})
            assert thief.get("/sign-in/connect").status_code == 200
            passwords.set_password(key=keys[0][0], secret=keys[0][1], password=NEW, origin=HERE)
            assert thief.get("/sign-in/connect").headers["Location"] == "/sign-in/staff"
        with pytest.raises(secrets.CodeGone):
            secrets.open_link(key=keys[1][0], secret=keys[1][1])


def link(user: User) -> tuple[UUID, str]:
    """A link to set a password that was sent and not followed yet."""
    asked = secrets.NewSecret(key=uuid7(), secret="known to the test")
    secrets.store(asked, kind=OneTimeSecret.Kind.LINK, user=user, identifier="x", message="x", lasts=timedelta(hours=1))
    return asked.key, asked.secret


def ask(world: World) -> UUID:
    """A code that was sent and not typed yet."""
    return secrets.ask_code(iin=Iin(world.person.iin), origin=HERE)


class TestKeysOfSessions:
    def test_signing_in__gives_a_key_that_nobody_could_plant(self) -> None:
        world = World()
        client = Client()
        client.post("/sign-in/", {"iin": world.person.iin})
        planted = client.session.session_key
        key = UUID(client.session["sign_in"]["code"])
        OneTimeSecret.objects.filter(pk=key).update(secret_hash=codes.hash_of("accounts.code", key, "123456"))
        client.post("/sign-in/code", {"code": "123456"})
        assert is_in(client)
        assert client.session.session_key != planted
        thief = Client()
        thief.cookies["tirek_session"] = str(planted)
        assert not is_in(thief)

    def test_invented_key__is_not_taken_over(self) -> None:
        client = Client()
        client.cookies["tirek_session"] = "x" * 32
        client.post("/sign-in/", {"iin": World().person.iin})
        assert client.cookies["tirek_session"].value != "x" * 32

    def test_another_role__has_another_key(self) -> None:
        world = World()
        client = signed_in(world.officer)
        before, role = client.session.session_key, client.session["membership"]
        assert client.post("/roles/use", {"role": role}).status_code == 302
        assert client.session.session_key not in {None, before}
        assert client.get("/office").status_code == 200

    def test_signing_out__ends_the_session_itself_not_only_the_cookie(self) -> None:
        client = signed_in(World().actor)
        thief = Client()
        thief.cookies["tirek_session"] = client.cookies["tirek_session"].value
        assert is_in(thief)
        client.post("/sign-out")
        assert not is_in(thief)


class TestRoles:
    def test_ended_role__sends_nothing_more_and_its_drafts_cannot_be_sent(self) -> None:
        world = World()
        client = signed_in(world.officer)
        end_membership(actor=CLOCK, membership=Membership.objects.get(user=world.officer.user_id))
        for name, keys in (
            ("orders:officer-order-act", [world.placed.number, "cancel"]),
            ("orders:sign", [world.officer_draft.pk]),
        ):
            assert client.post(reverse(name, args=keys), {"note": "", "consent": make.CONSENT_VERSION}).status_code in {
                403,
                404,
            }

    def test_administrator__raises_nobody_without_another_and_never_oneself(self) -> None:
        world = World()
        boss = user_of(world.admin)
        with pytest.raises(NotAllowed):
            add_member(
                actor=world.admin,
                user=boss,
                organisation=make.organisation("ministry"),
                role=Membership.Role.ADMIN,
                since=clock.today(),
            )
        with pytest.raises(NotAllowed):
            end_membership(actor=world.admin, membership=Membership.objects.get(user=boss))
        client = signed_in(world.admin)
        place = make.organisation("ministry")
        given = {
            "role": "admin",
            "since": "2026-11-09",
        }
        client.post(f"{reverse('manage:give-role', args=[boss.pk])}?organisation={place.pk}", given)
        assert Membership.objects.filter(user=boss).count() == 1

    def test_analyst__writes_nothing(self, furnished_world: World) -> None:
        world = furnished_world
        client = signed_in(world.analyst)
        for _address, name, _entry in routes():
            if name.startswith("manage:") and name != "manage:preview":
                keys = keys_of(name, world)
                assert client.post(reverse(name, kwargs=keys)).status_code in {403, 405}, name

    def test_preview__sends_nothing_from_any_page_of_its_desk(self, furnished_world: World) -> None:
        world = furnished_world
        client = signed_in(world.admin)
        session = client.session
        session["preview"] = "2027-01-01"
        session.save()
        for _address, name, entry in routes():
            if Desk.ADMIN in desks_of(entry) and name not in STILL_SENT:
                keys = keys_of(name, world)
                answer = client.post(reverse(name, kwargs=keys), headers={"Accept": "application/json"})
                assert (answer.status_code, answer.json()["code"]) == (422, "preview"), name


class TestDrafts:
    def test_key_of_another_person__begins_and_sends_nothing(self) -> None:
        world = World()
        thief = world.strangers()[Desk.RECIPIENT]
        with pytest.raises(DraftLost):
            drafts.begin(thief, form="order", form_version=1, key=world.open_draft.pk)
        with pytest.raises(DraftLost):
            actions.submit_order(actor=thief, draft_key=world.open_draft.pk)

    def test_form_handed_to_the_office__is_taken_by_no_other_office_and_not_written_by_its_owner(self) -> None:
        world = World()
        drafts.hand_to_office(world.actor, world.open_draft.pk, territory_code=world.place.code)
        with pytest.raises(DraftLost):
            drafts.take(world.strangers()[Desk.OFFICER], world.open_draft.pk)
        with pytest.raises(HeldElsewhere):
            actions.submit_order(actor=world.actor, draft_key=world.open_draft.pk)
        drafts.take(world.officer, world.open_draft.pk)
        with pytest.raises(HeldElsewhere):
            drafts.take(world.actor, world.open_draft.pk)

    def test_line_of_another_person__typed_into_ones_own_form_opens_and_hands_over_nothing(self) -> None:
        world = World()
        other = make.person(place=world.place, phone="+77015556677")
        make.programme(other, world.kind)
        line = Line.objects.get(person=other)
        for actor, browser in ((world.actor, signed_in(world.actor)), (world.officer, signed_in(world.officer))):
            draft = world.draft(3, actor=actor, line=str(line.pk))
            with pytest.raises(NotFound):
                actions.submit_order(actor=actor, draft_key=draft.pk)
            assert browser.get(reverse("orders:step", args=[draft.pk, "delivery"])).status_code == 404
            assert browser.post(reverse("orders:hand", args=[draft.pk])).status_code == 404
            draft.refresh_from_db()
            assert draft.holder_id == actor.user_id


@pytest.mark.django_db
class TestOverlap:
    @pytest.mark.finding("R-M9")
    def test_other_person__stays_chosen_though_a_slow_page_ends_later(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A page begins, the person is switched, the page ends: its touch of the session must not undo the switch."""
        world = World()
        _browser, row = represented(world)
        mother = Person.objects.get(pk=row.representative_id)
        client = signed_in(make.recipient_of(mother))
        assert client.get("/help").status_code == 200
        key = client.cookies["tirek_session"].value
        real, switched = public.help_page, []

        def slow(request: HttpRequest) -> HttpResponse:
            other = Client()
            other.cookies["tirek_session"] = key
            switched.append(other.post("/for-whom/use", {"person": str(row.represented_id)}).status_code)
            return real(request)

        monkeypatch.setattr(next(one for one in urls.urlpatterns if one.name == "help"), "callback", slow)
        with clock.at(make.MORNING + timedelta(minutes=2)):  # long enough for the page to touch the session
            assert client.get("/help").status_code == 200
        assert switched == [302]
        assert client.session["behalf"] == str(row.represented_id)

    @pytest.mark.finding("R-L9")
    def test_page_that_was_loading_while_the_role_was_switched__is_asked_for_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = World()
        client = signed_in(world.actor)
        assert client.get("/help").status_code == 200
        key = client.cookies["tirek_session"].value

        def slow(_request: HttpRequest) -> HttpResponse:
            other = Client()
            other.cookies["tirek_session"] = key
            other.post("/roles/use", {"role": ""})
            return HttpResponse("old")

        monkeypatch.setattr(next(one for one in urls.urlpatterns if one.name == "help"), "callback", slow)
        with clock.at(make.MORNING + timedelta(minutes=2)):
            answer = client.get("/help?a=1")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/help?a=1")
        assert "tirek_session" not in answer.cookies


@pytest.mark.django_db
class TestBounds:
    @pytest.mark.finding("R-L9")
    def test_busy_session__ends_after_twelve_hours(self) -> None:
        world = World()
        client = signed_in(world.actor)
        for n in range(25 * 2):
            with clock.at(make.MORNING + timedelta(minutes=15 * n)):
                answer = client.get("/home")
            if answer.status_code == 302:
                break
        assert answer.headers["Location"].startswith("/sign-in/")
        assert n == 12 * 4 + 1

    @pytest.mark.finding("R-L7")
    def test_clock_that_was_ahead__gives_nobody_a_longer_session(self) -> None:
        world = World()
        client = signed_in(world.actor)
        session = client.session
        session["seen"] = int((make.MORNING + timedelta(days=20)).timestamp())
        session.save()
        assert client.get("/session/state").json()["seconds_left"] <= 1800

    @pytest.mark.finding("R-L9")
    def test_answers__lend_no_camera_and_keep_no_token(self) -> None:
        answer = Client().get("/session/state")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "geolocation=()" in Client().get("/no-such-page").headers["Permissions-Policy"]

    @pytest.mark.finding("R-L9")
    def test_cookies_of_an_https_site__are_of_this_host_alone(self) -> None:
        found = production_settings("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", TIREK_ALLOWED_HOSTS="tirek.example.kz")
        assert found == {"SESSION_COOKIE_NAME": "__Host-tirek_session", "CSRF_COOKIE_NAME": "__Host-tirek_csrf"}
