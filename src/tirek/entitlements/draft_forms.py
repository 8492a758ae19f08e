"""Forms over drafts: a correction that an officer proposes, and a request that a person sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.catalogue.units import change_in_units, units_text
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken, Text
from tirek.core.keys import key_of, read_key
from tirek.entitlements import actions, answers, queries
from tirek.entitlements.case_types import CORRECTIONS, PROGRAMMES, REQUESTS
from tirek.entitlements.forms import LONGEST, Corrected, CorrectionForm, RequestForm, change_in_words
from tirek.entitlements.models import CorrectionRequest, Line, Programme
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import DraftForm, Step
from tirek.ui.fields import read_whole


def _kinds(drafts: Sequence[Draft]) -> dict[UUID, str]:
    """The kind that each draft is about, in words (two queries)."""
    lines = Line.objects.select_related("kind").in_bulk(
        [read_key(one.values().get("line", "")) for one in drafts if one.values().get("line")]
    )
    kinds = Kind.objects.in_bulk([one.values().get("kind", "") for one in drafts if one.values().get("kind")])
    found = {}
    for one in drafts:
        line = lines.get(read_key(one.values().get("line", "")))
        if line is not None and line.person_id != one.subject_id:
            # what a browser put into a draft may name the line of somebody else
            continue
        kind = line.kind if line else kinds.get(one.values().get("kind", ""))
        if kind is not None:
            found[one.pk] = kind.name
    return found


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that is being filled in, with what it refers to: a line, or a kind that has none."""

    draft: Draft
    line: Line | None
    kind: Kind | None
    programme: Programme | None = None

    @property
    def corrected(self) -> Corrected:
        """What a correction is about; it has a kind and a programme."""
        if self.kind is None or self.programme is None:
            raise NotFound
        return Corrected.of(self.line, self.kind, self.programme)


def _filled(actor: Actor, draft: Draft) -> Filled:
    values = draft.values()
    if values.get("line"):
        line = queries.line_for(actor, key_of(values["line"]))
        return Filled(draft, line, line.kind)
    return Filled(draft, None, Kind.objects.filter(pk=values.get("kind", "")).first())


def _filled_correction(actor: Actor, draft: Draft) -> Filled:
    found = _filled(actor, draft)
    if found.kind is None:
        raise NotFound
    line, typed = found.line, draft.values().get("programme", "")
    programme = line.programme if line else PROGRAMMES.by_key(actor, key_of(typed))
    return replace(found, programme=programme)


def _correction_title(filled: Filled) -> Text:
    return _("Correct the item") if filled.line else _("Add a missing item")


def left_in_words(line: Line, amount: int) -> tuple[str, str] | None:
    """What is left of a line, and what will be when a correction of its quantity is signed; nothing for none."""
    left = queries.status_of(line).availability.balance.available
    unit = line.kind.unit
    return (units_text(left, unit), units_text(left + amount, unit)) if amount else None


def _by_how_much(filled: Filled, amount: int) -> str:
    unit = filled.kind.unit if filled.kind else ""
    return change_in_units(amount, unit) if filled.line else units_text(amount, unit)


