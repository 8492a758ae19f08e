"""What an officer enters for a person at the counter, through the pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.kit.filling import forms_of
from tests.kit.pages import open_page, read, text
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.identifiers import Sex, synthetic_iin
from tirek.core.personal.viewlog import View
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.models import Line, Programme
from tirek.notices.actions import deliver, notify
from tirek.notices.models import ContactPoint, Delivery
from tirek.people import actions
from tirek.people.actions import NeedsEntered
from tirek.people.models import Consent, Disability, Person, PersonEvent, Representation
from tirek.people.queries import has_agreed, needs_of, representatives_of

pytestmark = pytest.mark.django_db
OTHER = "101010000"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        make.district(OTHER)
        yield


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def officer(world: World) -> Actor:
    make.came(world.officer, world.person)
    return world.officer


@pytest.fixture
def desk(officer: Actor) -> Client:
    return signed_in(officer)


def day(name: str, value: date) -> dict[str, str]:
    return {f"{name}_day": str(value.day), f"{name}_month": str(value.month), f"{name}_year": str(value.year)}


def newcomer(place: str = "101810000", **changes: str) -> dict[str, str]:
    given = {
        "iin": synthetic_iin(date(1990, 3, 8), Sex.FEMALE, 7).digits,
        "surname": " Ахметова ",
        "given_name": "Дана",
        "patronymic": "",
        "place": place,
        "address": "Абай көшесі 5",
        "phone": "8 701 555 44 33",
        "contact_language": "ru",
        "no_voice_calls": "on",
        "checked": "on",
    }
    return given | changes


class TestRegister:
    def test_person__is_registered_with_needs_and_can_sign_in(self, desk: Client) -> None:
        done = desk.post("/counter/register", newcomer())
        assert done.status_code == 302, read(done).errors
        found = Person.objects.get(surname="Ахметова")
        assert (found.birth_date, found.sex) == (date(1990, 3, 8), "female")
        assert found.user is not None
        assert found.user.phone == "+77015554433"
        assert needs_of(found).no_voice_calls
        assert View.objects.filter(subject_id=found.pk).exists()
        assert "Ахметова Дана" in open_page(desk, done.headers["Location"]).main

    @pytest.mark.parametrize("address", ["\u200f\u200e", "—", " "])
    def test_address__has_a_letter_or_a_digit(self, desk: Client, address: str) -> None:
        assert desk.post("/counter/register", newcomer(address=address)).status_code == 422

    def test_address__turns_nothing_around_that_stands_beside_it(self, desk: Client) -> None:
        assert desk.post("/counter/register", newcomer(address="Абай \u202e5\u202c")).status_code == 302
        assert Person.objects.get(surname="Ахметова").address == "Абай 5"

    def test_address__of_a_village_without_streets_is_its_name(self, desk: Client, world: World) -> None:
        assert desk.post("/counter/register", newcomer(address="Ой")).status_code == 302
        assert Person.objects.get(surname="Ахметова").address == "Ой"
        done = desk.post(f"/counter/{world.person.pk}/move", {"place": OTHER, "address": "с.Аша"})
        assert done.status_code == 302
        world.person.refresh_from_db()
        assert world.person.address == "с.Аша"

    def test_person__is_registered_in_the_own_territory_only(self, desk: Client) -> None:
        refused = read(desk.post("/counter/register", newcomer(OTHER)))
        assert refused.errors == ["Error: Only an officer of the place where the person lives may do this."]
        assert not Person.objects.filter(surname="Ахметова").exists()

    @pytest.mark.finding("J-own-district")
    def test_districts__of_the_own_territory_are_offered_and_the_own_one_is_chosen(
        self, desk: Client, officer: Actor
    ) -> None:
        (form,) = (
            one
            for one in forms_of(open_page(desk, "/counter/register"), "/counter/register")
            if "surname" in one.fields
        )
        place = form.fields["place"]
        assert OTHER not in place.offered
        assert place.values == [officer.territory]

    def test_person__who_is_known_already_is_not_made_twice(self, desk: Client, world: World) -> None:
        refused = read(desk.post("/counter/register", newcomer(iin=world.person.iin)))
        assert "A person with this IIN is registered already." in refused.errors[0]
        assert not Person.objects.filter(surname="Ахметова").exists()

    def test_identity_card__is_compared(self, desk: Client) -> None:
        given = newcomer()
        del given["checked"]
        assert desk.post("/counter/register", given).status_code == 422


class TestMove:
    def test_person_who_moves_away__belongs_to_the_other_office(
        self, desk: Client, world: World, officer: Actor
    ) -> None:
        done = desk.post(f"/counter/{world.person.pk}/move", {"place": OTHER, "address": "Тәуелсіздік 3"})
        assert done.status_code == 302
        world.person.refresh_from_db()
        assert (world.person.territory_id, world.person.address) == (OTHER, "Тәуелсіздік 3")
        assert Programme.objects.get(person=world.person).territory_code == OTHER
        assert desk.get(f"/counter/{world.person.pk}/move").status_code == 404
        del officer


class TestRepresentation:
    def test_guardian__is_entered_after_majority_with_a_document(self, desk: Client, world: World) -> None:
        guardian = make.person(place=make.district(OTHER))
        address = f"/counter/{world.person.pk}/representative"
        given = {
            "iin": guardian.iin,
            "basis": "parent",
            "document_number": "2-145/2026",
            **day("since", date(2026, 11, 2)),
        }
        refused = read(desk.post(address, given))
        assert "A parent acts for a child until the 18th birthday." in refused.errors[0]
        assert desk.post(address, given | {"basis": "guardian"}).status_code == 302
        (pair,) = representatives_of(world.person)
        assert (pair.representative, pair.document_number) == (guardian, "2-145/2026")
        desk.post(f"{address}/{pair.pk}/end")
        assert representatives_of(world.person) == []
        assert Representation.objects.get().revoked_at is not None

    def test_representative__whom_nobody_knows_is_registered_first(self, desk: Client, world: World) -> None:
        given = {
            "iin": synthetic_iin(date(1970, 1, 2), Sex.MALE, 3).digits,
            "basis": "attorney",
            "document_number": "1",
            **day("since", date(2026, 11, 2)),
            **day("until", date(2026, 11, 1)),
        }
        refused = read(desk.post(f"/counter/{world.person.pk}/representative", given))
        assert "Register the representative first." in refused.errors[0]
        given["iin"] = make.person().iin
        refused = read(desk.post(f"/counter/{world.person.pk}/representative", given))
        assert refused.errors == ["Error: The last day cannot lie before the first day."]


class TestConsent:
    def test_consent__is_withdrawn_on_paper_and_nothing_new_begins(
        self, desk: Client, world: World, officer: Actor
    ) -> None:
        consent = world.person.consents.get(purpose="privacy")
        address = f"/counter/{world.person.pk}/consent/{consent.pk}/withdraw"
        assert desk.post(address, {"checked": ""}).status_code == 422
        assert has_agreed(officer, world.person)
        assert desk.post(address, {"checked": "on"}).status_code == 302
        assert not has_agreed(officer, world.person)
        event = PersonEvent.objects.get(person=world.person, kind="consent_withdrawn")
        assert (event.actor_id, event.desk) == (officer.user_id, "officer")
        assert desk.get(address).status_code == 404

    @pytest.mark.parametrize(
        ("purpose", "words"), [("privacy", "Nothing new can be begun"), ("order", "Before the next order")]
    )
    def test_consent__page_says_what_follows_from_this_one(
        self, desk: Client, world: World, purpose: str, words: str
    ) -> None:
        consent = world.person.consents.get(purpose="privacy")
        Consent.objects.filter(pk=consent.pk).update(purpose=purpose)
        page = open_page(desk, f"/counter/{world.person.pk}/consent/{consent.pk}/withdraw")
        assert words in page.main
        assert [link.text for link in page.links if link.address.endswith(str(world.person.pk))] == ["Back"]

    def test_consent__of_another_place_is_not_found(self, world: World) -> None:
        consent = world.person.consents.get(purpose="privacy")
        stranger = signed_in(make.officer(make.district(OTHER)))
        address = f"/counter/{world.person.pk}/consent/{consent.pk}/withdraw"
        assert stranger.post(address, {"checked": "on"}).status_code == 404
        consent.refresh_from_db()
        assert consent.withdrawn_at is None


class TestFacts:
    def test_disability__is_entered_once_its_days_make_sense(self, desk: Client, world: World) -> None:
        address = f"/counter/{world.person.pk}/disability"
        given = {
            "group": "II",
            "reason": "general",
            **day("since", date(2026, 1, 15)),
            **day("until", date(2025, 1, 1)),
        }
        refused = read(desk.post(address, given))
        assert refused.errors == ["Error: The last day cannot lie before the first day."]
        assert desk.post(address, given | day("until", date(2028, 1, 1))).status_code == 302
        assert Disability.objects.get(person=world.person).group == "II"

    def test_death__ends_what_runs(self, desk: Client, world: World) -> None:
        address = f"/counter/{world.person.pk}/death"
        assert desk.post(address, day("deceased_on", date(2026, 11, 8))).status_code == 422
        assert desk.post(address, day("deceased_on", date(2026, 11, 8)) | {"checked": "on"}).status_code == 302
        world.person.refresh_from_db()
        assert world.person.deceased_on == date(2026, 11, 8)
        assert "A death is entered: 8 November 2026." in open_page(desk, f"/office/people/{world.person.pk}").main

    def test_needs__are_changed(self, desk: Client, world: World) -> None:
        done = desk.post(f"/counter/{world.person.pk}/needs", {"contact_language": "ru", "large_print": "on"})
        assert done.status_code == 302
        assert needs_of(world.person).large_print


class TestCloseOnes:
    """An officer enters nothing that gives rights or takes them about somebody close."""

    @pytest.mark.parametrize("what", ["disability", "death", "representative", "represents", "programme"])
    def test_officer_who_is_the_person_or_stood_for_the_person__enters_nothing(self, world: World, what: str) -> None:
        make.kind("GI-03")
        own = make.person(place=world.place)
        officer = replace(world.officer, person_id=own.pk)
        child = make.person(place=world.place)
        Representation.objects.create(
            representative=own, represented=child, basis="guardian", since=date(2020, 1, 1), revoked_at=clock.now()
        )
        term: dict[str, Any] = {"since": date(2026, 1, 15), "until": None}
        guardian: dict[str, Any] = {"basis": Representation.Basis.GUARDIAN, "document_number": "1", **term}
        issued: dict[str, Any] = {"issued_by": "МӘС", "issued_on": date(2026, 11, 2), "valid_until": None}

        def enter(actor: Actor, about: Person) -> object:
            if what == "disability":
                given: dict[str, Any] = {"group": Disability.Group.SECOND, "reason": Disability.Reason.GENERAL, **term}
                return actions.record_disability(actor=actor, person=about, **given)
            if what == "death":
                return actions.record_death(actor=actor, person=about, deceased_on=date(2026, 11, 8))
            if what == "representative":
                other = world.person
                return actions.add_representation(actor=actor, representative=other, represented=about, **guardian)
            if what == "represents":
                other = world.person
                return actions.add_representation(actor=actor, representative=about, represented=other, **guardian)
            lines = [LineGrant(kind=Kind.objects.get(code="GI-03"), quantity=365, recommended={})]
            return register_programme(actor=actor, person=about, lines=lines, **issued)

        for close in (own, child):
            with pytest.raises(NotAllowed):
                enter(officer, close)
            assert enter(make.officer(world.place), close), "the control: another officer"


@pytest.mark.finding("A-close")
class TestCloseOnesAndTheDeceased:
    """Whom an officer is close to, and who has died: neither is reached, moved or spoken for by that officer's hand."""

    @staticmethod
    def enter(what: str, actor: Actor, about: Person) -> object:
        """Do one of the acts of the counter."""
        days: dict[str, Any] = {"since": date(2026, 11, 1), "until": None}
        acts: dict[str, Callable[[], object]] = {
            "phone": lambda: actions.change_phone(actor=actor, person=about, phone="+7 701 999 88 77"),
            "move": lambda: actions.change_residence(actor=actor, person=about, territory_code=OTHER, address="Абай 1"),
            "end": lambda: actions.end_representation(
                actor=actor, representation=Representation.objects.get(represented=about)
            ),
            "withdraw": lambda: actions.withdraw_consent(actor=actor, consent=Consent.objects.filter(person=about)[0]),
            "needs": lambda: actions.set_needs(
                actor=actor,
                person=about,
                needs=NeedsEntered(
                    no_voice_calls=True, large_print=False, easy_read=False, sign_language=False, contact_language="kk"
                ),
            ),
            "representative": lambda: actions.add_representation(
                actor=actor,
                representative=make.person(),
                represented=about,
                basis=Representation.Basis.GUARDIAN,
                document_number="1",
                **days,
            ),
            "disability": lambda: actions.record_disability(
                actor=actor,
                person=about,
                group=Disability.Group.SECOND,
                reason=Disability.Reason.GENERAL,
                **days,
            ),
        }
        return acts[what]()

    @pytest.mark.parametrize("what", ["phone", "move", "end", "withdraw"])
    def test_close_one__is_served_by_another_officer(self, world: World, what: str) -> None:
        mother = make.person()
        officer = replace(world.officer, person_id=mother.pk)
        Representation.objects.create(
            representative=mother, represented=world.person, basis="guardian", since=date(2020, 1, 1)
        )
        with pytest.raises(NotAllowed):
            self.enter(what, officer, world.person)
        assert self.enter(what, make.officer(world.place), world.person)

    @pytest.mark.parametrize("what", ["phone", "move", "needs", "representative", "disability"])
    def test_file_of_somebody_who_has_died__takes_nothing_more(self, world: World, what: str) -> None:
        actions.record_death(actor=world.officer, person=world.person, deceased_on=date(2026, 11, 8))
        with pytest.raises(RuleBroken) as refused:
            self.enter(what, world.officer, world.person)
        assert refused.value.code == "deceased"


