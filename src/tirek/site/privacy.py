"""The texts about personal data that a person agrees to, what a consent means, and how long each class of data is
kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import Text
from tirek.core.personal import retention
from tirek.core.reference import Status
from tirek.core.sorting import sort_key
from tirek.orders.forms.person import CONSENT_WORDS
from tirek.people.models import Consent
from tirek.people.rules import PRIVACY_VERSION
from tirek.ui.text import term_text

#: What was agreed to, by version; old versions stay, because people read what they once agreed to.
PRIVACY_WORDS: Final = {
    "2026-11": _(
        "Your name, IIN, address, phone, programme, measurements and orders, so that you receive what you are entitled "
        "to. "
        "Your diagnosis is never shown to suppliers."
    ),
}
__all__ = ["PRIVACY_VERSION", "PRIVACY_WORDS", "Kept", "after_withdrawal", "kept_on", "words_of"]
_WORDS: Final[dict[str, dict[str, Text]]] = {
    Consent.Purpose.PRIVACY: dict(PRIVACY_WORDS),
    Consent.Purpose.ORDER: dict(CONSENT_WORDS),
}
_AFTER: Final[dict[str, Text]] = {
    Consent.Purpose.PRIVACY: _(
        "You will be asked again on your next page, and without your agreement you cannot order here. Your data stay, "
        "because the law "
        "asks for the register. Orders that are under way go on: the law requires that they are carried out."
    ),
    Consent.Purpose.ORDER: _(
        "A new order asks you again. Orders that are under way go on: the law requires that they are carried out, and "
        "their suppliers "
        "still see what those orders need."
    ),
}


def words_of(consent: Consent) -> Text:
    """What was agreed to; "" for a version whose words are no longer known."""
    return _WORDS.get(consent.purpose, {}).get(consent.text_version, "")


def after_withdrawal(consent: Consent) -> Text:
    """What happens when a consent is withdrawn."""
    return _AFTER[consent.purpose]


@dataclass(frozen=True, slots=True)
class Kept:
    """One class of data on the privacy page."""

    what: str
    term: str
    since: str
    is_demo: bool


def kept_on(day: date) -> list[Kept]:
    """Each class of data with its period in force, by what it is called."""
    found = [
        Kept(str(one.what), term_text(value.term.amount, value.term.unit), str(one.since), value.status is Status.DEMO)
        for one, value in retention.in_force(day)
    ]
    return sorted(found, key=lambda one: sort_key(one.what))
