"""Reads of the catalogue."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import rules
from tirek.catalogue.amounts import AMOUNTS
from tirek.catalogue.models import (
    Choice,
    FitRule,
    GuaranteedAmount,
    Kind,
    Offer,
    OfferPlace,
    OfferVersion,
    Parameter,
    Variant,
    of_kind,
)
from tirek.catalogue.rules import Requirement
from tirek.core import clock
from tirek.core.database.compiled import Compiled
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.reference.snapshot import Snapshot
from tirek.people.models import Person
from tirek.people.queries import measured
from tirek.people.rules import age_on
from tirek.suppliers import rules as suppliers
from tirek.suppliers.queries import taking_orders


def kind_of(code: str) -> Kind:
    """The kind with its parameters.

    Raises:
        NotFound: there is none.
    """
    found = Kind.objects.prefetch_related("parameters").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def _load_comparisons() -> dict[str, list[rules.Comparison]]:
    """Rules by the kind that alone they hold for; "" for those of every kind."""
    found: dict[str, list[rules.Comparison]] = {}
    for row in FitRule.objects.order_by("parameter", "measurement"):
        kind, _dot, code = row.parameter.rpartition(".")
        found.setdefault(kind, []).append(
            rules.Comparison(code, row.measurement, rules.Relation(row.relation), row.low, row.high)
        )
    return found


_comparisons = Snapshot(_load_comparisons)


def comparisons(kind_code: str) -> list[rules.Comparison]:
    """The rules by which offers of a kind are compared with measurements; what the kind has of its own goes before what
    holds for every kind (``core.snapshot``).
    """
    known = _comparisons.get()
    own = known.get(kind_code, [])
    codes = {one.parameter for one in own}
    return [*own, *(one for one in known.get("", []) if one.parameter not in codes)]


def measured_values(person: Person, *, on: date) -> dict[str, object]:
    """The person's newest measurements by code, with the age in years and the group that goods are made for: a child, a
    woman, a man.
    """
    values: dict[str, object] = dict(measured(person.pk))
    years = age_on(person.birth_date, on)
    values["age_years"] = years
    values["person_group"] = "child" if years < rules.ADULT_AGE else person.sex
    return values


def fit_for(person: Person, asked: Requirement, parameters: Mapping[str, object], *, on: date) -> rules.Fit:
    """Whether an offer with these parameters fits a person and what a line asks for, and why (one query)."""
    return fit_of(measured_values(person, on=on), asked, parameters)


def fit_of(measured: Mapping[str, object], asked: Requirement, parameters: Mapping[str, object]) -> rules.Fit:
    """The same of what was measured of a person (``measured_values``)."""
    return rules.fit(
        parameters,
        measured=measured,
        recommended=asked.recommended,
        must=asked.must,
        comparisons=comparisons(asked.kind_code),
    )


def guaranteed_amount(kind_code: str, *, territory_code: str, on: date) -> GuaranteedAmount:
    """The guaranteed amount of a kind in a region, else in the republic, on a day (``core.snapshot``).

    Raises:
        RuleBroken: none is in force (``no_amount``): the kind cannot be ordered until one is loaded.
    """
    found = AMOUNTS.at(kind_code, territory_code=territory_code, on=on)
    if found is not None:
        return found
    raise RuleBroken(
        _("It is not known yet what the state pays for this, so it cannot be ordered on the portal."),
        next_step=_("Ask your department: write to it, or call 1414."),
        code="no_amount",
    )


@dataclass(frozen=True, slots=True)
class ToOrder:
    """A version of an offer as an order needs it: keys, price, and whether its supplier takes orders."""

    version_id: UUID
    variant_id: UUID
    supplier_id: UUID
    organisation_id: UUID
    kind_code: str
    price: Decimal
    parameters: Mapping[str, object]
    delivers_to: Sequence[str]
    registered_on: date
    suspended_since: date | None
    removed_on: date | None

    def supplier_takes_orders(self, on: date) -> bool:
        """Whether the supplier may take new orders on a day."""
        return suppliers.may_take_orders(
            registered_on=self.registered_on, suspended_since=self.suspended_since, removed_on=self.removed_on, on=on
        )


_OFFER, _SUPPLIER = "variant__offer__", "variant__offer__supplier__"
_TO_ORDER = Compiled(
    lambda key: OfferVersion.objects.filter(pk=key).values_list(
        "pk",
        "variant_id",
        f"{_OFFER}supplier_id",
        f"{_SUPPLIER}organisation_id",
        f"{_OFFER}kind_id",
        "price",
        "parameters",
        f"{_OFFER}delivers_to",
        f"{_SUPPLIER}registered_on",
        f"{_SUPPLIER}suspended_since",
        f"{_SUPPLIER}removed_on",
        f"{_OFFER}state",
        "variant__active",
        "variant__current_id",
    ),
    key=UUID,
)


def version_to_order(key: UUID) -> ToOrder:
    """The version of an offer that a person saw and wants to order (one lean query).

    Raises:
        RuleBroken: the offer is gone, paused or has a newer version (another price) than the one that was seen.
    """
    row = next(iter(_TO_ORDER.rows(key=key)), None)
    if row is None or row[11] != Offer.State.ACTIVE or not row[12]:
        raise RuleBroken(
            _("This offer is no longer in the catalogue."),
            next_step=_("Choose another offer: what you typed is kept."),
            code="offer_gone",
        )
    if row[13] != key:
        raise RuleBroken(
            _("The supplier has changed this offer since you chose it."),
            next_step=_("Look at the new price and conditions, then choose again: what you typed is kept."),
            code="offer_changed",
        )
    return ToOrder(*row[:11])


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer in a person's list: the variant that fits best, the verdict, and what it costs.

    Attributes:
        offer: the card.
        variant: the best-fitting variant in stock (or the first, when none is in stock).
        version: its present version.
        fit: verdict and reasons.
        guaranteed: guaranteed amount per unit, tenge.
        person_pays: the person's part for one unit, tenge.
        others: how many further variants the offer has.
    """

    offer: Offer
    variant: Variant
    version: OfferVersion
    fit: rules.Fit
    guaranteed: Decimal
    person_pays: Decimal
    others: int

    @property
    def in_stock(self) -> bool:
        """Whether something can be ordered now."""
        return self.variant.stock > 0


