"""What an order needs, parsed from a draft's values: validated anew at submit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import parse_phone
from tirek.core.drafts import check_version
from tirek.core.errors import RuleBroken

FORM: Final = "order"
#: Raise when a field is added or changes its meaning; an older draft is asked for what it lacks.
FORM_VERSION: Final = 1
CONSENT_VERSION: Final = "2026-11"
#: What was agreed to, by version; old versions stay, because people read what they once agreed to.
CONSENT_WORDS: Final = {
    "2026-11": _("The supplier may see my name, address, phone and the sizes that this order needs. No diagnosis is passed on."),
}
FIELDS: Final = ("line", "version", "quantity", "address", "phone", "comment", "fit_acknowledged", "consent")


#: Digits of a typed number; more are no number that anybody means.
LONGEST_NUMBER: Final = 10


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
        fit_acknowledged: ordered although the comparison said that it does not fit.
        consent_version: version of the consent text that was agreed to.
    """

    line_id: UUID
    version_id: UUID
    quantity: int
    address: str
    phone: str
    comment: str
    fit_acknowledged: bool
    consent_version: str


def _incomplete(message: object, step: str) -> RuleBroken:
    return RuleBroken(str(message), next_step=_("Go back to that step; everything else is kept."), code=f"incomplete_{step}")


def parse(values: Mapping[str, str], *, form_version: int) -> OrderRequest:
    """Check a draft's values as a whole.

    Raises:
        RuleBroken: something is missing or not valid; ``code`` names the step to return to.
        FormChanged: the answers were given to another version of the form.
    """
    check_version(form_version, present=FORM_VERSION)
    try:
        line_id, version_id = UUID(values.get("line", "")), UUID(values.get("version", ""))
    except ValueError as error:
        raise _incomplete(_("Choose an offer first."), "offer") from error
    quantity = values.get("quantity", "").strip()
    if not quantity.isdecimal() or len(quantity) >= LONGEST_NUMBER or not 1 <= int(quantity) <= 100_000:  # noqa: PLR2004 - a plain bound against overflow
        raise _incomplete(_("Say how many you order."), "quantity")
    address = " ".join(values.get("address", "").split())
    if not 5 <= len(address) <= 300:  # noqa: PLR2004 - shortest address that a courier can find; longest that is stored
        raise _incomplete(_("Say where to deliver: street, house, flat, village."), "delivery")
    try:
        phone = parse_phone(values.get("phone", ""))
    except RuleBroken as error:
        raise _incomplete(_("Give a phone for the delivery, for example +7 701 123 45 67."), "delivery") from error
    if values.get("consent") != CONSENT_VERSION:
        raise _incomplete(_("Agree that the supplier may see what the order needs."), "check")
    return OrderRequest(
        line_id=line_id,
        version_id=version_id,
        quantity=int(quantity),
        address=address,
        phone=phone,
        comment=values.get("comment", "").strip()[:500],
        fit_acknowledged=values.get("fit_acknowledged") == "yes",
        consent_version=CONSENT_VERSION,
    )
