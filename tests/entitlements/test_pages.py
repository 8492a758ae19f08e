"""The pages of terms, corrections and requests, walked as people walk them."""

import pytest
from tests import factories as make
from tests.entitlements import papers
from tests.entitlements.test_terms import LAST_DAY, noon, passed
from tests.kit.pages import text
from tests.kit.sign_in import for_years

from tirek.core import clock, drafts
from tirek.core.personal import viewlog
from tirek.entitlements import actions
from tirek.entitlements.case_types import TERMS
from tirek.entitlements.models import Correction, CorrectionRequest, OrderingTerm
from tirek.entitlements.queries import status_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        shop = make.Shop()
        make.agree(shop.person)
        return shop


def test_programme__says_order_by_and_what_happens_then(shop: make.Shop) -> None:
    client = for_years(shop.actor)
    with clock.at(noon(LAST_DAY.replace(day=4))):
        page = text(client, "/programme")
    assert "Order by 11 January 2027." in page
    assert "an officer contacts you" in page


def test_line_after_the_term__says_why_and_what_to_do(shop: make.Shop) -> None:
    passed(shop)
    client = for_years(shop.actor)
    with clock.at(noon(LAST_DAY.replace(day=20))):
        page = text(client, f"/programme/{shop.line.pk}")
    assert "The last day to order was 11 January 2027" in page
    assert "What to do:" in page
    assert "Ask for more time to order" in page
    assert "Choose" not in page


def test_person__asks_for_a_correction_and_follows_it(shop: make.Shop) -> None:
    client = for_years(shop.actor)
    with clock.at(make.MORNING):
        begun = client.post("/corrections/begin", {"line": str(shop.line.pk)})
        assert client.post("/corrections/begin", {"line": str(shop.line.pk)}).url == begun.url, (
            "a form that was begun goes on"
        )
        form = client.get(begun.url).url
        assert client.post(form, {"wrong": "", "words": "Аз"}).status_code == 422
        assert "Аз" in text(client, form), "what was typed is kept"
        assert "Request for a correction" in text(client, "/drafts")
        checked = client.post(form, {"wrong": "quantity", "words": "Аз беріледі"})
        assert "Аз беріледі" in text(client, checked.url)
        sent = {client.post(checked.url).url for _ in range(3)}
        assert len(sent) == 1
        page = text(client, sent.pop())
        number = CorrectionRequest.objects.get().number
        assert number in page
        assert "16 November 2026" in page
        assert "Department of your district" in page
        assert number in text(client, "/corrections")
        assert "sent to your department" in text(client, f"/corrections/{number}").lower()
        assert for_years(make.recipient_of(make.person())).get(f"/corrections/{number}").status_code in {302, 404}


def test_request_without_words__is_refused_at_the_check_with_the_way_back(shop: make.Shop) -> None:
    client = for_years(shop.actor)
    with clock.at(make.MORNING):
        draft = papers.request_draft(shop, words="")
        refused = client.post(f"/corrections/form/{draft.pk}/check")
        assert refused.status_code == 422
        assert client.post(f"/corrections/form/{draft.pk}/discard").status_code == 302
        assert client.get(f"/corrections/form/{draft.pk}").status_code == 404
        assert drafts.Draft.objects.get(pk=draft.pk).state == "archived"


