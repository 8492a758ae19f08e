"""The form by which an officer enters a programme that no register has brought."""

from collections.abc import Iterator
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, Period, ProvisionChannel
from tirek.catalogue.terms import terms_of
from tirek.catalogue.words import Words, kinds_by_group, terms_in_words
from tirek.core import clock
from tirek.core.keys import read_key
from tirek.entitlements.actions import LineGrant
from tirek.entitlements.asking import CHANNEL, asked_in, channel_field, fields_of
from tirek.entitlements.forms import MOST_UNITS
from tirek.ui.fields import DayField, WholeField, filled_in_by_hand

#: Items on the page at first, and more with each press of ``MORE``; at most one for each kind of the classifier.
ITEMS: Final = 8
MOST_ITEMS: Final = 72
#: Names of the buttons that show the page again: with what the chosen kinds ask for, and with more items.
ASK, MORE = "ask", "more"


class ProgrammeForm(forms.Form):
    """A programme with its items: a kind and a quantity each, and what it asks for of a kind that is chosen."""

    issued_by = forms.CharField(
        label=_("Who issued it"), help_text=_("Department of medical and social assessment."), max_length=200
    )
    issued_on = DayField(label=_("Day of issue"), latest=clock.today)
    valid_until = DayField(
        label=_("Last day"), help_text=_("Empty when it is without term."), required=False, earliest=clock.today
    )
    queue_on = DayField(
        label=_("Date in the queue"),
        help_text=_(
            "Only where the person was put into the queue on another day. Empty: as before, or the day of issue."
        ),
        required=False,
        latest=clock.today,
    )
    employer_pays = forms.BooleanField(
        label=_("Injury at work by the employer's fault: the employer pays for all of it"),
        help_text=_("Where the employer pays for some items alone, say so at the item."),
        required=False,
    )
    #: Keys of the items of which the page has told that they end with this programme.
    ends_shown = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4_000)
    FIELDS: ClassVar[dict[str, str]] = {"issued_on": "issued_on", "queue_on": "queue_on"}

    def __init__(self, *args: Any, place: str, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Add the items, the first one required; ``place`` is the person's, by whose terms quantities are given."""
        super().__init__(*args, **kwargs)
        choices, self._items_shown = _kinds(place), self._how_many()
        self._chosen = self._kinds_sent()
        for n in self._numbers:
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
            if n in self._chosen:
                self._ask(n, self._chosen[n])
        filled_in_by_hand(self)

    def _how_many(self) -> int:
        """As many items as the page had; one that is sent with more than it can have is cut."""
        sent = [n for n in range(1, MOST_ITEMS + 1) if f"kind_{n}" in self.data] if self.is_bound else []
        shown = max(ITEMS, *sent, 0)
        return min(MOST_ITEMS, shown + ITEMS if MORE in self.data else shown)

    @property
    def _numbers(self) -> range:
        return range(1, self._items_shown + 1)

    @property
    def can_grow(self) -> bool:
        """Whether the page can have more items."""
        return self._items_shown < MOST_ITEMS

    @property
    def is_looked_at(self) -> bool:
        """Whether a button was pressed that only shows the page again."""
        return self.is_bound and (ASK in self.data or MORE in self.data)

    def _kinds_sent(self) -> dict[int, Kind]:
        """Kinds that are chosen on the page, by item: only what can be asked of them is asked."""
        sent = {n: str(self.data.get(f"kind_{n}") or "") for n in self._numbers} if self.is_bound else {}
        known = Kind.objects.in_bulk(list(sent.values()))
        return {n: known[code] for n, code in sent.items() if code in known}

    def _ask(self, n: int, kind: Kind) -> None:
        before = _before(n, kind.code)
        label = _("Item %(n)s: how is it provided?") % {"n": n}
        self.fields[f"{before}{CHANNEL}"] = channel_field(kind, label)
        for name, field in fields_of(Words(kind.code), before):
            field.label = _("Item %(n)s: %(what)s") % {"n": n, "what": field.label}
            self.fields[name] = field

    def show_fields(self) -> None:
        """What was typed is shown with the fields of the kinds that are chosen, and nothing of it is checked yet."""
        self._errors, self.cleaned_data = ErrorDict(), {}

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
        self._asked = {n: asked_in(self, _before(n, kind.code)) for n, kind in self._chosen.items()}
        first, last = given.get("issued_on"), given.get("valid_until")
        if first and last and last < first:
            self.add_error(
                "valid_until", ValidationError(_("The last day cannot lie before the first day."), code="term")
            )
        return given

    def _items(self, given: dict[str, Any]) -> Iterator[tuple[int, str, int | None]]:
        for n in self._numbers:
            yield n, given.get(f"kind_{n}") or "", given.get(f"quantity_{n}")

    def lines(self) -> list[LineGrant]:
        """The items; the form is valid."""
        return [
            LineGrant(
                kind=self._chosen[n],
                quantity=quantity,
                recommended=self._asked[n].recommended,
                must=self._asked[n].must,
                channel=self._channel(n),
                queue_on=self.cleaned_data["queue_on"],
            )
            for n, _kind, quantity in self._items(self.cleaned_data)
            if n in self._chosen and quantity
        ]

    def shown(self) -> frozenset[UUID]:
        """Keys of the items of which the page has told that they end; the form is valid."""
        return frozenset(key for key in map(read_key, self.cleaned_data["ends_shown"].split()) if key is not None)

    def _channel(self, n: int) -> ProvisionChannel | None:
        if self.cleaned_data["employer_pays"]:
            return ProvisionChannel.EMPLOYER
        given = self.cleaned_data.get(f"{_before(n, self._chosen[n].code)}{CHANNEL}")
        return ProvisionChannel(given) if given else None


def _before(n: int, kind_code: str) -> str:
    """What the names of an item's fields begin with: of another kind that is chosen for it they are others."""
    return f"asked-{n}-{kind_code}-"


def _kinds(place: str) -> list[tuple[str, Any]]:
    """Kinds by group; beside the name how much is usual, or over which period the quantity counts."""
    today = clock.today()

    def named(kind: Kind) -> str:
        terms, name = terms_of(kind.code, territory_code=place, on=today), capfirst(kind.name)
        if terms.norm is not None:
            return f"{name} ({terms_in_words(terms, kind.unit).gives})"
        return name if terms.period == Period.ONCE else f"{name} ({Period(terms.period).label})"

    return [("", "—"), *kinds_by_group(named)]
