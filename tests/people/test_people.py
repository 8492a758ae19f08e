from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests import factories as make

from tirek.accounts.models import AccountEvent, User
from tirek.core import clock
from tirek.core.actors import ANYONE, CLOCK, Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.identifiers import Iin, Sex, synthetic_iin
from tirek.core.personal import export
from tirek.core.personal.viewlog import ReasonNeeded, View
from tirek.notices.models import ContactPoint
from tirek.people import actions, queries, rules
from tirek.people.actions import NeedsEntered
from tirek.people.models import Consent, Diagnosis, Disability, Measurement, Needs, Person, PersonEvent, Representation
from tirek.people.names import Born, Name
from tirek.territory.models import Territory

SEMEY, KURCHATOV = "101010000", "101810000"
NAME = Name("Әлиева", "Гүлнұр", "Асанқызы")


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def place(db: None) -> Territory:
    return make.district()


@pytest.fixture
def officer(place: Territory) -> Actor:
    return make.officer(place)


@pytest.fixture
def mother(place: Territory) -> Person:
    return make.person(place=place, born=date(1985, 3, 1))


@pytest.fixture
def child(place: Territory) -> Person:
    return make.person(place=place, born=date(2015, 6, 10), sex="male", phone="")


def iin(serial: int = 900, born: date = date(1990, 5, 17)) -> Iin:
    return synthetic_iin(born, Sex.FEMALE, serial)


def parent_of(officer: Actor, mother: Person, child: Person, **changes: object) -> Representation:
    facts = {"basis": Representation.Basis.PARENT, "document_number": "АА 123", "since": date(2020, 1, 1)} | changes
    return actions.add_representation(actor=officer, representative=mother, represented=child, **facts)


class TestRegistration:
    @pytest.mark.mission("S2.6")
    def test_officer_enters_a_person__who_can_then_sign_in_by_phone(self, officer: Actor, place: Territory) -> None:
        person = actions.register_person(
            actor=officer, iin=iin(), name=NAME, territory_code=place.code, phone="8 701 123 45 67", language="ru"
        )
        assert (person.birth_date, person.sex) == (date(1990, 5, 17), "female")
        assert person.user.phone == "+77011234567"
        assert not person.user.has_usable_password()
        assert person.user.first_signed_in_at is None
        assert ContactPoint.objects.get(user_id=person.user_id, channel="sms").language == "ru"
        assert list(person.events.values_list("kind", "actor_id")) == [("registered", officer.user_id)]

    @pytest.mark.finding("I-22")
    def test_date_of_birth__is_the_one_on_the_card_whatever_the_digits_tell(
        self, officer: Actor, place: Territory
    ) -> None:
        card = Born(date(2009, 3, 5), Sex.MALE)
        person = actions.register_person(
            actor=officer, iin=iin(born=date(2009, 5, 3)), name=NAME, territory_code=place.code, born=card
        )
        assert (person.birth_date, person.sex) == (card.on, "male")
        with pytest.raises(RuleBroken):
            actions.register_person(
                actor=officer, iin=iin(901), name=NAME, territory_code=place.code, born=Born(date(2030, 1, 1), Sex.MALE)
            )

    @pytest.mark.finding("I-35")
    @pytest.mark.parametrize(
        "name", [Name("", ""), Name("  ", "Ә"), Name("Ә", "\u200b"), Name("Ә" * 101, "Ә"), Name("Ә", "Ә", "Ә" * 101)]
    )
    def test_name__that_is_none_is_refused_in_words(self, officer: Actor, place: Territory, name: Name) -> None:
        with pytest.raises(RuleBroken) as refused:
            actions.register_person(actor=officer, iin=iin(), name=name, territory_code=place.code)
        assert refused.value.code == "name"

    @pytest.mark.finding("I-35")
    def test_name__is_kept_without_blanks_around(self, officer: Actor, place: Territory) -> None:
        name = Name("  Әлиева ", "Гүл \u00a0 Нұр")
        person = actions.register_person(actor=officer, iin=iin(), name=name, territory_code=place.code)
        assert person.full_name == "Әлиева Гүл Нұр"

    def test_same_iin__is_entered_once(self, officer: Actor, place: Territory) -> None:
        actions.register_person(actor=officer, iin=iin(), name=NAME, territory_code=place.code)
        with pytest.raises(RuleBroken) as refused:
            actions.register_person(actor=officer, iin=iin(), name=NAME, territory_code=place.code)
        assert refused.value.code == "already_registered"
        assert (Person.objects.count(), User.objects.filter(iin=iin().digits).count()) == (1, 1)

    def test_somebody_with_an_account_already__keeps_it_and_its_phone(self, officer: Actor, place: Territory) -> None:
        known = User.objects.create_user(iin=iin().digits, phone="+77770000001")
        person = actions.register_person(
            actor=officer, iin=iin(), name=NAME, territory_code=place.code, phone="+77011234567"
        )
        assert person.user == known
        assert person.user.phone == "+77770000001"

    def test_person_of_another_place__is_not_this_officers(self, officer: Actor) -> None:
        elsewhere = make.district("113200000")
        with pytest.raises(NotAllowed):
            actions.register_person(actor=officer, iin=iin(), name=NAME, territory_code=elsewhere.code)

    @pytest.mark.parametrize("code", ["100000000", "101899999"])
    def test_residence__is_a_district_that_exists(self, place: Territory, code: str) -> None:
        with pytest.raises(RuleBroken) as refused:
            actions.register_person(actor=CLOCK, iin=iin(), name=NAME, territory_code=code)
        assert refused.value.code == "district"

    def test_wrong_phone__enters_nobody(self, officer: Actor, place: Territory) -> None:
        with pytest.raises(RuleBroken) as refused:
            actions.register_person(actor=officer, iin=iin(), name=NAME, territory_code=place.code, phone="12")
        assert refused.value.code == "phone"
        assert not Person.objects.exists()