class TestProgramme:
    def test_programme__is_entered_with_its_items(self, desk: Client, world: World) -> None:
        make.kind("GI-03")
        address = f"/office/people/{world.person.pk}/programme"
        given = {
            "issued_by": "МӘС № 2",
            **day("issued_on", date(2026, 11, 2)),
            "kind_1": "GI-03",
            "quantity_1": "365",
            "kind_2": "GI-03",
            "quantity_2": "",
        }
        make.terms(make.kind("GI-04"), period="month", region=f"{world.place.pk[:2]}0000000")
        begun = read(desk.get(address)).text.replace("\u00a0", " ")
        assert "(1 460 pieces a year)" in begun, "the norm of the classifier"
        assert "(a month)" in begun, "the period of the person's region"
        refused = read(desk.post(address, given))
        assert refused.errors == ["Error: This is in the programme already.", "Error: Enter the quantity."]
        assert desk.post(address, given | {"kind_2": ""}).status_code == 302
        made = Line.objects.get(person=world.person, kind_id="GI-03")
        assert (made.programme.issued_by, made.programme.issued_on) == ("МӘС № 2", date(2026, 11, 2))


def test_message_that_was_refused__is_told_in_the_file_until_another_number_is_on_file(
    desk: Client, world: World
) -> None:
    file = reverse("desks:officer-person", args=[world.person.pk])
    told = "did not reach the phone on file"
    assert world.person.user_id is not None
    ContactPoint.objects.update_or_create(
        user_id=world.person.user_id, channel="sms", defaults={"address": "+77051112233", "language": "kk"}
    )
    notify(user_ids=[world.person.user_id], template="demand.offer", context={"kind": "GI-01"}, about=world.person.pk)
    deliver()
    Delivery.objects.update(state=Delivery.State.UNKNOWN)
    assert told not in text(desk, file), "it may have arrived"
    Delivery.objects.update(state=Delivery.State.FAILED, problem="undeliverable")
    assert told in text(desk, file)
    ContactPoint.objects.filter(user_id=world.person.user_id).update(address="+77051112244")
    assert told not in text(desk, file)
