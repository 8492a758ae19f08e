"""What is held about a person: read on a page, taken along as a file, kept as long as the privacy page says."""

import ast
import html
import inspect
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.entitlements import papers
from tests.kit.sign_in import registered

from tirek.core import clock, reference
from tirek.core.personal import export, retention
from tirek.orders import actions
from tirek.orders.models import Order
from tirek.orders.queries import door_code_for
from tirek.people.models import Representation
from tirek.people.queries import person_for
from tirek.site.privacy import kept_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


def full(shop: make.Shop) -> Order:
    """A person of whom every register of the thread knows something."""
    shop.person.measurements.create(parameter="waist_cm", number=90, measured_on=date(2026, 11, 1), source="self")
    shop.person.disabilities.create(group="I", since=date(2020, 1, 1), reason="general")
    order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(30), ready_on=clock.today())
    order = actions.hand_over(actor=shop.supplier_actor, order=order, code=door_code_for(shop.actor, order))
    actions.cancel_order(actor=shop.actor, order=shop.order(5), note="менің сөзім")
    shop.draft(7)
    clerk = make.officer(shop.place)
    person_for(clerk, shop.person.pk)
    return order


def exported(client: Client) -> dict[str, list[dict[str, object]]]:
    told = json.loads(client.get(reverse("entrance:export")).content)
    return {code: one["entries"] for code, one in told["sections"].items()}


