"""What applicants, suppliers and offices are told about the register of suppliers."""

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.core.keys import read_key
from tirek.notices.templates import Fact, register
from tirek.suppliers.models import Requirement, Supplier


def _named(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    """Names of the requirement and of the supplier of each notice in the reader's language (two queries)."""
    asked = Requirement.objects.in_bulk([str(one.get("requirement")) for one in facts])
    keys = [read_key(str(one.get("supplier", ""))) for one in facts]
    entries = Supplier.objects.select_related("organisation").in_bulk([key for key in keys if key is not None])
    return [
        {
            "what": capfirst(asked[code].name) if (code := str(one.get("requirement"))) in asked else "–",
            "who": entries[key].organisation.name if key in entries else "–",
        }
        for one, key in zip(facts, keys, strict=True)
    ]


register(
    "supplier.account_entered",
    title=_("Bank details for payments of recipients were entered"),
    body=_(
        "People pay their part to the account that ends with {tail}. If this is wrong, correct it under “Where people "
        "pay” and tell the administrator of the portal."
    ),
)
register(
    "supplier.account_changed",
    title=_("The bank details for payments of recipients were changed"),
    body=_(
        "From now on people pay their part to the account that ends with {tail}. If nobody of you wanted this, "
        "change it back under “Where people pay” and tell the administrator of the portal right away."
    ),
)
register(
    "registration.new",
    title=_("New application of a supplier {number}"),
    body=_("Check the requirements, then give it to the commission or return it for correction."),
)
register(
    "registration.corrected",
    title=_("Corrected application of a supplier {number}"),
    body=_("The applicant corrected what was not in order. Look at it again."),
)
register(
    "registration.withdrawn",
    title=_("Application of a supplier {number} was withdrawn"),
    body=_("The applicant took it back. There is nothing more to do."),
)
register(
    "registration.late",
    title=_("Application of a supplier {number} is late"),
    body=_(
        "The time limit passed. Nobody is registered by silence: tell the chair of the "
        "commission, and finish the check or enter the conclusion."
    ),
)
register(
    "registration.accepted",
    title=_("New supplier in the register: application {number}"),
    body=_("The applicant signed the public offer. The supplier can make offer cards now."),
)
register(
    "registration.passed_on",
    title=_("Your application {number} is before the commission"),
    body=_("The regional department found everything in order. The commission gives its conclusion next."),
)
register(
    "registration.concluded",
    title=_("Sign the public offer: application {number}"),
    body=_(
        "The commission agrees. Read the public offer and sign it: with your signature you are in "
        "the register of suppliers."
    ),
    sms=_("Tirek: application {number}: the commission agrees. Read the public offer and sign it."),
)
register(
    "registration.returned",
    title=_("Your application {number} was returned for correction"),
    body=_("Open it: each step that is not in order says what to correct. Everything else stays as it is."),
    sms=_("Tirek: application {number} was returned for correction. Open it: each step says what to correct."),
)
register(
    "registration.refused",
    title=_("Your application {number} was refused"),
    body=_(
        "Open it to read the reason and the number of the commission's conclusion. You can send a "
        "new application at any time."
    ),
    sms=_("Tirek: application {number} was refused. Open it to read the reason."),
)
register(
    "registration.rejected",
    title=_("Your application {number} was closed by the regional department"),
    body=_("Open it to read why. You can send a new application at any time, with the right papers."),
    sms=_("Tirek: application {number} was closed by the regional department. Open it to read why."),
)
register(
    "registration.lapsed",
    title=_("Your application {number} was closed"),
    body=_("The time was over. You can begin a new application at any time."),
    sms=_("Tirek: application {number} was closed: the time was over. You can begin a new one."),
)
register(
    "registration.registered",
    title=_("You are in the register of suppliers"),
    body=_(
        "Choose the role of the supplier at the top of the page. Then enter your bank details and "
        "make your first offer card."
    ),
)
register(
    "supplier.suspended",
    title=_("Your organisation is suspended"),
    body=_("From today you get no new orders and send no new offers. Fulfil the open orders. Basis: {basis}"),
)
register(
    "supplier.lifted",
    title=_("The suspension is lifted"),
    body=_("You get orders again. Basis: {basis}"),
)
register(
    "supplier.removed",
    title=_("Your organisation was removed from the register"),
    body=_("Your offers are not on sale any more. Fulfil the open orders. Basis: {basis}"),
)
register(
    "supplier.document_ends",
    title=_("A document ends soon: {what}"),
    body=_("Its last day is {last_day:day}. Add the new document in time under “Checks and documents”."),
    words=_named,
)
register(
    "supplier.document_ended",
    title=_("A document has ended: {what}"),
    body=_("Add the new document under “Checks and documents”. We have told the regional department."),
    words=_named,
)
register(
    "supplier.document_lapsed",
    title=_("A document of a supplier has ended: {who}"),
    body=_("{what}. Nothing stops by itself: ask the supplier, or suspend it with a basis."),
    words=_named,
)
register(
    "supplier.document_renewed",
    title=_("A supplier added a new document: {who}"),
    body=_("It counts already: look at it."),
    words=_named,
)
register(
    "supplier.not_in_order",
    title=_("Not in order: {what}"),
    body=_("The regional department checked it. Open it to read what is not in order, and put it right."),
    words=_named,
)
register(
    "supplier.offer",
    title=_("Accept the public offer, version {version}"),
    body=_("Read what is new under “Checks and documents”, then sign it by a code from your phone."),
)
register(
    "supplier.offer_by",
    title=_("Accept the public offer, version {version}"),
    body=_(
        "Read what is new under “Checks and documents”, then sign it by a code from your phone. "
        "The last day is {last_day:day}."
    ),
)
