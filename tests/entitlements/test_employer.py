"""The employer pays for an injury by its fault: by item, and no longer when it is bankrupt, liquidated or closed."""

from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from tests import factories as make
from tests.entitlements import papers
from tests.kit.pages import read as read_page
from tests.kit.sign_in import for_years

from tirek.catalogue.models import Kind, ProvisionChannel
from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.core.errors import RuleBroken
from tirek.core.keys import uuid7
from tirek.entitlements import actions
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.actions.scenarios import play
from tirek.entitlements.models import CorrectionRequest, Line, OrderingTerm, Programme
from tirek.entitlements.queries import availability_bought, status_of
from tirek.entitlements.rules import Reason
from tirek.entitlements.scenario_of import scenario_of
from tirek.entitlements.scenarios import read
from tirek.prepared.queries import lines_after
from tirek.procurement.queries import line_that_gives, lines_of_programme, lines_of_region, lines_to_buy

pytestmark = pytest.mark.django_db
EMPLOYER = ProvisionChannel.EMPLOYER


@pytest.fixture
def shop() -> Iterator[make.Shop]:
    """Diapers that the employer pays for."""
    with clock.at(make.MORNING):
        made = make.Shop()
        _corrected(made, channel=EMPLOYER)
        yield made


def _line(shop: make.Shop) -> Line:
    return Line.objects.select_related("programme", "kind", "person__territory").get(pk=shop.line.pk)


def _corrected(shop: make.Shop, **changes: str) -> Line:
    first, second = make.officer(shop.place), make.officer(shop.place)
    actions.sign_correction(actor=second, correction=papers.proposed(shop, first, "", **changes))
    return _line(shop)


def _registered(*grants: LineGrant, employer_pays: bool) -> Programme:
    return register_programme(
        actor=CLOCK,
        person=make.person(),
        issued_by="МӘС",
        issued_on=date(2026, 1, 12),
        valid_until=None,
        lines=grants,
        employer_pays=employer_pays,
    )


def _channels(programme: Programme) -> dict[str, str]:
    return dict(programme.lines.values_list("kind", "channel"))


def _grant(kind: Kind, channel: ProvisionChannel | None = None) -> LineGrant:
    return LineGrant(kind=kind, quantity=1, recommended={}, channel=channel)


def test_mark_of_a_programme__holds_for_each_item_that_says_nothing_else() -> None:
    kinds = [make.kind(code) for code in ("GI-01", "GI-03")]
    with clock.at(make.MORNING):
        marked = _registered(_grant(kinds[0]), _grant(kinds[1], ProvisionChannel.PORTAL), employer_pays=True)
        by_item = _registered(_grant(kinds[0], EMPLOYER), _grant(kinds[1]), employer_pays=False)
    assert _channels(marked) == _channels(by_item) == {"GI-01": "employer", "GI-03": "portal"}
    assert list(OrderingTerm.objects.values_list("line__kind", flat=True)) == ["GI-03", "GI-03"]


def test_item_that_is_added__is_paid_as_the_programme_says() -> None:
    missing = {"line": "", "kind": "GI-03"}
    make.kind("GI-03")
    with clock.at(make.MORNING):
        shop = make.Shop()
        first, second = make.officer(shop.place), make.officer(shop.place)
        Programme.objects.filter(pk=shop.programme.pk).update(employer_pays=True)
        actions.sign_correction(actor=second, correction=papers.proposed(shop, first, 1, **missing))
    assert Line.objects.get(kind="GI-03").channel == EMPLOYER


