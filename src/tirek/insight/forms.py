"""By what the public figures are narrowed."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _


class CellForm(forms.Form):
    """A kind and a region, in the address."""

    hide_optional = True

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(
        self, sent: Mapping[str, Any], *, kinds: Sequence[tuple[str, str]], regions: Sequence[tuple[str, str]]
    ) -> None:
        """``kinds`` and ``regions`` are code and name of what can be chosen."""
        super().__init__(sent, auto_id="filter_%s")
        cast("forms.ChoiceField", self.fields["kind"]).choices = [("", _("all kinds together")), *kinds]
        cast("forms.ChoiceField", self.fields["region"]).choices = [("", _("the whole republic")), *regions]