class TestSeeing:
    def test_person__sees_the_own_entry_without_a_record(self, mother: Person) -> None:
        assert queries.person_for(make.recipient_of(mother), mother.pk) == mother
        assert not View.objects.exists()

    def test_officer_of_the_place__sees_it_and_the_look_is_recorded(self, officer: Actor, mother: Person) -> None:
        queries.give_reason(officer, mother.pk, "call back")
        queries.find_by_iin(officer, Iin(mother.iin))
        assert list(View.objects.order_by("id").values_list("subject_id", "basis", "reason")) == [
            (mother.pk, "reason", "call back"),
            (mother.pk, "present", ""),
        ]

    def test_stranger_and_nobody__look_the_same_and_leave_no_record(self, mother: Person, place: Territory) -> None:
        other = make.person(place=place)
        elsewhere = make.officer(make.district("113200000"))
        for actor in (
            make.recipient_of(other),
            elsewhere,
            ANYONE,
            Actor(desk=Desk.SUPPLIER),
            replace(elsewhere, territory=""),
        ):
            with pytest.raises(NotFound):
                queries.person_for(actor, mother.pk)
        for number in (Iin(mother.iin), iin(555)):
            with pytest.raises(queries.PersonNotFound):
                queries.find_by_iin(elsewhere, number)
        assert not View.objects.exists()

    def test_diagnosis__is_stored_sealed_and_shown_to_the_entitled_alone(
        self, officer: Actor, mother: Person, place: Territory
    ) -> None:
        actions.record_diagnosis(actor=officer, person=mother, text="Балалар церебралды салы")
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM people_diagnosis")
            (stored,) = cursor.fetchone()
        assert "салы".encode() not in bytes(stored)
        assert queries.diagnosis_for(make.recipient_of(mother), mother) == "Балалар церебралды салы"
        with pytest.raises(ReasonNeeded):
            queries.diagnosis_for(officer, mother)
        queries.give_reason(officer, mother.pk, "Re-examination")
        assert queries.diagnosis_for(officer, mother) == "Балалар церебралды салы"
        assert View.objects.get().reason == "Re-examination"
        for actor in (
            make.recipient_of(make.person(place=place)),
            Actor(desk=Desk.SUPPLIER),
            make.officer(make.district("113200000")),
        ):
            with pytest.raises(NotFound):
                queries.diagnosis_for(actor, mother)