def _correction_context(request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    values, corrected = filled.draft.values(), filled.corrected
    amount, answered = read_whole(values.get("amount", "")), values.get("request", "")
    form = CorrectionForm({**corrected.begun(), **values}, corrected=corrected)
    form.is_valid()
    return {
        "status": queries.status_of(filled.line) if filled.line else None,
        "amount": amount,
        "by_how_much": "" if amount is None else _by_how_much(filled, amount),
        "left": left_in_words(filled.line, amount) if filled.line and amount else None,
        "request_answered": REQUESTS.by_key(request.actor, key_of(answered)) if answered else None,
        "change_of_line": change_in_words(
            corrected.kind.pk, form.asked, form.channel, earlier=form.earlier, before=corrected
        ),
    }


def _keep_correction(_request: DeskRequest, filled: Filled, form: forms.Form) -> None:
    """A correction that takes more than there is says so at its field."""
    if filled.line is not None and form.cleaned_data["amount"]:
        try:
            actions.check_correction(filled.line, form.cleaned_data["amount"])
        except RuleBroken as refused:
            told_at_field(form, refused, {"quantity": "amount"})


def _begin_correction(actor: Actor, sent: Mapping[str, str]) -> tuple[Mapping[str, str], UUID]:
    """A correction of a line, or of the kind that a request is about."""
    request, kind = sent.get("request", ""), sent.get("kind", "")
    line = queries.line_for(actor, key_of(sent["line"])) if sent.get("line") else None
    if request or line is None:
        person = REQUESTS.by_key(actor, key_of(request)).person
    if line is None:
        if not Kind.objects.filter(pk=kind).exists():
            raise RuleBroken(
                _("Choose which goods or service is corrected."),
                next_step=_("Go back and choose it from the list."),
                code="kind",
            )
        line = queries.line_of_kind(actor, person, kind)
    if line is not None:
        programme, values = line.programme, {"line": str(line.pk), "kind": ""}
    else:
        programme, values = queries.active_programme(actor, person), {"line": "", "kind": kind}
    return values | {"programme": str(programme.pk), "request": request}, programme.person_id


def _back_from_correction(_actor: Actor, filled: Filled) -> str:
    if filled.line is not None:
        return reverse("entitlements:officer-line", args=[filled.line.pk])
    return reverse("entitlements:officer-tasks")


CORRECTION: Final = DraftForm(
    code=answers.CORRECTION_FORM,
    version=answers.FORM_VERSION,
    title=_("Correction of a balance"),
    app="entitlements",
    prefix="correction-",
    desks=frozenset({Desk.OFFICER}),
    steps=(
        Step(
            answers.STEP,
            _correction_title,
            lambda filled, data, typed: CorrectionForm(
                data, initial=filled.corrected.begun() | typed, corrected=filled.corrected
            ),
            intro=lambda _filled: _("It counts only when a second officer has signed it."),
            keep=_keep_correction,
        ),
    ),
    filled=_filled_correction,
    submit=actions.propose_correction,
    case=CORRECTIONS,
    done=_("The correction waits for a second officer to sign it."),
    back=_back_from_correction,
    check="entitlements/officer/correction_check.html",
    button=_("Give it to a second officer"),
    context=_correction_context,
    lead="entitlements/officer/correction_lead.html",
    about=_kinds,
    begins=_begin_correction,
).declare()


def _request_context(_request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    return {"wrong": dict(CorrectionRequest.Wrong.choices).get(filled.draft.values().get("wrong", ""))}


def _begin_request(actor: Actor, sent: Mapping[str, str]) -> tuple[Mapping[str, str], UUID]:
    """A request about a line, or about the programme; what the page knows of it is filled in."""
    if actor.subject_id is None:
        raise NotFound
    typed = sent.get("line", "")
    told = {name: sent[name][:LONGEST] for name in ("wrong", "words") if sent.get(name)}
    return told | {"line": str(queries.line_for(actor, key_of(typed)).pk) if typed else ""}, actor.subject_id


def _back_from_request(_actor: Actor, filled: Filled) -> str:
    if filled.line is not None:
        return reverse("entitlements:recipient-line", args=[filled.line.pk])
    return reverse("entitlements:recipient-programme")


REQUEST: Final = DraftForm(
    code=answers.REQUEST_FORM,
    version=answers.FORM_VERSION,
    title=_("Request for a correction"),
    app="entitlements",
    prefix="request-",
    desks=frozenset({Desk.RECIPIENT}),
    steps=(
        Step(
            answers.STEP,
            lambda _filled: _("Ask for a correction"),
            lambda filled, data, typed: RequestForm(data, initial=typed, line=filled.line),
            intro=lambda _filled: _(
                "Tell us what is wrong in the programme. You need no papers: the officer looks them up."
            ),
        ),
    ),
    filled=_filled,
    submit=actions.submit_request,
    case=REQUESTS,
    receipt="entitlements/recipient/request_receipt.html",
    back=_back_from_request,
    check="entitlements/recipient/request_check.html",
    button=_("Send the request"),
    context=_request_context,
    lead="entitlements/recipient/request_lead.html",
    about=_kinds,
    begins=_begin_request,
    queued=True,
).declare()
