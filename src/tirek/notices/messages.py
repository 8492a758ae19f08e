"""Notices about what all apps share: unfinished forms."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.notices.actions import ENDING_DRAFT
from tirek.notices.templates import register


def _names(facts: Sequence[Mapping[str, str | int | bool | None]]) -> list[dict[str, str]]:
    known = draft_forms.known()
    return [
        {"what": str(draft_forms.form_of(str(one["form"])).title) if one.get("form") in known else "–"} for one in facts
    ]


register(
    ENDING_DRAFT,
    title=_("An unfinished form is kept until {day:day}"),
    body=_(
        "You began a form and did not send it: {what}. It is kept until {day:day}; then it goes to the archive "
        "and cannot be sent any more. "
        "Open it to go on, or delete it if you do not need it."
    ),
    sms=_("Tirek: an unfinished form is kept until {day:day}. Sign in to send or delete it."),
    words=_names,
)


#: Why an officer deleted a form, as its reader is told.
_WHY = {
    Draft.EndReason.ASKED: _("you asked for it"),
    Draft.EndReason.SENT: _("the same form was sent already"),
    Draft.EndReason.IMPOSSIBLE: _("what it asks for cannot be had now"),
    Draft.EndReason.EMPTY: _("nothing was filled in"),
}


def _names_and_reasons(facts: Sequence[Mapping[str, str | int | bool | None]]) -> list[dict[str, str]]:
    reasons = [str(_WHY.get(Draft.EndReason(str(one["why"])), "")) if one.get("why") else "–" for one in facts]
    return [named | {"why": why} for named, why in zip(_names(facts), reasons, strict=True)]


register(
    "draft.handed_back",
    title=_("The office gave a form back to you"),
    body=_(
        "Form: {what}. Open it, look through the answers and send it. Nothing was sent yet, and everything that was "
        "typed is kept."
    ),
    sms=_("Tirek: the office gave a form back to you. Sign in, look through it and send it."),
    words=_names,
)
register(
    "draft.deleted",
    title=_("The office deleted an unfinished form"),
    body=_("Form: {what}. Reason: {why}. Nothing was sent. You can begin a new one, or ask the office."),
    sms=_("Tirek: the office deleted an unfinished form, nothing was sent. Reason: {why}."),
    words=_names_and_reasons,
)
