"""A person asks for a correction: sent once, answered in time, escalated otherwise, never closed in silence."""

from datetime import UTC, date, datetime

import pytest
from tests import factories as make
from tests.entitlements import papers
from tests.entitlements.test_corrections import everybody

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.case import deadlines, journal, workflow
from tirek.core.case.workflow import Transition
from tirek.core.errors import DomainError, NotAllowed, NotFound, RuleBroken
from tirek.entitlements import actions, queries
from tirek.entitlements.actions import requests
from tirek.entitlements.case_pages import TO_ANSWER
from tirek.entitlements.case_types import REQUESTS
from tirek.entitlements.models import CorrectionRequest, Line
from tirek.entitlements.workflow import REQUEST
from tirek.notices.models import Notice
from tirek.people.models import Representation

pytestmark = pytest.mark.django_db
State = CorrectionRequest.State
LATER = datetime(2026, 11, 17, 4, 0, tzinfo=UTC)  # five working days after Monday have passed


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


@pytest.fixture
def officer(shop: make.Shop) -> Actor:
    return make.officer(shop.place)


@pytest.fixture
def region(shop: make.Shop) -> Actor:
    with clock.at(make.MORNING):
        actor = make.officer(make.district(f"{shop.place.code[:2]}0000000"))
        from tirek.organisations.models import Organisation

        Organisation.objects.filter(pk=actor.organisation_id).update(kind="local_body_region")
        return actor


def told(template: str) -> set[object]:
    return set(Notice.objects.filter(template=template).values_list("user_id", flat=True))


