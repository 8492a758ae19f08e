"""Loads the catalogue's reference tables from the CSV files beside it: kinds and their terms, how they are provided,
parameters, choices, rules of fit, guaranteed amounts.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from tirek.catalogue.models import (
    CarryOver,
    Choice,
    FitRule,
    Group,
    GuaranteedAmount,
    Kind,
    KindName,
    KindProvision,
    KindTerms,
    OfKind,
    Parameter,
    Period,
    ProvisionChannel,
    of_kind,
)
from tirek.catalogue.terms import PARTS_OF_YEAR
from tirek.core.reference import Cell, Status, filled, loader, one_of, or_empty, read_rows, table
from tirek.core.sorting import sort_key

FOLDER: Final = Path(__file__).parent / "reference"
_PLAIN_TYPES: Final = {"number": Parameter.Type.NUMBER, "text": Parameter.Type.TEXT, "bool": Parameter.Type.BOOL}


def _rows(name: str) -> list[dict[str, str]]:
    return [row for _line, row in read_rows(FOLDER / f"{name}.csv")]


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _parameters(cell: str) -> None:
    """Parameters of a kind, each with a type or its values, all of them named.

    Raises:
        ValueError: a parameter or a value has no words.
    """
    names, words = {row["code"] for row in _rows("parameters")}, {row["code"] for row in _rows("choices")}
    for one in (part for part in cell.split(";") if part):
        code, _sep, values = one.partition(":")
        nameless = [*([] if code in names else [code]), *(value for value in _values(values) if value not in words)]
        if nameless or not values:
            raise ValueError(f"no words for {', '.join(nameless) or code}")


def named_somewhere(code: str) -> str:
    """What is named: everywhere, or at one kind that there is.

    Raises:
        ValueError: it is empty, or there is no such kind.
    """
    kind, dot, _own = code.rpartition(".")
    if not code or (dot and kind not in {row["code"] for row in _rows("kinds")}):
        raise ValueError(f"no kind {kind}" if code else "empty")
    return code


def of_a_kind(code: str) -> str:
    """A parameter of every kind that has it, or of one kind: some kind has it.

    Raises:
        ValueError: no such kind has such a parameter.
    """
    kind, _dot, own = code.rpartition(".")
    for row in _rows("kinds"):
        had = {part.partition(":")[0] for part in row["suggested_parameters"].split(";")}
        if own in had and kind in {"", row["code"]}:
            return code
    raise ValueError(f"no kind has {code}")


#: Class, subclass and, where a kind is one division, division: two digits each.
_ISO: Final = re.compile(r"\d\d \d\d(?: \d\d)?")


def iso_code(cell: str) -> str:
    """A code of ISO 9999: "12 22" or "12 22 03".

    Raises:
        ValueError: it is no such code.
    """
    if not _ISO.fullmatch(cell):
        raise ValueError("no code of ISO 9999 like 12 22 03")
    return cell


def _values(described: str) -> list[str]:
    return [] if described in _PLAIN_TYPES else described.split("|")


_NAMES: Final[dict[str, Cell]] = {"name_kk": filled, "name_ru": filled, "name_en": filled}
_CITED: Final[dict[str, Cell]] = {"citation": filled, "status": one_of(*Status.values)}
_YES_NO: Final = one_of("yes", "no")
table(
    FOLDER / "kinds.csv",
    columns={
        **_NAMES,
        "code": filled,
        "group": one_of(*Group.values),
        "unit": filled,
        "certainty": one_of("law", "seen", "assumed"),
        "suggested_parameters": _parameters,
    },
    key=("code",),
    points_at={"code": (FOLDER / "kinds_portal.csv", "code")},
)
table(
    FOLDER / "kinds_portal.csv",
    columns={
        "code": filled,
        "channel": one_of(*ProvisionChannel.values),
        "needs_fitting": _YES_NO,
        "consumable": _YES_NO,
        "made_to_order": _YES_NO,
        "orderable_from": or_empty(date.fromisoformat),
        "citation": filled,
        "illustration": str,
    },
    key=("code",),
    points_at={"code": (FOLDER / "kinds.csv", "code")},
)
table(
    FOLDER / "kind_iso.csv",
    columns={"kind": filled, "iso_code": iso_code, "edition": one_of("2016", "2022"), "citation": filled},
    key=("kind",),
    points_at={"kind": (FOLDER / "kinds.csv", "code")},
)
table(
    FOLDER / "kind_names.csv",
    columns={"kind": filled, "text": filled},
    key=("kind", "text"),
    points_at={"kind": (FOLDER / "kinds.csv", "code")},
)
table(FOLDER / "parameters.csv", columns={"code": named_somewhere, **_NAMES}, key=("code",))
table(FOLDER / "choices.csv", columns={"code": named_somewhere, **_NAMES}, key=("code",))
table(
    FOLDER / "fit_rules.csv",
    columns={
        "parameter": of_a_kind,
        "measurement": filled,
        "relation": one_of(*FitRule.Relation.values),
        "low": Decimal,
        "high": Decimal,
        **_CITED,
    },
    key=("parameter", "measurement"),
)
table(
    FOLDER / "guaranteed_amounts.csv",
    columns={
        "kind": filled,
        "region_code": str,
        "amount": Decimal,
        "effective_from": date.fromisoformat,
        "effective_to": or_empty(date.fromisoformat),
        **_CITED,
    },
    key=("kind", "region_code"),
    points_at={"kind": (FOLDER / "kinds.csv", "code")},
)
table(
    FOLDER / "kind_terms.csv",
    columns={
        "kind": filled,
        "region_code": str,
        "period": one_of(*Period.values),
        "norm": or_empty(int),
        "part": or_empty(one_of(*PARTS_OF_YEAR)),
        "part_quantity": or_empty(int),
        "carry_over": one_of(*CarryOver.values),
        "max_per_order": or_empty(int),
        "replacement_months": or_empty(int),
        "effective_from": date.fromisoformat,
        "effective_to": or_empty(date.fromisoformat),
        **_CITED,
    },
    key=("kind", "region_code"),
    points_at={"kind": (FOLDER / "kinds.csv", "code")},
)
table(
    FOLDER / "kind_provision.csv",
    columns={
        "kind": filled,
        "region_code": str,
        "way": one_of(*KindProvision.Way.values),
        "conclusion_number": str,
        "conclusion_on": or_empty(date.fromisoformat),
        "effective_from": date.fromisoformat,
        "effective_to": or_empty(date.fromisoformat),
        **_CITED,
    },
    key=("kind", "region_code", "effective_from"),
    points_at={"kind": (FOLDER / "kinds.csv", "code")},
)


@loader("catalogue kinds")
def load_kinds() -> int:
    """Kinds of the working catalogue with how they are provided, and their parameters; returns the number of kinds."""
    portal = {row["code"]: row for row in _rows("kinds_portal")}
    names = {row["code"]: row for row in _rows("parameters")}
    iso, unknown = {row["kind"]: row for row in _rows("kind_iso")}, {"iso_code": "", "edition": ""}
    rows = _rows("kinds")
    for position, row in enumerate(rows):
        how, coded = portal[row["code"]], iso.get(row["code"], unknown)
        kind, _new = Kind.objects.update_or_create(
            code=row["code"],
            defaults={
                "group": row["group"],
                "name_kk": row["name_kk"],
                "name_ru": row["name_ru"],
                "name_en": row["name_en"],
                "unit": row["unit"],
                "certainty": row["certainty"],
                "channel": how["channel"],
                "needs_fitting": how["needs_fitting"] == "yes",
                "consumable": how["consumable"] == "yes",
                "made_to_order": how["made_to_order"] == "yes",
                "orderable_from": _day(how["orderable_from"]),
                "illustration": how["illustration"],
                "iso_code": coded["iso_code"],
                "iso_edition": coded["edition"],
                "position": position,
                "sort_key_kk": sort_key(row["name_kk"]),
                "sort_key_ru": sort_key(row["name_ru"]),
            },
        )
        _load_parameters(kind, row["suggested_parameters"], names)
    return len(rows)


def _load_parameters(kind: Kind, described: str, names: dict[str, dict[str, str]]) -> None:
    for position, one in enumerate(part for part in described.split(";") if part):
        code, _sep, values = one.partition(":")
        plain = _PLAIN_TYPES.get(values)
        words = names.get(of_kind(kind.code, code), names[code])
        Parameter.objects.update_or_create(
            kind=kind,
            code=code,
            defaults={
                "type": plain or Parameter.Type.CHOICE,
                "choices": [] if plain else values.split("|"),
                "position": position,
                "unit": code.rsplit("_", 1)[-1] if "_" in code and plain is Parameter.Type.NUMBER else "",
                "name_kk": words["name_kk"],
                "name_ru": words["name_ru"],
                "name_en": words["name_en"],
            },
        )


@loader("catalogue names of kinds")
def load_names_of_kinds() -> int:
    """Words by which kinds are looked for: the names of the classifier, and those of people."""
    wanted = {(row["code"], row[name]) for row in _rows("kinds") for name in ("name_kk", "name_ru", "name_en")}
    wanted |= {(row["kind"], row["text"]) for row in _rows("kind_names")}
    there = {(code, text): key for key, code, text in KindName.objects.values_list("pk", "kind_id", "text")}
    KindName.objects.filter(pk__in=[there[one] for one in there.keys() - wanted]).delete()
    new = [KindName(kind_id=code, text=text) for code, text in sorted(wanted - there.keys())]
    KindName.objects.bulk_create(new, ignore_conflicts=True)
    return len(wanted)


@loader("catalogue choices")
def load_choices() -> int:
    """Words for the values of parameters of choice."""
    rows = _rows("choices")
    for row in rows:
        names = {name: row[name] for name in ("name_kk", "name_ru", "name_en")}
        Choice.objects.update_or_create(code=row["code"], defaults=names)
    return len(rows)


@loader("catalogue rules of fit")
def load_fit_rules() -> int:
    """Rules by which an offer's parameters are compared with measurements."""
    rows = _rows("fit_rules")
    for row in rows:
        FitRule.objects.update_or_create(
            parameter=row["parameter"],
            measurement=row["measurement"],
            defaults={
                "relation": row["relation"],
                "low": Decimal(row["low"]),
                "high": Decimal(row["high"]),
                "citation": row["citation"],
                "status": row["status"],
            },
        )
    return len(rows)


