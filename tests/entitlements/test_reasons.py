"""Every yes and no is one object: rule, words, article, value and what would change it; pages, refusals and papers say
the same.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.catalogue.models import GuaranteedAmount
from tirek.core import clock, reference
from tirek.core.errors import RuleBroken
from tirek.core.keys import uuid7
from tirek.entitlements import actions, queries, reasons, rules
from tirek.entitlements.models import Line
from tirek.entitlements.reasons import Reader
from tirek.orders import acts
from tirek.orders.models import Delivery

pytestmark = pytest.mark.django_db
LAW = "https://adilet.zan.kz/kaz/docs/K2300000224"


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def _line(shop: make.Shop) -> Line:
    return Line.objects.select_related("programme", "kind", "person__territory").get(pk=shop.line.pk)


def _state(line: Line, reason: rules.Reason) -> rules.Availability:
    window = rules.window_of(line.window, date(2026, 11, 9), programme_start=date(2026, 1, 12))
    day = date(2027, 1, 1) if reason is rules.Reason.TERM_NOT_OVER else None
    return rules.Availability(reason, 3, window, rules.balance([]), day)


@pytest.mark.parametrize("reason", list(rules.Reason))
@pytest.mark.parametrize("reader", list(Reader))
def test_answer__has_rule_words_article_and_what_would_change_it(
    shop: make.Shop, reason: rules.Reason, reader: Reader
) -> None:
    line = _line(shop)
    with clock.at(make.MORNING):
        said = set()
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                answer = reasons.of_line(line, _state(line, reason), reader=reader)
                said.add((answer.sentence, answer.next_step))
                assert reference.words_of_source(answer.citation), "the source has words in this language"
        assert len(said) == 3, "each language has words of its own"
        assert answer.rule == reason.value
        assert answer.holds is (reason is rules.Reason.AVAILABLE)
        if reason is rules.Reason.DECEASED:
            assert (answer.link, answer.is_demo) == ("", True), "no article is known: a demo rule says so"
        else:
            assert (answer.link, answer.is_demo) == (LAW, False)


def test_answer__names_the_values_with_the_version_that_was_used(shop: make.Shop) -> None:
    with clock.at(make.MORNING), translation.override("en"):
        answer = queries.status_of(_line(shop)).answer
        used = {one.name: one for one in answer.used}
        assert used["quantity"].value == 365
        assert used["year_quantity"].text == "1\u00a0460\u00a0pieces"
        assert used["quantity"].since == date(2020, 1, 1)
        assert used["quantity"].is_demo
        term = queries.status_of(_line(shop)).term_answer
        assert term is not None
        length = {one.name: one for one in term.used}["order_within"]
        assert (length.value, length.since) == (2, date(2023, 7, 1))
        assert term.citation.startswith("Social Code art. 168(2)")
    with clock.at(make.MORNING + timedelta(days=65)):
        Line.objects.filter(pk=shop.line.pk).update(term_passed_on=date(2027, 1, 8))
        passed = {one.name: one.value for one in queries.status_of(_line(shop)).answer.used}
        assert passed == {"order_by": date(2027, 1, 8), "order_within": 2}


def test_answer__counts_by_the_article_of_its_day(shop: make.Shop) -> None:
    newer = reference.Value(
        "entitlement.basis.employer", "", "170(1)", reference.Unit.TEXT, date(2027, 1, 1), None,
        "Social Code art. 170(1): as amended", reference.Status.APPROVED,
    )  # fmt: skip
    reference.add_version(newer)
    line = _line(shop)
    state = _state(line, rules.Reason.EMPLOYER_PAYS)
    with clock.at(make.MORNING):
        basis = reasons.of_line(line, state).basis
        assert basis is not None
        assert basis.text == "162(4)"
    with clock.at(make.MORNING + timedelta(days=100)):
        answer = reasons.of_line(line, state)
        assert answer.citation == "Social Code art. 170(1): as amended"
        assert answer.link == LAW, "a source that an administrator typed leads to the law, too"


def test_replacement__names_the_receipt_and_the_term_that_counted(shop: make.Shop) -> None:
    chair = make.kind("SM-11", months=48)
    make.programme(shop.person, chair, quantity=1)
    line = Line.objects.get(person=shop.person, kind=chair)
    with clock.at(make.MORNING):
        case = uuid7()
        actions.reserve(actions.lock_line(line.pk), quantity=1, case_id=case, on=clock.today())
        actions.consume(case_id=case, line_id=line.pk, quantity=1, part=1, on=clock.today())
        answer = queries.status_of(Line.objects.select_related("programme", "kind", "person").get(pk=line.pk)).answer
    assert answer.rule == "term_not_over"
    assert {one.name: one.value for one in answer.used} == {
        "received_on": date(2026, 11, 9),
        "replacement": 48,
        "next_on": date(2030, 11, 9),
    }


def test_refusal__says_what_the_page_says(shop: make.Shop) -> None:
    Line.objects.filter(pk=shop.line.pk).update(channel="employer")
    with clock.at(make.MORNING):
        answer = queries.status_of(_line(shop)).answer
        with pytest.raises(RuleBroken) as refused:
            actions.reserve(actions.lock_line(shop.line.pk), quantity=1, case_id=uuid7(), on=clock.today())
    assert (refused.value.message, refused.value.next_step, refused.value.code) == (
        answer.sentence,
        answer.next_step,
        "employer_pays",
    )


@pytest.mark.parametrize(
    ("price", "rule", "holds"), [("180", "within_guarantee", True), ("250", "above_guarantee", False)]
)
def test_split__says_why_with_the_guaranteed_amount_of_its_version(price: str, rule: str, *, holds: bool) -> None:
    limit = GuaranteedAmount.objects.get(kind=make.kind())
    split = rules.split_price(price=Decimal(price), quantity=2, guaranteed=limit.amount)
    for reader in Reader:
        answer = reasons.of_split(split, limit, reader=reader)
        assert (answer.rule, answer.holds, answer.link) == (rule, holds, LAW)
        assert answer.citation.startswith("Social Code art. 168(3)")
        [amount] = answer.used
        assert (amount.value, amount.since, amount.is_demo) == (limit.amount, limit.effective_from, True)


def test_person_and_officer__read_article_value_and_way_out_of_one_answer() -> None:
    with clock.at(make.MORNING):
        world = World()
        world.order(1, actor=world.officer)
        Line.objects.filter(pk=world.line.pk).update(channel="employer")
        mine, office = signed_in(world.actor), signed_in(world.officer)
        for client, address, reader in (
            (mine, "/programme", Reader.PERSON),
            (mine, f"/programme/{world.line.pk}", Reader.PERSON),
            (office, f"/office/lines/{world.line.pk}", Reader.OFFICE),
            (office, f"/office/people/{world.person.pk}", Reader.OFFICE),
        ):
            page = open_page(client, address)
            status = queries.status_of(_line_of(world))
            answer = reasons.of_line(status.line, status.availability, reader=reader)
            assert "/docs/K2300000224" in page.html, address
            with translation.override(page.html.partition('lang="')[2][:2]):
                answer = reasons.of_line(status.line, status.availability, reader=reader)
                for said in (answer.sentence, answer.next_step, str(reference.words_of_source(answer.citation))):
                    assert said in page.main, (address, said)


def test_papers__say_why_who_pays_what() -> None:
    with clock.at(make.MORNING), translation.override("ru"):
        world = World()
        order = world.order(1)
        limit = GuaranteedAmount.objects.get(pk=order.guaranteed_reference)
        split = rules.split_price(price=order.unit_price, quantity=order.quantity, guaranteed=limit.amount)
        why = reasons.of_split(split, limit, reader=Reader.OFFICE)
        text = acts.receipt_text(order, Delivery(order=order, n=1, quantity=1, handed_over_at=clock.now()))
        assert f"{why.sentence} {reference.words_of_source(why.citation)}." in text
        for client, reader, page in (
            (signed_in(world.actor), Reader.PERSON, f"/orders/{order.number}"),
            (signed_in(world.officer), Reader.OFFICE, f"/office/orders/{order.number}"),
        ):
            shown = open_page(client, page)
            with translation.override(shown.html.partition('lang="')[2][:2]):
                assert acts.why_paid(order, reader).sentence in shown.main


def _line_of(world: World) -> Line:
    return Line.objects.select_related("programme", "kind", "person__territory").get(pk=world.line.pk)
