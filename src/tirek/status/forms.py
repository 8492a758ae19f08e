"""The one form by which an incident or news is announced."""

import re
from datetime import date, datetime, time
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.typed import as_meant
from tirek.status.models import LONGEST_TEXT, Announcement, Part, Place
from tirek.status.rules import Entered
from tirek.territory.queries import regions
from tirek.ui.fields import DayField, HintedCheckboxes, long_text
from tirek.ui.text import local, time_text

_TIME: Final = re.compile(r"([01]?\d|2[0-3])[:.\- ]?([0-5]\d)")


class TimeField(forms.CharField):
    """A time of the day as people type it: 9:05, 09.05, 0905; ``cleaned_data`` holds a ``time``, or ``None``."""

    default_error_messages = {"no_time": _("“%(label)s” must be a time of the day, for example 14:30.")}

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        attrs = {"class": "govuk-input--width-5", "inputmode": "text", "autocomplete": "off"}
        super().__init__(**{"widget": forms.TextInput(attrs), "max_length": 10, **kwargs})

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - as Django declares it
        """A time as it is shown; what was typed stays as it was typed."""
        return f"{value:%H:%M}" if isinstance(value, time) else super().prepare_value(value)

    def clean(self, value: Any) -> Any:  # noqa: ANN401 - a time, where Django expects a text
        """The time, or ``None`` for nothing typed.

        Raises:
            ValidationError: ``no_time``.
        """
        typed = as_meant(str(super().clean(value) or "")).strip()
        if not typed:
            return None
        found = _TIME.fullmatch(typed)
        if found is None:
            raise ValidationError(self.error_messages["no_time"], code="no_time", params={"label": self.label or ""})
        return time(int(found[1]), int(found[2]))


def _ticks(label: Any, hint: Any, choices: Any, *, required: bool = False) -> forms.MultipleChoiceField:  # noqa: ANN401
    return forms.MultipleChoiceField(
        label=label, help_text=hint, choices=choices, required=required, widget=HintedCheckboxes
    )


class AnnouncementForm(forms.Form):
    """An incident or news: words in three languages, parts, regions, pages, times."""

    kind = forms.ChoiceField(
        label=_("What do you announce?"), choices=Announcement.Kind.choices, widget=forms.RadioSelect
    )
    text_kk = long_text(
        _("Text in Kazakh"),
        _("What happened, what people cannot do now, what they can do instead."),
        longest=LONGEST_TEXT,
        rows=3,
    )
    text_ru = long_text(_("Text in Russian"), _("The same in Russian."), longest=LONGEST_TEXT, rows=3)
    text_en = long_text(_("Text in English"), _("The same in English."), longest=LONGEST_TEXT, rows=3)
    parts = _ticks(_("Which parts of the service?"), _("At least one, where something does not work."), Part.choices)
    regions = _ticks(_("In which regions?"), _("None is ticked: the whole country."), ())
    places = _ticks(
        _("Above which pages is it shown?"),
        _("None is ticked: it is shown on the page of the state of the service only."),
        Place.choices,
    )
    since_day = DayField(label=_("Day of the beginning"))
    since_time = TimeField(label=_("Time of the beginning"), help_text=_("For example 14:30."))
    expected_day = DayField(
        label=_("Day of the expected end"), help_text=_("Empty when nothing is known yet."), required=False
    )
    expected_time = TimeField(label=_("Time of the expected end"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    #: which field a refusal of the rules belongs to
    FIELDS: ClassVar[dict[str, str]] = {
        "text_kk": "text_kk",
        "text_ru": "text_ru",
        "text_en": "text_en",
        "parts": "parts",
        "regions": "regions",
        "since": "since_day",
        "expected": "expected_day",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Offer the regions of today."""
        super().__init__(*args, **kwargs)
        field = self.fields["regions"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(one.code, one.name) for one in regions()]

    def clean(self) -> dict[str, Any]:
        """A time without its day, or a day without its time, says too little."""
        given = dict(super().clean() or {})
        day, at = given.get("expected_day"), given.get("expected_time")
        if day and not at and "expected_time" not in self.errors:
            self.add_error("expected_time", ValidationError(_("Write the time, too."), code="half"))
        if at and not day and "expected_day" not in self.errors:
            self.add_error("expected_day", ValidationError(_("Write the day, too."), code="half"))
        return given

    def entered(self) -> Entered:
        """What was entered; the form is valid."""
        given = self.cleaned_data
        return Entered(
            kind=given["kind"],
            text_kk=given["text_kk"],
            text_ru=given["text_ru"],
            text_en=given["text_en"],
            parts=tuple(given["parts"]),
            regions=tuple(given["regions"]),
            places=tuple(given["places"]),
            since=_moment(given["since_day"], given["since_time"]),
            expected=_moment(given["expected_day"], given["expected_time"]) if given["expected_day"] else None,
        )


class SeenForm(forms.Form):
    """Which version somebody saw who ends or withdraws an announcement."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, clock.COUNTRY_ZONE)


def beginning_now() -> dict[str, Any]:
    """What a new form holds: it begins now and stands above every page."""
    now = local(clock.now())
    return {
        "kind": Announcement.Kind.INCIDENT,
        "since_day": now.date(),
        "since_time": time_text(now),
        "places": Place.values,
    }


def initial_of(row: Announcement) -> dict[str, Any]:
    """What the form holds for an announcement that is changed."""
    said = {name: getattr(row, name) for name in Entered.__slots__ if name not in {"since", "expected"}}
    since, expected = local(row.since), local(row.expected) if row.expected else None
    return {
        **said,
        "since_day": since.date(),
        "since_time": time_text(since),
        "expected_day": expected.date() if expected else None,
        "expected_time": time_text(expected) if expected else "",
        "version": row.version,
    }
