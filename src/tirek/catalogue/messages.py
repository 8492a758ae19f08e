"""What suppliers and offices are told about offers."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Offer
from tirek.core.keys import read_key
from tirek.notices.templates import Fact, register


def _named(facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
    """The name of the offer of each notice in the reader's language (one query)."""
    keys = [read_key(str(one.get("offer"))) for one in facts]
    rows = Offer.objects.in_bulk([key for key in keys if key is not None])
    return [{"what": rows[key].name if key in rows else "–"} for key in keys]


register(
    "admission.new",
    title=_("New admission {number}"),
    body=_("A supplier sent an offer. Check the card and the documents, then give it to the commission."),
)
register(
    "admission.change",
    title=_("Change of an offer to admit: {number}"),
    body=_("A supplier wants to change an offer that is on sale. The page shows old and new."),
)
register(
    "admission.late",
    title=_("Admission {number} is late"),
    body=_("Its time limit has passed and the supplier still waits. Nothing is admitted by itself."),
)
register(
    "offer.admitted",
    title=_("Admitted: {what}"),
    body=_("The commission has admitted it. People can order it now. Keep the stock up to date."),
    words=_named,
)
register(
    "offer.change_admitted",
    title=_("The change is admitted: {what}"),
    body=_("It holds from now on, for new orders. Orders that were placed before stay as they were."),
    words=_named,
)
register(
    "offer.returned",
    title=_("Returned for correction: {what}"),
    body=_("Open the offer, read the reason, correct it, and send it again."),
    words=_named,
)
register(
    "offer.refused",
    title=_("Not admitted: {what}"),
    body=_("The commission has refused it. Open the offer to read the reason."),
    words=_named,
)
register(
    "offer.blocked",
    title=_("Blocked: {what}"),
    body=_("The regional department took the offer off sale. Open it to read the basis. Orders that are open go on."),
    words=_named,
)
register(
    "offer.lifted",
    title=_("The block is lifted: {what}"),
    body=_("The offer is as it was before the block."),
    words=_named,
)

register(
    "offer.expired",
    title=_("Paused, a document has expired: {what}"),
    body=_("People do not see the offer. Add a valid document: then it is on sale again right away."),
    words=_named,
)
register(
    "offer.expires_soon",
    title=_("A document expires soon: {what}"),
    body=_("Its last day is {last_day:day}. Add the new document in time, or the offer will be paused."),
    words=_named,
)
register(
    "offer.document_added",
    title=_("New document of an offer: {what}"),
    body=_("The supplier added a document. It counts already: check it."),
    words=_named,
)
