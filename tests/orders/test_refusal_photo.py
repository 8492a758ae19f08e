"""What is wrong with the goods can be shown: a photo goes with the refusal to the supplier and the department."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests import factories as make
from tests import pdfs
from tests.kit.pages import open_page
from tests.kit.world import World
from tests.orders.declared import handed_over

from tirek.core import clock
from tirek.correspondence.models import Message
from tirek.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.finding("J-M10")]


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        yield World()


def refusal(world: World, content: bytes | None) -> tuple[Order, int]:
    order = handed_over(world)
    client = world.client(world.actor)
    address = reverse("orders:recipient-order-act", args=[order.number, "refuse"])
    assert 'enctype="multipart/form-data"' in client.get(address).content.decode()
    sent: dict[str, object] = {"refuse-reason": "defect", "refuse-note": "The wheel is bent"}
    if content is not None:
        sent["refuse-photo"] = SimpleUploadedFile("wheel.pdf", content)
    answer = client.post(address, sent, follow=True)
    order.refresh_from_db()
    return order, answer.status_code


def test_photo__goes_with_the_refusal_to_who_has_to_answer(world: World) -> None:
    order, _status = refusal(world, pdfs.GOOD)
    assert order.state == "refused"
    message = Message.objects.get(about_id=order.pk)
    assert "The wheel is bent" in message.text
    assert message.file is not None
    assert set(message.readings.values_list("desk", flat=True)) == {"supplier", "officer"}
    thread = reverse("correspondence:thread", args=["order", order.pk])
    assert "The wheel is bent" in open_page(world.client(world.supplier_actor), thread).main


def test_refusal__needs_no_photo(world: World) -> None:
    order, _status = refusal(world, None)
    assert order.state == "refused"
    assert not Message.objects.filter(about_id=order.pk).exists()


def test_photo_that_is_none__is_told_at_its_field_and_nothing_is_refused(world: World) -> None:
    order, status = refusal(world, b"neither picture nor document")
    assert status == 422
    assert order.state == "awaiting_confirmation"
    assert not Message.objects.filter(about_id=order.pk).exists()
