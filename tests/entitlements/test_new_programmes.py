"""A programme that an officer enters: what it ends is read before; the date in the queue is the one that is said."""

from datetime import date, timedelta

import pytest
from tests import factories as make
from tests.kit.pages import read
from tests.kit.sign_in import for_years
from tests.markup import folded

from tirek.core import clock
from tirek.core.errors import RuleBroken
from tirek.entitlements.actions import LineGrant, register_programme
from tirek.entitlements.actions.programmes import add_missing_line
from tirek.entitlements.models import Line, Programme

pytestmark = pytest.mark.django_db


def _programme(shop: make.Shop, issued_on: date) -> Programme:
    grant = LineGrant(kind=shop.kind, quantity=100, recommended={})
    return register_programme(
        actor=make.officer(shop.place), person=shop.person, issued_by="Department of assessment",
        issued_on=issued_on, valid_until=None, lines=[grant],
    )  # fmt: skip


def _two_items(shop: make.Shop) -> Line:
    """A further item of the programme of the shop's person; returns of it."""
    programme, other = Programme.objects.get(person=shop.person), make.kind("SM-01")
    return add_missing_line(programme, LineGrant(kind=other, quantity=1, recommended={}))


def _entered(shop: make.Shop, **more: str) -> dict[str, str]:
    """What an officer enters: a programme of two days later with the first item alone."""
    day = Programme.objects.get(person=shop.person).issued_on + timedelta(days=2)
    return {
        "issued_by": "МӘС № 2", "issued_on_day": f"{day.day}", "issued_on_month": f"{day.month}",
        "issued_on_year": f"{day.year}", "kind_1": shop.kind.code, "quantity_1": "1460",
    } | more  # fmt: skip


def test_what_a_new_programme_ends__is_read_before_it_is_entered() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        ends, officer = _two_items(shop), make.officer(shop.place)
        make.came(officer, shop.person)
        desk, address = for_years(officer), f"/office/people/{shop.person.pk}/programme"
        asked = desk.post(address, _entered(shop))
        page = read(asked)
        assert asked.status_code == 422
        assert "<title>Error: " in folded(page.html)
        assert ends.kind.name.casefold() in page.main.casefold()
        assert f'name="ends_shown" value="{ends.pk}"' in page.html
        assert 'value="1460"' in page.html, "what was typed stays"
        assert Programme.objects.filter(person=shop.person).count() == 1, "nothing was entered"
        # a page that has told of another item is asked again
        other = desk.post(address, _entered(shop, ends_shown=f"{shop.line.pk} rubbish"))
        assert other.status_code == 422
        done = desk.post(address, _entered(shop, ends_shown=str(ends.pk)))
        assert done.status_code == 302, read(done).errors
        old, new = Programme.objects.filter(person=shop.person).order_by("issued_on")
        assert (old.state, [one.kind_id for one in new.lines.all()]) == ("replaced", [shop.kind.code])


def test_items_that_end__are_named_with_what_is_under_way_of_them() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        order, officer, walker = shop.order(), make.officer(shop.place), _two_items(shop).kind
        make.came(officer, shop.person)
        desk, address = for_years(officer), f"/office/people/{shop.person.pk}/programme"
        # the new programme gives the walker alone: the diapers end, of which an order is open
        page = read(desk.post(address, _entered(shop, kind_1=walker.pk, quantity_1="1")))
        number = f"Order {order.number}"
        item = f"Adult diapers (programme {shop.programme.number} of 12 January 2026) Under way now: {number}"
        assert item in page.main
        assert any(one.text == number and one.address for one in page.links)
        assert "You are asked of each order" in page.main
        assert page.html.count('form="programme"') == page.html.count('id="programme"') == 1


def test_new_programme__that_gives_all_of_the_old_one_or_of_which_nobody_reads_is_not_asked() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        ends, officer = _two_items(shop), make.officer(shop.place)
        make.came(officer, shop.person)
        desk, address = for_years(officer), f"/office/people/{shop.person.pk}/programme"
        both = _entered(shop, kind_2=ends.kind.code, quantity_2="1")
        assert desk.post(address, both).status_code == 302
        _programme(shop, clock.today())
        assert Programme.objects.filter(person=shop.person, state="replaced").count() == 2


def test_date_in_the_queue__is_entered_by_page_and_file_and_never_to_come() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        officer = make.officer(shop.place)
        make.came(officer, shop.person)
        desk, address = for_years(officer), f"/office/people/{shop.person.pk}/programme"
        day = shop.line.queue_on - timedelta(days=100)
        parts = {"queue_on_day": f"{day.day}", "queue_on_month": f"{day.month}", "queue_on_year": f"{day.year}"}
        late = desk.post(address, _entered(shop, **parts | {"queue_on_year": f"{clock.today().year + 1}"}))
        assert late.status_code == 422
        assert desk.post(address, _entered(shop, **parts)).status_code == 302
        assert Line.objects.get(programme__person=shop.person, programme__state="active").queue_on == day
        with pytest.raises(RuleBroken) as refused:
            register_programme(
                actor=officer,
                person=make.person(place=shop.place),
                issued_by="МӘС № 2",
                issued_on=clock.today(),
                valid_until=None,
                lines=[LineGrant(shop.kind, 1, {}, queue_on=clock.today() + timedelta(days=1))],
            )
        assert refused.value.code == "queue_on"
