"""Nothing typed is lost: autosave, another device, conflicts, handover, expiry."""

from datetime import timedelta

import pytest
from tests import factories as make

from tirek.core import clock, drafts
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft, DraftLost, HeldElsewhere, Typed
from tirek.core.errors import NotAllowed, RuleBroken, StaleState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _terms() -> None:
    make.load_terms()


def _begin(actor: Actor, **values: str) -> Draft:
    return drafts.begin(actor, form="order", form_version=1, subject_id=actor.person_id, values=values)


@pytest.mark.mission("S0.4")
def test_draft__keeps_each_field_from_the_first_keystroke_and_comes_back_on_another_device() -> None:
    who = make.recipient_of(make.person())
    draft = _begin(who)
    saved = drafts.save_fields(who, draft.pk, {"address": Typed("А", 0)})
    drafts.save_fields(who, draft.pk, {"address": Typed("Аб", saved.versions["address"])})
    again = drafts.draft_for(Actor(desk=Desk.RECIPIENT, user_id=who.user_id, person_id=who.person_id, device="other"), draft.pk)
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
