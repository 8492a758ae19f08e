"""The signed act of an order as a document: what was handed over, what was signed, by whom, when and how."""

from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.core.errors import NotFound
from tirek.core.signing import Signature, digest
from tirek.orders import acts
from tirek.orders.models import Delivery, Order
from tirek.people.queries import names_of, names_of_users
from tirek.ui.documents import pdf
from tirek.ui.text import moment_text

TEMPLATE: Final = Path(__file__).parent / "documents" / "act.typ"
#: The languages of the state; both stand on one act.
LANGUAGES: Final = ("kk", "ru")


def signed_act(order: Order) -> bytes:
    """The acts of all that was received of an order, in turn, as PDF/UA. The caller has found the order for its
    reader.

    Raises:
        NotFound: nothing was signed yet.
    """
    received = list(order.deliveries.filter(signature_id__isnull=False).order_by("n"))
    if not received:
        raise NotFound
    signatures = Signature.objects.in_bulk([one.signature_id for one in received])
    parts = []
    for language in LANGUAGES:
        with translation.override(language):
            parts += [_part(order, one, signatures[one.signature_id], language) for one in received]
    return pdf(TEMPLATE, {"title": f"{order.number}: {parts[0]['title']}", "author": "Tirek", "parts": parts})


def _part(order: Order, delivery: Delivery, signature: Signature, language: str) -> dict[str, Any]:
    is_signed = signature.language == language and bytes(signature.text)
    words = (
        bytes(signature.text).decode()
        if is_signed
        else acts.receipt_text(order, delivery, version=signature.text_version)
    )
    return {
        "language": language,
        "title": _("Act of hand-over and receipt"),
        "documents": [
            _sheet(_hand_over(order, delivery, signature.text_version), ""),
            _sheet(words, "" if is_signed else _("A translation: the words of the other part were signed.")),
        ],
        "signature": {"title": _("Signature"), "lines": _signature(signature)},
    }


def _hand_over(order: Order, delivery: Delivery, version: str) -> str:
    """The act as it was kept; in the other language as it would have been said, where nothing but the language
    differs.
    """
    kept, said = bytes(delivery.act).decode(), acts.supplier_act(order, delivery, version=version)
    same_language = kept.partition("\n")[0] == said.partition("\n")[0]
    return kept if same_language or not delivery.code_matched else said


def _sheet(text: str, note: str) -> dict[str, Any]:
    first, *lines = text.split("\n")
    return {"title": first, "lines": lines, "note": note}


def _signature(one: Signature) -> list[str]:
    people = names_of([key for key in (one.signer_person_id, one.on_behalf_of) if key])
    signer = people.get(one.signer_person_id) if one.signer_person_id else None
    name = signer or names_of_users([one.signer_user_id]).get(one.signer_user_id, "–")
    lines = [_("Signed by: %(name)s") % {"name": name}]
    if one.on_behalf_of is not None and one.on_behalf_of != one.signer_person_id:
        lines.append(_("For: %(name)s") % {"name": people.get(one.on_behalf_of, "–")})
    lines.append(_("How: %(how)s") % {"how": capfirst(one.get_strength_display())})
    if one.signed_at is not None:
        lines.append(_("When: %(moment)s") % {"moment": moment_text(one.signed_at)})
    if bytes(one.text):
        lines.append(_("Fingerprint of the signed words: %(hash)s") % {"hash": digest(bytes(one.text).decode()).hex()})
    return lines
