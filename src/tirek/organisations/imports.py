"""A file of organisations."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.accounts.fields import PhoneField
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.fields import BinField
from tirek.core.imports import Cells, Column, ImportTable, Outcome, WordsField, register
from tirek.organisations import actions
from tirek.organisations.models import Organisation
from tirek.territory.fields import PlaceField
from tirek.ui.fields import DayField, NameField


def _take(actor: Actor, lines: Sequence[Cells]) -> Outcome:
    (one,) = lines
    known = Organisation.objects.filter(bin=one["bin"].digits).first()
    if known is None:
        actions.enter_organisation(
            actor=actor,
            kind=Organisation.Kind(one["kind"]),
            number=one["bin"],
            names=(one["name_kk"], one["name_ru"], one["name_en"]),
            active_from=one["active_from"] or clock.today(),
            territory_code=one["place"],
            address=one["address"],
            phone=one["phone"],
        )
        return Outcome.MADE
    wanted = one["address"] or known.address, one["phone"] or known.phone
    if wanted == (known.address, known.phone):
        return Outcome.SAME
    actions.set_contact(actor=actor, organisation=known, address=wanted[0], phone=wanted[1])
    return Outcome.CHANGED


register(
    ImportTable(
        code="organisations",
        title=_("Organisations"),
        columns=(
            Column("bin", BinField(label=_("BIN")), "200140000012"),
            Column(
                "kind",
                WordsField(label=_("Kind of organisation"), choices=Organisation.Kind.choices),
                "local_body_district",
            ),
            Column("name_kk", NameField(label=_("Name in Kazakh"), max_length=300), "Бөлім"),
            Column("name_ru", NameField(label=_("Name in Russian"), max_length=300), "Отдел"),
            Column("name_en", NameField(label=_("Name in English"), max_length=300, required=False), ""),
            Column("place", PlaceField(label=_("Region, district or city (КАТО code or name)"), required=False), ""),
            Column("address", forms.CharField(label=_("Address"), max_length=300, required=False), ""),
            Column("phone", PhoneField(label=_("Phone for visitors"), required=False), "+7 722 252 00 01"),
            Column("active_from", DayField(label=_("First day"), required=False), "2026-01-01"),
        ),
        key=("bin",),
        take=_take,
        order=10,
    )
)