@loader("catalogue guaranteed amounts")
def load_guaranteed_amounts() -> int:
    """Guaranteed amounts by kind, region and date; a version that stands is not edited."""
    return _load_versions("guaranteed_amounts", lambda row: GuaranteedAmount(amount=Decimal(row["amount"])))


@loader("catalogue terms of kinds")
def load_terms_of_kinds() -> int:
    """Terms of kinds by kind, region and date; a version that stands is not edited."""
    return _load_versions(
        "kind_terms",
        lambda row: KindTerms(
            period=row["period"],
            norm=_whole(row["norm"]),
            part=row["part"],
            part_quantity=_whole(row["part_quantity"]),
            carry_over=row["carry_over"],
            max_per_order=_whole(row["max_per_order"]),
            replacement_months=_whole(row["replacement_months"]),
        ),
    )


@loader("catalogue provision of kinds")
def load_provision_of_kinds() -> int:
    """How kinds are provided by kind, region and date; a version that stands is not edited."""
    return _load_versions(
        "kind_provision",
        lambda row: KindProvision(
            way=row["way"], conclusion_number=row["conclusion_number"], conclusion_on=_day(row["conclusion_on"])
        ),
    )


def _load_versions(name: str, version: Callable[[dict[str, str]], OfKind]) -> int:
    """Versions of a dated table by kind and region that are not there yet; returns how many the file has."""
    rows = _rows(name)
    for row in rows:
        one = version(row)
        one.kind_id, one.region_code = row["kind"], row["region_code"]
        one.effective_from, one.effective_to = date.fromisoformat(row["effective_from"]), _day(row["effective_to"])
        one.citation, one.status = row["citation"], row["status"]
        if not one.versions().filter(effective_from=one.effective_from).exists():
            one.place()
    return len(rows)
