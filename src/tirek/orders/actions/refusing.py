"""A refusal with a photo of what is wrong: the photo is a message on the order, for the supplier and the department."""

from typing import TYPE_CHECKING

from django.db import transaction

from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken
from tirek.correspondence.actions import write
from tirek.correspondence.talks import talk
from tirek.files.rules import Unsuitable
from tirek.orders.actions import refuse_delivery
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def refuse_with_photo(
    *, actor: Actor, order: Order, reason: str, note: str = "", photo: "UploadedFile[bytes] | None" = None
) -> Order:
    """Refuse the goods, and show what is wrong with them; both or nothing.

    Raises:
        RuleBroken: as for ``refuse_delivery``; with the code ``photo`` when the file is none that may be kept.
        TooMany: the account wrote too many messages today; without the photo it refuses all the same.
    """
    with transaction.atomic():
        refused = refuse_delivery(actor=actor, order=order, reason=reason, note=note)
        if photo is not None:
            about = talk(ORDERS.code)
            words = [str(order.get_refusal_reason_display()).capitalize(), note.strip()]
            try:
                write(
                    actor=actor,
                    talk=about,
                    key=order.pk,
                    text=". ".join(filter(None, words)),
                    readers=[one.value for one in about.others(actor)],
                    topic="delivery",
                    upload=photo,
                )
            except Unsuitable as unfit:
                raise RuleBroken(unfit.message, next_step=unfit.next_step, code="photo") from unfit
    return refused
