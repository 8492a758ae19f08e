"""The form by which an application to join the register begins: one question a page, kept as it is typed."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken
from tirek.people.models import Person
from tirek.suppliers import joining
from tirek.suppliers.actions.registrations import begin_registration
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.joining_forms import BinForm, NamesForm, PlaceForm, SuppliesForm, WhoForm
from tirek.suppliers.queries import check_may_apply
from tirek.suppliers.words import supplies_text
from tirek.territory.queries import names
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import Alone, DraftForm, Step


def _filled(actor: Actor, draft: Draft) -> Alone:
    del actor
    return Alone(draft)


def _begin(actor: Actor, sent: Mapping[str, str]) -> tuple[Mapping[str, str], UUID | None]:
    """A form of the applicant's own; one that was begun goes on."""
    del sent
    if actor.person_id is None:
        raise NotFound
    return {}, None


def _is_entity(filled: Alone) -> bool:
    return not joining.is_individual(filled.draft.values())


def _keep_who(request: DeskRequest, filled: Alone, form: forms.Form) -> None:
    del filled
    if form.cleaned_data.get("who") == WhoForm.INDIVIDUAL:
        person = Person.objects.get(user=request.actor.account)
        _keep(request, form, person.iin, "who")


def _keep_bin(request: DeskRequest, filled: Alone, form: forms.Form) -> None:
    del filled
    _keep(request, form, form.cleaned_data["bin"].digits, "bin")


def _keep(request: DeskRequest, form: forms.Form, number: str, field: str) -> None:
    """Whether this organisation may apply is said where its number is asked."""
    try:
        check_may_apply(request.actor.account, number)
    except RuleBroken as refused:
        if not told_at_field(form, refused, {"bin": field}):
            raise


def _context(_request: DeskRequest, filled: Alone) -> Mapping[str, object]:
    values = filled.draft.values()
    code = values.get("place_code", "")
    return {
        "is_individual": joining.is_individual(values),
        "place": names([code]).get(code, "") if code else "",
        "supplies": supplies_text(values.get("supplies", "").split("\n")),
    }


def _about(drafts: Sequence[Draft]) -> dict[UUID, str]:
    """What is applied for, by its name."""
    return {one.pk: name for one in drafts if (name := one.values().get("name_ru") or one.values().get("name_kk", ""))}


JOINING: Final = DraftForm(
    code=joining.FORM,
    version=joining.FORM_VERSION,
    title=_("Application to join the register of suppliers"),
    app="suppliers",
    prefix="join-",
    desks=frozenset({Desk.RECIPIENT}),
    steps=(
        Step(
            "who",
            lambda _filled: _("Who will be the supplier"),
            lambda _filled, data, typed: WhoForm(data, initial=typed),
            keep=_keep_who,
        ),
        Step(
            "bin",
            lambda _filled: _("The organisation"),
            lambda _filled, data, typed: BinForm(data, initial=typed),
            asked=_is_entity,
            keep=_keep_bin,
        ),
        Step(
            "names",
            lambda _filled: _("What it is called"),
            lambda _filled, data, typed: NamesForm(data, initial=typed),
        ),
        Step(
            "place",
            lambda _filled: _("Where it is found"),
            lambda _filled, data, typed: PlaceForm(data, initial=typed),
        ),
        Step(
            "supplies",
            lambda _filled: _("What it will supply"),
            lambda _filled, data, typed: SuppliesForm(data, initial=typed),
        ),
    ),
    filled=_filled,
    submit=begin_registration,
    case=REGISTRATIONS,
    done=_("Your application is begun. Now add the documents, then send it."),
    back=lambda _actor, _filled: reverse("suppliers:join"),
    check="suppliers/applicant/check.html",
    button=_("Go on to the documents"),
    context=_context,
    about=_about,
    begins=_begin,
).declare()
