"""What an order needs, read from a draft's values by the forms that the pages show: checked anew at submit."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.core.drafts import check_version
from tirek.core.errors import RuleBroken
from tirek.core.typed import shown_amount
from tirek.orders.forms.person import CONSENT_VERSION, MOST_UNITS, CheckForm, DeliveryForm, QuantityForm
from tirek.ui.draftform import answers
from tirek.ui.text import number_text

FORM: Final = "order"
#: Raise when a field is added or changes its meaning; an older draft is asked for what it lacks.
FORM_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order as somebody filled it in.

    Attributes:
        line_id: entitlement line.
        version_id: version of the offer that was seen.
        quantity: units.
        address: where to deliver.
        phone: phone for the delivery, E.164.
        comment: words for the courier.
        monthly_parts: in how many parts, one a month, the goods are wanted.
        fit_acknowledged: ordered although the comparison said that it does not fit.
        consent_version: version of the consent text that was agreed to.
        seen_part: what the page said that the person pays, tenge; ``None`` where the words themselves are agreed to.
        seen_quantity: how many units the page said; ``None`` likewise.
    """

    line_id: UUID
    version_id: UUID
    quantity: int
    address: str
    phone: str
    comment: str
    monthly_parts: int
    fit_acknowledged: bool
    consent_version: str
    seen_part: Decimal | None
    seen_quantity: Decimal | None


def parse(values: Mapping[str, str], *, form_version: int) -> OrderRequest:
    """Check a draft's values as a whole.

    Raises:
        RuleBroken: something is missing or not valid; ``code`` names the step to return to. Or a page sends it that
            does not say which amounts it has shown (``amounts``).
        FormChanged: the answers were given to another version of the form.
    """
    check_version(form_version, present=FORM_VERSION)
    try:
        line_id, version_id = UUID(values.get("line", "")), UUID(values.get("version", ""))
    except ValueError as error:
        raise RuleBroken(
            _("Choose an offer first."),
            next_step=_("Go back to that step; everything else is kept."),
            code="incomplete_offer",
        ) from error
    given = answers(
        [
            ("quantity", QuantityForm(values, most=MOST_UNITS)),
            ("delivery", DeliveryForm(values)),
            ("check", CheckForm(values, does_not_fit=False)),
        ]
    )
    return OrderRequest(
        line_id=line_id,
        version_id=version_id,
        quantity=given["quantity"],
        address=given["address"],
        phone=given["phone"],
        comment=given["comment"],
        monthly_parts=max(min(given["parts"] or 1, given["quantity"]), 1),
        fit_acknowledged=values.get("fit_acknowledged") == "yes",
        consent_version=CONSENT_VERSION,
        seen_part=_seen(values, "seen_person_part"),
        seen_quantity=_seen(values, "seen_quantity"),
    )


def _seen(values: Mapping[str, str], name: str) -> Decimal | None:
    """An amount that the page has shown; one that a page sends empty or as no number was seen by nobody."""
    if name not in values:
        return None
    found = shown_amount(values[name])
    if found is None:
        raise RuleBroken(
            _("The amounts were not shown before this was sent."),
            next_step=_("Look at the amounts below, then send again. Nothing was sent yet."),
            code="amounts",
        )
    return found


def changed_quantity(old: Decimal | int | None, new: int) -> str:
    """That another number of units is ordered than the page said."""
    numbers = {"old": number_text(old or 0), "new": number_text(new)}
    return _now("The quantity has changed: it was %(old)s, now it is %(new)s.") % numbers