def test_two_officers__correct_a_balance_from_the_persons_file(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    one, two = for_years(first), for_years(second)
    with clock.at(make.MORNING):
        make.came(first, shop.person)
        assert f"/office/lines/{shop.line.pk}" in one.get(f"/office/people/{shop.person.pk}").content.decode()
        assert "Correct the item" in text(one, f"/office/lines/{shop.line.pk}")
        form = one.get(one.post("/office/corrections/begin", {"line": str(shop.line.pk)}).url).url
        assert one.post(form, {"amount": "0", "reason": "", "document": ""}).status_code == 422
        check = one.post(form, {"amount": "+35", "reason": "Қате енгізілген", "document": "№ 12"}).url
        assert "+35" in text(one, check)
        page = one.post(check).url
        assert one.post(check).url == page
        assert "Another officer of the territory signs it" in text(one, page)
        assert one.post(f"{page}/sign").status_code == 403
        assert "1 correction to sign" in text(two, "/office")
        seen = text(two, page)
        assert "Қате енгізілген" in seen
        assert "№ 12" in seen
        assert "Granted" in seen, "the ledger is on the page"
        assert two.post(f"{page}/reject", {"reject-reason": ""}).status_code == 422
        assert two.post(f"{page}/sign").status_code == 302
        assert two.post(f"{page}/sign").status_code == 409
        mine = text(for_years(shop.actor), f"/programme/{shop.line.pk}")
    assert "Қате енгізілген" in mine
    assert "two officers" in mine
    assert viewlog.View.objects.filter(user_id=second.user_id, case_type="correction").exists()


def test_correction_of_a_request__shows_the_persons_words_and_what_will_be_left(shop: make.Shop) -> None:
    first, second = make.officer(shop.place), make.officer(shop.place)
    one = for_years(first)
    with clock.at(make.MORNING):
        request = papers.asked(shop, words="Аз беріледі")
        assert "1 request for a correction to answer" in text(one, "/office")
        begun = one.post("/office/corrections/begin", {"line": str(shop.line.pk), "request": str(request.pk)}).url
        form = one.get(begun).url
        assert "In the person's own words: Аз беріледі" in text(one, form)
        check = one.post(form, {"amount": "+35", "reason": "Қате енгізілген", "document": "№ 12"}).url
        left = status_of(shop.line).availability.balance.available
        told = f"+35 pieces Left before: {left} pieces. Left after: {left + 35} pieces."
        assert told in text(one, check).replace("\u00a0", " ")
        page = one.post(check).url
        assert told in text(for_years(second), page).replace("\u00a0", " ")
        # the second officer signs now: it is not the first one's to answer any more
        assert "to answer" not in text(one, "/office")
        assert "A correction is proposed: a second officer signs it" in text(one, "/office/tasks")


def test_officer_elsewhere__finds_none_of_the_pages(shop: make.Shop) -> None:
    officer, elsewhere = make.officer(shop.place), for_years(make.officer(make.district("311000000")))
    with clock.at(make.MORNING):
        correction, request = papers.proposed(shop, officer), papers.asked(shop)
        term = OrderingTerm.objects.get()
        for address in (
            f"/office/lines/{shop.line.pk}",
            f"/office/corrections/{correction.number}",
            f"/office/requests/{request.number}",
            f"/office/terms/{term.number}",
        ):
            assert elsewhere.get(address).status_code == 404, address
            assert elsewhere.post(address).status_code in {404, 405}, address
            assert for_years(shop.actor).get(address).status_code == 403, address
        assert "No requests wait" in text(elsewhere, "/office/tasks")


def test_office__answers_a_request_in_each_way(shop: make.Shop) -> None:
    officer, second = make.officer(shop.place), make.officer(shop.place)
    client = for_years(officer)
    with clock.at(make.MORNING):
        explained, fixed, missing = papers.asked(shop), papers.asked(shop), papers.asked(shop, line="", wrong="missing")
        assert "3 requests for a correction to answer" in text(client, "/office")
        assert explained.number in text(client, "/office/tasks")
        page = f"/office/requests/{explained.number}"
        assert client.post(f"{page}/explain", {"explain-answer": ""}).status_code == 422
        client.post(f"{page}/explain", {"explain-answer": "Тоқсан сайын 365"})
        client.post(
            f"/office/requests/{fixed.number}/record_fix",
            {"record_fix-document": "№ 3", "record_fix-answer": "Түзетілді"},
        )
        kind = make.kind("GI-02")
        assert "Which goods or service is corrected?" in text(client, f"/office/requests/{missing.number}")
        begun = client.post("/office/corrections/begin", {"request": str(missing.pk), "kind": kind.pk}).url
        form = client.get(begun).url
        assert "Add a missing item" in text(client, form)
        check = client.post(form, {"amount": "1460", "reason": "Түсіп қалған", "document": "№ 4"}).url
        client.post(check)
        actions.sign_correction(actor=second, correction=Correction.objects.get())
        mine = for_years(shop.actor)
        assert "Тоқсан сайын 365" in text(mine, f"/corrections/{explained.number}")
        assert "+1 460" in text(mine, f"/corrections/{missing.number}")
        assert set(CorrectionRequest.objects.values_list("state", flat=True)) == {"explained", "corrected"}
        assert "You can order" in text(mine, "/programme")


def test_officer__calls_and_opens_the_term_again(shop: make.Shop) -> None:
    term, officer = passed(shop), make.officer(shop.place)
    client, mine = for_years(officer), for_years(shop.actor)
    with clock.at(noon(LAST_DAY.replace(day=13))):
        assert "1 person to call" in text(client, "/office")
        assert term.number in text(client, "/office/tasks")
        page = f"/office/terms/{term.number}"
        assert client.post(f"{page}/record_call").status_code == 422
        client.post(f"{page}/record_call", {"record_call-result": "not_reached", "record_call-note": "Үш рет"})
        seen = text(client, page)
        assert "Not reached after several tries" in seen
        assert "Үш рет" in seen
        assert "to call" not in text(client, "/office")
        assert client.post(f"{page}/reopen", {"reopen-reason": ""}).status_code == 422
        client.post(f"{page}/reopen", {"reopen-reason": "Ауруханада"})
        assert TERMS.find(officer, term.number).state == "running"
        assert "Order by" in text(mine, f"/programme/{shop.line.pk}")
