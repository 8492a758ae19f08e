"""What becomes of a programme that a newer one has replaced, as the person and the office read it."""

from decimal import Decimal

import pytest
from django.utils import translation
from tests import factories as make
from tests.entitlements import papers
from tests.kit.pages import read
from tests.kit.sign_in import for_years

from tirek.core import clock
from tirek.core.actors import CLOCK
from tirek.entitlements import queries
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.actions.programmes import add_missing_line, expire_programme
from tirek.entitlements.models import Line, Programme
from tirek.notices.models import Notice
from tirek.notices.templates import render_many
from tirek.orders import actions as orders

pytestmark = pytest.mark.django_db
REPLACED = "A newer programme has taken the place of the one that gave this."


def _replaced(shop: make.Shop, *, quantity: int = 1460) -> Programme:
    """A newer programme with the kind of the shop alone."""
    return register_programme(
        actor=make.officer(shop.place), person=shop.person, issued_by="МӘС № 2", issued_on=clock.today(),
        valid_until=None, lines=[LineGrant(kind=shop.kind, quantity=quantity, recommended={})],
    )  # fmt: skip


def _other(shop: make.Shop, kind: str = "SM-01") -> Line:
    """A further item of the programme of the shop's person, of another kind."""
    programme = Programme.objects.get(person=shop.person)
    grant = LineGrant(kind=make.kind(kind, name_en=f"thing {kind}"), quantity=1, recommended={})
    return add_missing_line(programme, grant)


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
            assert queries.history_of(line)[0].words == "written off: the programme has ended"


def _told(shop: make.Shop, template: str) -> str:
    """The notice of the programme that holds."""
    programme = Programme.objects.get(person=shop.person, state=Programme.State.ACTIVE)
    notice = Notice.objects.get(template=template, user_id=shop.actor.user_id, case_id=programme.pk)
    (said,) = render_many(template, [notice.context])
    return said.body


def test_notice_of_a_new_programme__names_what_has_ended_with_the_old_one() -> None:
    with clock.at(make.MORNING), translation.override("en"):
        shop = make.Shop()
        assert "has ended" not in _told(shop, "programme.on_portal")
        ended = [_other(shop), _other(shop, "PO-12")]
        _replaced(shop)
        body = _told(shop, "programme.on_portal")
        for one in ended:
            assert one.kind.name in body
        assert "does not has ended: " in body
        assert shop.kind.name not in body


def test_new_programme_of_which_nothing_is_ordered_here__is_told_of_where_it_ends_something() -> None:
    with clock.at(make.MORNING), translation.override("en"):
        shop = make.Shop()
        ended = _other(shop)
        register_programme(
            actor=make.officer(shop.place), person=shop.person, issued_by="МӘС № 2", issued_on=clock.today(),
            valid_until=None, lines=[LineGrant(kind=shop.kind, quantity=1460, recommended={})], employer_pays=True,
        )  # fmt: skip
        assert ended.kind.name in _told(shop, "programme.replaced")


def test_programme__folds_away_what_only_replaced_ones_gave() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        ended, desk = _other(shop), for_years(shop.actor)
        assert "Ended: replaced" not in read(desk.get("/programme")).main
        _replaced(shop)
        page = read(desk.get("/programme"))
        # the newer programme gives it again: nothing has ended
        _replaced_by_both(shop, ended)
        again = read(desk.get("/programme"))
    folded = page.main.partition("Ended: replaced by a newer programme")[2]
    assert REPLACED in folded
    assert ended.kind.name.casefold() in folded.casefold()
    assert shop.kind.name.casefold() not in folded.casefold()
    assert any(one.address == f"/programme/{ended.pk}" for one in page.links)
    assert "Ended: replaced" not in again.main


def test_ended_item__is_named_with_its_open_order() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        order, walker = shop.order(), _other(shop).kind
        register_programme(
            actor=CLOCK, person=shop.person, issued_by="МӘС № 3", issued_on=clock.today(), valid_until=None,
            lines=[LineGrant(walker, 1, {})],
        )  # fmt: skip
        page = read(for_years(shop.actor).get("/programme"))
    assert f"Adult diapers : Order {order.number}" in page.main.partition("Ended: replaced")[2]


