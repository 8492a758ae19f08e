"""Form fields and widgets that Django lacks: a date in three parts, numbers as people write them, own words, choices
with a hint each.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.errors import Text
from tirek.core.signing import codes
from tirek.core.typed import as_meant
from tirek.ui.text import day_text, is_country, typed_number_text

PARTS = ("day", "month", "year")
#: Signs that keyboards and word processors write for a minus.
_MINUS: Final = str.maketrans("\u2212\u2013\u2012\u2010\u2011", "-----")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_NO_WORDS: Final = _("Write it in words or numbers.")
Limit = date | Callable[[], date]


def _day_of(limit: Limit | None) -> date | None:
    return limit() if callable(limit) else limit


#: How far ahead a sample of a day lies where nothing bounds it.
_SAMPLE_AHEAD: Final = timedelta(days=30)


def sample_of_day(earliest: Limit | None = None, latest: Limit | None = None) -> str:
    """A day as one would type it, for a hint: one that the field takes, and not past unless it must be."""
    sample = clock.today() + _SAMPLE_AHEAD
    first, last = _day_of(earliest), _day_of(latest)
    sample = max(sample, first) if first else sample
    sample = min(sample, last) if last else sample
    return f"{sample.day} {sample.month} {sample.year}"


#: Day, month and year as they are typed into their fields: no longer than they can be.
_DAY: Final = re.compile(r"\d{1,2}/\d{1,2}/\d{4}")


class DayWidget(forms.MultiWidget):
    """Day, month and year as three inputs, named ``<field>_day`` and so on.

    A date that makes sense reaches the field as ``YYYY-MM-DD``; anything else as the three parts joined by ``/``.
    """

    template_name = "ui/forms/widgets/day.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False) -> None:
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(
                {
                    "inputmode": "numeric",
                    "maxlength": "4" if part == "year" else "2",
                    **({"autocomplete": f"bday-{part}"} if birthday else {}),
                }
            )
            for part in PARTS
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: object) -> list[str]:
        """The three parts of a date, of its ISO text, or of what was typed before."""
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        if isinstance(value, str) and value:
            if "/" in value:
                return [*value.split("/"), "", ""][:3]
            try:
                return self.decompress(date.fromisoformat(value))
            except ValueError:
                return [value, "", ""]
        return ["", "", ""]

    # one text, not three
    def value_from_datadict(  # type: ignore[override]
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> str:
        """What was typed, as one text; "" when all three are empty."""
        del files
        # the mark that joins the parts stands in none of them: "17/05/1980" typed into one field is not lost
        typed = [str(data.get(f"{name}_{part}") or "").strip().replace("/", ".") for part in PARTS]
        if not any(typed):
            return str(data.get(name) or "").strip()
        day, month, year = typed
        # a year is written in full
        if _DAY.fullmatch("/".join(typed)):
            try:
                return date(int(year), int(month), int(day)).isoformat()
            except ValueError:
                pass
        return "/".join(typed)


class DayField(forms.DateField):
    """A date typed as day, month and year; its errors say which part is wrong."""

    widget = DayWidget
    default_error_messages = {
        "incomplete": _("“%(label)s” must have a %(part)s."),
        "unreal": _("“%(label)s” must be a real date, for example %(sample)s."),
        "too_early": _("“%(label)s” must be on or after %(limit)s."),
        "too_late": _("“%(label)s” must be on or before %(limit)s."),
    }
    part_names = {"day": _("day"), "month": _("month"), "year": _("year")}

    def __init__(
        self,
        *,
        earliest: Limit | None = None,
        latest: Limit | None = None,
        **kwargs: Any,  # noqa: ANN401 - Django's options
    ) -> None:
        """Take the first and the last allowed day, each a date or a function that gives one (``clock.today``)."""
        super().__init__(**kwargs)
        self.earliest = earliest
        self.latest = latest

    def validate(self, value: date | None) -> None:
        """Refuse days beyond the limits.

        Raises:
            ValidationError: ``too_early`` or ``too_late``, with the limit in words.
        """
        super().validate(value)
        if value is None:
            return
        earliest, latest = _day_of(self.earliest), _day_of(self.latest)
        if earliest and value < earliest:
            raise self._refusal("too_early", limit=day_text(earliest))
        if latest and value > latest:
            raise self._refusal("too_late", limit=day_text(latest))

    def _refusal(self, code: str, **params: object) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"label": self.label or "", **params})

    def to_python(self, value: Any) -> date | None:  # noqa: ANN401 - as Django declares it
        """The date, or ``None`` for nothing typed.

        Raises:
            ValidationError: ``incomplete`` with the first missing part, or ``unreal``.
        """
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return super().to_python(value)
        typed = str(value).split("/")
        if len(typed) == len(PARTS):
            for part, text in zip(PARTS, typed, strict=True):
                if not text:
                    raise self._refusal("incomplete", part=self.part_names[part])
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            sample = sample_of_day(self.earliest, self.latest)
            raise self._refusal("unreal", sample=sample) from None


class NumberField(forms.DecimalField):
    """A number as people write it: with a comma or a point, with or without spaces between thousands; shown so, too."""

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - as Django declares it
        """A number in the form of the present language; what was typed stays as it was typed."""
        return typed_number_text(value) if isinstance(value, Decimal) else super().prepare_value(value)

    # the stubs take it for a whole number
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # noqa: ANN401
        """The number, or ``None`` for nothing typed.

        Raises:
            ValidationError: ``invalid``.
        """
        if isinstance(value, str):
            value = re.sub(r"\s", "", as_meant(value)).replace(",", ".")
            # Python's own ways to write a number are none of people: 1_000, 1e5
            if value and not _NUMBER.fullmatch(value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class RangeWidget(forms.MultiWidget):
    """Two inputs side by side, named ``<field>_from`` and ``<field>_to``."""

    template_name = "ui/forms/widgets/range.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        plain = {"inputmode": "decimal", "autocomplete": "off"}
        super().__init__({"from": forms.TextInput(plain), "to": forms.TextInput(plain)}, attrs)

    def decompress(self, value: object) -> list[Any]:
        """The two ends."""
        return list(value) if isinstance(value, tuple | list) else [None, None]


class RangeField(forms.Field):
    """Numbers from one to another, either end open: a pair, or ``None`` for nothing typed."""

    widget = RangeWidget
    default_error_messages = {
        "number": _("“%(label)s” must be numbers, for example from 12 to 20."),
        "range": _("“%(label)s” must begin with the smaller number and end with the larger one."),
    }

    def clean(self, value: Any) -> tuple[Decimal | None, Decimal | None] | None:  # noqa: ANN401 - as Django declares it
        """The two ends.

        Raises:
            ValidationError: ``number`` or ``range``.
        """
        number = NumberField(required=False, max_digits=9, decimal_places=2)
        try:
            low, high = (number.clean(one) for one in value)
        except ValidationError as wrong:
            raise self._wrong("number") from wrong
        if low is None and high is None:
            return None
        if low is not None and high is not None and low > high:
            raise self._wrong("range")
        return low, high

    def _wrong(self, code: str) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params={"label": self.label})


def read_whole(typed: str, *, digits: int = 9) -> int | None:
    """A whole number with its sign as people type it ("+30", "−5", "1 000"); ``None`` when it is none, or longer than
    ``digits``.
    """
    plain = re.sub(r"\s", "", as_meant(typed)).translate(_MINUS)
    number = plain.lstrip("+-")
    is_one = number.isdecimal() and len(plain) - len(number) <= 1 and len(number) <= digits
    return int(plain) if is_one else None


class WholeField(forms.IntegerField):
    """A whole number as people write it, with a sign where they write one."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:  # noqa: ANN401 - as Django declares it
        """The number, or ``None`` for nothing typed.

        Raises:
            ValidationError: ``invalid``.
        """
        if value in self.empty_values or isinstance(value, int):
            return super().to_python(value)
        found = read_whole(str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class CodeField(forms.CharField):
    """Six digits from a message, in whatever form they were typed or copied out of it."""

    default_error_messages = {"no_code": _("“%(label)s”: enter its six digits.")}

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        """No bound that would cut what is pasted."""
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **kwargs})

    def to_python(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The six digits; "" for nothing typed.

        Raises:
            ValidationError: ``no_code``: there are not six, or several times six.
        """
        typed = str(super().to_python(value) or "")
        found = codes.read_code(typed)
        if typed and not found:
            raise ValidationError(self.error_messages["no_code"], code="no_code", params={"label": self.label or ""})
        return found


class LineField(forms.CharField):
    """What is typed or copied in one line: a number of a paper, an article number; ``cleaned_data`` holds it with one
    blank between words and without marks that nobody sees: some turn around what stands beside them, and two numbers
    that look the same would not be the same.
    """

    def to_python(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The line; "" for nothing typed."""
        typed = as_meant(str(super().to_python(value) or ""))
        return " ".join("".join(" " if unicodedata.category(one) == "Cc" else one for one in typed).split())


class NameField(LineField):
    """What somebody or something is called, in one line."""

    default_error_messages = {"no_words": _NO_WORDS}

    def validate(self, value: Any) -> None:  # noqa: ANN401 - as Django declares it
        """A name has a letter or a digit.

        Raises:
            ValidationError: ``no_words``.
        """
        super().validate(value)
        if value and not any(sign.isalnum() for sign in str(value)):
            raise ValidationError(self.error_messages["no_words"], code="no_words")


class CountryField(forms.CharField):
    """A country by the two letters of ISO 3166-1; ``cleaned_data`` holds them as capitals."""

    default_error_messages = {"country": _("“%(typed)s” is no country. Write its two letters, for example KZ.")}

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The code.

        Raises:
            ValidationError: ``country``.
        """
        typed = str(super().clean(as_meant(str(value or "")))).upper()
        if typed and not is_country(typed):
            raise ValidationError(
                self.error_messages["country"], code="country", params={"typed": Truncator(typed).chars(40)}
            )
        return typed


class _Lines(forms.CharField):
    """Own words of several lines. A browser counts the end of a line as one character and sends two."""

    default_error_messages = {"no_words": _NO_WORDS}

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No bound at which the browser cuts a text without a word: what is too long is counted and said."""
        attributes = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        return attributes | {"class": "govuk-js-character-count"}

    def validate(self, value: Any) -> None:  # noqa: ANN401 - as Django declares it
        """Where words are needed, pictures and dots alone are none.

        Raises:
            ValidationError: ``no_words``.
        """
        super().validate(value)
        if self.required and not any(sign.isalnum() for sign in str(value)):
            raise ValidationError(self.error_messages["no_words"], code="no_words")

    def to_python(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The text with line ends of one character."""
        sent = value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        return str(super().to_python(sent) or "")


def long_text(
    label: Text,
    hint: Text = "",
    *,
    longest: int,
    shortest: int | None = None,
    required: bool = True,
    rows: int = 4,
    autocomplete: str = "off",
) -> forms.CharField:
    """A field for what somebody writes in own words, of at most ``longest`` characters."""
    # the stubs do not know texts that are translated when they are shown
    words: dict[str, Any] = {"label": label, "help_text": hint}
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": autocomplete})
    return _Lines(**words, min_length=shortest, max_length=longest, required=required, widget=widget)


def short_text(label: Text, hint: Text = "", *, longest: int, required: bool = True) -> forms.CharField:
    """A field for a line of at most ``longest`` characters that no browser fills in by itself."""
    words: dict[str, Any] = {"label": label, "help_text": hint}
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return LineField(**words, max_length=longest, required=required, widget=widget)


class _Hinted(forms.RadioSelect):
    """Choices of which some carry a hint, or values for the script of the page."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: Mapping[str, Any] | None = None,
        data: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        super().__init__(attrs)
        self.hints, self.data = dict(hints or {}), dict(data or {})

    # as Django declares it
    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Django's option with ``hint`` beside its label, and ``data`` for the script."""
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "hint": self.hints.get(str(value), ""), "data": self.data.get(str(value), {})}


class HintedRadios(_Hinted):
    """Radio buttons; ``hints`` maps a value to the text under its label, ``data`` to what its input carries as
    ``data-<name>``.
    """


class HintedCheckboxes(_Hinted, forms.CheckboxSelectMultiple):
    """Checkboxes; ``hints`` maps a value to the text under its label. A draft keeps what is ticked as lines of one
    text, and from that it is read, too.
    """

    # as Django declares it
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:  # noqa: ANN401
        """What is ticked."""
        ticked = super().value_from_datadict(data, files, name)
        return ticked.split("\n") if isinstance(ticked, str) and ticked else ticked

    def format_value(self, value: Any) -> list[str]:  # noqa: ANN401 - as Django declares it
        """The values that are ticked when the page is shown."""
        return super().format_value(value.split("\n") if isinstance(value, str) and value else value)


def filled_in_by_hand(form: forms.Form) -> None:
    """At a counter no browser fills in what it knows: it knows the clerk, or the person before."""
    for field in form.fields.values():
        for widget in (field.widget, *getattr(field.widget, "widgets", ())):
            widget.attrs["autocomplete"] = "off"


def inputs_of(name: str, field: forms.Field) -> list[str]:
    """Names of the inputs by which a field is sent, and under which a draft keeps what was typed."""
    if isinstance(field.widget, forms.MultiWidget):
        # the stubs do not know the names of the parts
        return [f"{name}{part}" for part in field.widget.widgets_names]  # type: ignore[attr-defined]
    return [name]
