"""A file of suppliers' offers: a line for each size or model."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.actions import OfferCard, Texts, add_sizes, publish_offer
from tirek.catalogue.actions.admissions import LONGEST_NUMBER, enter_admission
from tirek.catalogue.card_imports import CARDS
from tirek.catalogue.models import Kind, Offer, Parameter
from tirek.catalogue.rules import VariantCard, as_number
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.database import locks
from tirek.core.errors import RuleBroken
from tirek.core.fields import BinField
from tirek.core.imports import Cells, Column, ImportTable, Outcome, as_key, register, register_whole
from tirek.core.reference.snapshot import Snapshot
from tirek.core.typed import as_meant
from tirek.organisations.models import Organisation
from tirek.suppliers.models import Supplier
from tirek.suppliers.queries import entry_of
from tirek.territory.fields import PlaceField
from tirek.territory.queries import regions
from tirek.ui.fields import CountryField, DayField, LineField, NameField, NumberField, WholeField

#: What stands between the places and the parameters of a cell.
_BETWEEN: Final = re.compile(r"[;|\n]")
#: Columns in which the lines of one offer agree.
_OF_OFFER: Final = (
    "name_kk", "name_en", "description_kk", "description_ru", "description_en", "maker", "country", "warranty_months",
    "delivery_days", "delivers_to", "conclusion_number", "conclusion_on",
)  # fmt: skip


_KINDS: Final = Snapshot(Kind.objects.in_bulk)


class KindField(forms.CharField):
    """A kind by its code; ``cleaned_data`` holds the ``Kind``."""

    def clean(self, value: object) -> Kind:
        """The kind.

        Raises:
            ValidationError: the classifier has no such code.
        """
        typed = as_meant(str(value or "")).strip().upper()
        found = _KINDS.get().get(typed)
        if found is None:
            raise ValidationError(_("The classifier has no kind “%(code)s”."), code="kind", params={"code": typed})
        return found


class PlacesField(forms.CharField):
    """Regions and districts by code or name, with semicolons between them; ``cleaned_data`` holds their codes, those of
    all regions where nothing stands.
    """

    def clean(self, value: object) -> list[str]:
        """The codes.

        Raises:
            ValidationError: there is no such place.
        """
        named = [one for one in _BETWEEN.split(str(value or "")) if one.strip()]
        return [PlaceField().clean(one) for one in named] or [one.code for one in regions()]


def _value(kind: str, typed: str) -> str | int | float | bool:
    number = as_number(typed.replace(",", ".").replace(" ", "")) if kind == Parameter.Type.NUMBER else None
    if number is not None:
        return int(number) if number == int(number) else float(number)
    if kind == Parameter.Type.BOOL:
        return {"yes": True, "no": False}.get(typed.casefold(), typed)
    return typed


def _parameters(kind: Kind, typed: str) -> dict[str, Any]:
    known, found = {row.code: row.type for row in kind.parameters.all()}, dict[str, Any]()
    for one in filter(str.strip, _BETWEEN.split(typed)):
        code, _sign, value = (part.strip() for part in one.partition("="))
        if code not in known:
            raise RuleBroken(
                _("This kind has no parameter “%(code)s”. It has: %(known)s.")
                % {"code": code, "known": ", ".join(known)},
                code="parameter",
            )
        found[code] = _value(known[code], value)
    return found


def _supplier(one: Cells) -> Supplier:
    organisation = Organisation.objects.filter(bin=one["bin"].digits).first()
    found = entry_of(organisation) if organisation is not None else None
    if found is None:
        raise RuleBroken(
            _("No supplier of the register has this BIN. Import the register of suppliers first."), code="supplier"
        )
    return found


def _take(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    first, kind = lines[0], lines[0]["kind"]
    supplier = _supplier(first)
    # two files with the same new offer make it once
    locks.lock_rows(Supplier, [supplier.pk])
    offers = Offer.objects.filter(supplier=supplier, kind=kind)
    known = next((one for one in offers if as_key(one.name_ru) == as_key(first["name_ru"])), None)
    held = {as_key(one.label) for one in known.variants.all()} if known is not None else set()
    cards = [
        VariantCard(one["size"], one["price"], one["stock"], _parameters(kind, one["parameters"]), one["article"])
        for one in lines
        if as_key(one["size"]) not in held
    ]
    if known is not None:
        # price and stock of what is there are the supplier's to keep
        add_sizes(actor=actor, offer=known, cards=cards)
        if cards:
            _admitted(actor, known, first)
        return Outcome.CHANGED if cards else Outcome.SAME
    told = {name: Texts(*(first[f"{name}_{code}"] for code in ("kk", "ru", "en"))) for name in ("name", "description")}
    made = publish_offer(
        actor=actor,
        supplier=supplier,
        kind=kind,
        card=OfferCard(
            name=Texts(told["name"].kk, told["name"].ru, told["name"].en or told["name"].ru),
            description=told["description"],
            maker=first["maker"],
            country=first["country"],
            warranty_months=first["warranty_months"] or 0,
            delivery_days=first["delivery_days"],
            delivers_to=first["delivers_to"],
            illustration=kind.illustration,
            variants=cards,
        ),
    )
    _admitted(actor, made, first)
    return Outcome.MADE


def _admitted(actor: Actor, offer: Offer, line: Cells) -> None:
    """Nothing is on sale without the commission's conclusion (Social Code art. 167(2)): the file names it."""
    enter_admission(
        actor=actor,
        offer=offer,
        conclusion_number=line["conclusion_number"],
        conclusion_on=line["conclusion_on"],
    )


