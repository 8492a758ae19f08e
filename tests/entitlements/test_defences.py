"""Rules of entitlements that one line each defends: without that line its test here fails."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet, Sum
from django.utils import translation
from tests import factories as make
from tests.entitlements import papers
from tests.kit.pages import text
from tests.kit.sign_in import registered, signed_in
from tests.markup import folded
from tests.orders.test_races import FREE, KEPT_OUT, at_once, meeting

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.case import workflow
from tirek.core.errors import NotFound, RuleBroken
from tirek.entitlements import actions, queries, rules
from tirek.entitlements.actions import ledger
from tirek.entitlements.models import Correction, CorrectionRequest, LedgerEntry, Line, OrderingTerm, Programme
from tirek.notices.models import Notice
from tirek.people.actions import record_death
from tirek.people.models import Representation

pytestmark = pytest.mark.django_db
TAG = re.compile(r'<strong class="govuk-tag govuk-tag--([a-z]+)">')
NEW_YEAR = datetime(2027, 1, 1, 4, 0, tzinfo=UTC)


def a_shop(**options: Any) -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop(**options)


def line_of(shop: make.Shop) -> Line:
    return Line.objects.select_related("programme", "kind", "person").get(pk=shop.line.pk)


def grants(shop: make.Shop) -> list[date]:
    """Beginnings of the windows that were granted."""
    rows = LedgerEntry.objects.filter(line=shop.line, kind="grant").order_by("window_start")
    return list(rows.values_list("window_start", flat=True))


# --- nothing runs after the last day of the programme


@pytest.fixture
def ended() -> make.Shop:
    """A programme whose last day is the last of the year; the clock has not called it ended yet."""
    shop = a_shop()
    type(shop.programme).objects.filter(pk=shop.programme.pk).update(valid_until=date(2026, 12, 31))
    return shop


@pytest.mark.finding("T-last-day")
def test_daily_windows__pass_over_lines_of_a_programme_after_its_last_day(ended: make.Shop) -> None:
    with clock.at(NEW_YEAR - timedelta(days=1)):
        assert actions.open_windows() == 1
    with clock.at(NEW_YEAR):
        assert actions.open_windows() == 0
    assert grants(ended) == [date(2026, 10, 1)]


@pytest.mark.finding("T-last-day")
def test_window__is_not_granted_by_a_correction_after_the_last_day_of_the_programme(ended: make.Shop) -> None:
    with clock.at(NEW_YEAR):
        proposed = papers.proposed(ended, make.officer(ended.place), 5)
        actions.sign_correction(actor=make.officer(ended.place), correction=proposed)
    assert grants(ended) == [date(2026, 10, 1)]


# --- what is received


@pytest.mark.finding("T-consumed")
def test_consumption__of_more_than_the_order_reserves_is_refused() -> None:
    shop = a_shop()
    with clock.at(make.MORNING):
        order = shop.order(10)
        given = {"case_id": order.pk, "line_id": shop.line.pk, "on": clock.today()}
        for quantity in (0, 11):
            with pytest.raises(RuleBroken) as refused:
                actions.consume(quantity=quantity, part=1, **given)
            assert refused.value.code == "quantity"
        actions.consume(quantity=6, part=1, **given)
        with pytest.raises(RuleBroken):
            actions.consume(quantity=5, part=2, **given)
        actions.consume(quantity=4, part=2, **given)


@pytest.mark.finding("T-once")
def test_line_that_is_given_once__closes_for_its_term_only_when_all_of_the_order_came() -> None:
    shop = a_shop(kind_code="SU-05", quantity=2, months=48)
    with clock.at(make.MORNING):
        order = shop.order(2)
        given = {"case_id": order.pk, "line_id": shop.line.pk, "quantity": 1, "on": clock.today()}
        actions.consume(part=1, **given)
        assert line_of(shop).next_on is None
        actions.consume(part=2, **given)
        assert line_of(shop).next_on == date(2030, 11, 9)


def test_line_with_windows__is_never_closed_for_a_replacement_term() -> None:
    shop = a_shop(months=48)
    with clock.at(make.MORNING):
        order = shop.order(10)
        actions.consume(case_id=order.pk, line_id=shop.line.pk, quantity=10, part=1, on=clock.today())
    assert line_of(shop).next_on is None


@pytest.mark.finding("T-next-date")
def test_next_issue__is_not_opened_before_its_day() -> None:
    shop = a_shop(kind_code="SU-05", quantity=1, months=48)
    with clock.at(make.MORNING):
        order = shop.order(1)
        actions.consume(case_id=order.pk, line_id=shop.line.pk, quantity=1, part=1, on=clock.today())
    with clock.at(datetime(2030, 11, 8, 4, 0, tzinfo=UTC)):
        assert actions.open_windows() == 0
        assert queries.status_of(line_of(shop)).availability.reason is rules.Reason.TERM_NOT_OVER
    with clock.at(datetime(2030, 11, 9, 4, 0, tzinfo=UTC)):
        assert actions.open_windows() == 1
    assert grants(shop) == [date(2026, 1, 12), date(2030, 11, 9)]


@pytest.mark.finding("T-next-date")
def test_next_issue__is_not_opened_before_its_day_by_a_correction_either() -> None:
    shop = a_shop(kind_code="SU-05", quantity=1, months=48)
    with clock.at(make.MORNING):
        order = shop.order(1)
        actions.consume(case_id=order.pk, line_id=shop.line.pk, quantity=1, part=1, on=clock.today())
        proposed = papers.proposed(shop, make.officer(shop.place), 1)
        actions.sign_correction(actor=make.officer(shop.place), correction=proposed)
    assert grants(shop) == [date(2026, 1, 12)]
    assert LedgerEntry.objects.get(kind="correct").window_start == date(2026, 1, 12)


# --- the end of a window


def _two_daily_rounds(shop: make.Shop, *, seconds: float) -> list[object]:
    """Two workers write off what was left in the same window."""

    def expire() -> object:
        with clock.at(NEW_YEAR):
            return actions.expire_windows()

    with meeting(ledger, "_entry", seconds=seconds, before=True):
        return at_once(expire, expire)


def _rest(shop: make.Shop) -> object:
    return LedgerEntry.objects.filter(line=shop.line).aggregate(rest=Sum("amount"))["rest"]


@pytest.mark.finding("T-window-lock")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_end_of_a_window__two_rounds_at_once_write_the_rest_off_once() -> None:
    shop = a_shop()
    assert sorted(map(str, _two_daily_rounds(shop, seconds=KEPT_OUT))) == ["0", "1"]
    assert _rest(shop) == 0


@pytest.mark.finding("T-window-lock")
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_end_of_a_window__without_the_lock_of_the_line_it_is_written_off_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_of: rows)
    assert _two_daily_rounds(shop, seconds=FREE) == [1, 1]
    assert _rest(shop) == -365


# --- programmes and their lines


@pytest.mark.finding("T-dead-programme")
def test_programme__is_not_registered_for_who_has_died() -> None:
    shop = a_shop()
    with clock.at(make.MORNING):
        record_death(actor=make.officer(shop.place), person=shop.person, deceased_on=clock.today())
        shop.person.refresh_from_db()
        with pytest.raises(RuleBroken):
            make.programme(shop.person, make.kind("GI-03"))
    assert not Line.objects.filter(kind="GI-03").exists()


@pytest.mark.finding("T-one-line")
def test_missing_line__proposed_twice_is_added_once() -> None:
    shop = a_shop()
    with clock.at(make.MORNING):
        kind, second = make.kind("GI-02"), make.officer(shop.place)
        missing = {"line": "", "kind": kind.pk}
        one, other = (papers.proposed(shop, make.officer(shop.place), 1460, **missing) for _ in range(2))
        actions.sign_correction(actor=second, correction=one)
        with pytest.raises(RuleBroken) as refused:
            actions.sign_correction(actor=second, correction=other)
        assert refused.value.code == "line"
        with pytest.raises(RuleBroken) as refused:
            papers.proposed(shop, make.officer(shop.place), 1460, **missing)
        assert refused.value.code == "line"
    assert Line.objects.filter(kind=kind).count() == 1
    other.refresh_from_db()
    assert other.state == Correction.State.PROPOSED


@pytest.mark.finding("T-norm")
def test_year_norm__what_other_windows_took_counts_against_a_window_without_a_grant() -> None:
    given = rules.Circumstances(
        programme_state="active",
        programme_start=date(2026, 1, 12),
        programme_end=None,
        employer_pays=False,
        channel="portal",
        orderable_from=date(2020, 1, 1),
        period="quarter",
        quantity=365,
        next_on=None,
        deceased=False,
        year_quantity=900,
    )
    day = date(2026, 11, 9)
    found = {taken: rules.availability(given, [], on=day, taken=taken).quantity for taken in (0, 535, 730, 900, 1000)}
    assert found == {0: 365, 535: 365, 730: 170, 900: 0, 1000: 0}
    used = rules.availability(given, [], on=day, taken=900)
    assert (used.reason, used.from_day) == (rules.Reason.YEAR_USED, date(2027, 1, 1))


# --- requests and corrections


@pytest.mark.finding("T-own-request")
def test_correction__cannot_cite_the_request_of_another_person() -> None:
    shop = a_shop()
    with clock.at(make.MORNING):
        other = make.Shop(place=shop.place, kind_code="GI-03")
        theirs, mine = papers.asked(other), papers.asked(shop)
        with pytest.raises(NotFound):
            papers.proposed(shop, make.officer(shop.place), 5, request=str(theirs.pk))
        assert not Correction.objects.exists()
        assert papers.proposed(shop, make.officer(shop.place), 5, request=str(mine.pk)).request == mine
    theirs.refresh_from_db()
    assert theirs.state == CorrectionRequest.State.SUBMITTED


@pytest.mark.finding("T-own-draft")
def test_request__is_not_sent_from_a_draft_about_another_person() -> None:
    """A guardian fills a form in for the ward and sends it while acting for oneself."""
    shop = a_shop()
    guardian = make.person(place=shop.place)
    Representation.objects.create(
        representative=guardian, represented=shop.person, basis="guardian", since=date(2020, 1, 1)
    )
    own = make.recipient_of(guardian)
    with clock.at(make.MORNING):
        draft = papers.request_draft(shop, own.behalf(shop.person.pk), line="")
        with pytest.raises(NotFound):
            actions.submit_request(actor=own, draft_key=draft.pk)
        assert not CorrectionRequest.objects.exists()
        assert actions.submit_request(actor=own.behalf(shop.person.pk), draft_key=draft.pk).person == shop.person


@pytest.mark.finding("T-escalated")
def test_request__that_was_escalated_is_listed_before_those_that_wait_longer() -> None:
    shop = a_shop()
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        late = papers.asked(shop)
    with clock.at(make.MORNING + timedelta(days=8)):
        while workflow.sweep():
            pass
        waiting = papers.asked(shop)
    with clock.at(make.MORNING + timedelta(days=9)):
        rejected = papers.proposed(shop, clerk, 5, request=str(late.pk))
        actions.reject_correction(actor=make.officer(shop.place), correction=rejected, reason="Құжат жоқ")
        page = text(signed_in(clerk), "/office/tasks")
    late.refresh_from_db()
    assert late.state_since > waiting.state_since
    assert 0 < page.index(late.number) < page.index(waiting.number)


def test_request__is_not_told_as_late_while_a_correction_with_a_term_of_its_own_runs() -> None:
    shop = a_shop()
    clerk, said = make.officer(shop.place), "Reported to the regional department"
    with clock.at(make.MORNING):
        late = papers.asked(shop)
    with clock.at(make.MORNING + timedelta(days=8)), translation.override("en"):
        while workflow.sweep():
            pass
        pages = ("/office", "/office/tasks", f"/office/requests/{late.number}")
        client = signed_in(clerk)
        assert all(said in text(client, page) for page in pages)
        papers.proposed(shop, make.officer(shop.place), 5, request=str(late.pk))
        assert not any(said in text(client, page) for page in pages[:2])
        assert "Being corrected" in text(client, pages[2])
        assert "In time" in text(client, "/office")


@pytest.mark.finding("T-notes")
def test_request__what_an_officer_noted_is_not_shown_to_the_person() -> None:
    shop = a_shop()
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        request = papers.asked(shop)
        actions.record_fix(actor=clerk, request=request, document="МӘС № 3141", answer="Түзетілді")
        make.came(clerk, shop.person)
        theirs, own = (
            text(signed_in(clerk), f"/office/requests/{request.number}"),
            text(registered(shop.person), f"/corrections/{request.number}"),
        )
    assert "МӘС № 3141" in theirs
    assert "Түзетілді" in own
    assert "МӘС № 3141" not in own


#: State, its tag on the officer's page.
ENDED = {
    "terms": {OrderingTerm.State.CLOSED: "grey", OrderingTerm.State.NOT_ORDERED: "red"},
    "corrections": {Correction.State.SIGNED: "green", Correction.State.REJECTED: "red"},
    "requests": {CorrectionRequest.State.CORRECTED: "green", CorrectionRequest.State.EXPLAINED: "grey"},
}


@pytest.mark.finding("T-tones")
@pytest.mark.parametrize(
    ("page", "state", "colour"), [(page, *pair) for page, tags in ENDED.items() for pair in tags.items()]
)
def test_ended_case__has_a_tag_that_says_how_it_ended(page: str, state: str, colour: str) -> None:
    shop = a_shop()
    clerk = make.officer(shop.place)
    with clock.at(make.MORNING):
        make.came(clerk, shop.person)
        case = {
            "terms": lambda: OrderingTerm.objects.get(line=shop.line),
            "corrections": lambda: papers.proposed(shop, make.officer(shop.place)),
            "requests": lambda: papers.asked(shop),
        }[page]()
        type(case).objects.filter(pk=case.pk).update(state=state)
        answer = signed_in(clerk).get(f"/office/{page}/{case.number}")
    assert answer.status_code == 200
    assert TAG.findall(folded(answer.content.decode()))[0] == colour


# --- the term to order


def _reminded(shop: make.Shop) -> int:
    return Notice.objects.filter(user_id=shop.person.user_id, template="term.reminder").count()


@pytest.mark.finding("T-held-reminder")
@pytest.mark.parametrize("which", ["first", "second", "third"])
def test_reminder__is_not_sent_while_an_order_holds_the_line(which: str) -> None:
    """The order came, and its effect on the term has not run yet."""
    shop = a_shop()
    remind: Callable[..., object] = workflow.workflow("orderingterm").actions[f"remind_{which}"]
    with clock.at(make.MORNING):
        order = shop.order(10)
        term = OrderingTerm.objects.get(line=shop.line)
        remind(actor=CLOCK, term=term)
        assert _reminded(shop) == 0
        actions.release(case_id=order.pk, line_id=shop.line.pk)
        remind(actor=CLOCK, term=term)
        assert _reminded(shop) == 1


def _programme(shop: make.Shop, issued_on: date) -> Programme:
    grant = actions.LineGrant(kind=shop.kind, quantity=100, recommended={})
    return actions.register_programme(
        actor=make.officer(shop.place), person=shop.person, issued_by="Department of assessment",
        issued_on=issued_on, valid_until=None, lines=[grant],
    )  # fmt: skip


def test_programme_of_the_future__is_refused() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        with pytest.raises(RuleBroken) as refused:
            _programme(shop, clock.today() + timedelta(days=1))
        assert refused.value.code == "issued_on"
        assert _programme(shop, clock.today()).state == Programme.State.ACTIVE


def test_older_programme__never_takes_the_place_of_a_newer_one() -> None:
    with clock.at(make.MORNING), translation.override("en"):
        shop = make.Shop()
        present = shop.line.programme
        with pytest.raises(RuleBroken) as refused:
            _programme(shop, present.issued_on - timedelta(days=1))
        assert (refused.value.code, str(refused.value.message).replace("\u00a0", " ")) == (
            "issued_on",
            "A newer programme of 12 January 2026 gives the same.",
        )
        assert list(Programme.objects.filter(person=shop.person)) == [present]
        present.refresh_from_db()
        assert present.state == Programme.State.ACTIVE
        newer = _programme(shop, present.issued_on + timedelta(days=1))
        present.refresh_from_db()
        assert (present.state, newer.state) == (Programme.State.REPLACED, Programme.State.ACTIVE)


def test_who_has_waited__keeps_the_place_in_the_queue_under_a_new_programme() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        began = shop.line.queue_on
        newer = _programme(shop, began + timedelta(days=40))
        assert newer.lines.get().queue_on == began
        Line.objects.filter(programme=newer).update(last_received_on=began + timedelta(days=50))
        newest = _programme(shop, began + timedelta(days=60))
        assert newest.lines.get().queue_on == newest.issued_on, "who has got it begins to wait anew"
