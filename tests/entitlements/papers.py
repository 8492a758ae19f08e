"""Drafts of corrections and requests, complete as a page leaves them."""

from dataclasses import replace

from tests import factories as make

from tirek.core import drafts
from tirek.core.actors import Actor
from tirek.core.drafts import Draft
from tirek.entitlements import actions, answers
from tirek.entitlements.models import Correction, CorrectionRequest
from tirek.people.models import Person


def correction_draft(shop: make.Shop, by: Actor, amount: object = 30, **changes: str) -> Draft:
    """A complete draft of a correction of the shop's line."""
    values = {
        "programme": str(shop.programme.pk),
        "line": str(shop.line.pk),
        "kind": "",
        "amount": str(amount),
        "reason": "Деректер қате енгізілген",
        "document": "№ 12, 03.11.2026",
        "request": "",
    }
    return drafts.begin(by, form=answers.CORRECTION_FORM, form_version=answers.FORM_VERSION, values=values | changes)


def proposed(shop: make.Shop, by: Actor, amount: object = 30, **changes: str) -> Correction:
    """A correction that waits for its second officer."""
    return actions.propose_correction(actor=by, draft_key=correction_draft(shop, by, amount, **changes).pk)


def request_draft(shop: make.Shop, by: Actor | None = None, **changes: str) -> Draft:
    """A complete draft of a request about the shop's line."""
    values = {"line": str(shop.line.pk), "wrong": "quantity", "words": "Жөргек жетпейді", "kind": ""}
    return drafts.begin(
        by or shop.actor,
        form=answers.REQUEST_FORM,
        form_version=answers.FORM_VERSION,
        subject_id=shop.person.pk,
        values=values | changes,
    )


def asked(shop: make.Shop, by: Actor | None = None, **changes: str) -> CorrectionRequest:
    """A request that waits for the office."""
    return actions.submit_request(actor=by or shop.actor, draft_key=request_draft(shop, by, **changes).pk)


def officer_who_is(person: Person, place: make.Territory | None = None) -> Actor:
    """An officer of a district who is this human."""
    return replace(make.officer(place or person.territory), person_id=person.pk)
