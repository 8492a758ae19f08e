"""What no parser can read ends as an answer, never as a failure of the system."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from tests import factories as make
from tests.security.attack import World, signed_in

from tirek.accounts.forms import KeyForm
from tirek.core import clock
from tirek.core.untrusted import Unreadable, json_of

DEEP = ("[" * 100_000, '{"a":' * 50_000)
HUGE = ('{"fields": {"a": {"value": "1", "base": ' + "9" * 5000 + "}}}", "9" * 5000)


@pytest.mark.finding("R-M3")
@pytest.mark.parametrize("text", [*DEEP, *HUGE])
def test_json__that_python_cannot_read_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        json_of(text)


@pytest.mark.finding("R-M3")
@pytest.mark.parametrize("text", [*DEEP, *HUGE, "{", "\0"])
def test_answer_of_a_security_key__that_is_unreadable_is_an_error_of_the_form(text: str) -> None:
    assert not KeyForm({"credential": text}).is_valid()


@pytest.mark.finding("R-M3")
def test_answer_of_a_security_key__is_read() -> None:
    form = KeyForm({"credential": json.dumps({"id": "x", "type": "public-key"})})
    assert form.is_valid()
    assert form.cleaned_data["credential"] == {"id": "x", "type": "public-key"}


@pytest.mark.django_db
@pytest.mark.finding("R-M3")
@pytest.mark.parametrize("body", [*DEEP, *HUGE])
def test_draft__of_nobody_refuses_what_it_cannot_read(client: Client, body: str) -> None:
    address = reverse("draft-fields", args=["0190b6a0-0000-7000-8000-000000000000"])
    assert client.post(address, body, content_type="application/json").status_code == 422


@pytest.mark.django_db
@pytest.mark.finding("R-M3")
def test_filter__that_is_decoded_twice_holds_no_text_that_is_none() -> None:
    with clock.at(make.MORNING):
        world = World()
        for actor, name in (
            (world.officer, "orders:officer-orders-filters"),
            (world.supplier_actor, "orders:supplier-orders-filters"),
        ):
            client = signed_in(actor)
            for kept in ("", "mine"):
                answer = client.post(reverse(name), {"name": kept, "query": "number=%00"})
                assert answer.status_code < 500
