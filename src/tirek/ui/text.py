"""Dates, times and money as people read them in Kazakh, Russian and English.

Django has no Kazakh formats, and its Russian ones break lines inside a date; these are written out here once.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

import phonenumbers
from babel import Locale
from babel.dates import format_skeleton
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from tirek.core.clock import COUNTRY_ZONE
from tirek.core.reference import TERMS, Unit, Value, words_of_text

NO_BREAK = "\u00a0"
#: Keeps a line from ending behind the dash of a range, as a line may.
JOINED = "\u2060"

MONTHS: dict[str, tuple[str, ...]] = {

    "kk": ("қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым",
           "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"),

    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня",
           "июля", "августа", "сентября", "октября", "ноября", "декабря"),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
#: Kazakh names a month that a term runs to in the dative: "қарашаға дейін".
_UNTIL = (
    "қаңтарға",
    "ақпанға",
    "наурызға",
    "сәуірге",
    "мамырға",
    "маусымға",
    "шілдеге",
    "тамызға",
    "қыркүйекке",
    "қазанға",
    "қарашаға",
    "желтоқсанға",
)
#: Calling code of Kazakhstan, whose numbers end in two pairs.
_OWN_CODE = 7
#: A space stands where a line may break: dates of these two are longer than a line of twice the size on a phone.
_DAY = {
    "kk": f"{{year}}{NO_BREAK}жылғы {{day}}{NO_BREAK}{{month}}",
    "ru": f"{{day}}{NO_BREAK}{{month}} {{year}}{NO_BREAK}года",
    "en": f"{{day}}{NO_BREAK}{{month}}{NO_BREAK}{{year}}",
}

#: The spaces of a size that has several figures.
_WITHIN_A_SIZE = re.compile(r"(?<=[0-9]) (?=[×(])|(?<=×) (?=[0-9])")
_DASH_OF_A_RANGE = re.compile(r"(?<=[0-9][–-])(?=[0-9])")


def _language() -> str:
    language = (get_language() or "kk").split("-")[0]
    return language if language in MONTHS else "kk"


def local(moment: datetime) -> datetime:
    """``moment`` on the clocks of Kazakhstan; a naive one is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(COUNTRY_ZONE)


def month_text(first: date) -> str:
    """A month of a year as it stands by itself: "December 2025", «2025 ж. желтоқсан»."""
    return format_skeleton("yMMMM", first, locale=_language()).replace("\u202f", NO_BREAK)


def day_text(value: date) -> str:
    """A date in words of the present language, without breaks inside: "22 November 2026"; a Kazakh or a Russian one may
    break beside its year. A moment gives its date in Kazakhstan.
    """
    day = local(value).date() if isinstance(value, datetime) else value
    language = _language()
    return _DAY[language].format(day=day.day, month=MONTHS[language][day.month - 1], year=day.year)


def short_day_text(moment: datetime) -> str:
    """The day of a moment in Kazakhstan without its year: "9 қараша", "9 ноября", "9 November"."""
    day = local(moment).date()
    return f"{day.day}{NO_BREAK}{MONTHS[_language()][day.month - 1]}"


def until_text(value: date) -> str:
    """A date as the end of a term: in Kazakh in the dative case, before the word "дейін"; else as ``day_text`` writes
    it.
    """
    written = day_text(value)
    if _language() != "kk":
        return written
    day = local(value).date() if isinstance(value, datetime) else value
    return written.removesuffix(MONTHS["kk"][day.month - 1]) + _UNTIL[day.month - 1]


def time_text(moment: datetime) -> str:
    """The time of day in Kazakhstan: "14:02"."""
    return f"{local(moment):%H:%M}"


def moment_text(moment: datetime) -> str:
    """Date and time in Kazakhstan: "22 November 2026, 14:02"."""
    return f"{day_text(moment)}, {time_text(moment)}"


def ways_of_help() -> str:
    """How we are reached by voice and otherwise, as short as a message must be: "1414, help@example.kz"."""
    return ", ".join(["1414", settings.TIREK_CONTACT_EMAIL or gettext("any office")])


def paid_text(amount: Decimal) -> str:
    """What somebody pays, where the words around it say already who: "12 500 ₸", or "free"."""
    return tenge_text(amount) if amount else pgettext("what somebody pays", "free")


