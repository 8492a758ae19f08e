"""What people are told about messages, in the inbox and by short message."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Desk
from tirek.notices.templates import Fact, register


def _words(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    """Who wrote: a supplier, the department, the person."""
    return [{"who": str(Desk(str(one["desk"])).label), "about": str(one.get("number") or "")} for one in facts]


register(
    "correspondence.message",
    title=_("A new message for you {about}"),
    body=_("From: {who}. Open it to read and to answer."),
    sms=_("Tirek: a new message for you {about}. Read it and answer in Tirek, page “Messages”."),
    words=_words,
)
