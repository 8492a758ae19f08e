"""What somebody filled in for a correction or a request, parsed from a draft's values: validated anew when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.core.drafts import check_version
from tirek.core.errors import RuleBroken
from tirek.entitlements.models import CorrectionRequest

CORRECTION_FORM: Final = "correction"
REQUEST_FORM: Final = "correction_request"
#: Raise when a field is added or changes its meaning.
FORM_VERSION: Final = 1
MOST_UNITS: Final = 100_000
LONGEST: Final = 1000


@dataclass(frozen=True, slots=True)
class CorrectionAnswers:
    """A correction as an officer filled it in.

    Attributes:
        programme_id: the programme.
        line_id: the line whose balance is corrected; ``None`` when a line is added.
        kind_code: kind of the line to add, "" otherwise.
        amount: units of the kind, with sign; the quantity of a line to add.
        reason: why, in words.
        document: number and date of the document it rests on.
        request_id: the request it answers.
    """

    programme_id: UUID
    line_id: UUID | None
    kind_code: str
    amount: int
    reason: str
    document: str
    request_id: UUID | None


@dataclass(frozen=True, slots=True)
class RequestAnswers:
    """A request for a correction as a person filled it in; ``line_id`` or ``kind_code`` may be missing."""

    line_id: UUID | None
    kind_code: str
    wrong: str
    words: str


def _incomplete(message: object) -> RuleBroken:
    return RuleBroken(str(message), next_step=_("Go back to the form; everything else is kept."), code="incomplete")


def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def whole_number(text: str) -> int | None:
    """A whole number with its sign as people type it ("+30", "−5"); ``None`` when it is none."""
    plain = text.strip().replace("−", "-").replace("–", "-").replace("\u00a0", "").replace(" ", "")
    digits = plain.lstrip("+-")
    return int(plain) if digits.isdecimal() and len(plain) - len(digits) <= 1 and len(digits) <= len(str(MOST_UNITS)) else None


def correction(values: Mapping[str, str], *, form_version: int) -> CorrectionAnswers:
    """Check the answers of a correction as a whole.

    Raises:
        RuleBroken: something is missing or not valid.
        FormChanged: the answers were given to another version of the form.
    """
    check_version(form_version, present=FORM_VERSION)
    programme, line, kind = _key(values.get("programme", "")), _key(values.get("line", "")), values.get("kind", "").strip()
    if programme is None or (line is None and not kind):
        raise _incomplete(_("Say which line is to be corrected."))
    amount = whole_number(values.get("amount", ""))
    if amount is None or amount == 0 or abs(amount) > MOST_UNITS or (line is None and amount < 0):
        raise _incomplete(_("Say by how much: a whole number, with a minus to take away."))
    reason, document = values.get("reason", "").strip(), " ".join(values.get("document", "").split())
    if not reason or len(reason) > LONGEST:
        raise _incomplete(_("Give the reason, in at most 1,000 characters."))
    if not document or len(document) > 100:  # noqa: PLR2004 - the column's length
        raise _incomplete(_("Name the document on which the correction rests."))
    return CorrectionAnswers(programme, line, "" if line else kind, amount, reason, document, _key(values.get("request", "")))


def request(values: Mapping[str, str], *, form_version: int) -> RequestAnswers:
    """Check the answers of a request as a whole.

    Raises:
        RuleBroken: something is missing or not valid.
        FormChanged: the answers were given to another version of the form.
    """
    check_version(form_version, present=FORM_VERSION)
    wrong, words = values.get("wrong", ""), values.get("words", "").strip()
    if wrong not in CorrectionRequest.Wrong.values:
        raise _incomplete(_("Say what is wrong."))
    if not words or len(words) > LONGEST:
        raise _incomplete(_("Say in your own words what is wrong, in at most 1,000 characters."))
    line = _key(values.get("line", ""))
    return RequestAnswers(line, "" if line else values.get("kind", "").strip(), wrong, words)