#: Place of a verdict in a list: what fits stands first; what was not compared is no better than what cannot be judged.
BEST_FIRST: Final = {
    rules.Verdict.FITS: 0,
    rules.Verdict.NOT_COMPARED: 1,
    rules.Verdict.UNKNOWN: 1,
    rules.Verdict.DOES_NOT_FIT: 2,
}


def reaching(territory_code: str, *, on: date) -> QuerySet[OfferPlace]:
    """What reaches a district, itself or with its whole region, by suppliers that take orders; an offer that names
    both is there twice.
    """
    places = (territory_code, f"{territory_code[:2]}0000000")
    return OfferPlace.objects.filter(place__in=places, supplier__in=taking_orders(on))


def is_reached(kind_code: str, territory_code: str) -> bool:
    """Whether any offer of a kind reaches a district today (one query)."""
    return reaching(territory_code, on=clock.today()).filter(kind=kind_code).exists()


def _with_variants(offers: QuerySet[Offer]) -> QuerySet[Offer]:
    return offers.select_related("supplier__organisation", "kind").prefetch_related(
        Prefetch("variants", Variant.objects.filter(active=True).select_related("current").order_by("created_at"))
    )


def offers_of(kind: Kind, *, on: date, territory_code: str) -> QuerySet[Offer]:
    """Active offers of a kind that reach a district, by suppliers that take orders."""
    rows = reaching(territory_code, on=on).filter(kind=kind.code)
    return _with_variants(Offer.objects.filter(pk__in=rows.values("offer")))


def places_reached(kinds: Collection[str], *, on: date) -> set[tuple[str, str]]:
    """Kind and КАТО code of every district, or region as a whole, that an offer of these kinds reaches (one query)."""
    rows = OfferPlace.objects.filter(supplier__in=taking_orders(on), kind__in=kinds)
    return set(rows.values_list("kind_id", "place").distinct())


@dataclass(frozen=True, slots=True)
class Paid:
    """What the state pays at most for one unit of a kind.

    Attributes:
        least: the smallest amount of the country's regions, tenge.
        most: the largest.
        is_demo: whether one of them is no official amount.
    """

    least: Decimal
    most: Decimal
    is_demo: bool


def paid_for(kind_code: str, *, on: date) -> Paid | None:
    """The guaranteed amounts of a kind over all regions on a day; nothing when none is known (``core.snapshot``)."""
    rows = AMOUNTS.present(kind_code, on=on)
    if not rows:
        return None
    amounts = [row.amount for row in rows]
    return Paid(min(amounts), max(amounts), any(row.status == "demo" for row in rows))


@dataclass(frozen=True, slots=True)
class Offered:
    """What is offered of a kind in the whole country.

    Attributes:
        suppliers: that offer it.
        quickest: days from a supplier's acceptance to the door, of the quickest offer.
        slowest: of the slowest.
    """

    suppliers: int
    quickest: int
    slowest: int


def offered_of(kind_code: str, *, on: date) -> Offered | None:
    """Who offers a kind, and how soon it comes; nothing when nobody does (one query)."""
    found = Offer.objects.filter(state=Offer.State.ACTIVE, supplier__in=taking_orders(on), kind=kind_code).aggregate(
        suppliers=Count("supplier", distinct=True), quickest=Min("delivery_days"), slowest=Max("delivery_days")
    )
    return Offered(**found) if found["suppliers"] else None


def kinds_offered(kinds: Collection[str], *, territory_code: str, on: date | None = None) -> set[str]:
    """Which kinds some active offer brings to a district, by a supplier that takes orders (one query)."""
    offers = reaching(territory_code, on=on or clock.today()).filter(kind=OuterRef("pk"))
    rows = Kind.objects.filter(Exists(offers), pk__in=kinds)
    return set(rows.values_list("pk", flat=True)) if kinds else set()


