"""What becomes of a programme that a newer one has replaced, as the person and the office read it."""

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import read
from tests.kit.sign_in import for_years

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.actions.programmes import add_missing_line, expire_programme
from tirek.entitlements.models import Line, Programme
from tirek.entitlements.queries import history_of

pytestmark = pytest.mark.django_db
REPLACED = "A newer programme has taken the place of this one."


def _replaced(shop: make.Shop, *, quantity: int = 1460) -> Programme:
    """A newer programme with the kind of the shop alone."""
    return register_programme(
        actor=make.officer(shop.place), person=shop.person, issued_by="МӘС № 2", issued_on=clock.today(),
        valid_until=None, lines=[LineGrant(kind=shop.kind, quantity=quantity, recommended={})],
    )  # fmt: skip


def _other(shop: make.Shop, kind: str = "SM-01") -> Line:
    """A further item of the programme of the shop's person, of another kind."""
    programme = Programme.objects.get(person=shop.person)
    return add_missing_line(programme, LineGrant(kind=make.kind(kind), quantity=1, recommended={}))


def test_item_of_a_replaced_programme__says_that_a_newer_one_took_its_place() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        ended, officer = _other(shop), make.officer(shop.place)
        _replaced(shop)
        make.came(officer, shop.person)
        told = {
            "person": read(for_years(shop.actor).get(f"/programme/{ended.pk}")).main,
            "office": read(for_years(officer).get(f"/office/lines/{ended.pk}")).main,
        }
    for who, page in told.items():
        assert REPLACED in page, who
        assert "ritten off: a newer programme has taken the place of this one" in page, who
        assert "re-examination" not in page, who
        assert "Expired" not in page, who


def test_written_off__names_the_end_of_a_programme_that_no_other_has_replaced() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        expire_programme(actor=CLOCK, programme=Programme.objects.get(person=shop.person))
        line = Line.objects.select_related("programme").get(pk=shop.line.pk)
        with translation.override("en"):
            assert history_of(line)[0].words == "written off: the programme has ended"