def test_export__holds_the_whole_thread(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = full(shop)
    found = exported(registered(shop.person))
    for code in (
        "person",
        "account",
        "measurements",
        "disabilities",
        "consents",
        "programmes",
        "orders",
        "notices",
        "drafts",
        "looked_at",
    ):
        assert found[code], code
    (programme,) = found["programmes"]
    (line,) = programme["lines"]
    assert [one["kind"]["code"] for one in line["movements"]] == ["grant", "reserve", "reserve", "release"]
    one = next(each for each in found["orders"] if each["number"] == order.number)
    assert [event["kind"]["code"] for event in one["history"]] == ["order.submit", "order.accept", "order.hand_over"]
    assert [each["quantity"] for each in one["deliveries"]] == [30]
    cancelled = next(each for each in found["orders"] if each["number"] != order.number)
    assert cancelled["history"][-1]["text"] == "менің сөзім"
    assert any(
        (answer["field"]["code"], answer["value"]) == ("quantity", "7")
        for draft in found["drafts"]
        for answer in draft["answers"]
    )


@pytest.mark.parametrize(("language", "title"), [("kk", "Өлшемдер"), ("ru", "Размеры и вес"), ("en", "Measurements")])
def test_export__speaks_the_readers_language(shop: make.Shop, language: str, title: str) -> None:
    told = json.loads(registered(shop.person, language=language).get(reverse("entrance:export")).content)
    assert told["language"] == language
    assert told["sections"]["measurements"]["title"] == title


def test_export__names_every_field(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        full(shop)
    found = export.held_about(export.Subject(shop.person.pk, shop.person.user_id))
    names = [(section, name) for section, entries in found for name in export.names_in(entries)]
    assert len(names) > 50
    unnamed = []
    for section, name in names:
        try:
            assert export.title_of(section, name)
        except KeyError:
            unnamed.append((section.code, name))
    assert not unnamed, " ".join(map(str, unnamed))


def _written(tree: ast.AST) -> Iterator[str]:
    """Names of fields that the functions of a room put into entries."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {
            "export.entry",
            "export.entries",
            "export.cases",
        }:
            yield from (
                each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            yield from (each.value for each in node.value.elts if isinstance(each, ast.Constant))


def test_titles__of_every_field_come_from_its_own_app() -> None:
    unnamed, seen = [], set()
    for section in export.sections():
        room = sys.modules[section.read.__module__]
        if not section.read.__module__.startswith("tirek."):
            continue
        tree = ast.parse(inspect.getsource(room))
        for name in {name for one in tree.body if isinstance(one, ast.FunctionDef) for name in _written(one)}:
            seen.add(name)
            try:
                assert export.title_of(section, name)
            except KeyError:
                unnamed.append((section.app, name))
    assert len(seen) > 60
    assert unnamed == []


def test_export__of_a_person_without_account_and_without_anything(shop: make.Shop) -> None:
    found = export.held_about(export.Subject(make.person().pk, None))
    assert [section.code for section, entries in found if entries] == ["person"]


def test_page__shows_the_same_in_words(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = full(shop)
    page = registered(shop.person).get(reverse("entrance:all-data")).content.decode()
    for words in (order.number, "Waist", "Individual programmes", "The order was handed over.", "менің сөзім"):
        assert words in page, words
    assert "None" not in page
    assert "{" not in page.split("<main", 1)[1].split("</main>", 1)[0]
    forms = page.split("Forms</h2>", 1)[1].split("</main>", 1)[0]
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-", forms), "a key that nobody reads"


def test_export__of_the_represented_and_of_nobody_else(shop: make.Shop) -> None:
    mother = make.person(place=shop.place)
    Representation.objects.create(
        representative=mother, represented=shop.person, basis="guardian", document_number="1", since=date(2020, 1, 1)
    )
    client = registered(mother)
    assert exported(client)["person"][0]["iin"] == mother.iin
    client.post(reverse("entrance:use-person"), {"person": str(shop.person.pk)})
    assert exported(client)["person"][0]["iin"] == shop.person.iin
    Representation.objects.update(until=date(2020, 1, 2))
    assert exported(client)["person"][0]["iin"] == mother.iin


def test_export__asks_a_fixed_number_of_queries(shop: make.Shop) -> None:
    counts = []
    with clock.at(make.MORNING):
        full(shop)
        # what the process reads once and keeps is read before
        export.file_of(export.Subject(shop.person.pk, shop.person.user_id))
        for _round in range(2):
            with CaptureQueriesContext(connection) as asked:
                export.file_of(export.Subject(shop.person.pk, shop.person.user_id))
            counts.append(len(asked))
            shop.order(1)
            shop.order(1)
    assert counts[0] == counts[1]


def test_form__that_was_sent_and_emptied_leads_to_its_order(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        draft = shop.draft(5)
        order = actions.submit_order(actor=shop.actor, draft_key=draft.pk)
    with clock.at(make.MORNING + timedelta(days=31)):
        retention.run()
    client = registered(shop.person)
    for answer in (
        client.get(reverse("orders:form", args=[draft.pk])),
        client.post(reverse("orders:hand", args=[draft.pk])),
    ):
        assert answer.url == reverse("orders:receipt", args=[order.number])


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_privacy__tells_the_periods_of_the_reference_data(language: str) -> None:
    page = Client(headers={"Accept-Language": language}).get("/privacy").content.decode()
    with translation.override(language):
        told = kept_on(clock.today())
        assert len(told) == len(retention.periods())
        for one in told:
            assert one.term in page
            assert one.is_demo


@pytest.mark.finding("I-14")
def test_privacy__says_that_an_unfinished_form_is_kept_from_its_last_change() -> None:
    with translation.override("en"):
        (since,) = [str(one.since) for one in retention.periods() if one.key == "drafts.keep"]
    assert since == "from the last change"


def test_privacy__a_new_period_is_told_from_its_day() -> None:
    known = reference.value("retention.views", at=date(2026, 1, 1))
    reference.add_version(replace(known, text="7", unit=reference.Unit.CALENDAR_DAYS, effective_from=date(2026, 12, 1)))
    terms = {
        day: {one.key: value.text for one, value in retention.in_force(day)}
        for day in (date(2026, 11, 30), date(2026, 12, 1))
    }
    assert [one["retention.views"] for one in terms.values()] == ["36", "7"]


#: What stays as it is in every language: fingerprints, keys, codes of the classifier, units, addresses, names of
#: makers.
UNTRANSLATED = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|\b[A-Z]{2}-\d\d\b|\S+@\S+|"
    r"\b(?:Tirek|SHA-256|JSON|PDF|SMS|[IVX]+|КZ|KZ|M|S|L|XL|SM)\b|https?://\S+"
)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_page__has_no_code_where_words_belong(shop: make.Shop, language: str) -> None:
    with clock.at(make.MORNING):
        full(shop)
        papers.request_draft(shop, wrong="quantity", words="Жөргек жетпейді")
        papers.asked(shop)
        shop.draft(7, fit_acknowledged="yes")
    client = registered(shop.person, language=language)
    client.cookies["tirek_language"] = language
    page = client.get(reverse("entrance:all-data")).content.decode().partition("<main")[2].partition("</main>")[0]
    text = UNTRANSLATED.sub(" ", html.unescape(re.sub(r"<[^>]+>", " ", f"<main{page}")))
    assert re.findall(r".{0,40}[A-Za-z_]{2,}.{0,40}", text) == []