def _replaced_by_both(shop: make.Shop, ended: Line) -> None:
    register_programme(
        actor=CLOCK, person=shop.person, issued_by="МӘС № 3", issued_on=clock.today(), valid_until=None,
        lines=[LineGrant(shop.kind, 1460, {}), LineGrant(ended.kind, 1, {})],
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "quantity"), [("GI-01", 1460), ("SM-01", 1)])
def test_amount_in_an_open_order_of_the_old_programme__is_not_called_received(kind: str, quantity: int) -> None:
    with clock.at(make.MORNING):
        shop = make.Shop(kind_code=kind, quantity=quantity, months=24 if quantity == 1 else None, price=Decimal(100))
        order, officer = shop.order(shop.line.quantity), make.officer(shop.place)
        programme = _replaced(shop, quantity=quantity)
        make.came(officer, shop.person)
        line, mine, theirs = programme.lines.get(), for_years(shop.actor), for_years(officer)
        pages = [read(mine.get(at)) for at in ("/programme", f"/programme/{line.pk}")]
        desk = [read(theirs.get(at)) for at in (f"/office/people/{shop.person.pk}", f"/office/lines/{line.pk}")]
        for page in pages:
            assert "is in your open order by the earlier programme" in page.main
            assert any(one.text == f"Order {order.number}" and one.address for one in page.links)
        for page in desk:
            assert "is in an open order of the recipient by the earlier programme" in page.main
            assert any(one.text == f"Order {order.number}" and one.address for one in page.links)
        assert not any("eceived all" in page.main for page in pages + desk)
        assert "is in your open order" in read(mine.get(f"/order/{line.pk}")).main
        orders.cancel_order(actor=shop.actor, order=order)
        assert queries.status_of(Line.objects.get(pk=line.pk)).can_order


def test_pages_of_ordering__lead_from_an_ended_item_to_the_one_that_counts() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        ended, mine, offer = _other(shop), for_years(shop.actor), shop.offer.pk
        line = _replaced(shop).lines.get()
        for page in ("", "/compare?offer=1", "/unfinished", f"/offers/{offer}"):
            came = mine.get(f"/order/{shop.line.pk}{page}")
            assert (came.status_code, came.headers["Location"]) == (302, f"/order/{line.pk}{page}"), page
        assert mine.post(f"/order/{shop.line.pk}/again").headers["Location"] == f"/order/{line.pk}"
        assert "How many?" in read(mine.get(f"/order/{line.pk}/offers/{offer}")).main
        # nothing gives it now: the page says why
        for page in ("", f"/offers/{offer}"):
            assert REPLACED in read(mine.get(f"/order/{ended.pk}{page}")).main, page


def test_correction_of_a_replaced_programme__says_why_it_cannot_be_signed_and_what_ends_it() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        proposer, second = make.officer(shop.place), make.officer(shop.place)
        for clerk in (proposer, second):
            make.came(clerk, shop.person)
        correction = papers.proposed(shop, proposer)
        address = f"/office/corrections/{correction.number}"
        assert "Sign: it is right" in read(for_years(second).get(address)).main
        line = _replaced(shop).lines.get()
        own, page = read(for_years(proposer).get(address)), read(for_years(second).get(address))
    for each in (own, page):
        assert f"a newer programme has taken the place of {shop.programme.number}" in each.main
        assert "Sign: it is right" not in each.main
        assert any(one.address == f"/office/lines/{line.pk}" for one in each.links)
    assert "End it below" in page.main
    assert "Do not sign" in page.main
    assert "Another officer of the territory ends it" in own.main


def test_request_about_an_ended_item__begins_its_correction_where_the_kind_is_given_now() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        clerk = make.officer(shop.place)
        make.came(clerk, shop.person)
        request, desk = papers.asked(shop), for_years(clerk)
        line = _replaced(shop).lines.get()
        page = read(desk.get(f"/office/requests/{request.number}"))
        assert "The correction is made in the newer programme." in page.main
        assert f'name="kind" value="{shop.kind.pk}"' in page.html
        begun = desk.post("/office/corrections/begin", {"request": request.pk, "kind": shop.kind.pk}, follow=True)
        assert f"{line.programme.number}" in read(begun).main
        ended = read(desk.get(f"/office/lines/{shop.line.pk}"))
        assert "is not corrected any more" in ended.main
        assert any(one.address == f"/office/lines/{line.pk}" for one in ended.links)
        expire_programme(actor=CLOCK, programme=Programme.objects.get(pk=line.programme_id))
        none = read(desk.get(f"/office/requests/{request.number}"))
        assert "No programme of the recipient is active" in none.main
        assert 'name="request"' not in none.html