def test_request__gets_a_number_a_deadline_and_reaches_the_office(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        assert request.number.startswith("ТӨ-2026-")
        assert deadlines.open_of(request)[0].last_day == date(2026, 11, 16)
        assert TO_ANSWER.count(officer) == 1
    assert told("request.submitted") == {shop.person.user_id}
    assert told("request.new_for_office") == {officer.user_id}


def test_request__about_a_missing_kind_or_about_nothing_that_has_a_name(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        make.kind("GI-02")
        named = papers.asked(shop, line="", kind="GI-02", wrong="missing")
        unnamed = papers.asked(shop, line="", wrong="other")
    assert (named.kind_id, named.line_id, unnamed.kind_id) == ("GI-02", None, None)


def test_same_draft__sent_again_is_the_same_request(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        draft = papers.request_draft(shop)
        assert len({actions.submit_request(actor=shop.actor, draft_key=draft.pk).pk for _ in range(5)}) == 1


def test_request__is_sent_by_the_person_or_a_representative_only(shop: make.Shop, officer: Actor) -> None:
    mother = make.person()
    Representation.objects.create(
        representative=mother, represented=shop.person, basis="guardian", since=date(2020, 1, 1)
    )
    with clock.at(make.MORNING):
        request = papers.asked(shop, make.recipient_of(mother).behalf(shop.person.pk))
        assert request.person == shop.person
        for stranger in (make.recipient_of(make.person()), officer, shop.supplier_actor):
            with pytest.raises(DomainError):
                papers.asked(shop, stranger)
    assert told("request.submitted") == {shop.person.user_id, mother.user_id}


def test_request__about_a_line_of_somebody_else_is_not_found(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        other = make.programme(make.person(), make.kind("GI-03"))
        with pytest.raises(NotFound):
            papers.asked(shop, line=str(Line.objects.get(programme=other).pk))


def test_request__needs_what_is_wrong_and_words(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        for wrong in ({"wrong": ""}, {"wrong": "nothing"}, {"words": "  "}, {"words": "а" * 1001}):
            with pytest.raises(RuleBroken):
                papers.asked(shop, **wrong)


#: who may do what with a request, beside the clock
UNRELATED = {"officer here", "officer of the region"}
ROLES = {
    "submit": {"own recipient", "representative"},
    "escalate": {"clock"},
    "explain": UNRELATED,
    "begin": UNRELATED,
    "record_fix": UNRELATED,
    "finish": UNRELATED,
    "take_up_again": UNRELATED,
}


@pytest.mark.parametrize("transition", REQUEST.transitions, ids=lambda one: one.name)
def test_request__every_role_on_every_transition(shop: make.Shop, transition: Transition[CorrectionRequest]) -> None:
    with clock.at(make.MORNING):
        request, roles = papers.asked(shop), everybody(shop)
        allowed = {name for name, actor in roles.items() if transition.by.allows(actor, request)}
        assert allowed == ROLES[transition.name]
        if transition.creates:
            return
        CorrectionRequest.objects.filter(pk=request.pk).update(state=sorted(transition.source)[0])
        given = {"explain": {"answer": "x"}, "record_fix": {"answer": "x", "document": "1"}}.get(transition.name, {})
        for name in set(roles) - allowed:
            with pytest.raises(NotAllowed):
                REQUEST.actions[transition.name](actor=roles[name], request=request, **given)


def test_answer__explains_and_is_told(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        with pytest.raises(RuleBroken):
            actions.explain_request(actor=officer, request=request, answer="")
        actions.explain_request(actor=officer, request=request, answer="Тоқсан сайын 365 дана беріледі")
        assert TO_ANSWER.count(officer) == 0
        assert REQUESTS.find(shop.actor, request.number).answer == "Тоқсан сайын 365 дана беріледі"
    assert told("request.explained") == {shop.person.user_id}


def test_data_put_right_elsewhere__is_recorded_with_its_document(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        with pytest.raises(RuleBroken):
            actions.record_fix(actor=officer, request=request, document=" ", answer="Түзетілді")
        done = actions.record_fix(actor=officer, request=request, document="МӘС № 3", answer="Түзетілді")
    assert done.state == State.CORRECTED
    assert told("request.corrected") == {shop.person.user_id}
    event = journal.events_of(done)[-1]
    assert event.data["document"] is True, "what somebody typed does not enter the journal that nobody can erase"
    assert journal.notes_of([event]) == {event.pk: "МӘС № 3"}


@pytest.mark.mission("S2.8")
def test_story_of_the_boy_without_diapers__one_data_error_is_put_right_in_days(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        kind = make.kind("GI-02")
        request = papers.asked(shop, line="", kind=kind.pk, wrong="missing", words="Ұлымда жөргек жоқ")
        proposed = papers.proposed(shop, officer, 1460, line="", kind=kind.pk, request=str(request.pk))
        assert REQUESTS.find(shop.actor, request.number).state == State.CORRECTING
        actions.sign_correction(actor=make.officer(shop.place), correction=proposed)
        assert REQUESTS.find(shop.actor, request.number).state == State.CORRECTED
        line = Line.objects.select_related("programme", "kind", "person").get(kind=kind)
        assert queries.status_of(line).can_order
    assert told("request.corrected") == {shop.person.user_id}


def test_rejected_correction__leaves_the_answer_owed(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        proposed = papers.proposed(shop, officer, 5, request=str(request.pk))
        actions.reject_correction(actor=make.officer(shop.place), correction=proposed, reason="Құжат жоқ")
        again = REQUESTS.find(officer, request.number)
        assert again.state == State.SUBMITTED
        assert deadlines.open_of(again)
    assert told("request.still_open") == {shop.person.user_id}


def test_request__is_not_finished_without_a_signed_correction(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        with pytest.raises(RuleBroken):
            requests.begin_request(actor=officer, request=request)
        papers.proposed(shop, officer, 5, request=str(request.pk))
        request.refresh_from_db()
        for early in (requests.finish_request, requests.take_up_again):
            with pytest.raises(RuleBroken):
                early(actor=officer, request=request)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.CORRECTING])
def test_silence__tells_the_region_and_the_person_and_stays_open(
    shop: make.Shop, officer: Actor, region: Actor, state: str
) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        if state == State.CORRECTING:
            papers.proposed(shop, officer, 5, request=str(request.pk))
    with clock.at(datetime(2026, 11, 16, 18, 59, tzinfo=UTC)):
        assert workflow.sweep() == 0
    with clock.at(LATER):
        assert workflow.sweep() == 1
        assert workflow.sweep() == 0
        late = REQUESTS.find(region, request.number)
        assert (late.state, late.escalated_at) == (state, LATER)
        assert TO_ANSWER.count(region) == 1
        if state == State.SUBMITTED:
            actions.explain_request(actor=region, request=late, answer="Жауап")
    assert told("request.escalated_for_region") == {region.user_id}
    assert told("request.escalated") == {shop.person.user_id}
    assert [event.type for event in journal.events_of(late)][-1] in {
        "correctionrequest.escalate",
        "correctionrequest.explain",
    }


def test_request__is_seen_by_the_person_and_the_office_only(shop: make.Shop, officer: Actor) -> None:
    with clock.at(make.MORNING):
        request = papers.asked(shop)
    for actor in (shop.actor, officer):
        assert REQUESTS.by_key(actor, request.pk) == request
    for actor in (make.recipient_of(make.person()), shop.supplier_actor, make.officer(make.district("311000000"))):
        with pytest.raises(NotFound):
            REQUESTS.find(actor, request.number)