class TestMeasurements:
    def test_newest_value__counts_and_who_measured_when_is_kept(self, officer: Actor, mother: Person) -> None:
        own = make.recipient_of(mother)
        for actor, value, day in ((officer, 168, 1), (own, 170, 3), (officer, 169, 2)):
            actions.record_measurement(
                actor=actor, person=mother, parameter="height_cm", value=Decimal(value), measured_on=date(2026, 11, day)
            )
        actions.record_measurement(
            actor=own, person=mother, parameter="skin", value="sensitive", measured_on=date(2026, 11, 1)
        )
        with CaptureQueriesContext(connection) as asked:
            newest = queries.measurements(mother)
        assert len(asked) == 1
        assert (newest["height_cm"].number, newest["height_cm"].source, newest["height_cm"].measured_by) == (
            170,
            "self",
            own.user_id,
        )
        assert newest["skin"].text == "sensitive"
        assert Measurement.objects.count() == 4

    @pytest.mark.parametrize(
        ("parameter", "value", "day", "why"),
        [
            ("height_cm", Decimal(168), date(2026, 11, 10), "future"),
            ("height_cm", Decimal(1680), date(2026, 11, 1), "implausible"),
            ("weight_kg", Decimal(0), date(2026, 11, 1), "implausible"),
            ("weight_kg", "heavy", date(2026, 11, 1), "not_a_number"),
            ("skin", " ", date(2026, 11, 1), "not_a_number"),
        ],
    )
    def test_impossible_value__is_refused_with_the_reason(
        self, officer: Actor, mother: Person, parameter: str, value: Decimal | str, day: date, why: str
    ) -> None:
        with pytest.raises(RuleBroken) as refused:
            actions.record_measurement(actor=officer, person=mother, parameter=parameter, value=value, measured_on=day)
        assert refused.value.code == why

    def test_stranger__cannot_measure(self, mother: Person, place: Territory) -> None:
        for actor in (
            make.recipient_of(make.person(place=place)),
            Actor(desk=Desk.SUPPLIER),
            make.officer(make.district("113200000")),
        ):
            with pytest.raises(NotAllowed):
                actions.record_measurement(
                    actor=actor, person=mother, parameter="height_cm", value=Decimal(1), measured_on=date(2026, 1, 1)
                )

    def test_database__takes_a_number_or_words_never_both(self, mother: Person) -> None:
        for number, text in ((Decimal(1), "x"), (None, ""), (Decimal(-1), "")):
            with pytest.raises(IntegrityError), transaction.atomic():
                Measurement.objects.create(
                    person=mother, parameter="a", number=number, text=text, measured_on=date(2026, 1, 1), source="self"
                )


