"""Forms of the administrator's desk."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tirek.accounts.fields import PhoneField
from tirek.accounts.models import Language
from tirek.catalogue.models import CarryOver, GuaranteedAmount, KindProvision, KindTerms, OfKind, Period
from tirek.catalogue.terms import PARTS_OF_YEAR, SAID
from tirek.core import clock, reference
from tirek.core.errors import DomainError
from tirek.core.fields import BinField
from tirek.core.imports import MOST_BYTES
from tirek.core.reference import Status, Unit, Value, amendments
from tirek.organisations.models import Membership, Organisation
from tirek.organisations.permissions import roles_given
from tirek.territory.fields import PlaceField
from tirek.territory.queries import regions
from tirek.ui.fields import DayField, LineField, NameField, NumberField, WholeField, filled_in_by_hand, short_text
from tirek.ui.text import day_text

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.utils.functional import _StrPromise

D = TypeVar("D", bound=OfKind)
REASON_LENGTH: Final = 300
#: Bytes of a file of scenarios.
MOST_IN_SCENARIOS: Final = 1_000_000


def _reason(label: "_StrPromise", hint: "str | _StrPromise") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=False, max_length=REASON_LENGTH, widget=forms.Textarea({"rows": 2})
    )


class ValuesFilter(forms.Form):
    """Which values are listed."""

    hide_optional = True
    text = forms.CharField(label=_("Name or source"), required=False, max_length=80)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Status.choices])


class DatedForm(forms.Form):
    """What every new version of dated data says: first day, source, status."""

    effective_from = DayField(label=_("First day"), help_text=_("The version before it ends the day before."))
    citation = LineField(
        label=_("Source"),
        help_text=_("The act and its article, or the decision: people read it on the page of terms."),
        max_length=300,
    )
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, widget=forms.RadioSelect)
    reason = _reason(_("Reason, when the first day has passed"), _("What was decided until now keeps its old value."))


class OfKindForm(DatedForm):
    """A new version of what holds for a kind, in a region or in the whole country."""

    #: the place that is no region
    COUNTRY: Final = "country"

    region_code = forms.ChoiceField(label=_("Where does it hold?"))
    citation = LineField(label=_("Source"), help_text=_("The act and its article, or the decision."), max_length=300)

    FIELDS: ClassVar[dict[str, str]] = {
        "region": "region_code",
        "citation": "citation",
        "past": "reason",
        "far_day": "effective_from",
        "overlap": "effective_from",
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Offer the whole country and its regions."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        field = self.fields["region_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(self.COUNTRY, capfirst(_("whole country"))), *((one.code, one.name) for one in regions())]

    def dated(self, row: D) -> D:
        """A version with the region, the first day and the source that were entered; the form is valid."""
        given = self.cleaned_data
        row.region_code = "" if given["region_code"] == self.COUNTRY else given["region_code"]
        row.effective_from, row.citation, row.status = given["effective_from"], given["citation"], given["status"]
        return row


class AmountForm(OfKindForm):
    """A new version of a guaranteed amount."""

    amount = NumberField(label=_("Amount for one unit, tenge"), max_digits=14, decimal_places=2)
    field_order = ("region_code", "amount", "effective_from", "citation")

    FIELDS: ClassVar[dict[str, str]] = {**OfKindForm.FIELDS, "amount": "amount"}

    def entered(self, kind: str) -> GuaranteedAmount:
        """The version as it was entered, not written yet; the form is valid."""
        return self.dated(GuaranteedAmount(kind_id=kind, amount=self.cleaned_data["amount"]))


def _count(label: "_StrPromise", hint: "_StrPromise") -> WholeField:
    return WholeField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}),
    )


class TermsForm(OfKindForm):
    """A new version of the terms of a kind."""

    period = forms.ChoiceField(
        label=_("Over what period does a programme count its quantity?"),
        choices=[(one.value, capfirst(one.label)) for one in Period],
        widget=forms.RadioSelect,
    )
    norm = _count(_("Norm: units in one period"), _("Empty when no norm is known: the programme says how much."))
    part = forms.ChoiceField(
        label=_("Is the quantity of a year given out in parts?"),
        choices=[("", _("No, all together")), *((one.value, capfirst(one.label)) for one in PARTS_OF_YEAR)],
        required=False,
        widget=forms.RadioSelect,
    )
    part_quantity = _count(_("Units in one part"), _("Empty: an equal share of what the programme gives in a year."))
    carry_over = forms.ChoiceField(
        label=_("What becomes of what was not ordered when a period or a part ends?"),
        choices=[(one.value, capfirst(one.label)) for one in CarryOver],
        widget=forms.RadioSelect,
    )
    max_per_order = _count(_("Units in one order, at most"), _("Empty: all that can be ordered."))
    replacement_months = _count(
        _("Months from receipt to the next one"),
        _("Empty when no term is known: it does not hold up an order. Only for what is given once."),
    )
    field_order = (
        "region_code",
        "period",
        "norm",
        "part",
        "part_quantity",
        "carry_over",
        "max_per_order",
        "replacement_months",
        "effective_from",
        "citation",
    )

    FIELDS: ClassVar[dict[str, str]] = {**OfKindForm.FIELDS, **{name: name for name in SAID}}

    def entered(self, kind: str) -> KindTerms:
        """The version as it was entered, not written yet; the form is valid."""
        return self.dated(KindTerms(kind_id=kind, **{name: self.cleaned_data[name] for name in SAID}))


class ProvisionForm(OfKindForm):
    """A new version of how a kind is provided."""

    way = forms.ChoiceField(
        label=_("How is it provided?"),
        choices=[(one.value, capfirst(one.label)) for one in KindProvision.Way],
        widget=forms.RadioSelect,
    )
    conclusion_number = LineField(
        label=_("Number of the commission's conclusion"),
        help_text=_("Only for what the local body buys because nobody offers it there (Social Code, article 169)."),
        max_length=60,
        required=False,
    )
    conclusion_on = DayField(label=_("Day of the conclusion"), required=False)
    effective_to = DayField(
        label=_("Last day"),
        help_text=_("Empty: until the next version. After it holds what the whole country or the classifier says."),
        required=False,
    )
    field_order = (
        "region_code",
        "way",
        "conclusion_number",
        "conclusion_on",
        "effective_from",
        "effective_to",
        "citation",
    )

    FIELDS: ClassVar[dict[str, str]] = {
        **OfKindForm.FIELDS,
        "way": "way",
        "conclusion_number": "conclusion_number",
        "conclusion_on": "conclusion_on",
        "term": "effective_to",
    }

    def entered(self, kind: str) -> KindProvision:
        """The version as it was entered, not written yet; the form is valid."""
        given = self.cleaned_data
        row = KindProvision(kind_id=kind, way=given["way"], conclusion_number=given["conclusion_number"])
        row.conclusion_on, row.effective_to = given["conclusion_on"], given["effective_to"]
        return self.dated(row)


class VersionForm(DatedForm):
    """A new version of a value."""

    value = forms.CharField(label=_("Value"), max_length=200)
    unit = forms.ChoiceField(label=_("Unit"))
    field_order = ("value", "unit")

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

    def clean(self) -> dict[str, object]:
        """What is wrong with the value is said also while another field is wrong."""
        given = dict(super().clean() or {})
        if self.errors and given.get("value") and given.get("unit"):
            try:
                amendments.check_text(self._known.key, Unit(str(given["unit"])), str(given["value"]))
            except DomainError as error:
                show_refusal(self, error, self.FIELDS)
        return given

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
    citation = LineField(label=_("Source"), help_text=_("The act or decision that moves the day."), max_length=300)
    reason = _reason(_("Reason, when the day has passed"), _("Terms that run already keep their last day."))

    FIELDS: Final = {"citation": "citation", "ordinary": "working", "past": "reason", "already_entered": "day"}


class ImportForm(forms.Form):
    """A file of days."""

    file = forms.FileField(label=_("CSV file"))
    reason = _reason(_("Reason, when days in the file have passed"), "")


class FileForm(forms.Form):
    """A file to import."""

    file = forms.FileField(label=_("File (XLSX, or CSV in UTF-8)"))

    def clean_file(self) -> "UploadedFile[bytes]":
        """The file, where it is not too large.

        Raises:
            ValidationError: it is.
        """
        chosen: UploadedFile[bytes] = self.cleaned_data["file"]
        if (chosen.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file is too large: at most %(size)s MB."), code="large", params={"size": MOST_BYTES // 1_000_000}
            )
        return chosen


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


class NamedForm(forms.Form):
    """A part of a name, to find something by."""

    hide_optional = True
    text = forms.CharField(label=_("Name or BIN"), required=False, max_length=80)


class StaffFilter(forms.Form):
    """Who is listed among the users."""

    hide_optional = True
    text = forms.CharField(label=_("Name, e-mail address, organisation or BIN"), required=False, max_length=80)


class RoleForm(forms.Form):
    """A dated role in an organisation of a kind."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False)

    FIELDS: Final[dict[str, str]] = {
        "role": "role",
        "already_entered": "role",
        "term": "until",
        "name": "name",
        "email_taken": "email",
    }

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        """Offer the roles that organisations of this kind have and that lead to pages."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        choices = [(one.value, str(one.label)[:1].upper() + str(one.label)[1:]) for one in roles_given(kind)]
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        if len(choices) == 1:
            field.initial = choices[0][0]


class TrainingForm(forms.Form):
    """Who of a body was trained in the work on the portal, and when."""

    members = forms.MultipleChoiceField(label=_("Who was trained?"), widget=forms.CheckboxSelectMultiple)
    on = DayField(label=_("Day of the training"))

    FIELDS: Final[dict[str, str]] = {"members": "members", "day": "on"}

    def __init__(self, *args: object, staff: Sequence[tuple[Membership, str]], **kwargs: object) -> None:
        """Offer who works there, with the role and the day of the last training."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        field = self.fields["members"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(row.pk), _of_staff(row, name)) for row, name in staff]


