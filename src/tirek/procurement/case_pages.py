"""The lists of purchases and lots, and the pages of both with what can be done there."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.units import units_text
from tirek.catalogue.words import MEASUREMENTS
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case.words import ListedCase
from tirek.core.errors import Text
from tirek.core.places import region_of
from tirek.orders import fittings, items
from tirek.orders.fitting_forms import ChooseTimeForm, HeldForm, MissedForm, ProposeForm
from tirek.people.queries import measured
from tirek.procurement import actions, queries
from tirek.procurement.case_types import LOTS, PURCHASES
from tirek.procurement.forms import (
    AgainForm,
    CallOffForm,
    CancelForm,
    ContractForm,
    FailForm,
    GoOnForm,
    HandOverForm,
    RefuseForm,
    SuitsForm,
    TerminateForm,
)
from tirek.procurement.models import Lot, Purchase
from tirek.procurement.signing import RECEIPT
from tirek.territory.queries import districts_of
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.lists import CaseList, Column, OwnList
from tirek.ui.text import day_text
from tirek.ui.ways import way


def _asked(_actor: Actor, rows: Sequence[ListedCase]) -> dict[UUID, str]:
    found = [one.case for one in rows if isinstance(one.case, Purchase)]
    return {one.pk: str(Purchase.OfficeTask(one.office_task).label) for one in found if one.office_task}


def _since(purchase: Purchase) -> date:
    return purchase.waits_since or purchase.created_at.astimezone(clock.COUNTRY_ZONE).date()


PURCHASE_LIST: Final = CaseList(
    case=PURCHASES,
    routes="procurement:purchases",
    title={Desk.OFFICER: _("Purchases in your territory")},
    counted=lambda n: ngettext("%(n)s purchase", "%(n)s purchases", n) % {"n": n},
    columns=(
        Column(_("Recipient"), lambda one: one.person.full_name, names_person=True),
        Column(_("Goods"), lambda one: capfirst(one.kind.name)),
        Column(_("District"), lambda one: one.person.territory.name),
        Column(_("Waits since"), lambda one: day_text(_since(one))),
    ),
    series=actions.PURCHASE_NUMBERS,
    places=districts_of(PURCHASES),
    tags=_asked,
)
LOT_LIST: Final = CaseList(
    case=LOTS,
    routes="procurement:lots",
    title={Desk.OFFICER: _("Lots of your region")},
    counted=lambda n: ngettext("%(n)s lot", "%(n)s lots", n) % {"n": n},
    columns=(
        Column(_("Goods"), lambda one: capfirst(one.kind.name)),
        Column(_("Purchases in it"), lambda one: str(one.people)),
        Column(_("Announcement"), lambda one: one.announcement),
    ),
    series=actions.LOT_NUMBERS,
)
OWN_PURCHASES: Final = OwnList(
    case=PURCHASES,
    title=_("What your department buys for you"),
    route="procurement:recipient-purchases",
    card=lambda one: capfirst(one.kind.name),
    empty=(
        _("Nothing is being bought"),
        _("What is made to your measure, or nobody offers in your region, is bought by your department."),
        _("Look at your programme"),
    ),
    leads_to="entitlements:recipient-programme",
    back="entitlements:recipient-programme",
)


def _of_purchase(actor: Actor, purchase: Purchase) -> Mapping[str, object]:
    rounds = list(purchase.fittings.order_by("n")) if purchase.needs_fitting else []
    came = items.of_case(purchase.pk)
    makes = sorted({", ".join(part for part in (one.make.maker, one.make.model) if part) for one in came if one.make})
    today = clock.today()
    return {
        "goods": capfirst(purchase.kind.name),
        "quantity": units_text(purchase.quantity, purchase.kind.unit),
        "since": _since(purchase),
        "days": queries.days_waited(purchase),
        "supplier": queries.supplier_of(purchase),
        "fitting": fittings.shown_of(rounds) if rounds else None,
        "makes": makes,
        "numbers": [one.number for one in came if one.number],
        "warranty": next(((one.warranty_until, items.days_left(one, today)) for one in came), (None, 0)),
        "is_kept_back": bool(items.standing(came)),
        "things_url": _things(actor, purchase) if came else "",
        "lot_url": LOTS.url(purchase.lot, actor.desk) if purchase.lot and actor.desk is Desk.OFFICER else "",
        "new_lot_url": _new_lot(actor, purchase),
        "at_office": actor.desk is Desk.OFFICER,
    }


def _things(actor: Actor, purchase: Purchase) -> str:
    """Where what came is found among all things of the person."""
    return way("my-things") if actor.desk is Desk.RECIPIENT else way("things-of", purchase.person_id)


def _new_lot(actor: Actor, purchase: Purchase) -> str:
    waits = purchase.state == Purchase.State.NEEDED and purchase.lot_id is None
    return reverse("procurement:new-lot", args=[purchase.kind_id]) if waits and _makes_lots(actor) else ""


def _makes_lots(actor: Actor) -> bool:
    return actor.desk is Desk.OFFICER and actor.territory == region_of(actor.territory)


def _named(purchase: Purchase) -> Mapping[str, object]:
    """The times among which one is chosen."""
    found = queries.present(purchase)
    return {"round_n": found.n if found else 0, "times": fittings.times_of(found) if found else []}


def _to_measure(purchase: Purchase) -> Mapping[str, object]:
    """What is measured, with what stands in the person's file."""
    sizes = fittings.measures_of(purchase.kind_id)
    newest = measured(purchase.person_id) if sizes else {}
    return {"sizes": sizes, "known": {code: value for code, value in newest.items() if code in sizes}}


