"""A form that was changed after somebody began it: shown once more, then sent; what the new form lacks is asked for."""

import pytest
from django.urls import reverse
from tests import factories as make
from tests.entitlements import papers
from tests.kit.world import World

from tirek.core import clock, drafts
from tirek.core.drafts import Draft, DraftLost, FormChanged, HeldElsewhere
from tirek.core.personal import viewlog
from tirek.entitlements.models import Correction, CorrectionRequest
from tirek.orders.models import Order

pytestmark = pytest.mark.django_db
CHANGED = b"This form was changed since you began."


@pytest.fixture
def world() -> World:
    with clock.at(make.MORNING):
        return World()


def _grow_old(draft: Draft) -> Draft:
    Draft.objects.filter(pk=draft.pk).update(form_version=draft.form_version + 7)
    return draft


def test_order__of_a_changed_form_asks_once_to_look_again_and_is_sent_then(world: World) -> None:
    with clock.at(make.MORNING):
        client, made = world.client(world.actor), world.draft(3)
        final, draft = make.as_shown(made), _grow_old(made)
        here = reverse("orders:submit", args=[draft.pk])
        first = client.post(here, final)
        assert first.status_code == 422
        assert CHANGED in first.content
        assert not Order.objects.exists()
        assert client.post(here, final).status_code == 302
    assert Order.objects.get().quantity == 3


def test_order__what_the_present_form_asks_and_the_old_one_did_not_is_asked_for(world: World) -> None:
    with clock.at(make.MORNING):
        client, made = world.client(world.actor), world.draft(3, address="")
        final, draft = make.as_shown(world.draft(3)), _grow_old(made)
        here = reverse("orders:submit", args=[draft.pk])
        assert CHANGED in client.post(here, final).content
        asked = client.post(here, final)
        assert asked.status_code == 422
        assert "Fill in “Where should it be delivered?”" in asked.content.decode()
        drafts.save_fields(world.actor, draft.pk, {"address": drafts.Typed("Абай көшесі 1", 1)})
        assert client.post(here, final).status_code == 302


def test_order__of_the_present_form_is_sent_at_once(world: World) -> None:
    with clock.at(make.MORNING):
        draft = world.draft(3)
        answer = world.client(world.actor).post(reverse("orders:submit", args=[draft.pk]), make.as_shown(draft))
    assert answer.status_code == 302


def test_request__of_a_changed_form_asks_once_to_look_again_and_is_sent_then(world: World) -> None:
    with clock.at(make.MORNING):
        draft, client = _grow_old(papers.request_draft(world)), world.client(world.actor)
        here = reverse("entitlements:request-step", args=[draft.pk, "check"])
        first = client.post(here)
        assert first.status_code == 422
        assert CHANGED in first.content
        assert not CorrectionRequest.objects.exists()
        assert client.post(here).status_code == 302
    assert CorrectionRequest.objects.get().wrong == "quantity"


def test_correction__of_a_changed_form_asks_once_and_then_for_what_it_lacks(world: World) -> None:
    with clock.at(make.MORNING):
        draft = _grow_old(papers.correction_draft(world, world.officer, reason=""))
        viewlog.record(world.officer, subject_id=world.person.pk, basis=viewlog.View.Basis.REASON, reason="deed")
        client, here = world.client(world.officer), reverse("entitlements:correction-step", args=[draft.pk, "check"])
        assert CHANGED in client.post(here).content
        lacking = client.post(here)
        assert lacking.status_code == 422
        assert "Fill in “Why is it corrected?”" in lacking.content.decode()
        drafts.save_fields(world.officer, draft.pk, {"reason": drafts.Typed("Деректер қате", 1)})
        assert client.post(here).status_code == 302
    assert Correction.objects.get().reason == "Деректер қате"


def test_version__is_raised_by_the_holder_only(world: World) -> None:
    draft = _grow_old(world.draft(3))
    with pytest.raises(DraftLost):
        drafts.shown_anew(make.recipient_of(make.person()), draft.pk, form_version=1)
    drafts.hand_to_office(world.actor, draft.pk, territory_code=world.place.code)
    with pytest.raises(HeldElsewhere):
        drafts.shown_anew(world.actor, draft.pk, form_version=1)
    draft.refresh_from_db()
    assert draft.form_version == 8
    with pytest.raises(FormChanged):
        drafts.check_version(draft.form_version, present=1)
