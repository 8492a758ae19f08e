"""What a person needs and did not find; and by what the counted needs are narrowed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.ui.fields import long_text

LONGEST: Final = 500


class NeedForm(forms.Form):
    """The need in the person's own words, beside the conditions of the list."""

    words = long_text(
        _("What is needed, in your own words"),
        _("For example the size, what it is for, what the offers lack."),
        longest=LONGEST,
        required=False,
    )
    tell = forms.BooleanField(label=_("Send a message when there is an offer like that"), required=False)


class OpenForm(forms.Form):
    """A kind and a region, in the address."""

    hide_optional = True

    kind = forms.ChoiceField(label=_("Kind of goods"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(
        self, sent: Mapping[str, Any], *, kinds: Sequence[tuple[str, str]], regions: Sequence[tuple[str, str]]
    ) -> None:
        """``kinds`` and ``regions`` are code and name of what can be chosen."""
        super().__init__(sent, auto_id="filter_%s")
        cast("forms.ChoiceField", self.fields["kind"]).choices = [("", _("all, each as a whole")), *kinds]
        cast("forms.ChoiceField", self.fields["region"]).choices = [("", _("all regions")), *regions]
