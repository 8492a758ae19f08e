"""The form by which an officer enters a programme that no register has brought."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, Period
from tirek.catalogue.terms import terms_of
from tirek.catalogue.words import kinds_by_group, terms_in_words
from tirek.core import clock
from tirek.entitlements.actions import LineGrant
from tirek.entitlements.forms import MOST_UNITS
from tirek.ui.fields import DayField, WholeField, filled_in_by_hand

#: Items on the page; a programme with more is entered by a file, or its rest as corrections.
ITEMS: Final = 8


class ProgrammeForm(forms.Form):
    """A programme with its items: a kind and a quantity each."""

    issued_by = forms.CharField(
        label=_("Who issued it"), help_text=_("Department of medical and social assessment."), max_length=200
    )
    issued_on = DayField(label=_("Day of issue"), latest=clock.today)
    valid_until = DayField(
        label=_("Last day"), help_text=_("Empty when it is without term."), required=False, earliest=clock.today
    )
    employer_pays = forms.BooleanField(
        label=_("Injury at work by the employer's fault: the employer pays"), required=False
    )
    FIELDS: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, place: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Add the items, the first one required; ``place`` is the person's, by whose terms quantities are given."""
        super().__init__(*args, **kwargs)
        choices = _kinds(place)
        for n in range(1, ITEMS + 1):
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("Item %(n)s: goods or service") % {"n": n}, choices=choices, required=n == 1
            )
            self.fields[f"quantity_{n}"] = WholeField(
                label=_("Item %(n)s: quantity") % {"n": n},
                help_text=_("In the period beside the item; otherwise for the whole programme."),
                required=n == 1,
                min_value=1,
                max_value=MOST_UNITS,
                widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
            )
        filled_in_by_hand(self)

    def clean(self) -> dict[str, Any]:
        """Each item has both, and no kind stands twice.

        Raises nothing: what is wrong is said at its field.
        """
        given = dict(super().clean() or {})
        seen: set[str] = set()
        for n, kind, quantity in self._items(given):
            if kind and not quantity and f"quantity_{n}" not in self.errors:
                self.add_error(f"quantity_{n}", ValidationError(_("Enter the quantity."), code="quantity"))
            if quantity and not kind:
                self.add_error(f"kind_{n}", ValidationError(_("Choose the goods or the service."), code="kind"))
            if kind and kind in seen:
                self.add_error(f"kind_{n}", ValidationError(_("This is in the programme already."), code="twice"))
            seen.add(kind)
        first, last = given.get("issued_on"), given.get("valid_until")
        if first and last and last < first:
            self.add_error(
                "valid_until", ValidationError(_("The last day cannot lie before the first day."), code="term")
            )
        return given

    @staticmethod
    def _items(given: dict[str, Any]) -> Iterator[tuple[int, str, int | None]]:
        for n in range(1, ITEMS + 1):
            yield n, given.get(f"kind_{n}") or "", given.get(f"quantity_{n}")

    def lines(self) -> list[LineGrant]:
        """The items; the form is valid."""
        chosen = {kind: quantity for _n, kind, quantity in self._items(self.cleaned_data) if kind and quantity}
        kinds = Kind.objects.in_bulk(list(chosen))
        return [LineGrant(kind=kinds[code], quantity=quantity, recommended={}) for code, quantity in chosen.items()]


def _kinds(place: str) -> list[tuple[str, Any]]:
    """Kinds by group; beside the name how much is usual, or over which period the quantity counts."""
    today = clock.today()

    def named(kind: Kind) -> str:
        terms, name = terms_of(kind.code, territory_code=place, on=today), capfirst(kind.name)
        if terms.norm is not None:
            return f"{name} ({terms_in_words(terms, kind.unit).gives})"
        return name if terms.period == Period.ONCE else f"{name} ({Period(terms.period).label})"

    return [("", "—"), *kinds_by_group(named)]