def _to_hand_over(purchase: Purchase) -> Mapping[str, object]:
    lot = purchase.lot
    return {
        "numbering": items.numbering(purchase.kind_id, at=clock.today()),
        "held": queries.must_be_numbered(purchase),
        "fitted": purchase.needs_fitting,
        "by_contract": (lot.maker, lot.model, lot.warranty_months) if lot is not None else ("", "", 0),
    }


def _has_begun(_actor: Actor, purchase: Purchase) -> bool:
    """Whether the day of the fitting has come."""
    at = _arranged(purchase)
    return at is not None and at.astimezone(clock.COUNTRY_ZONE).date() <= clock.today()


def _arranged(purchase: Purchase) -> datetime | None:
    """The moment of the fitting that is arranged."""
    found = queries.present(purchase)
    return found.at if found is not None else None


def _is_due(_actor: Actor, purchase: Purchase) -> bool:
    """Whether the hour of the fitting has come."""
    at = _arranged(purchase)
    return at is not None and at <= clock.now()


def _is_ahead(actor: Actor, purchase: Purchase) -> bool:
    return not _is_due(actor, purchase)


def _all_passed(_actor: Actor, purchase: Purchase) -> bool:
    """Whether the times that were named have all passed."""
    found = queries.present(purchase)
    return found is not None and fittings.have_passed(found)


def _is_fitted(_actor: Actor, purchase: Purchase) -> bool:
    return purchase.needs_fitting


def _can_be_handed_over(_actor: Actor, purchase: Purchase) -> bool:
    return not purchase.needs_fitting or purchase.state == Purchase.State.MAKING


def _can_be_fitted_again(actor: Actor, purchase: Purchase) -> bool:
    if purchase.state == Purchase.State.MAKING:
        return purchase.needs_fitting
    return _has_begun(actor, purchase)


def _is_asked(_actor: Actor, purchase: Purchase) -> bool:
    return purchase.office_task in {Purchase.OfficeTask.PROGRAMME, Purchase.OfficeTask.DEATH}


_CODES: Final = {code: code for code in MEASUREMENTS}
_WORDS: Final = {"words": "words"}


def _choosing(title: Text, done: Text) -> Act:
    return Act(
        "choose_time",
        title,
        _("Choose this time"),
        done,
        actions.choose_time,
        ChooseTimeForm,
        fields={"choice": "choice"},
        main=True,
        knows=_named,
    )


