"""Notices about what all apps share: unfinished forms."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

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
    title=_("An unfinished form is kept until {day:until}"),
    body=_(
        "You began a form and did not send it: {what}. It is kept until {day:until}; then it goes to the archive "
        "and cannot be sent any more. "
        "Open it to go on, or delete it if you do not need it."
    ),
    sms=_("Tirek: an unfinished form is kept until {day:until}. Sign in to send or delete it."),
    words=_names,
)
