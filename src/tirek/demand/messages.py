"""What people are told when there is an offer, and suppliers when there was too little in stock."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import named_kinds
from tirek.notices.templates import Fact, register


def _words(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    return [{"what": kind} for kind in named_kinds(facts)]


register(
    "demand.offer",
    title=_("There is an offer now: {what}"),
    body=_("You asked us to tell you. Open it to see who delivers to your district, and order."),
    sms=_("Tirek: there is an offer now: {what}. You can order it."),
    words=_words,
)
register(
    "demand.shortage",
    title=_("Too little in stock: orders that could not be sent: {n}"),
    body=_(
        "People chose your goods and could not order as many as they need. Open the list to see which sizes, then add "
        "to the stock."
    ),
)
