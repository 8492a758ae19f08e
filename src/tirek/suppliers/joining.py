"""The form of an application: its code, and how its answers are read from a draft."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from tirek.suppliers.joining_forms import BinForm, NamesForm, PlaceForm, SuppliesForm, WhoForm
from tirek.ui.draftform import answers

FORM: Final = "registration"
#: Raise when a field is added or changes its meaning.
FORM_VERSION: Final = 1


def is_individual(values: Mapping[str, str]) -> bool:
    """Whether the applicant's own business is meant."""
    return values.get("who") == WhoForm.INDIVIDUAL


def _forms(values: Mapping[str, str]) -> list[tuple[str, forms.Form]]:
    return [
        ("who", WhoForm(values)),
        *([] if is_individual(values) else [("bin", BinForm(values))]),
        ("names", NamesForm(values)),
        ("place", PlaceForm(values)),
        ("supplies", SuppliesForm(values)),
    ]


def given(values: Mapping[str, str], *, iin: str) -> dict[str, Any]:
    """Columns of an application as the draft has them; ``iin`` is the applicant's.

    Raises:
        RuleBroken: something is missing or not valid; ``code`` is ``incomplete_<step>``.
    """
    found = answers(_forms(values))
    alone = found.pop("who") == WhoForm.INDIVIDUAL
    number = iin if alone else found.pop("bin").digits
    return found | {"bin": number, "is_individual": alone}