class TestRepresentation:
    @pytest.mark.mission("S0.6")
    def test_parent__acts_for_the_child_until_the_18th_birthday(
        self, officer: Actor, mother: Person, child: Person
    ) -> None:
        parent_of(officer, mother, child)
        actor = make.recipient_of(mother)
        assert queries.represented_by(actor) == [child]
        assert queries.person_for(actor, child.pk) == child
        eve = datetime(2033, 6, 9, 18, 59, tzinfo=UTC)
        assert queries.may_act_for(actor, child, eve)
        assert not queries.may_act_for(actor, child, eve + timedelta(minutes=1))
        with clock.at(eve + timedelta(minutes=1)):
            assert queries.represented_by(actor) == []
            with pytest.raises(NotFound):
                queries.person_for(actor, child.pk)

    def test_guardian__acts_for_an_adult_too(self, officer: Actor, mother: Person, place: Territory) -> None:
        adult = make.person(place=place, born=date(1990, 1, 1))
        parent_of(officer, mother, adult, basis=Representation.Basis.GUARDIAN)
        assert queries.may_act_for(make.recipient_of(mother), adult, clock.now())

    def test_attorney__acts_from_the_first_day_to_the_last(
        self, officer: Actor, mother: Person, place: Territory
    ) -> None:
        adult = make.person(place=place, born=date(1990, 1, 1))
        parent_of(
            officer,
            mother,
            adult,
            basis=Representation.Basis.ATTORNEY,
            since=date(2026, 11, 10),
            until=date(2026, 11, 11),
        )
        actor = make.recipient_of(mother)
        days = [date(2026, 11, day) for day in (9, 10, 11, 12)]
        noons = [datetime(day.year, day.month, day.day, 7, tzinfo=UTC) for day in days]
        assert [queries.may_act_for(actor, adult, noon) for noon in noons] == [False, True, True, False]

    def test_nobody__acts_for_others_without_a_basis_or_the_other_way_round(
        self, officer: Actor, mother: Person, child: Person, place: Territory
    ) -> None:
        parent_of(officer, mother, child)
        assert not queries.may_act_for(make.recipient_of(child), mother, clock.now())
        assert not queries.may_act_for(make.recipient_of(make.person(place=place)), child, clock.now())
        assert not queries.may_act_for(ANYONE, child, clock.now())

    def test_ended_representation__ends_at_that_moment(self, officer: Actor, mother: Person, child: Person) -> None:
        row = parent_of(officer, mother, child)
        actions.end_representation(actor=officer, representation=row)
        assert not queries.may_act_for(make.recipient_of(mother), child, clock.now())
        assert queries.may_act_for(make.recipient_of(mother), child, clock.now() - timedelta(seconds=1))
        parent_of(officer, mother, child)
        assert queries.may_act_for(make.recipient_of(mother), child, clock.now())
        assert list(child.events.order_by("id").values_list("kind", flat=True)) == [
            "representation_added",
            "representation_ended",
            "representation_added",
        ]

    def test_represented_adult__can_end_it_a_child_cannot(
        self, officer: Actor, mother: Person, child: Person, place: Territory
    ) -> None:
        adult = make.person(place=place, born=date(1990, 1, 1))
        of_adult = parent_of(officer, mother, adult, basis=Representation.Basis.ATTORNEY)
        of_child = parent_of(officer, mother, child)
        actions.end_representation(actor=make.recipient_of(adult), representation=of_adult)
        with pytest.raises(NotAllowed):
            actions.end_representation(actor=make.recipient_of(child), representation=of_child)

    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"document_number": " "}, "document"),
            ({"basis": Representation.Basis.PARENT, "of": "adult"}, "of_age"),
            ({"of": "self"}, "self"),
            ({"by": "child"}, "representative"),
        ],
    )
    def test_impossible_representation__is_refused(
        self, officer: Actor, mother: Person, child: Person, place: Territory, changes: dict[str, object], why: str
    ) -> None:
        adult = make.person(place=place, born=date(1990, 1, 1))
        represented = {"adult": adult, "self": mother}.get(str(changes.pop("of", "")), child)
        representative = child if changes.pop("by", "") else mother
        with pytest.raises(RuleBroken) as refused:
            parent_of(officer, representative, adult if representative is child else represented, **changes)
        assert refused.value.code == why

    def test_same_basis__stands_once(self, officer: Actor, mother: Person, child: Person) -> None:
        parent_of(officer, mother, child)
        with pytest.raises(RuleBroken) as refused:
            parent_of(officer, mother, child)
        assert refused.value.code == "already_entered"

    def test_dead_representative__acts_for_nobody(self, officer: Actor, mother: Person, child: Person) -> None:
        parent_of(officer, mother, child)
        actions.record_death(actor=officer, person=mother, deceased_on=date(2026, 11, 8))
        assert not queries.may_act_for(make.recipient_of(mother), child, clock.now())

    def test_only_the_office_of_the_place__enters_it(self, mother: Person, child: Person, place: Territory) -> None:
        for actor in (make.recipient_of(mother), make.officer(make.district("113200000")), Actor(desk=Desk.OPERATOR)):
            with pytest.raises(NotAllowed):
                parent_of(actor, mother, child)


