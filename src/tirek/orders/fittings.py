"""Fittings of an order as rules and reads: whether one is needed, which times were named, what is measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.queries import parameters_of
from tirek.catalogue.units import with_unit
from tirek.catalogue.words import MEASUREMENTS, sizes_compared
from tirek.core import clock, reference
from tirek.core.errors import RuleBroken
from tirek.orders.models import Fitting, FittingRound, Order
from tirek.people import rules as people
from tirek.ui.text import moment_text

#: Reference: from which day on an accepted order is fitted before it is made, where its kind or its offer needs that.
DEMANDED: Final = "order.fitting_demanded"
#: Times in one proposal.
MOST_TIMES: Final = 3
#: Missed fittings of one side after which the office helps.
MANY_MISSED: Final = 2
#: From the last day that needs no reminder to the fitting: the reminder goes out as the day before it begins.
_EVE: Final = timedelta(days=2)


class Place(models.TextChoices):
    """Where a fitting is held."""

    SUPPLIER = "supplier", _("at the supplier's")
    HOME = "home", _("at the recipient's home")
    AGREED = "agreed", _("at another place")


@dataclass(frozen=True, slots=True)
class Time:
    """One time that is proposed.

    Attributes:
        at: the moment.
        place: where.
        address: in words; "" at home.
        access: how one gets in: steps, lift, parking; "" at home.
    """

    at: datetime
    place: Place
    address: str = ""
    access: str = ""

    def stored(self) -> dict[str, str]:
        """As JSON."""
        return {"at": self.at.isoformat(), "place": self.place, "address": self.address, "access": self.access}

    @property
    def words(self) -> str:
        """The moment and the place in words."""
        where = f"{self.place.label}, {self.address}" if self.address else str(self.place.label)
        return f"{moment_text(self.at)}, {where}"


def times_of(fitting: FittingRound) -> list[Time]:
    """The times of a round, as they were proposed."""
    return [
        Time(datetime.fromisoformat(one["at"]), Place(one["place"]), one["address"], one["access"])
        for one in fitting.times
    ]


def have_passed(fitting: FittingRound) -> bool:
    """Whether every time of a round has passed."""
    return all(one.at <= clock.now() for one in times_of(fitting))


def is_demanded(order: Order, *, on: date) -> bool:
    """Whether an order that is accepted on a day is fitted first: by its kind or its offer (one query, where they were
    not read with the order).
    """
    if reference.value(DEMANDED, at=on).text != "yes":
        return False
    if Order.line.is_cached(order) and Order.version_of_offer.is_cached(order):
        return order.line.kind.needs_fitting or order.version_of_offer.variant.offer.needs_fitting
    of_offer = "version_of_offer__variant__offer__needs_fitting"
    return any(Order.objects.values_list("line__kind__needs_fitting", of_offer).get(pk=order.pk))


def last_day_to_propose() -> date:
    """The last day on which a fitting may be proposed now (reference ``order.fitting_ahead``)."""
    today = clock.today()
    return today + timedelta(days=reference.term("order.fitting_ahead", at=today).amount)


def check_times(times: Sequence[Time]) -> None:
    """Whether these times can be proposed.

    Raises:
        RuleBroken: none or more than three, one that is past or too far, the same twice, or a place that is not said.
    """
    if not 0 < len(times) <= MOST_TIMES:
        raise RuleBroken(_("Propose from one to three times."), code="times")
    if any(one.at <= clock.now() for one in times):
        raise RuleBroken(_("A proposed time has passed. Choose a later one."), code="times")
    if any(one.at.astimezone(clock.COUNTRY_ZONE).date() > last_day_to_propose() for one in times):
        raise RuleBroken(_("A proposed day is too far ahead. Choose an earlier one."), code="times")
    if len({one.at for one in times}) < len(times):
        raise RuleBroken(_("The same time is proposed twice."), code="times")
    if any(one.place != Place.HOME and not (one.address.strip() and one.access.strip()) for one in times):
        raise RuleBroken(
            _("Say where the fitting is, and how one gets in: steps, lift, parking, width of the door."), code="address"
        )


def eve_of(at: datetime) -> date:
    """The day at whose end both are reminded of a fitting: the reminder comes on the day before it."""
    return at.astimezone(clock.COUNTRY_ZONE).date() - _EVE


def chosen_of(fitting: FittingRound, choice: str) -> tuple[int, Time]:
    """The time of a round that was chosen, with its place in the list.

    Args:
        fitting: the round.
        choice: round and place in its list, as the form shows them: ``2-0``.

    Raises:
        RuleBroken: it is none of the times that are named now, or it has passed.
    """
    named = {f"{fitting.n}-{n}": (n, one) for n, one in enumerate(times_of(fitting))}
    if choice not in named:
        raise RuleBroken(_("Choose one of the times that are named now."), code="choice")
    n, time = named[choice]
    if time.at <= clock.now():
        raise RuleBroken(
            _("This time has passed."),
            next_step=_("Choose a later one, or write when it would suit."),
            code="choice",
        )
    return n, time


def require_ahead(fitting: FittingRound) -> None:
    """Whether the hour of a fitting is still to come, so that it can be called off.

    Raises:
        RuleBroken: it has come: then it is held, or missed.
    """
    if fitting.at is not None and fitting.at <= clock.now():
        raise RuleBroken(
            _("The hour of the fitting has come."),
            next_step=_("Record what came of it, or who did not come."),
            code="words",
        )


def require_begun(fitting: FittingRound) -> None:
    """Whether the day of a fitting has come, so that it can have been held.

    Raises:
        RuleBroken: it has not.
    """
    if fitting.at is not None and clock.today() < fitting.at.astimezone(clock.COUNTRY_ZONE).date():
        raise RuleBroken(
            _("The day of the fitting has not come yet: %(at)s.") % {"at": moment_text(fitting.at)},
            next_step=_("Record it when it was held."),
            code="too_early",
        )


def require_missed(fitting: FittingRound, who: str) -> None:
    """Whether it can be said that somebody did not come.

    Raises:
        RuleBroken: it is not said who, or the hour has not come.
    """
    if who not in FittingRound.MISSED:
        raise RuleBroken(_("Say who did not come."), code="who")
    if fitting.at is not None and clock.now() < fitting.at:
        raise RuleBroken(
            _("The hour of the fitting has not come yet: %(at)s.") % {"at": moment_text(fitting.at)},
            next_step=_("If you cannot come, ask for another time."),
            code="who",
        )


def require_words(words: str) -> str:
    """What somebody wrote, without blanks around it.

    Raises:
        RuleBroken: nothing is written.
    """
    if not words.strip():
        raise RuleBroken(_("Write it in a few words: the other side reads them."), code="words")
    return words.strip()


def require_plausible(values: Mapping[str, Decimal]) -> None:
    """Whether measurements, by their codes, can be right.

    Raises:
        RuleBroken: one cannot; the code is that of the measurement.
    """
    for code, value in values.items():
        if not people.is_plausible(code, value):
            raise RuleBroken(_("This value cannot be right. Check the number and its unit."), code=code)


def present(order: Order) -> Fitting | None:
    """The round of fitting that is open (one query); nothing where none is."""
    return order.fittings.filter(outcome="").first()


def measures_of(kind_code: str) -> dict[str, str]:
    """What of the body is measured for a kind: words with units, by code."""
    return sizes_compared(kind_code, parameters_of(kind_code))


@dataclass(frozen=True, slots=True)
class Shown:
    """The fitting of an order as its pages show it.

    Attributes:
        proposed: the times among which the recipient chooses.
        agreed: the time that was chosen.
        measured: what was measured, in words.
        missed: fittings to which somebody did not come: the moment, and who.
    """

    proposed: Sequence[Time]
    agreed: Time | None
    measured: Sequence[str]
    missed: Sequence[str]


def shown(order: Order) -> Shown | None:
    """What pages show of the fitting of an order; nothing where it needs none (a query where it does)."""
    if not order.needs_fitting:
        return None
    return shown_of(list(order.fittings.order_by("n")))


def shown_of(rounds: Sequence[FittingRound]) -> Shown:
    """What pages show of the rounds of a fitting, first one first."""
    open_one = next((one for one in rounds if not one.outcome), None)
    held = next((one for one in reversed(rounds) if one.outcome == FittingRound.Outcome.HELD), None)
    known = held or open_one
    times = times_of(open_one) if open_one else []
    agreed = open_one or held
    chosen = times_of(agreed)[agreed.chosen] if agreed and agreed.chosen is not None and agreed.times else None
    return Shown(
        proposed=times if open_one and open_one.chosen is None else [],
        agreed=chosen,
        measured=measured_in_words(known.measured) if known else [],
        missed=[
            f"{moment_text(one.at)}: {one.get_outcome_display()}"
            for one in rounds
            if one.outcome in FittingRound.MISSED and one.at
        ],
    )


def measured_in_words(measured: Mapping[str, str]) -> list[str]:
    """What was measured at a fitting, by its codes: each number with its name and unit."""
    return [f"{MEASUREMENTS.get(code, code)}: {with_unit(value, code)}" for code, value in measured.items()]
