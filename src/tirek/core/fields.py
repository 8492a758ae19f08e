"""Form fields for IIN and BIN."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tirek.core.identifiers import Iin, InvalidIdentifier

#: Twelve digits and what people, or what they copy from, put around and between them.
_TYPED_LENGTH = 60
_ATTRIBUTES = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "maxlength": str(_TYPED_LENGTH)}


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