register(
    ImportTable(
        code="offers",
        title=_("Offers of suppliers"),
        columns=(
            Column("bin", BinField(label=_("BIN")), "200140000051"),
            Column("kind", KindField(label=_("Code of the kind")), "GI-01"),
            Column("name_kk", NameField(label=_("Name in Kazakh"), max_length=200), "Ересектерге арналған жөргек"),
            Column("name_ru", NameField(label=_("Name in Russian"), max_length=200), "Подгузники для взрослых"),
            Column("name_en", NameField(label=_("Name in English"), max_length=200, required=False), ""),
            Column(
                "description_kk",
                forms.CharField(
                    label=_("Description in Kazakh"), max_length=2_000, required=False, widget=forms.Textarea
                ),
                "",
            ),
            Column(
                "description_ru",
                forms.CharField(
                    label=_("Description in Russian"), max_length=2_000, required=False, widget=forms.Textarea
                ),
                "",
            ),
            Column(
                "description_en",
                forms.CharField(
                    label=_("Description in English"), max_length=2_000, required=False, widget=forms.Textarea
                ),
                "",
            ),
            Column("maker", NameField(label=_("Maker"), max_length=120), "Ertis"),
            Column("country", CountryField(label=_("Country, two letters")), "KZ"),
            Column(
                "warranty_months",
                WholeField(label=_("Warranty, months"), min_value=0, max_value=600, required=False),
                "",
            ),
            Column("delivery_days", WholeField(label=_("Days to deliver"), min_value=1, max_value=365), "6"),
            Column(
                "delivers_to",
                PlacesField(
                    label=_("Where it is delivered, with semicolons; empty: the whole country"), required=False
                ),
                "",
            ),
            Column(
                "conclusion_number",
                LineField(label=_("Number of the commission's conclusion"), max_length=LONGEST_NUMBER),
                "12-2026",
            ),
            Column("conclusion_on", DayField(label=_("Day of the conclusion"), latest=clock.today), "2026-01-25"),
            Column("size", LineField(label=_("Size or model"), max_length=60), "M"),
            Column("article", LineField(label=_("Article number"), max_length=40, required=False), ""),
            Column(
                "price",
                NumberField(label=_("Price of one, tenge"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2),
                "180",
            ),
            Column("stock", WholeField(label=_("In stock"), min_value=0, max_value=10_000_000), "1000"),
            Column(
                "parameters",
                forms.CharField(label=_("Parameters as code=value, with semicolons"), max_length=2_000, required=False),
                "waist_min_cm=70; waist_max_cm=110",
            ),
        ),
        key=("bin", "kind", "name_ru"),
        take=_take,
        order=25,
        several=True,
        alike=_OF_OFFER,
        once="size",
    )
)

register_whole(CARDS)