def offer_for_order(key: UUID, *, territory_code: str, on: date | None = None) -> Offer:
    """An offer that can be ordered in a district, with its variants.

    Raises:
        NotFound: there is none, or it does not reach the district.
    """
    day = on or clock.today()
    found = Offer.objects.filter(pk=key).select_related("kind").first()
    offer = offers_of(found.kind, on=day, territory_code=territory_code).filter(pk=key).first() if found else None
    if offer is None:
        raise NotFound(
            _("This offer is no longer in the catalogue."), next_step=_("Choose another offer from the list.")
        )
    return offer


def rated_variants(
    offer: Offer, person: Person, asked: Requirement, *, on: date | None = None
) -> list[tuple[Variant, OfferVersion, rules.Fit]]:
    """Variants of an offer with their fit for a person, in the supplier's order."""
    measured = measured_values(person, on=on or clock.today())
    return [
        (variant, variant.current, fit_of(measured, asked, variant.current.parameters))
        for variant in offer.variants.all()
        if variant.current is not None
    ]


def _load_parameters() -> dict[str, dict[str, Parameter]]:
    found: dict[str, dict[str, Parameter]] = {}
    for row in Parameter.objects.order_by("kind", "position"):
        found.setdefault(row.kind_id, {})[row.code] = row
    return found


_PARAMETERS: Final = Snapshot(_load_parameters)


def known_parameters(kind_code: str) -> Mapping[str, Parameter]:
    """Parameters of a kind by code, in order, without their kind: for many lines of a file (``core.snapshot``)."""
    return _PARAMETERS.get().get(kind_code, {})


def parameters_of(kind_code: str) -> dict[str, Parameter]:
    """Parameters of a kind by code, in order."""
    return {
        row.code: row for row in Parameter.objects.filter(kind_id=kind_code).select_related("kind").order_by("position")
    }


def choice_words(kind_code: str) -> dict[str, Choice]:
    """Words for the values of a kind's parameters of choice, by code; the kind's own come before the common ones."""
    own = of_kind(kind_code, "")
    rows = {row.code: row for row in Choice.objects.all()}
    return rows | {code.removeprefix(own): row for code, row in rows.items() if code.startswith(own)}


def offers_of_supplier(supplier_id: UUID) -> QuerySet[Offer]:
    """Every offer of a supplier with its variants, by kind."""
    return (
        Offer.objects.filter(supplier_id=supplier_id)
        .select_related("kind")
        .prefetch_related(Prefetch("variants", Variant.objects.select_related("current").order_by("created_at")))
        .order_by("kind__position", "created_at")
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a supplier narrows the own offers by; "" and nothing mean all.

    Attributes:
        words: beginnings of words of name, maker, size or own number.
        kind: code of the kind.
        state: of the offer.
        stock: "none" for what is sold out, "some" for the rest.
    """

    words: str = ""
    kind: str = ""
    state: str = ""
    stock: str = ""


def with_words(rows: QuerySet[Variant], typed: str) -> QuerySet[Variant]:
    """Sizes that have each of the words that somebody typed, by their beginnings; "" narrows nothing."""
    words = rules.search_words(typed)
    if not words:
        return rows
    asked = SearchQuery(" & ".join(f"{one}:*" for one in words), config="simple", search_type="raw")
    return rows.annotate(found=SearchVector("search_key", config="simple")).filter(found=asked)


def variants_of_supplier(supplier_id: UUID, wanted: Wanted = Wanted()) -> QuerySet[Variant]:
    """Sizes of a supplier's offers, newest offers first; those of what was not admitted yet are on its card alone, and
    so are those of a draft that was archived before it had a name.
    """
    rows = Variant.objects.filter(offer__supplier_id=supplier_id, active=True).order_by("-offer_id", "pk")
    rows = rows.exclude(offer__state__in=Offer.BEFORE).exclude(offer__name_kk="")
    rows = with_words(rows, wanted.words)
    if wanted.kind:
        rows = rows.filter(offer__kind_id=wanted.kind)
    if wanted.state:
        rows = rows.filter(offer__state=wanted.state)
    if wanted.stock:
        rows = rows.filter(stock=0) if wanted.stock == "none" else rows.filter(stock__gt=0)
    return rows


def kinds_of_supplier(supplier_id: UUID) -> list[Kind]:
    """Kinds of which a supplier has offers, in the order of the classifier."""
    return list(Kind.objects.filter(offers__supplier_id=supplier_id).distinct().order_by("position", "code"))


def paid_in_full_up_to(offer: Offer, *, on: date) -> Decimal | None:
    """The price of one up to which no recipient pays for it, tenge: the least of the guaranteed amounts where the offer
    is delivered; nothing where none is in force.
    """
    found = []
    for place in offer.delivers_to:
        try:
            found.append(guaranteed_amount(offer.kind_id, territory_code=place, on=on).amount)
        except RuleBroken:
            continue
    return min(found, default=None)


def variant_of_supplier(supplier_id: UUID, key: UUID) -> Variant:
    """A size of one of the supplier's own offers.

    Raises:
        NotFound: there is none, or it is another supplier's.
    """
    found = (
        Variant.objects.select_related("offer__supplier", "current")
        .filter(pk=key, offer__supplier_id=supplier_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
