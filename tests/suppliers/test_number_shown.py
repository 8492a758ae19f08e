"""The number of who supplies: a BIN is public, the IIN of an individual is told only to who pays to it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page, text
from tests.kit.sign_in import signed_in
from tests.kit.world import World
from tests.orders.declared import handed_over

from tirek.core import clock
from tirek.orders import actions, acts
from tirek.orders.models import Delivery
from tirek.organisations.models import Organisation

pytestmark = pytest.mark.django_db
IIN, MASKED = "900101300012", "9001•••••••2"
BIN = "210140000012"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING), translation.override("en"):
        yield


def a_world(number: str, price: int = 180) -> World:
    world = World(price=Decimal(price))
    Organisation.objects.filter(pk=world.supplier.organisation_id).update(bin=number)
    world.supplier.organisation.refresh_from_db()
    return world


@pytest.mark.parametrize(
    ("number", "language", "line"),
    [
        (IIN, "en", f"Supplier: %s, IIN {MASKED}"),
        (IIN, "ru", f"Поставщик: %s, ИИН {MASKED}"),
        (IIN, "kk", f"Өнім беруші: %s, ЖСН {MASKED}"),
        (BIN, "en", f"Supplier: %s, BIN {BIN}"),
        (BIN, "ru", f"Поставщик: %s, БИН {BIN}"),
        (BIN, "kk", f"Өнім беруші: %s, БСН {BIN}"),
    ],
)
def test_signed_words__name_a_bin_and_mask_an_iin(number: str, language: str, line: str) -> None:
    world = a_world(number)
    world.version.variant.offer.supplier.organisation.refresh_from_db()
    order, draft = handed_over(world), world.draft(3, actor=world.officer)
    delivery = Delivery.objects.get(order=order)
    with translation.override(language):
        agreed, _part = actions.words_to_agree_to(draft, {})
        for said in (acts.receipt_text(order, delivery), acts.supplier_act(order, delivery), agreed):
            assert line % order.organisation.name in said.split("\n")
            assert IIN not in said


@pytest.mark.parametrize(("number", "label"), [(IIN, "IIN"), (BIN, "BIN")])
def test_bank_details__tell_the_whole_number_to_who_pays(number: str, label: str) -> None:
    world = a_world(number, 250)
    make.account(world.supplier)
    order = actions.accept_order(actor=world.supplier_actor, order=world.order(60), ready_on=clock.today())
    page = open_page(world.client(world.actor), f"/orders/{order.number}/payment")
    assert f'data-copy="{number}"' in page.html
    assert f"{label} {number}" in " ".join(page.main.split())


def test_pages_of_offices_and_administrators__mask_an_iin() -> None:
    world = a_world(IIN)
    admin, name = signed_in(world.admin), world.supplier.organisation.name
    organisation = world.supplier.organisation
    addresses = [
        reverse("manage:organisations") + f"?text={name}",
        reverse("manage:organisation", args=[organisation.pk]),
        reverse("manage:users") + f"?text={name}",
    ]
    for address in addresses:
        said = text(admin, address)
        assert IIN not in said, address
        assert MASKED in said, address
    region = make.officer(make.district("100000000"))
    said = text(signed_in(region), reverse("suppliers:officer-supplier", args=[world.supplier.pk]))
    assert f"IIN {MASKED}" in " ".join(said.split())
    assert IIN not in said
