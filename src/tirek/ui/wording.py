"""Error texts of form fields: each names its field and the way out, in kk, ru and en.

Django's own texts do neither ("This field is required."), so wherever a field still carries Django's default the
sentence written here takes its place. A text that a form sets itself is left alone.
"""

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.ui.fields import sample_of_day

Sentence = str | Promise

_CHOOSE = _("Choose an answer to “%(label)s”.")
_FILL_IN = _("Fill in “%(label)s”.")
_TICK = _("Tick “%(label)s” to continue.")
_ATTACH = _("Choose a file for “%(label)s”.")
_WHOLE_NUMBER = _("“%(label)s” must be a whole number, for example 12.")
_NUMBER = _("“%(label)s” must be a number, for example 12.")
_EMAIL = _("“%(label)s” must be an e-mail address, for example name@example.kz.")
_NOT_IN_LIST = _("Choose one of the answers listed under “%(label)s”.")
_DATE = _("“%(label)s” must be a real date, for example %(sample)s.")
_CHECK = _("Check “%(label)s”: it is not written in the expected way.")

_LIMITS: dict[str, Sentence] = {
    "max_length": _("“%(label)s” must be %(limit_value)s characters or fewer. Shorten it."),
    "min_length": _("“%(label)s” must be %(limit_value)s characters or more."),
    "max_value": _("“%(label)s” must be %(limit_value)s or less."),
    "min_value": _("“%(label)s” must be %(limit_value)s or more."),
    "step_size": _CHECK,
    "max_digits": _("“%(label)s” has too many digits. Shorten it."),
    "max_decimal_places": _("“%(label)s” has too many digits after the decimal mark."),
    "max_whole_digits": _("“%(label)s” is too large a number."),
    "empty": _("The file for “%(label)s” is empty. Choose another file."),
    "missing": _ATTACH,
    "contradiction": _("For “%(label)s”, either choose a file or tick the box, not both."),
    "invalid_image": _("The file for “%(label)s” is not a picture that we can open. Choose a JPEG or PNG file."),
    "invalid_extension": _("The file for “%(label)s” is of a kind that we do not take. Choose another file."),
    "null_characters_not_allowed": _CHECK,
    "invalid_list": _NOT_IN_LIST,
    "invalid_pk_value": _NOT_IN_LIST,
}

_LIBRARY = (
    validators.BaseValidator,
    validators.EmailValidator,
    validators.FileExtensionValidator,
    validators.ProhibitNullCharactersValidator,
    validators.RegexValidator,
)

#: What "required" is called, by kind of field; the first that fits.
_REQUIRED: tuple[tuple[type[forms.Field], Sentence], ...] = (
    (forms.BooleanField, _TICK),
    (forms.FileField, _ATTACH),
    (forms.ChoiceField, _CHOOSE),
    (forms.ModelChoiceField, _CHOOSE),
)
#: What "invalid" is called, by kind of field; the first that fits.
_INVALID: tuple[tuple[type[forms.Field], Sentence], ...] = (
    (forms.DecimalField, _NUMBER),
    (forms.FloatField, _NUMBER),
    (forms.IntegerField, _WHOLE_NUMBER),
    (forms.EmailField, _EMAIL),
    (forms.DateField, _DATE),
    (forms.FileField, _ATTACH),
)


def _for_kind(
    field: forms.Field, table: tuple[tuple[type[forms.Field], Sentence], ...], otherwise: Sentence
) -> Sentence:
    return next((sentence for kind, sentence in table if isinstance(field, kind)), otherwise)


def _sentence(field: forms.Field, code: str) -> Sentence | None:
    if code == "required":
        return _for_kind(field, _REQUIRED, _FILL_IN)
    if code == "invalid":
        return _for_kind(field, _INVALID, _CHECK)
    if code == "invalid_choice":
        return _NOT_IN_LIST
    return _LIMITS.get(code)


def _is_own(field: forms.Field, error: ValidationError) -> bool:
    """Whether the form, and not Django, wrote the text of ``error``."""
    defaults: list[object] = [
        kind.__dict__.get("default_error_messages", {}).get(error.code)
        for kind in type(field).__mro__
        if kind.__module__.startswith("django.")
    ]
    defaults += [
        getattr(type(validator), "message", None) for validator in field.validators if isinstance(validator, _LIBRARY)
    ]
    defaults.append(validators.DecimalValidator.messages.get(error.code or ""))
    text = str(error.message)
    return all(text != str(default) for default in defaults if default is not None)


def text_of(bound: BoundField, error: ValidationError) -> str:
    """The sentence for one error of one field."""
    own = _is_own(bound.field, error)
    sentence = None if own else _sentence(bound.field, error.code or "invalid")
    if sentence is None:
        return str(error.messages[0])
    told = {"limit_value": "", "sample": sample_of_day(), **(error.params or {}), "label": bound.label}
    return str(sentence) % told
