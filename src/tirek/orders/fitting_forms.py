"""Forms of the fitting: times are named and chosen, it is held or missed, measurements are checked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.orders.fittings import Place, Time, last_day_to_propose
from tirek.orders.models import Fitting
from tirek.ui.fields import DayField, HintedRadios, NumberField, long_text, short_text

_HOURS: Final = ("%H:%M", "%H.%M", "%H %M")
_FIRST: Final = (_("First time: day"), _("First time: hour"), _("First time: place"))
_SECOND: Final = (_("Second time: day"), _("Second time: hour"), _("Second time: place"))
_THIRD: Final = (_("Third time: day"), _("Third time: hour"), _("Third time: place"))


class ProposeForm(forms.Form):
    """Up to three times of a fitting, each with its place; one address for those that are not at home."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """The fields of each time, then the address and the way in."""
        super().__init__(*args, **kwargs)
        for n, (day, hour, place) in enumerate((_FIRST, _SECOND, _THIRD), start=1):
            self.fields[f"day_{n}"] = DayField(
                label=day, required=n == 1, earliest=clock.today, latest=last_day_to_propose
            )
            self.fields[f"hour_{n}"] = forms.TimeField(
                label=hour,
                help_text=_("For example 14:30."),
                required=n == 1,
                input_formats=_HOURS,
                widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off"}),
            )
            self.fields[f"place_{n}"] = forms.ChoiceField(
                label=place, choices=Place.choices, initial=Place.SUPPLIER, required=n == 1
            )
        self.fields["address"] = short_text(
            _("Address of the fitting"), _("Not for a fitting at the recipient's home."), longest=200, required=False
        )
        self.fields["access"] = long_text(
            _("How one gets in"),
            _("Steps, ramp, lift, width of the door, parking: the recipient decides by it whether they can come."),
            longest=300,
            required=False,
            rows=3,
        )

    def clean(self) -> dict[str, Any]:
        """The times that were typed; each needs its day and its hour, and an address where it is not at home."""
        given = super().clean() or {}
        times: list[Time] = []
        for n in (1, 2, 3):
            day, hour = given.get(f"day_{n}"), given.get(f"hour_{n}")
            if day is None and hour is None:
                continue
            if day is None or hour is None:
                name = f"hour_{n}" if hour is None else f"day_{n}"
                if name not in self.errors:
                    self.add_error(
                        name, forms.ValidationError(_("Type the day and the hour of this time."), code="half")
                    )
                continue
            at = datetime.combine(day, hour, clock.COUNTRY_ZONE)
            if at <= clock.now():
                words = _("A proposed time has passed. Choose a later one.")
                self.add_error(f"hour_{n}", forms.ValidationError(words, code="passed"))
            place = Place(given.get(f"place_{n}") or Place.SUPPLIER)
            where = ("", "") if place is Place.HOME else (given.get("address", ""), given.get("access", ""))
            times.append(Time(at, place, *where))
        if any(one.place is not Place.HOME for one in times):
            for name in ("address", "access"):
                if not given.get(name) and name not in self.errors:
                    words = _("Fill this in: one of the times is not at the recipient's home.")
                    self.add_error(name, forms.ValidationError(words, code="where"))
        return {"times": times}


class ChooseTimeForm(forms.Form):
    """One of the named times; beside each how one gets in."""

    choice = forms.ChoiceField(label=_("Which time suits you?"))

    # Django's own arguments
    def __init__(self, *args: Any, round_n: int, times: Sequence[Time], **kwargs: Any) -> None:  # noqa: ANN401
        """``times`` are those of the round ``round_n``."""
        super().__init__(*args, **kwargs)
        named = {f"{round_n}-{n}": one for n, one in enumerate(times)}
        self.fields["choice"] = forms.ChoiceField(
            label=self.fields["choice"].label,
            choices=[(key, one.words) for key, one in named.items()],
            widget=HintedRadios(hints={key: one.access for key, one in named.items() if one.access}),
        )


class WhenForm(forms.Form):
    """When it would suit."""

    words = long_text(
        _("When and where would it suit?"),
        _("Days, hours, and what you need to get there. The supplier reads it and names other times."),
        longest=500,
        rows=3,
    )


class MoveForm(forms.Form):
    """Why somebody cannot come, and when it would suit."""

    words = long_text(_("Why not, and when would it suit?"), _("The other side reads it."), longest=500, rows=3)


class WhyForm(forms.Form):
    """Why another fitting is needed, or why the goods cannot be made to fit."""

    words = long_text(_("Why?"), _("The recipient reads it."), longest=500, rows=3)


class MissedForm(forms.Form):
    """Who did not come."""

    who = forms.ChoiceField(
        label=_("Who did not come?"),
        choices=[one for one in Fitting.Outcome.choices if one[0] in Fitting.MISSED],
        widget=forms.RadioSelect,
    )
    note = long_text(_("Anything to add"), longest=500, required=False, rows=3)


class Measured(forms.Form):
    """Measurements of the body, each in its unit."""

    # Django's own arguments
    def __init__(
        self,
        *args: Any,  # noqa: ANN401
        sizes: Mapping[str, str],
        known: Mapping[str, str],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """``sizes`` are asked (words with units, by code), ``known`` stand there already."""
        super().__init__(*args, **kwargs)
        for code, words in sizes.items():
            self.fields[code] = NumberField(
                label=words,
                required=self.asks_all,
                min_value=0,
                max_digits=7,
                decimal_places=2,
                initial=known.get(code),
                widget=forms.TextInput(
                    attrs={"class": "govuk-input--width-5", "inputmode": "decimal", "autocomplete": "off"}
                ),
            )
        self.order_fields([*sizes, "note"])

    asks_all = True

    def clean(self) -> dict[str, Any]:
        """The measurements together, under one name."""
        given = super().clean() or {}
        rest = {name: value for name, value in given.items() if name == "note"}
        found = {name: value for name, value in given.items() if name != "note" and value is not None}
        return {self.together: found, **rest}

    together = "given"


class CheckMeasuredForm(Measured):
    """What the supplier measured: confirmed as it stands there, or corrected."""


class HeldForm(Measured):
    """What was measured at the fitting, and what was agreed."""

    asks_all = False
    together = "measured"
    note = long_text(
        _("What was agreed"),
        _("For example colour, side, firmness. The recipient reads it."),
        longest=500,
        required=False,
        rows=3,
    )
