"""What can be done about the fitting of an order, at each desk."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.catalogue.words import MEASUREMENTS
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import Text
from tirek.orders import fittings
from tirek.orders.actions import fitting as verbs
from tirek.orders.fitting_forms import (
    CheckMeasuredForm,
    ChooseTimeForm,
    HeldForm,
    MissedForm,
    MoveForm,
    ProposeForm,
    WhenForm,
    WhyForm,
)
from tirek.orders.models import Fitting, Order
from tirek.people.queries import measured
from tirek.ui.acts import Act, Ask


def _named(order: Order) -> Mapping[str, object]:
    """The times among which one is chosen."""
    found = fittings.present(order)
    return {"round_n": found.n if found else 0, "times": fittings.times_of(found) if found else []}


def _to_measure(order: Order) -> Mapping[str, object]:
    """What is measured, with what stands in the person's file."""
    sizes = fittings.measures_of(order.kind_code)
    newest = measured(order.person_id) if sizes else {}
    return {"sizes": sizes, "known": {code: value for code, value in newest.items() if code in sizes}}


def _to_check(order: Order) -> Mapping[str, object]:
    """What was measured."""
    held = order.fittings.filter(outcome=Fitting.Outcome.HELD).order_by("-n").first()
    found = held.measured if held else {}
    words = fittings.measures_of(order.kind_code)
    return {
        "sizes": {code: words.get(code, code) for code in found},
        "known": {code: Decimal(value) for code, value in found.items()},
    }


def _has_begun(_actor: Actor, order: Order) -> bool:
    """Whether the day of the fitting has come."""
    found = fittings.present(order)
    return (
        found is not None and found.at is not None and found.at.astimezone(clock.COUNTRY_ZONE).date() <= clock.today()
    )


def _is_due(_actor: Actor, order: Order) -> bool:
    """Whether the hour of the fitting has come."""
    found = fittings.present(order)
    return found is not None and found.at is not None and found.at <= clock.now()


def _all_passed(_actor: Actor, order: Order) -> bool:
    """Whether the times that were named have all passed."""
    found = fittings.present(order)
    return found is not None and fittings.have_passed(found)


def _is_ahead(actor: Actor, order: Order) -> bool:
    return not _is_due(actor, order)


_CODES: Final = {code: code for code in MEASUREMENTS}


def _choosing(title: Text, done: Text) -> Act:
    return Act(
        "choose_time",
        title,
        _("Choose this time"),
        done,
        verbs.choose_time,
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
        _("Sent. The supplier reads it and names other times."),
        verbs.none_suits,
        WhenForm,
        Ask(title, _("The order goes on, and nothing is lost. The supplier names other times."), warns=False),
        fields={"words": "words"},
    )


def _moving() -> Act:
    return Act(
        "move_fitting",
        _("Ask for another time of the fitting"),
        _("Ask for another time"),
        _("Recorded. The other side has been told, and other times are named."),
        verbs.move_fitting,
        MoveForm,
        Ask(
            _("Ask for another time of the fitting"),
            _("The time that was arranged is called off. It is no missed fitting, because you say it before."),
            warns=False,
        ),
        fields={"words": "words"},
        offered=_is_ahead,
    )


def _missing() -> Act:
    return Act(
        "miss_fitting",
        _("Somebody did not come to the fitting"),
        _("Record it"),
        _("Recorded. The order goes on, and the supplier names other times."),
        verbs.miss_fitting,
        MissedForm,
        Ask(
            _("Somebody did not come to the fitting"),
            _("It is kept who did not come. The order goes on, and the supplier names other times."),
            warns=False,
        ),
        fields={"who": "who"},
        offered=_is_due,
    )


def _checking(title: Text, done: Text) -> Act:
    return Act(
        "check_measurements",
        title,
        _("The measurements are right"),
        done,
        verbs.check_measurements,
        CheckMeasuredForm,
        fields=_CODES,
        main=True,
        hint=_(
            "Correct what is wrong. The goods are made by these numbers, and they are kept in the recipient's file."
        ),
        knows=_to_check,
    )


SUPPLIER: Final = (
    Act(
        "propose_times",
        _("Name times of the fitting"),
        _("Send the times"),
        _("Sent. The recipient chooses one, or writes when it would suit."),
        verbs.propose_times,
        ProposeForm,
        fields={"times": "day_1", "address": "address"},
        main=True,
    ),
    Act(
        "replace_times",
        _("Name other times of the fitting"),
        _("Send the times"),
        _("Sent. The recipient chooses one, or writes when it would suit."),
        verbs.replace_times,
        ProposeForm,
        fields={"times": "day_1", "address": "address"},
        main=True,
        offered=_all_passed,
        hint=_("The times that you named have passed before one was chosen."),
    ),
    Act(
        "hold_fitting",
        _("The fitting was held"),
        _("Record the fitting"),
        _("Recorded. The recipient has been told."),
        verbs.hold_fitting,
        HeldForm,
        fields={**_CODES},
        main=True,
        knows=_to_measure,
        offered=_has_begun,
    ),
    Act(
        "fit_again",
        _("Another fitting is needed"),
        _("Record it"),
        _("Recorded. Name times of the next fitting."),
        verbs.fit_again,
        WhyForm,
        Ask(
            _("Another fitting is needed"),
            _("Nothing is made yet. The recipient reads the reason, and you name times of the next fitting."),
            warns=False,
        ),
        fields={"words": "words"},
        offered=_has_begun,
    ),
    _missing(),
    _moving(),
    Act(
        "cannot_fit",
        _("The goods cannot be made to fit"),
        _("End the order"),
        _("The order has ended. The recipient has been told and can choose again."),
        verbs.cannot_fit,
        WhyForm,
        Ask(
            _("The goods cannot be made to fit?"),
            _("The order ends. The recipient reads the reason and chooses another offer. This cannot be undone."),
        ),
        fields={"words": "words"},
        offered=_has_begun,
    ),
)
RECIPIENT: Final = (
    _choosing(_("Choose a time of the fitting"), _("The fitting is arranged. The supplier has been told.")),
    _checking(_("Are the measurements right?"), _("Thank you. The supplier now makes the goods by these numbers.")),
    _none(_("None of the times suits me")),
    _missing(),
    _moving(),
)
OFFICER: Final = (
    _choosing(
        _("Choose a time of the fitting for the recipient"), _("The fitting is arranged. Both sides have been told.")
    ),
    _checking(
        _("Record what the recipient says of the measurements"), _("Recorded. The supplier now makes the goods.")
    ),
    _none(_("None of the times suits the recipient")),
    _missing(),
    _moving(),
)
