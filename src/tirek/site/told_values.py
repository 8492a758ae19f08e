"""The time limits and quantities of the public page, grouped and in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.catalogue.models import KindTerms
from tirek.catalogue.words import terms_in_words
from tirek.core import reference
from tirek.core.reference import Status, Unit, Value
from tirek.site.admin_queries import kind_names, words_of_value
from tirek.territory.queries import names
from tirek.ui.text import value_text

#: Stands for the key of the terms of kinds, which are no single values.
TERMS_KEY: Final = "kind_terms"
#: Groups in the order of the page, with the first words of the keys of each. How long data are kept stands on the page
#: of privacy.
GROUPS: Final[tuple[tuple[Promise, frozenset[str]], ...]] = (
    (_("What the programme gives, and the last day to order it"), frozenset({"entitlement", TERMS_KEY})),
    (_("Orders that are prepared, and letters by post"), frozenset({"prepared", "letters"})),
    (_("Orders, delivery and refusals"), frozenset({"order"})),
    (_("What the department buys"), frozenset({"purchase"})),
    (_("Faults and harm after the receipt"), frozenset({"fault", "harm"})),
    (_("Spare parts and accessories"), frozenset({"parts"})),
    (_("Payments to suppliers"), frozenset({"claim"})),
    (_("How long people wait"), frozenset({"waiting"})),
    (_("Offers of suppliers"), frozenset({"offer"})),
    (_("Register of suppliers"), frozenset({"supplier"})),
    (_("People, accounts, notices and forms"), frozenset({"people", "accounts", "notices", "drafts"})),
)
#: Minutes after midnight.
_TIMES: Final = frozenset({"notices.sms_from", "notices.sms_until"})
_HOUR: Final = 60
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Told:
    """One version of a value: what it is, and how much, in words."""

    one: Value
    name: str
    value: str


def value_in_words(one: Value) -> str:
    """How much a value is, in the present language: "10 calendar days", "a quarter", "08:00"."""
    if one.key in _TIMES:
        hours, minutes = divmod(int(one.number), _HOUR)
        return f"{hours:02}:{minutes:02}"
    years, months = divmod(int(one.number), _YEAR) if one.unit is Unit.MONTHS else (0, 1)
    if years > 1 and not months:
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return value_text(one)


def _name(one: Value, kinds: Mapping[str, str]) -> str:
    if one.key == TERMS_KEY:
        return kinds[one.scope.removeprefix("kind:")]
    return words_of_value(one.key, one.scope, kinds)


def groups(versions: Iterable[Value]) -> list[tuple[Promise, list[Told]]]:
    """Every version by group, in the order of their names."""
    kinds, rows = kind_names(), list(versions)
    found = []
    for title, firsts in GROUPS:
        told = [
            Told(one, _name(one, kinds), value_in_words(one)) for one in rows if one.key.partition(".")[0] in firsts
        ]
        found.append((title, sorted(told, key=lambda each: (each.name, each.one.effective_from))))
    return found


def terms_of_kinds() -> list[Value]:
    """Every version of the terms of kinds, in words as values of the page (two queries)."""
    rows = list(KindTerms.objects.select_related("kind").order_by("kind__position", "region_code", "-effective_from"))
    places = names(row.region_code for row in rows)
    return [
        Value(
            key=TERMS_KEY,
            scope=f"kind:{row.kind_id}",
            text=". ".join(
                [*([places[row.region_code]] if row.region_code else []), *terms_in_words(row, row.kind.unit).all]
            ),
            unit=Unit.TEXT,
            effective_from=row.effective_from,
            effective_to=row.effective_to,
            citation=row.citation,
            status=Status(row.status),
        )
        for row in rows
    ]


def left_out() -> set[str]:
    """First words of keys that no group of the page has: none but how long data are kept."""
    known = {first for _title, firsts in GROUPS for first in firsts}
    return {one.key.partition(".")[0] for one in reference.all_versions()} - known
