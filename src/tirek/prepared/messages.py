"""What people are told of orders that were prepared for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import kinds_by_code, named_kinds
from tirek.notices.templates import Fact, register
from tirek.prepared.models import Prepared

#: Why, as the person reads it.
WHY: Final = {
    Prepared.Cause.OPENED: _("Your programme has a new item."),
    Prepared.Cause.WINDOW: _("A new period of your programme has begun."),
    Prepared.Cause.TERM: _("The time after which you can get the next one is over."),
    Prepared.Cause.OUTGROWN: _("By the new measurements, what you received no longer fits."),
    Prepared.Cause.SIZE: _("A child grows: the measurements on file are old."),
}


def why(cause: str) -> str:
    """The cause in a sentence, as the person reads it."""
    return str(WHY[Prepared.Cause(cause)]) if cause in Prepared.Cause.values else ""


def _words(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    kinds = named_kinds(facts)
    return [{"what": kind, "why": why(str(one.get("cause")))} for kind, one in zip(kinds, facts, strict=True)]


def _words_of_several(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    listed = [str(one.get("kinds", "")).split() for one in facts]
    names = kinds_by_code(code for codes in listed for code in codes)
    return [{"what": ", ".join(names[code] for code in codes if code in names)} for codes in listed]


register(
    "prepared.several",
    title=_("You can order several items of your programme"),
    body=_(
        "They are prepared for you: {what}. Open each one: send it by one press, choose another offer, or answer “not "
        "now”. Nothing is ordered without you. Last day for the first of them: {until:day}."
    ),
    sms=_("Tirek: several orders are prepared for you. Nothing is ordered without you. Last day: {until:day}."),
    words=_words_of_several,
)
register(
    "prepared.ready",
    title=_("An order is prepared for you: {what}"),
    body=_(
        "{why} It is the same as you received last time. Open it, look at the price and the address, and send it by "
        "one press. Nothing is ordered without you. Last day: {until:day}."
    ),
    sms=_("Tirek: an order is prepared for you: {what}. Nothing is ordered without you. Last day: {until:day}."),
    words=_words,
)
register(
    "prepared.grown",
    title=_("An order is prepared for you: {what}"),
    body=_(
        "{why} Another size of the same goods fits now, and it is prepared. Open it, look at the size, the price and "
        "the address, and send it by one press. Nothing is ordered without you. Last day: {until:day}."
    ),
    sms=_("Tirek: an order is prepared for you: {what}. Nothing is ordered without you. Last day: {until:day}."),
    words=_words,
)
register(
    "prepared.only",
    title=_("An order is prepared for you: {what}"),
    body=_(
        "{why} In your district one offer fits your measurements, and it is prepared. Open it, look at the price and "
        "the address, and send it by one press. Nothing is ordered without you. Last day: {until:day}."
    ),
    sms=_("Tirek: an order is prepared for you: {what}. Nothing is ordered without you. Last day: {until:day}."),
    words=_words,
)
register(
    "prepared.size",
    title=_("Confirm the measurements: {what}"),
    body=_(
        "{why} Open it and say whether the measurements are still right; then you can order. Nothing is ordered "
        "without you. Last day: {until:day}."
    ),
    sms=_("Tirek: confirm the measurements and order: {what}. Last day: {until:day}."),
    words=_words,
)
register(
    "prepared.earlier",
    title=_("What you received no longer fits: {what}"),
    body=_(
        "{why} The time until the next one is not over. You can ask for it earlier: the request is written for you, "
        "open it and send it. Your department decides on it. Last day: {until:day}."
    ),
    sms=_("Tirek: you can ask for an earlier replacement: {what}. The request is written for you."),
    words=_words,
)
register(
    "prepared.choose",
    title=_("You can order: {what}"),
    body=_("{why} Open it and choose who brings it. Nothing is ordered without you. Last day: {until:day}."),
    sms=_("Tirek: you can order: {what}. Nothing is ordered without you. Last day: {until:day}."),
    words=_words,
)
