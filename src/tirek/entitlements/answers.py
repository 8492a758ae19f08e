"""What somebody filled in for a correction or a request, read from a draft's values by the forms that the pages show:
checked anew when it is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core.drafts import check_version
from tirek.core.errors import RuleBroken
from tirek.core.keys import read_key
from tirek.entitlements.asking import Asked
from tirek.entitlements.forms import Corrected, CorrectionForm, RequestForm
from tirek.entitlements.models import Line
from tirek.ui.draftform import answers

CORRECTION_FORM: Final = "correction"
REQUEST_FORM: Final = "correction_request"
#: Raise when a field is added or changes its meaning.
FORM_VERSION: Final = 2
#: The one page of both forms.
STEP: Final = "answers"


@dataclass(frozen=True, slots=True)
class CorrectionAnswers:
    """A correction as an officer filled it in.

    Attributes:
        programme_id: the programme.
        line_id: the line whose balance is corrected; ``None`` when a line is added.
        kind_code: kind of the line to add, "" otherwise.
        amount: units of the kind, with sign; the quantity of a line to add.
        asked: what the line asks for from now on; ``None`` as before.
        channel: how it is provided from now on; "" as before.
        earlier: whether the next one can be ordered at once, though the replacement term still runs.
        reason: why, in words.
        document: number and date of the document it rests on.
        request_id: the request it answers.
    """

    programme_id: UUID
    line_id: UUID | None
    kind_code: str
    amount: int
    asked: Asked | None
    channel: str
    earlier: bool
    reason: str
    document: str
    request_id: UUID | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a correction is about, as the draft names it: ``line_id`` or ``kind_code``."""

    programme_id: UUID
    line_id: UUID | None
    kind_code: str


@dataclass(frozen=True, slots=True)
class RequestAnswers:
    """A request for a correction as a person filled it in; ``kind_code`` is "" where it is about a line, or where the
    person does not know the kind.
    """

    kind_code: str
    wrong: str
    words: str


def target(values: Mapping[str, str], *, form_version: int) -> Target:
    """What a correction is about.

    Raises:
        RuleBroken: it does not say.
        FormChanged: the answers were given to another version of the form.
    """
    check_version(form_version, present=FORM_VERSION)
    programme, line = read_key(values.get("programme", "")), read_key(values.get("line", ""))
    kind = values.get("kind", "").strip()
    if programme is None or (line is None and not kind):
        raise RuleBroken(
            _("Say which item is to be corrected."),
            next_step=_("Go back to the form; everything else is kept."),
            code=f"incomplete_{STEP}",
        )
    return Target(programme, line, "" if line else kind)


def correction(values: Mapping[str, str], about: Target, corrected: Corrected) -> CorrectionAnswers:
    """Check the answers of a correction as a whole. What was not asked yet stays as it is.

    Raises:
        RuleBroken: something is missing or not valid.
    """
    form = CorrectionForm({**corrected.begun(), **values}, corrected=corrected)
    given = answers([(STEP, form)])
    return CorrectionAnswers(
        about.programme_id,
        about.line_id,
        about.kind_code,
        given["amount"],
        form.asked,
        form.channel,
        form.earlier,
        given["reason"],
        " ".join(given["document"].split()),
        read_key(values.get("request", "")),
    )


def line_of_request(values: Mapping[str, str]) -> UUID | None:
    """The line that a request is about; ``None`` where it is about none."""
    return read_key(values.get("line", ""))


def request(values: Mapping[str, str], line: Line | None, *, form_version: int) -> RequestAnswers:
    """Check the answers of a request as a whole; ``line`` is what it is about.

    Raises:
        RuleBroken: something is missing or not valid.
        FormChanged: the answers were given to another version of the form.
    """
    check_version(form_version, present=FORM_VERSION)
    given = answers([(STEP, RequestForm(values, line=line))])
    return RequestAnswers(given.get("kind", ""), given["wrong"], given["words"])