def test_nobody_orders_buys_or_prepares__what_the_employer_pays_for(shop: make.Shop) -> None:
    line = _line(shop)
    assert status_of(line).availability.reason is Reason.EMPLOYER_PAYS
    with pytest.raises(RuleBroken) as refused:
        shop.order(1)
    assert refused.value.code == "employer_pays"
    assert lines_after(None, 10) == {}
    # not even where the region's commission has concluded that nobody offers it
    make.provision(shop.kind, "procurement", since=clock.today(), region="100000000")
    line = _line(shop)
    assert availability_bought(line, clock.today()).reason is Reason.EMPLOYER_PAYS
    assert list(lines_of_region("100000000", [shop.kind])) == list(lines_to_buy()) == []
    assert lines_of_programme(shop.programme.pk) == []
    assert line_that_gives(shop.person.pk, shop.kind.pk) is None


def test_employer_that_is_gone__two_officers_decide_and_the_full_term_begins(shop: make.Shop) -> None:
    term = OrderingTerm.objects.get(line=shop.line)
    assert term.state == OrderingTerm.State.NOT_ORDERED
    request = papers.asked(shop, wrong="employer", words="Зауыт жабылды")
    assert request.wrong == CorrectionRequest.Wrong.EMPLOYER
    with clock.at(make.MORNING + timedelta(days=3)):
        line = _corrected(shop, channel="portal", request=str(request.pk), reason="Зауыт банкрот деп танылды")
        request.refresh_from_db()
        term.refresh_from_db()
        assert request.state == CorrectionRequest.State.CORRECTED
        assert (term.state, term.started_on) == (OrderingTerm.State.RUNNING, clock.today())
        assert status_of(line).can_order
        # a case is downloaded with both decisions, and comes out as it was shown
        [scenario] = read("case.yml", scenario_of(status_of(line)))
        assert [(one.what, one.channel) for one in scenario.steps] == [
            ("provide", "employer"),
            ("provide", "portal"),
        ]
        assert shop.order(1).line_id == line.pk
    assert play(scenario).differences == ()


def test_early_replacement__stands_in_a_downloaded_case() -> None:
    with clock.at(make.MORNING):
        chair = make.kind("SM-11", months=48)
        shop = make.Shop()
        make.programme(shop.person, chair, quantity=1)
        line = Line.objects.get(person=shop.person, kind=chair)
        case = uuid7()
        actions.reserve(actions.lock_line(line.pk), quantity=1, case_id=case, on=clock.today())
        actions.consume(case_id=case, line_id=line.pk, quantity=1, part=1, on=clock.today())
        actions.follow_orders(line)
    with clock.at(make.MORNING + timedelta(days=30)):
        first, second = make.officer(shop.place), make.officer(shop.place)
        waits = papers.proposed(shop, first, "", line=str(line.pk), earlier="on")
        actions.sign_correction(actor=second, correction=waits)
        line = Line.objects.select_related("programme", "kind", "person").get(pk=line.pk)
        [scenario] = read("case.yml", scenario_of(status_of(line)))
        assert [one.what for one in scenario.steps] == ["order", "receive", "earlier"]
        assert status_of(line).can_order
    assert play(scenario).differences == ()


def test_request__asks_for_the_employer_only_where_it_pays(shop: make.Shop) -> None:
    client = for_years(shop.actor)

    def asked(**sent: str) -> str:
        return read_page(client.get(client.get(client.post("/corrections/begin", sent).url).url)).html

    assert 'value="employer"' in asked(line=str(shop.line.pk))
    assert 'value="employer"' not in asked()
    _corrected(shop, channel="portal")
    assert 'value="employer"' not in asked(line=str(shop.line.pk))
    with pytest.raises(RuleBroken):
        papers.asked(shop, wrong="employer")


def test_upgrade__what_a_programme_said_stands_at_its_lines() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        other = make.programme(make.person(), make.kind("GI-03"))
    Programme.objects.filter(pk=shop.programme.pk).update(employer_pays=True)
    with connection.cursor() as cursor:
        cursor.execute(import_module("tirek.entitlements.migrations.0014_employer_by_line").FILL)
    assert _line(shop).channel == EMPLOYER
    assert set(other.lines.values_list("channel", flat=True)) == {"portal"}
