"""Nothing typed is lost: autosave, another device, conflicts, handover, expiry."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.world import World

from tirek.core import clock, drafts
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft, DraftLost, HeldElsewhere, Typed
from tirek.core.errors import NotAllowed, RuleBroken, StaleState
from tirek.organisations.models import Membership
from tirek.people.models import Person

pytestmark = pytest.mark.django_db


def _begin(actor: Actor, **values: str) -> Draft:
    return drafts.begin(actor, form="order", form_version=1, subject_id=actor.person_id, values=values)


@pytest.mark.mission("S0.4")
def test_draft__keeps_each_field_from_the_first_keystroke_and_comes_back_on_another_device() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who)
    saved = drafts.save_fields(who, draft.pk, {"address": Typed("А", 0)})
    drafts.save_fields(who, draft.pk, {"address": Typed("Аб", saved.versions["address"])})
    again = drafts.draft_for(
        Actor(desk=Desk.RECIPIENT, user_id=who.user_id, person_id=who.person_id, device="other"), draft.pk
    )
    assert again.values() == {"address": "Аб"}
    assert again.versions() == {"address": 2}


def test_draft__two_devices_the_newest_is_kept_and_the_other_offered() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who, address="old")
    drafts.save_fields(who, draft.pk, {"address": Typed("typed at home", 1)})
    saved = drafts.save_fields(who, draft.pk, {"address": Typed("typed on the phone", 1)})
    conflict = saved.conflicts["address"]
    assert (conflict.kept, conflict.other) == ("typed on the phone", "typed at home")
    assert drafts.draft_for(who, draft.pk).values()["address"] == "typed on the phone"


@pytest.mark.mission("S0.9")
def test_draft__what_was_typed_long_ago_without_a_link_does_not_overwrite_what_is_newer() -> None:
    who = make.recipient_of(make.person())
    with clock.at(make.MORNING):
        draft = _begin(who, address="old")
    with clock.at(make.MORNING + timedelta(minutes=30)):
        drafts.save_fields(who, draft.pk, {"address": Typed("new", 1)})
    with clock.at(make.MORNING + timedelta(minutes=40)):
        saved = drafts.save_fields(who, draft.pk, {"address": Typed("offline", 1, timedelta(minutes=20))})
    assert (saved.conflicts["address"].kept, saved.conflicts["address"].other) == ("new", "offline")


def test_draft__the_same_value_typed_twice_is_no_conflict() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who, address="old")
    drafts.save_fields(who, draft.pk, {"address": Typed("new", 1)})
    assert drafts.save_fields(who, draft.pk, {"address": Typed("new", 1)}).conflicts == {}


def test_draft__a_stranger_does_not_see_it() -> None:
    draft = _begin(make.recipient_of(make.person()))
    for stranger in (make.recipient_of(make.person()), make.officer(), Actor(desk=Desk.PUBLIC, session="s")):
        with pytest.raises(DraftLost):
            drafts.draft_for(stranger, draft.pk)
        with pytest.raises(DraftLost):
            drafts.save_fields(stranger, draft.pk, {"a": Typed("b", 0)})


@pytest.mark.mission("S0.8")
def test_handover__person_to_office_to_person() -> None:
    person = make.person()
    who, clerk, colleague = make.recipient_of(person), make.officer(person.territory), make.officer(person.territory)
    elsewhere = make.officer(make.district("311000000"))
    draft = _begin(who, address="x")
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    with pytest.raises(HeldElsewhere):
        drafts.save_fields(who, draft.pk, {"address": Typed("y", 1)})
    assert list(drafts.waiting_for_office(elsewhere)) == []
    with pytest.raises(DraftLost):
        drafts.take(elsewhere, draft.pk)
    assert [one.pk for one in drafts.waiting_for_office(clerk)] == [draft.pk]
    drafts.take(clerk, draft.pk)
    with pytest.raises(DraftLost):
        drafts.take(colleague, draft.pk)
    drafts.save_fields(clerk, draft.pk, {"address": Typed("z", 1)})
    drafts.hand_to_person(clerk, draft.pk, user_id=make.user_of(who))
    assert drafts.draft_for(who, draft.pk).values()["address"] == "z"
    drafts.save_fields(who, draft.pk, {"address": Typed("done", 2)})


def test_handover__the_person_can_take_it_back_until_an_officer_has_it() -> None:
    person = make.person()
    who = make.recipient_of(person)
    draft = _begin(who)
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    assert drafts.take(who, draft.pk).holder_id == who.user_id


def _taken(person: Person) -> tuple[Actor, Actor, Draft]:
    """A form that the person handed over and an officer took up on a Monday morning."""
    who, clerk = make.recipient_of(person), make.officer(person.territory)
    with clock.at(make.MORNING):
        draft = _begin(who, address="x")
        drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
        return who, clerk, drafts.take(clerk, draft.pk)


#: three working days from Monday morning end with Thursday, by the clock of the country
THURSDAY_NIGHT = make.MORNING.replace(day=12, hour=19)


def test_left_lying__after_three_working_days_the_person_takes_it_back_with_what_was_typed() -> None:
    who, clerk, draft = _taken(make.person())
    with clock.at(THURSDAY_NIGHT - timedelta(seconds=1)):
        drafts.save_fields(clerk, draft.pk, {"address": Typed("y", 1)})
        with pytest.raises(HeldElsewhere) as held:
            drafts.take(who, draft.pk)
        with translation.override("en"):
            assert "handed back" in str(held.value.next_step)
    with clock.at(THURSDAY_NIGHT):
        with pytest.raises(HeldElsewhere) as held:
            drafts.save_fields(who, draft.pk, {"address": Typed("z", 2)})
        with translation.override("en"):
            assert "take it back" in str(held.value.next_step)
        back = drafts.take(who, draft.pk)
        assert (back.holder_id, back.taken_at, back.territory_code, back.values()) == (
            who.user_id,
            None,
            "",
            {"address": "y"},
        )
        drafts.save_fields(who, draft.pk, {"address": Typed("z", 2)})
        with pytest.raises(DraftLost):
            drafts.save_fields(clerk, draft.pk, {"address": Typed("late", 3)})


def test_left_lying__at_once_when_the_officer_works_there_no_more() -> None:
    who, clerk, draft = _taken(make.person())
    with clock.at(make.MORNING + timedelta(hours=1)):
        assert drafts.left_lying([draft]) == frozenset()
        Membership.objects.filter(user=clerk.user_id).update(ended_at=make.MORNING + timedelta(minutes=30))
        assert drafts.left_lying([draft]) == {draft.pk}
        assert drafts.take(who, draft.pk).holder_id == who.user_id


def test_left_lying__a_colleague_of_the_district_finds_it_and_takes_it_up() -> None:
    person = make.person()
    _who, clerk, draft = _taken(person)
    colleague, elsewhere = make.officer(person.territory), make.officer(make.district("311000000"))
    region = make.officer(make.district(f"{person.territory_id[:2]}0000000"))
    with clock.at(THURSDAY_NIGHT - timedelta(seconds=1)):
        assert list(drafts.waiting_for_office(colleague)) == []
        with pytest.raises(DraftLost):
            drafts.take(colleague, draft.pk)
    with clock.at(THURSDAY_NIGHT):
        assert [list(drafts.waiting_for_office(one)) for one in (colleague, region, elsewhere, clerk)] == [
            [draft],
            [draft],
            [],
            [],
        ]
        with pytest.raises(DraftLost):
            drafts.take(elsewhere, draft.pk)
        taken = drafts.take(colleague, draft.pk)
        assert (taken.holder_id, taken.taken_at, taken.territory_code) == (
            colleague.user_id,
            THURSDAY_NIGHT,
            person.territory_id,
        )
        assert list(drafts.waiting_for_office(region)) == [], "the time begins anew with the colleague"


def test_taking_again__what_one_holds_does_not_prolong_the_time() -> None:
    _who, clerk, draft = _taken(make.person())
    with clock.at(make.MORNING + timedelta(days=1)):
        assert drafts.take(clerk, draft.pk).taken_at == make.MORNING


def test_left_lying__is_not_what_was_handed_to_the_person() -> None:
    who, clerk, draft = _taken(make.person())
    with clock.at(make.MORNING):
        drafts.hand_to_person(clerk, draft.pk, user_id=make.user_of(who))
    with clock.at(THURSDAY_NIGHT + timedelta(days=30)), pytest.raises(DraftLost):
        drafts.take(clerk, draft.pk)


def test_left_lying__the_list_of_the_person_offers_to_take_it_back() -> None:
    with clock.at(make.MORNING):
        world = World()
        draft = world.draft(3)
        drafts.hand_to_office(world.actor, draft.pk, territory_code=world.place.code)
        drafts.take(world.officer, draft.pk)
        here = reverse("desks:recipient-forms")
        assert b"Take it back" not in world.client(world.actor).get(here).content
    with clock.at(THURSDAY_NIGHT):
        client = world.client(world.actor)
        assert b"Take it back" in client.get(here).content
        held = client.post(reverse("orders:step", args=[draft.pk, "quantity"]), {"quantity": "4", "v_quantity": "1"})
        assert held.status_code == 409
        assert b"open the list of unfinished forms and take it back" in held.content
        assert client.post(reverse("orders:take", args=[draft.pk])).status_code == 302
        draft.refresh_from_db()
    assert draft.holder_id == world.actor.user_id


def test_waiting_forms__are_nobodys_without_a_territory() -> None:
    person = make.person()
    who = make.recipient_of(person)
    draft = _begin(who)
    drafts.hand_to_office(who, draft.pk, territory_code=person.territory_id)
    nowhere = Actor(desk=Desk.OFFICER, user_id=make.officer().user_id, role="officer")
    assert list(drafts.waiting_for_office(nowhere)) == []
    with pytest.raises(DraftLost):
        drafts.take(nowhere, draft.pk)


def test_draft__begun_by_a_representative_is_the_persons_too_and_nobody_elses() -> None:
    person, proxy = make.person(), make.person()
    behalf = make.recipient_of(proxy).behalf(person.pk)
    draft = drafts.begin(behalf, form="order", form_version=1, subject_id=person.pk, values={"a": "b"})
    assert drafts.draft_for(make.recipient_of(person), draft.pk) == draft
    assert drafts.draft_for(behalf, draft.pk) == draft
    other = make.recipient_of(make.person())
    for stranger in (
        other,
        other.behalf(proxy.pk),
        Actor(desk=Desk.SUPPLIER, user_id=other.user_id, person_id=person.pk),
    ):
        with pytest.raises(DraftLost):
            drafts.draft_for(stranger, draft.pk)


def test_submit__of_another_forms_draft_finds_none() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who)
    assert drafts.lock_for_submit(who, draft.pk, form="order") == draft
    with pytest.raises(DraftLost):
        drafts.lock_for_submit(who, draft.pk, form="correction")
    with pytest.raises(DraftLost):
        drafts.draft_for(who, draft.pk, form="correction")


def test_draft__is_not_endless() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who)
    with pytest.raises(RuleBroken):
        drafts.save_fields(who, draft.pk, {"a": Typed("x" * 20_001, 0)})
    with pytest.raises(RuleBroken):
        drafts.save_fields(who, draft.pk, {f"f{n}": Typed("x", 0) for n in range(201)})
    drafts.save_fields(who, draft.pk, {f"f{n}": Typed("x", 0) for n in range(150)})
    with pytest.raises(RuleBroken):
        drafts.save_fields(who, draft.pk, {f"g{n}": Typed("x", 0) for n in range(100)})
    assert len(drafts.draft_for(who, draft.pk).values()) == 150


def test_draft__not_signed_in_lives_seven_days() -> None:
    visitor = Actor(desk=Desk.PUBLIC, session="s1")
    with pytest.raises(NotAllowed):
        drafts.begin(Actor(desk=Desk.PUBLIC), form="f", form_version=1)
    with clock.at(make.MORNING):
        draft = drafts.begin(visitor, form="f", form_version=1, values={"a": "b"})
    with pytest.raises(DraftLost):
        drafts.draft_for(Actor(desk=Desk.PUBLIC, session="s2"), draft.pk)
    with clock.at(make.MORNING + timedelta(days=6, hours=23)):
        assert drafts.purge() == 0
        assert drafts.draft_for(visitor, draft.pk).values() == {"a": "b"}
    with clock.at(make.MORNING + timedelta(days=7)):
        assert drafts.purge() == 1
    draft.refresh_from_db()
    assert (draft.state, draft.fields) == ("archived", {})


def test_draft__of_a_person_is_kept_for_180_days() -> None:
    who = make.recipient_of(make.person())
    with clock.at(make.MORNING):
        draft = _begin(who)
    assert draft.expires_at == make.MORNING + timedelta(days=180)


def test_draft__thrown_away_is_gone_and_beginning_again_with_its_key_is_the_same() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who)
    assert drafts.begin(who, form="order", form_version=1, key=draft.pk).pk == draft.pk
    drafts.archive(who, draft.pk)
    with pytest.raises(DraftLost):
        drafts.draft_for(who, draft.pk)


def test_draft__sent_cannot_be_written_any_more() -> None:
    shop = make.Shop()
    with clock.at(make.MORNING):
        draft = shop.draft(10)
        from tirek.orders.actions import submit_order

        submit_order(actor=shop.actor, draft_key=draft.pk)
        with pytest.raises(StaleState):
            drafts.save_fields(shop.actor, draft.pk, {"address": Typed("late", 9)})


@pytest.mark.finding("I-14")
def test_draft__is_kept_from_the_last_save_on() -> None:
    who = make.recipient_of(make.person())
    with clock.at(make.MORNING):
        draft = _begin(who, address="x")
    with clock.at(make.MORNING + timedelta(days=179)):
        drafts.save_fields(who, draft.pk, {"address": Typed("y", 1)})
    with clock.at(make.MORNING + timedelta(days=181)):
        assert drafts.purge() == 0
        assert drafts.draft_for(who, draft.pk).values()["address"] == "y"
    with clock.at(make.MORNING + timedelta(days=179 + 181)):
        assert drafts.purge() == 1


@pytest.mark.finding("I-15")
def test_draft_of_somebody_else__is_thrown_away_by_an_officer_with_a_reason_alone() -> None:
    who, clerk, draft = _taken(make.person())
    with clock.at(make.MORNING):
        for reason in ("", "because"):
            with pytest.raises(RuleBroken):
                drafts.archive(clerk, draft.pk, reason=reason)
        drafts.archive(clerk, draft.pk, reason=Draft.EndReason.SENT)
        with pytest.raises(DraftLost):
            drafts.draft_for(who, draft.pk)
        own = _begin(clerk, address="x")
        drafts.archive(clerk, own.pk)
