"""What a page has shown of a draft, and whether that still holds when it is sent."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.drafts.drafts import SHOWN, Draft
from tirek.core.errors import RuleBroken

#: Name of the mark of all answers together.
_ANSWERS: Final = "answers"


def marks(draft: Draft) -> dict[str, str]:
    """A mark of all answers of a draft, by its name, for the page that shows them (SHA-256, hexadecimal)."""
    return {_ANSWERS: hashlib.sha256(json.dumps(draft.values(), sort_keys=True).encode()).hexdigest()}


def told(pressed: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """What a press says that its page has shown: the mark of the answers, and the amounts of these ``names``; "" for
    what it does not say.
    """
    return {f"{SHOWN}{name}": pressed.get(f"{SHOWN}{name}", "") for name in (_ANSWERS, *names)}


def check_shown(draft: Draft, final: Mapping[str, str] | None) -> None:
    """Whether the answers are those that the page has shown from which ``final`` comes; a press that says nothing of
    them (a signature at the counter names its own words) is none of this.

    Raises:
        RuleBroken: they were changed meanwhile, in another window or by somebody else; ``code`` is ``answers``.
    """
    mark = (final or {}).get(f"{SHOWN}{_ANSWERS}", "")
    if mark and mark != marks(draft)[_ANSWERS]:
        raise RuleBroken(
            _("The answers were changed in another window."),
            next_step=_("Look at the answers below, then send again. Nothing was sent yet."),
            code="answers",
        )