def _of_staff(row: Membership, name: str) -> str:
    told = f"{name or '–'}, {row.get_role_display()}"
    if row.trained_on is None:
        return told
    trained = gettext("trained on %(day)s") % {"day": day_text(row.trained_on)}
    return f"{told} ({trained})"


class InviteForm(RoleForm):
    """Somebody new at work."""

    name = forms.CharField(
        label=_("Surname and given name"), max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The person gets a link there to set a password. It works once."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter and of the pages"), choices=Language.choices, widget=forms.RadioSelect
    )
    field_order = ("name", "email", "language", "role", "since", "until")


class _AboutOthers(forms.Form):
    """What an administrator types about somebody else: no browser fills in what it knows of its owner."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        filled_in_by_hand(self)


class OrganisationForm(_AboutOthers):
    """A new organisation."""

    kind = forms.ChoiceField(
        label=_("Kind of organisation"), choices=Organisation.Kind.choices, widget=forms.RadioSelect
    )
    number = BinField(label=_("BIN"), help_text=_("12 digits."))
    name_kk = NameField(label=_("Name in Kazakh"), max_length=300)
    name_ru = NameField(label=_("Name in Russian"), max_length=300)
    name_en = NameField(
        label=_("Name in English"), help_text=_("As in Russian, where it has none."), max_length=300, required=False
    )
    place = PlaceField(
        label=_("Region, district or city"),
        help_text=_("What a local body answers for, or where a supplier is. Not for the whole country."),
        required=False,
    )
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    phone = PhoneField(label=_("Phone for visitors"), required=False)
    active_from = DayField(label=_("First day"))

    FIELDS: Final = {"territory": "place", "already_entered": "number"}


class ContactForm(_AboutOthers):
    """Where people find and call an organisation."""

    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    phone = PhoneField(label=_("Phone for visitors"), required=False)


class RegisterForm(_AboutOthers):
    """The entry of an organisation in the register of suppliers."""

    conclusion_number = LineField(label=_("Number of the commission's conclusion"), max_length=60)
    conclusion_on = DayField(label=_("Day of the conclusion"), latest=clock.today)
    registered_on = DayField(label=_("Registered on"), latest=clock.today)
    contact_phone = PhoneField(label=_("Phone for people who have ordered"))

    FIELDS: Final = {"registered_on": "registered_on"}


class SupplierPhoneForm(_AboutOthers):
    """Whom people call who have ordered."""

    contact_phone = PhoneField(label=_("Phone for people who have ordered"))


class ScenariosForm(forms.Form):
    """A file of scenarios; ``file_name`` is known when it was read."""

    file_name = ""
    file = forms.FileField(label=_("File of scenarios (text in UTF-8)"))

    def clean_file(self) -> str:
        """The text of the file.

        Raises:
            ValidationError: it is too large, or no text in UTF-8.
        """
        chosen: UploadedFile[bytes] = self.cleaned_data["file"]
        self.file_name = chosen.name or ""
        if (chosen.size or 0) > MOST_IN_SCENARIOS:
            raise ValidationError(_("The file is too large. Divide it."))
        try:
            text: str = chosen.read(MOST_IN_SCENARIOS).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(_("Choose a text file in UTF-8.")) from error
        return text


class SetAsideForm(forms.Form):
    """Why a scenario is played no more."""

    why = short_text(_("Why is it not needed any more?"), longest=REASON_LENGTH)
