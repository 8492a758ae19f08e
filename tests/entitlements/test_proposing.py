"""Pages on which an officer proposes a correction: whose file it opens, what is refused where, who learns the end."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from tests import factories as make
from tests.entitlements import papers
from tests.kit.pages import open_page, read
from tests.kit.sign_in import for_years

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.core.personal.viewlog import View
from tirek.entitlements import actions
from tirek.entitlements.models import Correction, CorrectionRequest
from tirek.notices.models import Notice

pytestmark = pytest.mark.django_db
BEGIN = "/office/corrections/begin"
SIGNED, REJECTED = "correction.signed_for_proposer", "correction.rejected_for_proposer"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def shop() -> make.Shop:
    made = make.Shop()
    make.agree(made.person)
    return made


@pytest.fixture
def officer(shop: make.Shop) -> Actor:
    return make.officer(shop.place)


@pytest.fixture
def client(officer: Actor) -> Client:
    return for_years(officer)


def begun(client: Client, **sent: str) -> str:
    """The first page of a correction that begins with this press."""
    answer = client.post(BEGIN, sent)
    assert answer.status_code == 302, read(answer).main
    return str(client.get(answer["Location"])["Location"])


# --- whose file it opens


@pytest.mark.parametrize("part", ["", "/correction", "/check"], ids=["form", "step", "check"])
def test_look__of_the_officer_who_opens_a_correction_is_recorded(
    shop: make.Shop, officer: Actor, client: Client, part: str
) -> None:
    form = client.post(BEGIN, {"line": str(shop.line.pk)})["Location"]
    assert not View.objects.exists(), "nothing of the person was shown yet"
    step = client.get(form)["Location"] if part == "/correction" else form + part
    assert client.get(step).status_code == (200 if part else 302)
    look = View.objects.get()
    assert (look.subject_id, look.user_id, look.desk) == (shop.person.pk, officer.user_id, "officer")
    assert look.basis == View.Basis.TASK, "the form itself is what waits"


def test_look__at_a_correction_for_a_kind_without_a_line_is_recorded_too(
    shop: make.Shop, officer: Actor, client: Client
) -> None:
    request = papers.asked(shop, line="", wrong="missing")
    page = open_page(client, begun(client, request=str(request.pk), kind=make.kind("GI-02").pk))
    assert page.headings[0] == "Add a missing item"
    assert View.objects.get().subject_id == shop.person.pk


# --- what is refused where


def typed(amount: str) -> dict[str, str]:
    return {"amount": amount, "reason": "Қате енгізілген", "document": "№ 12"}


def test_step__refuses_at_its_field_to_take_more_than_is_left(shop: make.Shop, client: Client) -> None:
    shop.order(300)
    step = begun(client, line=str(shop.line.pk))
    page = read(client.post(step, typed("-66")))
    assert page.status == 422
    (said,) = page.errors
    assert 'id="id_amount-error"' in page.html
    assert "65" in said, "how much can be taken"
    assert 'value="-66"' in page.html, "what was typed stays"
    assert not Correction.objects.exists()
    assert client.post(step, typed("-65"))["Location"].endswith("/check")


def test_check__refuses_what_was_ordered_since_the_step(shop: make.Shop, client: Client) -> None:
    step = begun(client, line=str(shop.line.pk))
    check = client.post(step, typed("-365"))["Location"]
    shop.order(1)
    page = read(client.post(check))
    assert page.status == 422
    assert "364" in page.main
    assert not Correction.objects.exists()


@pytest.mark.parametrize("kind", [{}, {"kind": ""}], ids=["not sent", "empty"])
def test_begin__for_a_request_without_a_kind_asks_for_one_and_takes_none_by_itself(
    shop: make.Shop, client: Client, kind: dict[str, str]
) -> None:
    request = papers.asked(shop, line="", wrong="missing")
    page = read(client.post(BEGIN, {"request": str(request.pk)} | kind))
    assert page.status == 422
    assert "Choose which goods or service is corrected." in page.main
    assert not Draft.objects.filter(form="correction").exists()
    request.refresh_from_db()
    assert request.state == CorrectionRequest.State.SUBMITTED


@pytest.mark.parametrize("kind", [" ", "XX-99", "'; --"], ids=["blank", "unknown", "nonsense"])
def test_begin__of_a_kind_that_is_none_begins_nothing(shop: make.Shop, client: Client, kind: str) -> None:
    """A form that was begun would open for nobody."""
    request = papers.asked(shop, line="", wrong="missing")
    answer = client.post(BEGIN, {"request": str(request.pk), "kind": kind})
    assert answer.status_code in {404, 422}
    assert not Draft.objects.filter(form="correction").exists()


def test_begin__the_list_of_kinds_begins_with_none_and_the_kind_of_the_request_is_chosen(
    shop: make.Shop, client: Client
) -> None:
    make.kind("GI-02")
    unnamed = papers.asked(shop, line="", wrong="missing")
    named = papers.asked(shop, line="", wrong="missing", kind="GI-02")

    def options(request: CorrectionRequest) -> list[tuple[str, bool]]:
        """What can be chosen, and whether it is."""
        page = open_page(client, f"/office/requests/{request.number}")
        found = re.findall(r'<option\s+value="([^"]*)"([^>]*)>', page.html)
        return [(value, "selected" in more) for value, more in found]

    assert options(unnamed)[0] == ("", True)
    assert [value for value, is_chosen in options(unnamed) if is_chosen] == [""]
    assert [value for value, is_chosen in options(named) if is_chosen] == ["GI-02"]


# --- who learns the end


def notices(template: str) -> list[object]:
    return list(Notice.objects.filter(template=template).values_list("user_id", flat=True))


def test_proposer__is_told_when_a_colleague_signs(shop: make.Shop, officer: Actor, client: Client) -> None:
    correction = papers.proposed(shop, officer, 35)
    assert (notices(SIGNED), notices(REJECTED)) == ([], [])
    actions.sign_correction(actor=make.officer(shop.place), correction=correction)
    assert (notices(SIGNED), notices(REJECTED)) == ([officer.user_id], [])
    page = open_page(client, "/notices")
    assert f"Correction {correction.number} was signed" in page.main
    answer = client.get(next(link.address for link in page.links if correction.number in link.text), follow=True)
    assert f"Correction {correction.number}" in read(answer).main, "it leads to the correction"


def test_proposer__is_told_when_a_colleague_does_not_sign(shop: make.Shop, officer: Actor, client: Client) -> None:
    correction = papers.proposed(shop, officer, 35)
    second = make.officer(shop.place)
    actions.reject_correction(actor=second, correction=correction, reason="Құжат басқа адамға")
    assert (notices(SIGNED), notices(REJECTED)) == ([], [officer.user_id])
    page = open_page(client, "/notices")
    assert f"Correction {correction.number} was not signed" in page.main
    assert "Құжат басқа адамға" not in page.main, "the reason stands in the file"
    assert not Notice.objects.filter(user_id=shop.person.user_id, template__startswith="correction.").exists()
