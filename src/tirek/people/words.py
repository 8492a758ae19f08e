"""What a person needs, in words for who serves the person."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.people.models import Needs

_NEEDS: Final[dict[str, Promise]] = {
    "no_voice_calls": _("Do not call: write"),
    "sign_language": _("Uses sign language"),
    "large_print": _("Needs large print"),
    "easy_read": _("Speak and write in short, simple sentences"),
}


def reach_in_words(needs: Needs) -> list[Promise]:
    """How the person wants to be reached: what a supplier has to know; empty when there is nothing to obey."""
    return [_NEEDS["no_voice_calls"]] if needs.no_voice_calls else []


def needs_in_words(needs: Needs) -> list[Promise]:
    """The needs that are recorded, the way to reach the person first; empty when there are none."""
    return [words for name, words in _NEEDS.items() if getattr(needs, name)]