class TestConsentNeedsDeath:
    def test_consent__is_given_once_per_text_and_can_be_withdrawn(self, mother: Person) -> None:
        actor = make.recipient_of(mother)
        facts = {"actor": actor, "person": mother, "purpose": Consent.Purpose.PRIVACY}
        first = actions.give_consent(**facts, text_version="1")
        assert actions.give_consent(**facts, text_version="1") == first
        assert queries.has_consented(mother, Consent.Purpose.PRIVACY, "1")
        assert not queries.has_consented(mother, Consent.Purpose.PRIVACY, "2")
        actions.withdraw_consent(actor=actor, consent=first)
        assert not queries.has_consented(mother, Consent.Purpose.PRIVACY, "1")
        again = actions.give_consent(**facts, text_version="1")
        assert again.pk != first.pk
        assert list(mother.events.order_by("id").values_list("kind", flat=True)) == [
            "consent_given",
            "consent_withdrawn",
            "consent_given",
        ]

    def test_needs__reach_the_language_of_notices(self, officer: Actor, mother: Person) -> None:
        ContactPoint.objects.create(user_id=mother.user_id, channel="sms", address="+77011234567", language="kk")
        assert not queries.needs_of(mother).large_print
        entered = NeedsEntered(
            no_voice_calls=True, large_print=True, easy_read=False, sign_language=True, contact_language="ru"
        )
        actions.set_needs(actor=officer, person=mother, needs=entered)
        actions.set_needs(actor=make.recipient_of(mother), person=mother, needs=replace(entered, large_print=False))
        needs = Needs.objects.get(person=mother)
        assert (needs.no_voice_calls, needs.large_print, needs.contact_language) == (True, False, "ru")
        assert ContactPoint.objects.get(user_id=mother.user_id).language == "ru"

    def test_stranger__cannot_speak_for_others(self, mother: Person, place: Territory) -> None:
        actor = make.recipient_of(make.person(place=place))
        entered = NeedsEntered(
            no_voice_calls=True, large_print=True, easy_read=False, sign_language=True, contact_language="ru"
        )
        acts: list[Callable[[], object]] = [
            lambda: actions.give_consent(actor=actor, person=mother, purpose=Consent.Purpose.PRIVACY, text_version="1"),
            lambda: actions.set_needs(actor=actor, person=mother, needs=entered),
            lambda: actions.set_language(actor=actor, person=mother, language="ru"),
        ]
        for act in acts:
            with pytest.raises(NotAllowed):
                act()

    def test_death__closes_the_account_and_is_entered_once(self, officer: Actor, mother: Person) -> None:
        actions.record_death(actor=officer, person=mother, deceased_on=date(2026, 11, 8))
        mother.refresh_from_db()
        assert mother.deceased_on == date(2026, 11, 8)
        assert not User.objects.get(pk=mother.user_id).is_active
        with pytest.raises(RuleBroken):
            actions.record_death(actor=officer, person=mother, deceased_on=date(2026, 11, 7))

    @pytest.mark.parametrize("day", [date(2026, 11, 10), date(1985, 2, 28)])
    def test_death__lies_between_birth_and_today(self, officer: Actor, mother: Person, day: date) -> None:
        with pytest.raises(RuleBroken) as refused:
            actions.record_death(actor=officer, person=mother, deceased_on=day)
        assert refused.value.code == "day"

    def test_disability__is_the_one_of_the_day(self, officer: Actor, mother: Person) -> None:
        facts = {"actor": officer, "person": mother, "reason": Disability.Reason.GENERAL}
        actions.record_disability(
            **facts, group=Disability.Group.SECOND, since=date(2020, 1, 1), until=date(2024, 12, 31)
        )
        actions.record_disability(**facts, group=Disability.Group.FIRST, since=date(2025, 1, 1), until=None)
        found = [queries.disability_on(mother, day) for day in (date(2019, 1, 1), date(2024, 12, 31), date(2026, 1, 1))]
        assert [one.group if one else None for one in found] == [None, "II", "I"]


class TestPhone:
    def test_office__changes_the_phone_and_messages_go_to_the_new_one(self, officer: Actor, mother: Person) -> None:
        actions.change_phone(actor=officer, person=mother, phone="+7 702 555 44 33")
        assert User.objects.get(pk=mother.user_id).phone == "+77025554433"
        assert ContactPoint.objects.get(user_id=mother.user_id, channel="sms").address == "+77025554433"
        assert AccountEvent.objects.get(user=mother.user_id).kind == "phone_changed"

    def test_person_and_foreign_office__cannot_change_it(self, mother: Person) -> None:
        for actor in (make.recipient_of(mother), make.officer(make.district("113200000"))):
            with pytest.raises(NotAllowed):
                actions.change_phone(actor=actor, person=mother, phone="+7 702 555 44 33")

    def test_move__is_entered_by_the_old_or_the_new_office(self, officer: Actor, mother: Person) -> None:
        new = make.district("113200000")
        with pytest.raises(NotAllowed):
            actions.change_residence(
                actor=make.officer(make.district("153200000")), person=mother, territory_code=new.code, address="b"
            )
        actions.change_residence(actor=make.officer(new), person=mother, territory_code=new.code, address="Жаңа көше 2")
        assert (mother.territory_id, mother.address) == (new.code, "Жаңа көше 2")


