"""How kinds are provided, as dated rows by region: chosen on the portal, bought by the local body by a conclusion of
the commission, or not yet (Social Code art. 166, 169).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, KindProvision, ProvisionChannel
from tirek.catalogue.regional import Regional
from tirek.core.errors import RuleBroken
from tirek.core.reference.amendments import Amendment, Facts
from tirek.territory.queries import regions

Way = KindProvision.Way
_DAY: Final = timedelta(days=1)


def said_of(row: KindProvision) -> Facts:
    """What a version says, by column."""
    return {
        "way": row.way,
        "conclusion_number": row.conclusion_number,
        "conclusion_on": row.conclusion_on.isoformat() if row.conclusion_on else None,
    }


def _refused(words: Promise, code: str) -> RuleBroken:
    return RuleBroken(words, code=code)


def _rule(row: KindProvision) -> None:
    """Whether what a version says holds together.

    Raises:
        RuleBroken: it does not; the code is the name of the column.
    """
    row.conclusion_number = row.conclusion_number.strip()
    if row.effective_to is not None and row.effective_to < row.effective_from:
        raise _refused(_("The last day cannot lie before the first day."), "term")
    if row.way != Way.PROCUREMENT:
        if row.conclusion_number or row.conclusion_on:
            raise _refused(_("Only what the local body buys rests on a conclusion of the commission."), "way")
        return
    if not row.region_code:
        raise _refused(
            _("A commission concludes for its own region: choose in which one the local body buys it."), "region"
        )
    if not row.conclusion_number:
        raise _refused(_("Enter the number of the commission's conclusion."), "conclusion_number")
    if row.conclusion_on is None:
        raise _refused(_("Enter the day of the commission's conclusion."), "conclusion_on")
    if row.conclusion_on > row.effective_from:
        raise _refused(_("The local body buys it from the day of the conclusion at the earliest."), "conclusion_on")


#: How kinds are provided. A version counts from its first day for everybody in its region; orders that were sent go on.
PROVISIONS: Final[Regional[KindProvision]] = Regional(KindProvision, Amendment.Area.PROVISION, said=said_of, rule=_rule)


@dataclass(frozen=True, slots=True)
class Provided:
    """How something of a kind is provided in a place on a day.

    Attributes:
        channel: of ``ProvisionChannel``.
        orderable_from: first day on which it can be ordered on the portal, when that is known.
        version: that says so; ``None`` where the classifier does.
    """

    channel: str
    orderable_from: date | None
    version: KindProvision | None = None

    @property
    def is_bought(self) -> bool:
        """Whether the local body buys it."""
        return self.channel == ProvisionChannel.PROCUREMENT

    @property
    def conclusion(self) -> KindProvision | None:
        """The version by which the commission's conclusion lets the local body buy it; ``None`` where none does."""
        return self.version if self.is_bought else None

    def can_be_ordered(self, on: date) -> bool:
        """Whether people choose and order it on the portal on a day."""
        return self.channel == ProvisionChannel.PORTAL and self.orderable_from is not None and self.orderable_from <= on


def provided(kind: Kind, *, territory_code: str, on: date, channel: str = "") -> Provided:
    """How something of a kind is provided in a place on a day, and from when it can be ordered (no query).

    Args:
        kind: of the classifier.
        territory_code: of the person's district, or of a region; "" for what holds in the whole country.
        on: the day.
        channel: what the programme says; where it is the kind's own, or none is given, the version of the place
            decides.
    """
    says = channel or kind.channel
    version = PROVISIONS.at(kind.code, territory_code=territory_code, on=on) if says == kind.channel else None
    match version.way if version is not None else "":
        case Way.PORTAL if version is not None:
            return Provided(ProvisionChannel.PORTAL, version.effective_from, version)
        case Way.PROCUREMENT:
            return Provided(
                ProvisionChannel.PROCUREMENT, _opens_after(kind, territory_code=territory_code, on=on), version
            )
        case Way.CLOSED:
            return Provided(ProvisionChannel.PORTAL, _opens_after(kind, territory_code=territory_code, on=on), version)
        case _:
            found = Provided(says, kind.orderable_from)
            if says != kind.channel or found.can_be_ordered(on):
                return found
            opens = _opens_after(kind, territory_code=territory_code, on=on)
            return found if opens is None else Provided(says, opens)


def _opens_after(kind: Kind, *, territory_code: str, on: date) -> date | None:
    """The first day after ``on`` on which it can be ordered in a place, as far as it is known today."""
    ahead = {
        *([kind.orderable_from] if kind.orderable_from else []),
        *(
            day
            for row in PROVISIONS.of_place(kind.code, territory_code=territory_code)
            for day in (row.effective_from, row.effective_to + _DAY if row.effective_to else None)
            if day
        ),
    }
    for day in sorted(one for one in ahead if one > on):
        version = PROVISIONS.at(kind.code, territory_code=territory_code, on=day)
        by_kind = Provided(kind.channel, kind.orderable_from).can_be_ordered(day)
        if version.way == Way.PORTAL if version is not None else by_kind:
            return day
    return None


def after(row: KindProvision) -> Provided:
    """How its kind is provided in its place after the last day of a version that has one."""
    day = (row.effective_to or date.max - _DAY) + _DAY
    return provided(row.kind, territory_code=row.region_code, on=day)


@dataclass(frozen=True, slots=True)
class InPlace:
    """How a kind is provided in one region.

    Attributes:
        region_code: КАТО code.
        name: of the region.
        here: how it is provided there.
    """

    region_code: str
    name: str
    here: Provided


def by_region(kind: Kind, *, on: date) -> Sequence[InPlace]:
    """The regions in which a kind is, or is going to be, provided otherwise than in the whole country, by name (a query
    for their names; none where there are no such regions).
    """
    country = provided(kind, territory_code="", on=on)
    codes = {row.region_code for row in PROVISIONS.of_kind(kind.code) if row.region_code}
    here = {code: provided(kind, territory_code=code, on=on) for code in codes}
    other = [code for code, one in here.items() if one != country]
    if not other:
        return []
    known = {one.code: one.name for one in regions()}
    return [InPlace(code, name, here[code]) for code, name in known.items() if code in other]


def can_be_ordered(kind: Kind, *, on: date, place: str = "") -> bool:
    """Whether who has it in a programme chooses and orders it on the portal on a day: in a place, or, without one, in
    the country or a region of it (no query).
    """
    if place:
        return provided(kind, territory_code=place, on=on).can_be_ordered(on)
    places = ["", *(row.region_code for row in PROVISIONS.present(kind.code, on=on))]
    return any(provided(kind, territory_code=one, on=on).can_be_ordered(on) for one in places)


def opened_between(first: date, last: date) -> list[tuple[Kind, str]]:
    """Kinds, and the regions in which they can be ordered now, that may have opened between two days, both counted: a
    version began or ended then, or the classifier's own day came (three queries).
    """
    kinds, places = {one.code: one for one in Kind.objects.all()}, [one.code for one in regions()]
    found = {
        (code, one)
        for code, kind in kinds.items()
        if kind.orderable_from is not None and first <= kind.orderable_from <= last
        for one in places
    }
    before = {"effective_to__gte": first - _DAY, "effective_to__lt": last}
    rows = KindProvision.objects.filter(Q(effective_from__gte=first, effective_from__lte=last) | Q(**before))
    for row in rows:
        found |= {(row.kind_id, place) for place in ([row.region_code] if row.region_code else places)}
    return [
        (kinds[code], place)
        for code, place in sorted(found)
        if provided(kinds[code], territory_code=place, on=last).can_be_ordered(last)
    ]
