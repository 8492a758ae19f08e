"""Forms of the administrator's desk."""

from datetime import date
from typing import TYPE_CHECKING, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tirek.core import reference
from tirek.core.errors import DomainError
from tirek.core.identifiers import Bin, InvalidIdentifier
from tirek.core.reference import Status, Unit, Value
from tirek.organisations.models import Membership
from tirek.ui.fields import DayField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

REASON_LENGTH: Final = 300


def _reason(label: "_StrPromise", hint: "str | _StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 2})
    )


class ValuesFilter(forms.Form):
    """Which values are listed."""

    hide_optional = True
    text = forms.CharField(label=_("Name or source"), required=False, max_length=80)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Status.choices])


class VersionForm(forms.Form):
    """A new version of a value."""

    value = forms.CharField(label=_("Value"), max_length=200)
    unit = forms.ChoiceField(label=_("Unit"))
    effective_from = DayField(label=_("First day"), help_text=_("The version before it ends the day before."))
    citation = forms.CharField(
        label=_("Source"),
        help_text=_("The act and its article, or the decision: people read it on the page of terms."),
        max_length=300,
    )
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, widget=forms.RadioSelect)
    reason = _reason(_("Reason, when the first day has passed"), _("What was decided until now keeps its old value."))

    #: which field a refusal of the rules belongs to
    FIELDS: Final = {
        "number": "value",
        "value": "value",
        "citation": "citation",
        "unit": "unit",
        "past": "reason",
        "overlap": "effective_from",
    }

    def __init__(self, *args: object, known: Value, **kwargs: object) -> None:
        """Take the version that the new one follows: its unit decides which units are offered."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self._known = known
        units = [one for one in Unit if one in reference.TERMS] if known.unit in reference.TERMS else [known.unit]
        field = self.fields["unit"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.value, one.label) for one in units]

    def entered(self) -> Value:
        """The version as it was entered; the form is valid."""
        given = self.cleaned_data
        return Value(
            key=self._known.key,
            scope=self._known.scope,
            text=given["value"],
            unit=Unit(given["unit"]),
            effective_from=given["effective_from"],
            effective_to=None,
            citation=given["citation"],
            status=Status(given["status"]),
        )


def show_refusal(form: forms.Form, error: DomainError, fields: dict[str, str]) -> None:
    """Put a refusal of the rules beside the field it speaks of."""
    form.add_error(fields.get(error.code), ValidationError(str(error.message), code=error.code))


class DayForm(forms.Form):
    """A day that differs from the ordinary calendar."""

    day = DayField(label=_("Day"))
    working = forms.ChoiceField(
        label=_("What is it?"), choices=[("no", _("Day off")), ("yes", _("Working day"))], widget=forms.RadioSelect
    )
    citation = forms.CharField(
        label=_("Source"), help_text=_("The act or decision that moves the day."), max_length=300
    )
    reason = _reason(_("Reason, when the day has passed"), _("Terms that run already keep their last day."))

    FIELDS: Final = {"citation": "citation", "ordinary": "working", "past": "reason", "already_entered": "day"}


class ImportForm(forms.Form):
    """A file of days."""

    file = forms.FileField(label=_("CSV file"))
    reason = _reason(_("Reason, when days in the file have passed"), "")


class PreviewForm(forms.Form):
    """The day to look at."""

    day = DayField(label=_("Which day do you want to see?"), earliest=date(2000, 1, 1), latest=date(2100, 12, 31))


class FindUserForm(forms.Form):
    """A login, and why a person's account is looked for."""

    login = forms.CharField(label=_("E-mail address, or IIN"), max_length=254)
    reason = _reason(
        _("Reason, when you look for a person by IIN"),
        _("It is recorded, and the person sees that the account was opened."),
    )

    def clean(self) -> dict[str, object]:
        """An IIN needs a reason, whether there is such an account or not."""
        given = dict(super().clean() or {})
        if given.get("login") and "@" not in str(given["login"]) and not str(given.get("reason", "")).strip():
            self.add_error("reason", ValidationError(_("Say why you open a person's account."), code="reason"))
        return given


class RoleForm(forms.Form):
    """A dated role in an organisation."""

    number = forms.CharField(
        label=_("BIN of the organisation"), help_text=_("12 digits. It stands in the list of users."), max_length=20
    )
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role.choices)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False)

    FIELDS: Final = {"role": "role", "already_entered": "role", "term": "until"}

    def clean_number(self) -> Bin:
        """The BIN.

        Raises:
            ValidationError: it is none.
        """
        try:
            return Bin.parse(self.cleaned_data["number"])
        except InvalidIdentifier as error:
            raise ValidationError(str(error.message), code=error.code) from error
