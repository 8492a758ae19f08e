"""What of what was typed a form has no question for, in words."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

#: Values that are named; the rest are counted.
_MOST_NAMED: Final = 5
#: Characters of a value that are shown.
_LONGEST: Final = 60


def left_out_text(values: Sequence[str]) -> str:
    """Values that were not kept, by what was typed, so that somebody can type them where they belong."""
    typed = [" ".join(one.split()) for one in values]
    named = ", ".join(f"“{one[:_LONGEST]}”" for one in typed[:_MOST_NAMED] if one)
    more = len(typed) - _MOST_NAMED
    told = [_("This form does not ask what follows, so it was not kept: %(values)s.") % {"values": named or "–"}]
    if more > 0:
        told.append(ngettext("And %(more)s more answer.", "And %(more)s more answers.", more) % {"more": more})
    return " ".join(told)
