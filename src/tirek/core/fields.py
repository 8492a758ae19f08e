"""Form fields for what Django has none: IIN and BIN, accounts and banks, JSON of strangers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tirek.core.identifiers import Bin, Iban, Iin, InvalidAccount, InvalidIdentifier, parse_bic
from tirek.core.untrusted import Json, Unreadable, json_of

#: Twelve digits and what people, or what they copy from, put around and between them.
_TYPED_LENGTH = 60
_ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "maxlength": str(_TYPED_LENGTH)}


#: Characters of a JSON answer: a security key's has about two thousand.
_LONGEST_JSON = 20_000


class JsonField(forms.CharField):
    """JSON that a script of the page filled in; ``cleaned_data`` holds its value."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        super().__init__(max_length=_LONGEST_JSON, **kwargs)

    def clean(self, value: Any) -> Json:  # noqa: ANN401 - as Django declares it
        """The value.

        Raises:
            ValidationError: it is no JSON that we read.
        """
        typed = super().clean(value)
        try:
            return json_of(typed)
        except Unreadable as refused:
            raise ValidationError(_("The page sent something we cannot read."), code="unreadable") from refused


class _NumberField(forms.CharField):
    """Twelve digits typed with or without spaces."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        super().__init__(widget=forms.TextInput(attrs={**_ATTRIBUTES, "class": "govuk-input--width-10"}), **kwargs)


class IinField(_NumberField):
    """An IIN; ``cleaned_data`` holds an ``Iin``."""

    def clean(self, value: Any) -> Iin | None:  # noqa: ANN401 - as Django declares it
        """The checked number, ``None`` for nothing typed in an optional field.

        Raises:
            ValidationError: with the reason in words.
        """
        typed = super().clean(value)
        try:
            return Iin.parse(typed) if typed else None
        except InvalidIdentifier as refused:
            raise ValidationError(str(refused.message), code=refused.code) from refused


class BinField(_NumberField):
    """A BIN; ``cleaned_data`` holds a ``Bin``."""

    def clean(self, value: Any) -> Bin | None:  # noqa: ANN401 - as Django declares it
        """The checked number, ``None`` for nothing typed in an optional field.

        Raises:
            ValidationError: with the reason in words.
        """
        typed = super().clean(value)
        try:
            return Bin.parse(typed) if typed else None
        except InvalidIdentifier as refused:
            raise ValidationError(str(refused.message), code=refused.code) from refused


class IbanField(forms.CharField):
    """A bank account of Kazakhstan; ``cleaned_data`` holds an ``Iban``."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        attributes = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-20"}
        super().__init__(max_length=_TYPED_LENGTH, widget=forms.TextInput(attributes), **kwargs)

    def clean(self, value: Any) -> Iban | None:  # noqa: ANN401 - as Django declares it
        """The checked account, ``None`` for nothing typed in an optional field.

        Raises:
            ValidationError: with the reason in words.
        """
        typed = super().clean(value)
        try:
            return Iban.parse(typed) if typed else None
        except InvalidAccount as refused:
            raise ValidationError(str(refused.message), code=refused.code) from refused


class BicField(forms.CharField):
    """The code of a bank; ``cleaned_data`` holds its signs, "" for none."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        attributes = {"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"}
        super().__init__(max_length=_TYPED_LENGTH, widget=forms.TextInput(attributes), **kwargs)

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The checked code.

        Raises:
            ValidationError: with the reason in words.
        """
        typed = super().clean(value)
        try:
            return parse_bic(typed) if typed else ""
        except InvalidAccount as refused:
            raise ValidationError(str(refused.message), code=refused.code) from refused