def _none(title: Text) -> Act:
    return Act(
        "none_suits",
        title,
        _("Ask for other times"),
        _("Sent. Other times are named."),
        actions.none_suits,
        SuitsForm,
        Ask(title, _("The purchase goes on, and nothing is lost. Other times are named."), warns=False),
        fields=_WORDS,
    )


_MOVE: Final = Act(
    "move_fitting",
    _("Ask for another time of the fitting"),
    _("Ask for another time"),
    _("Recorded. Other times are named."),
    actions.move_fitting,
    CallOffForm,
    Ask(
        _("Ask for another time of the fitting"),
        _("The time that was arranged is called off. It is no missed fitting, because you say it before."),
        warns=False,
    ),
    fields=_WORDS,
    offered=_is_ahead,
)
_MISS: Final = Act(
    "miss_fitting",
    _("Somebody did not come to the fitting"),
    _("Record it"),
    _("Recorded. The purchase goes on, and other times are named."),
    actions.miss_fitting,
    MissedForm,
    Ask(
        _("Somebody did not come to the fitting"),
        _("It is kept who did not come. The purchase goes on, and other times are named."),
        warns=False,
    ),
    fields={"who": "who"},
    offered=_is_due,
)


def _refusing(title: Text, done: Text) -> Act:
    return Act(
        "refuse",
        title,
        _("Refuse it"),
        done,
        actions.refuse,
        RefuseForm,
        Ask(title, _("The supplier makes it fit, or makes it anew. The entitlement stays."), warns=False),
        fields=_WORDS,
    )


PURCHASE_PAGES: Final = CasePages(
    case=PURCHASES,
    app="procurement",
    name="purchase",
    heading=lambda purchase, _desk: capfirst(purchase.kind.name),
    noun=lambda purchase: _("Purchase %(number)s") % {"number": purchase.number},
    facts="procurement/purchase_facts.html",
    facts_title=_("Purchase"),
    acts={
        Desk.RECIPIENT: (
            _choosing(_("Choose a time of the fitting"), _("Chosen. We remind you on the day before.")),
            _none(_("No time suits me")),
            _MOVE,
            _MISS,
            Act("receive", _("Sign the receipt"), _("Sign the receipt"), signing=RECEIPT, main=True, instead="refuse"),
            _refusing(_("It does not fit, or something is wrong"), _("Refused. The department has been told.")),
            Act(
                "withdraw",
                _("I do not need it any more"),
                _("I do not need it any more"),
                _("Ended. If you need it again, write to the department."),
                actions.withdraw_purchase,
                ask=Ask(
                    _("Is it not needed any more?"),
                    _("The purchase ends, and your place in the queue with it. The department can record it anew."),
                ),
            ),
        ),
        Desk.OFFICER: (
            Act(
                "go_on",
                _("It goes on"),
                _("It goes on"),
                _("Recorded. The purchase goes on."),
                actions.go_on,
                GoOnForm,
                offered=_is_asked,
            ),
            Act(
                "propose_times",
                _("Name times of the fitting"),
                _("Name these times"),
                _("The recipient has been told and chooses one."),
                actions.propose_times,
                ProposeForm,
                fields={"times": "day_1", "address": "address"},
                main=True,
                offered=_is_fitted,
            ),
            Act(
                "replace_times",
                _("Name other times: all have passed"),
                _("Name these times"),
                _("The recipient has been told and chooses one."),
                actions.replace_times,
                ProposeForm,
                fields={"times": "day_1", "address": "address"},
                main=True,
                offered=_all_passed,
            ),
            _choosing(_("Choose a time for the recipient"), _("Chosen. The recipient has been told.")),
            _none(_("No time suits the recipient")),
            Act(
                "hold_fitting",
                _("The fitting was held"),
                _("Record the fitting"),
                _("Recorded. It is being made now."),
                actions.hold_fitting,
                HeldForm,
                fields={"measured": "note", **_CODES},
                main=True,
                knows=_to_measure,
                offered=_has_begun,
            ),
            Act(
                "fit_again",
                _("Another fitting is needed"),
                _("Another fitting is needed"),
                _("Recorded. Name times of the next one."),
                actions.fit_again,
                AgainForm,
                Ask(
                    _("Another fitting is needed"), _("Times of the next one are named; nothing is lost."), warns=False
                ),
                fields=_WORDS,
                offered=_can_be_fitted_again,
            ),
            _MOVE,
            _MISS,
            Act(
                "hand_over",
                _("Record the hand-over"),
                _("It was handed over"),
                _("Recorded. The recipient is asked to sign the receipt."),
                actions.hand_over,
                HandOverForm,
                fields={"numbers": "numbers", "maker": "maker", "is_shown": "is_shown"},
                main=True,
                knows=_to_hand_over,
                offered=_can_be_handed_over,
            ),
            Act(
                "receive",
                _("The recipient signs the receipt here"),
                _("The recipient signs the receipt here"),
                signing=RECEIPT,
                main=True,
                instead="refuse",
            ),
            _refusing(_("The recipient refuses it"), _("Recorded. The regional department has been told.")),
            Act(
                "cancel",
                _("End the purchase"),
                _("End the purchase"),
                _("Ended. The recipient has been told why."),
                actions.cancel_purchase,
                CancelForm,
                Ask(
                    _("End the purchase?"),
                    _("Nothing is bought any more, and what it held is free again. We tell the recipient."),
                ),
                fields={"reason": "reason", "words": "words"},
            ),
        ),
    },
    context=dict.fromkeys((Desk.RECIPIENT, Desk.OFFICER), _of_purchase),
    extra={Desk.OFFICER: "procurement/to_lot.html"},
    lists={Desk.OFFICER: PURCHASE_LIST},
    back=lambda _actor, _purchase: way("programme"),
)


