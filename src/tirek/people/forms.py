"""Forms of the officer's pages about people."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.accounts.fields import PhoneField
from tirek.accounts.models import Language
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.fields import IinField
from tirek.core.places import within
from tirek.people.models import Disability, Person, Representation
from tirek.territory.fields import PlaceField
from tirek.ui.fields import DayField, LineField, NameField, filled_in_by_hand


class PhoneForm(forms.Form):
    """A new phone on file for somebody who is at the counter."""

    iin = IinField(label=_("IIN of the person"), help_text=_("12 digits, as on the identity card."))
    phone = forms.CharField(
        label=_("New phone number"),
        help_text=_("For example +7 701 234 56 78."),
        max_length=30,
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "class": "govuk-input--width-20"}
        ),
    )
    checked = forms.BooleanField(label=_("The person is here, and I have compared the face with the identity card"))


class _AtCounter(forms.Form):
    """What is typed at a counter: no browser fills it in."""

    #: code of a refusal → field it belongs to
    FIELDS: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own arguments
        super().__init__(*args, **kwargs)
        filled_in_by_hand(self)


class NeedsForm(_AtCounter):
    """How a person wants to be reached and served."""

    no_voice_calls = forms.BooleanField(label=_("Write, do not call"), required=False)
    large_print = forms.BooleanField(label=_("Large print"), required=False)
    easy_read = forms.BooleanField(label=_("Short and easy texts"), required=False)
    sign_language = forms.BooleanField(label=_("Sign language"), required=False)
    contact_language = forms.ChoiceField(
        label=_("Language of letters and pages"), choices=Language.choices, widget=forms.RadioSelect, initial="kk"
    )


class RegisterPersonForm(NeedsForm):
    """Somebody whom no register has brought."""

    iin = IinField(label=_("IIN of the person"), help_text=_("12 digits, as on the identity card."))
    surname = forms.CharField(label=_("Surname"), max_length=100)
    given_name = forms.CharField(label=_("Given name"), max_length=100)
    patronymic = forms.CharField(label=_("Patronymic"), max_length=100, required=False)
    birth_date = DayField(
        label=_("Date of birth"),
        help_text=_("Only where it is another than the IIN tells."),
        required=False,
        latest=clock.today,
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        help_text=_("Only where it is another than the IIN tells."),
        choices=[("", _("As the IIN tells")), *Person.Sex.choices],
        required=False,
    )
    place = PlaceField(label=_("District or city where the person lives"), districts_only=True)
    address = NameField(label=_("Address"), max_length=300)
    phone = PhoneField(label=_("Phone of the person"), required=False)
    checked = forms.BooleanField(label=_("The person is here, and I have compared the face with the identity card"))
    field_order = (
        "iin", "surname", "given_name", "patronymic", "birth_date", "sex", "place", "address", "phone",
        "contact_language", "no_voice_calls", "large_print", "easy_read", "sign_language", "checked",
    )  # fmt: skip
    FIELDS: ClassVar[dict[str, str]] = {
        "already_registered": "iin",
        "name": "surname",
        "born": "birth_date",
        "district": "place",
        "phone": "phone",
        "not_allowed": "place",
    }

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:  # noqa: ANN401 - as above
        """Offer the districts of the officer's territory."""
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        if isinstance(place, PlaceField):
            place.offered = lambda code: within(code, actor.territory)
            # who serves one district chooses nothing
            self.initial.setdefault("place", actor.territory)


class MoveForm(_AtCounter):
    """Where a person lives now."""

    place = PlaceField(label=_("District or city where the person lives now"), districts_only=True)
    address = NameField(label=_("Address"), max_length=300)
    FIELDS: ClassVar[dict[str, str]] = {"district": "place"}


class RepresentationForm(_AtCounter):
    """Who acts for a person, on which document."""

    iin = IinField(label=_("IIN of the representative"), help_text=_("12 digits, as on the identity card."))
    basis = forms.ChoiceField(label=_("Basis"), choices=Representation.Basis.choices, widget=forms.RadioSelect)
    document_number = LineField(
        label=_("Number of the document"),
        help_text=_("Birth certificate, decision on guardianship, or power of attorney."),
        max_length=100,
    )
    since = DayField(label=_("First day"))
    until = DayField(label=_("Last day"), required=False)
    FIELDS: ClassVar[dict[str, str]] = {
        "not_found": "iin",
        "self": "iin",
        "representative": "iin",
        "of_age": "basis",
        "already_entered": "basis",
        "document": "document_number",
        "term": "until",
    }


class DisabilityForm(_AtCounter):
    """A term of disability, from the conclusion of the medical-social expertise."""

    group = forms.ChoiceField(label=_("Group"), choices=Disability.Group.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"), choices=Disability.Reason.choices, widget=forms.RadioSelect)
    since = DayField(label=_("First day"), latest=clock.today)
    until = DayField(label=_("Last day"), help_text=_("Empty when it is without term."), required=False)
    FIELDS: ClassVar[dict[str, str]] = {"term": "until", "since": "since"}


class DeathForm(_AtCounter):
    """A death, from the certificate."""

    deceased_on = DayField(label=_("Day of death"), latest=clock.today)
    checked = forms.BooleanField(label=_("I have seen the certificate of death of this person"))
    FIELDS: ClassVar[dict[str, str]] = {"day": "deceased_on", "already_entered": "deceased_on"}


class WithdrawForm(_AtCounter):
    """The person takes a consent back at the counter."""

    checked = forms.BooleanField(
        label=_("The person, or who acts for the person, is here and has signed the withdrawal on paper")
    )