def tenge_text(amount: Decimal | float | str) -> str:
    """An amount of tenge: "12 500 ₸"; tiyn are shown only where there are any.

    Raises:
        ValueError: ``amount`` is not a number.
    """
    try:
        exact = Decimal(str(amount)).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(f"Not an amount of money: {amount!r}") from None
    whole, _, tiyn = f"{abs(exact):.2f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", NO_BREAK)
    mark = "." if _language() == "en" else ","
    fraction = f"{mark}{tiyn}" if int(tiyn) else ""
    sign = "−" if exact < 0 else ""
    return f"{sign}{grouped}{fraction}{NO_BREAK}₸"


def term_text(n: int, unit: str) -> str:
    """A length of time in words: "10 calendar days".

    Args:
        n: how many.
        unit: code of ``tirek.core.reference.Unit``: days, hours, minutes or months.
    """
    words = {
        "working_days": ngettext("%(n)s working day", "%(n)s working days", n),
        "calendar_days": ngettext("%(n)s calendar day", "%(n)s calendar days", n),
        "hours": ngettext("%(n)s hour", "%(n)s hours", n),
        "minutes": ngettext("%(n)s minute", "%(n)s minutes", n),
        "months": ngettext("%(n)s month", "%(n)s months", n),
    }
    return (words[unit] % {"n": n}).replace(" ", NO_BREAK, 1)


def value_text(one: Value) -> str:
    """A value of the reference data in words: "10 calendar days", "1 460 pieces", "a quarter"."""
    if one.unit is Unit.TEXT:
        return words_of_text(one.key, one.text)
    if one.unit in TERMS:
        return term_text(int(one.number), one.unit)
    return f"{number_text(one.number)}{NO_BREAK}{one.unit.label}"


def typed_number_text(value: Decimal) -> str:
    """A number as somebody would type it in the present language: its decimal mark, no needless zeros, no spaces:
    "98,5".
    """
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain if _language() == "en" else plain.replace(".", ",")


def percent_text(value: int) -> str:
    """A share: "95 %"."""
    return f"{value}{NO_BREAK}%"


def number_text(value: Decimal | int) -> str:
    """A number with the marks of the present language."""
    return number_format(value, use_l10n=True, force_grouping=True)


def change_text(value: int) -> str:
    """By how much a balance grew or shrank, with its sign: "+365", "−60" (a minus, not a hyphen), "0"."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{number_text(abs(value))}"


def size_text(label: str) -> str:
    """A size or model as one piece: "60 × 90" and "6 (16–30)" do not end a line halfway."""
    return _DASH_OF_A_RANGE.sub(JOINED, _WITHIN_A_SIZE.sub(NO_BREAK, label))


def answer_text(value: object) -> str:
    """An answer of a form as a page repeats it: a day in words, a number in the marks of the language."""
    if isinstance(value, date):
        return day_text(value)
    return typed_number_text(value) if isinstance(value, Decimal) else str(value)


#: Regions that the names of CLDR have besides the countries of ISO 3166-1: islands and parts, unions, trial codes.
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])
#: Codes of countries by ISO 3166-1.
COUNTRIES = frozenset(
    code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRIES
)


def is_country(code: str) -> bool:
    """Whether this is the code of a country by ISO 3166-1, two capital letters."""
    return code in COUNTRIES


def country_text(code: str) -> str:
    """The name of a country in the present language, by its ISO 3166-1 code: "Қазақстан"; another code as it is."""
    return str(Locale(_language()).territories.get(code.upper(), code))


def dialled_text(value: str) -> str:
    """A phone number as it is dialled within the country, for a table: "8 722 200 00 01". It begins with no sign that a
    spreadsheet takes for a formula, and stays text. Another country's is as ``phone_text`` gives it.
    """
    shown = phone_text(value).replace(NO_BREAK, " ")
    return f"8{shown.removeprefix('+7')}" if shown.startswith("+7 ") else shown


def phone_text(value: str) -> str:
    """A phone number in groups: "+7 722 200 00 01"; another country's as it is written there, "" or words as they
    are.
    """
    try:
        number = phonenumbers.parse(value, "KZ")
    except phonenumbers.NumberParseException:
        return value
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL).replace("-", " ")
    if number.country_code == _OWN_CODE:
        shown = re.sub(r"^(\d{3})(\d{3})(\d\d)(\d\d)$", r"+7 \1 \2 \3 \4", str(number.national_number))
    return shown.replace(" ", NO_BREAK)
