"""A form field for telephone numbers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import parse_phone
from tirek.core.errors import RuleBroken

_LONGEST = 60
_ATTRIBUTES = {"type": "tel", "inputmode": "tel", "autocomplete": "off", "class": "govuk-input--width-20"}


class PhoneField(forms.CharField):
    """A telephone number as people write it; ``cleaned_data`` holds it in E.164 form, "" for none."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        super().__init__(
            **{
                "help_text": _("For example +7 701 234 56 78."),
                "max_length": _LONGEST,
                "widget": forms.TextInput(_ATTRIBUTES),
                **kwargs,
            }
        )

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The number.

        Raises:
            ValidationError: it is none.
        """
        typed = super().clean(value)
        try:
            return parse_phone(typed) if typed else ""
        except RuleBroken as refused:
            raise ValidationError(str(refused.message), code=refused.code) from refused
