"""Forms of an application to join the register, and of those who check it."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.accounts.fields import PhoneField
from tirek.core import clock
from tirek.core.fields import BinField
from tirek.suppliers.checks import earliest_answer
from tirek.suppliers.models import Activity, Ground, Registration
from tirek.territory.queries import districts
from tirek.ui.fields import DayField, HintedCheckboxes, HintedRadios, NameField, long_text, short_text


class WhoForm(forms.Form):
    """Whose business it is."""

    ENTITY: Final = "entity"
    INDIVIDUAL: Final = "individual"

    who = forms.ChoiceField(
        label=_("Who will be the supplier?"),
        choices=[
            (ENTITY, _("an organisation that I represent")),
            (INDIVIDUAL, _("I myself: I am an individual entrepreneur")),
        ],
        widget=HintedRadios(
            hints={ENTITY: _("By its BIN."), INDIVIDUAL: _("By your IIN, which we know already.")},
        ),
    )


class BinForm(forms.Form):
    """Which organisation."""

    bin = BinField(label=_("BIN of the organisation"), help_text=_("12 digits, as in the certificate."))


class NamesForm(forms.Form):
    """What it is called."""

    name_kk = NameField(label=_("Name in Kazakh"), help_text=_("As people will see it: «Тірек» ЖШС."), max_length=300)
    name_ru = NameField(label=_("Name in Russian"), max_length=300)
    name_en = NameField(
        label=_("Name in English"),
        help_text=_("If you leave it empty, English pages show the Russian text."),
        max_length=300,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The Russian name where there is no English one."""
        found = super().clean() or {}
        if not found.get("name_en"):
            found["name_en"] = found.get("name_ru", "")
        return found


class PlaceForm(forms.Form):
    """Where it stands, and whom people call."""

    place_code = forms.ChoiceField(
        label=_("District or city"), help_text=_("The commission of its region decides about the application.")
    )
    address = short_text(_("Address"), _("Street, house, office."), longest=300)
    contact_phone = PhoneField(label=_("Phone for people who will order"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """Districts by their regions."""
        super().__init__(*args, **kwargs)
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in districts():
            groups.setdefault(one.parent.name if one.parent else "", []).append((one.code, one.name))
        choices: list[Any] = [("", _("Choose from the list")), *groups.items()]
        self.fields["place_code"].choices = choices  # type: ignore[attr-defined]  # a field of choices


class SuppliesForm(forms.Form):
    """What it will supply."""

    supplies = forms.MultipleChoiceField(
        label=_("What will you supply?"),
        help_text=_("Tick everything: by this we know which papers to ask for."),
        choices=[(one.value, capfirst(one.label)) for one in Activity],
        widget=HintedCheckboxes(
            hints={
                Activity.SIGN_LANGUAGE: _("A document of qualification is asked for."),
                Activity.SPECIAL_SERVICES: _("A licence is asked for."),
                Activity.ASSISTANT: _("None of the ten requirements of the law concerns individual assistants."),
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        """In the reader's language."""
        super().__init__(*args, **kwargs)
        choices = [(one.value, capfirst(one.label)) for one in Activity]
        self.fields["supplies"].choices = choices  # type: ignore[attr-defined]  # a field of choices


class DataForm(NamesForm, PlaceForm, SuppliesForm):
    """All that may be corrected of the data."""

    field_order = ("name_kk", "name_ru", "name_en", "place_code", "address", "contact_phone", "supplies")


class PaperForm(forms.Form):
    """A document that a requirement asks for."""

    document_number = short_text(_("Number of the document"), longest=80)
    issued_on = DayField(label=_("Issued on"), latest=clock.today)
    valid_until = DayField(
        label=_("Last day on which it is valid"),
        help_text=_("Leave it empty if it has no end."),
        earliest=clock.today,
        required=False,
    )
    file = forms.FileField(
        label=_("The document itself"),
        help_text=_("A PDF or a photo, at most 10 MB. The regional department and the commission see it."),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp,.pdf"}),
    )


class FindingForm(forms.Form):
    """Whether something is in order."""

    IN_ORDER: Final = "in_order"
    WRONG: Final = "not"

    finding = forms.ChoiceField(
        label=_("Is it in order?"),
        choices=[(IN_ORDER, _("yes, it is in order")), (WRONG, _("no"))],
        widget=forms.RadioSelect,
    )
    words = long_text(
        _("What is not in order?"),
        _("The applicant reads it beside this step. Say what is to be done."),
        longest=600,
        rows=3,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """What is wrong is said."""
        found = super().clean() or {}
        if found.get("finding") == self.WRONG and not found.get("words", "").strip() and "words" not in self.errors:
            self.add_error("words", forms.ValidationError(_("Say what is not in order."), code="required"))
        return found


class AnswerForm(FindingForm):
    """What a register said on a day."""

    answered_on = DayField(label=_("Day on which the register was asked"), earliest=earliest_answer, latest=clock.today)
    field_order = ("answered_on", "finding", "words")


class BackForm(forms.Form):
    """Words over what is not in order."""

    reason = long_text(
        _("Anything else the applicant has to know"),
        _("What is not in order is shown to the applicant with your sentence at each requirement."),
        longest=600,
        rows=3,
        required=False,
    )


class ConclusionForm(forms.Form):
    """The commission's conclusion."""

    conclusion_number = short_text(_("Number of the conclusion"), longest=60)
    conclusion_on = DayField(label=_("Date of the conclusion"), latest=clock.today)


class RefusalForm(ConclusionForm):
    """The commission's conclusion that refuses."""

    reason = long_text(_("Why does the commission refuse it?"), _("The applicant reads it."), longest=600, rows=3)


class RejectionForm(forms.Form):
    """Why an application does not reach the commission."""

    ground = forms.ChoiceField(
        label=_("What is false?"), choices=Registration.Falsehood.choices, widget=forms.RadioSelect
    )
    reason = long_text(_("How do you know?"), _("The applicant reads it, and can apply again."), longest=600, rows=3)


class BasisForm(forms.Form):
    """On what a decision about a supplier rests."""

    basis = long_text(
        _("On what does it rest?"),
        _("Number and date of the decision, and why. The supplier reads it."),
        longest=300,
        rows=3,
    )


class RemovalForm(BasisForm):
    """Why a supplier is removed."""

    ground = forms.ChoiceField(label=_("Ground of the law"), choices=Ground.choices, widget=forms.RadioSelect)
    field_order = ("ground", "basis")


class RegisterForm(forms.Form):
    """What the register is narrowed by; it stands in the address."""

    hide_optional = True

    name = forms.CharField(label=_("Name or BIN"), required=False, max_length=100)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, data: Mapping[str, Any], *, regions: list[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="narrow_%s")
        self.fields["region"].choices = [("", _("all")), *regions]  # type: ignore[attr-defined]  # of choices

    def narrowed(self) -> dict[str, str]:
        """What is wanted; what cannot be read narrows nothing."""
        self.is_valid()
        return {name: str(self.cleaned_data.get(name) or "") for name in ("name", "region")}