def _of_lot(_actor: Actor, lot: Lot) -> Mapping[str, object]:
    return {
        "goods": capfirst(lot.kind.name),
        "pieces": units_text(lot.pieces, lot.kind.unit),
        "states": queries.states_of(lot),
        "behind": queries.lagging(lot).count() if lot.moving else 0,
        "total": queries.price_of(lot),
    }


LOT_PAGES: Final = CasePages(
    case=LOTS,
    app="procurement",
    name="lot",
    heading=lambda lot, _desk: capfirst(lot.kind.name),
    noun=lambda lot: _("Lot %(number)s") % {"number": lot.number},
    facts="procurement/lot_facts.html",
    facts_title=_("Lot"),
    acts={
        Desk.OFFICER: (
            Act(
                "conclude",
                _("Record the contract"),
                _("Record the contract"),
                _("Recorded. The purchases of the lot follow, and we tell each recipient once."),
                actions.conclude_lot,
                ContractForm,
                fields={
                    "supplier_name": "supplier_name",
                    "concluded_on": "concluded_on",
                    "until": "deliver_until",
                },
                main=True,
            ),
            Act(
                "fail",
                _("The procurement did not succeed"),
                _("It did not succeed"),
                _("Recorded. Its purchases wait for the next lot, and we tell each recipient."),
                actions.fail_lot,
                FailForm,
                Ask(
                    _("Did the procurement not succeed?"),
                    _("All its purchases go back and wait for the next lot, with their place in the queue."),
                ),
                fields={"failed": "failed"},
            ),
            Act(
                "terminate",
                _("Terminate the contract"),
                _("Terminate the contract"),
                _("Recorded. What was not handed over waits for the next lot."),
                actions.terminate_lot,
                TerminateForm,
                Ask(
                    _("Terminate the contract?"),
                    _("What was not handed over waits for the next lot. Arranged fittings are called off."),
                ),
                fields={"terminated": "terminated"},
            ),
        )
    },
    context={Desk.OFFICER: _of_lot},
    lists={Desk.OFFICER: LOT_LIST},
)