class TestEventsAndExport:
    def test_events__cannot_be_changed_or_deleted(self, officer: Actor, mother: Person) -> None:
        actions.record_disability(
            actor=officer,
            person=mother,
            group=Disability.Group.FIRST,
            since=date(2025, 1, 1),
            until=None,
            reason=Disability.Reason.GENERAL,
        )
        for act in (PersonEvent.objects.update, PersonEvent.objects.all().delete):
            with pytest.raises(Exception, match="append-only"), transaction.atomic():
                act(**({"kind": "x"} if act == PersonEvent.objects.update else {}))

    def test_events__hold_no_personal_text(self, officer: Actor, mother: Person, child: Person) -> None:
        parent_of(officer, mother, child)
        actions.record_diagnosis(actor=officer, person=child, text="құпия")
        told = str(list(PersonEvent.objects.values()))
        assert "құпия" not in told
        assert child.iin not in told
        assert child.surname not in told

    def test_export__holds_every_register_and_nothing_of_others(
        self, officer: Actor, mother: Person, child: Person
    ) -> None:
        parent_of(officer, mother, child)
        actions.record_diagnosis(actor=officer, person=child, text="диагноз")
        actions.record_measurement(
            actor=officer, person=child, parameter="height_cm", value=Decimal(120), measured_on=date(2026, 11, 1)
        )
        actions.give_consent(actor=officer, person=child, purpose=Consent.Purpose.PRIVACY, text_version="1")
        queries.find_by_iin(officer, Iin(child.iin))
        told = export.file_of(export.Subject(child.pk, child.user_id))
        sections = {code: one["entries"] for code, one in told["sections"].items()}
        assert [one["iin"] for one in sections["person"]] == [child.iin]
        assert [one["diagnosis"] for one in sections["diagnosis"]] == ["диагноз"]
        (measured,) = sections["measurements"]
        assert (measured["parameter"], measured["number"], measured["measured_on"]) == (
            "height_cm",
            "120.00",
            "2026-11-01",
        )
        assert measured["source"]["code"] == "officer"
        assert [one["kind"]["code"] for one in sections["events"]] == [
            "representation_added", "diagnosis_recorded", "measured", "consent_given",
        ]  # fmt: skip
        assert [one["basis"]["code"] for one in sections["looked_at"]] == ["present"]
        assert [one["who"] for one in sections["represented_by"]] == [mother.full_name]
        assert mother.iin not in str(told)


def test_age__counts_whole_years() -> None:
    assert rules.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert rules.age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def _in_year(day: date, year: int, *, else_: date) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return else_


days = st.dates(date(1900, 1, 1), date(2099, 12, 31)) | st.sampled_from([date(2008, 2, 29), date(2026, 2, 28)])


@given(day=days, years=st.integers(1, 40))
def test_majority__is_the_same_day_of_the_year_and_the_28th_for_the_29th_of_february(day: date, years: int) -> None:
    born_by = day.year - years
    assert rules.of_age_born_by(day, majority_months=12 * years) == _in_year(day, born_by, else_=date(born_by, 2, 28))


@given(born=st.dates(date(1900, 1, 1), date(2026, 1, 1)), days=st.integers(0, 40000))
def test_minor__until_the_day_of_coming_of_age(born: date, days: int) -> None:
    on = date.fromordinal(min(born.toordinal() + days, date(2099, 1, 1).toordinal()))
    comes = _in_year(born, born.year + 18, else_=date(born.year + 18, 3, 1))
    assert rules.is_minor(born, on, majority_months=216) is (on < comes)
    assert rules.is_minor(born, on, majority_months=216) is (born > rules.of_age_born_by(on, majority_months=216))


@pytest.mark.parametrize(
    ("parameter", "unit"), [("height_cm", "cm"), ("foot_length_left_mm", "mm"), ("skin", ""), ("weight_kg", "kg")]
)
def test_unit__stands_at_the_end_of_the_code(parameter: str, unit: str) -> None:
    assert rules.unit_of(parameter) == unit


def test_diagnosis_model__has_a_table_of_its_own() -> None:
    assert Diagnosis._meta.db_table != Person._meta.db_table
