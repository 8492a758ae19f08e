"""Forms over drafts: a correction that an officer proposes, and a request that a person sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.catalogue.words import Words
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, Text
from tirek.core.personal import viewlog
from tirek.entitlements import actions, answers, queries
from tirek.entitlements.case_types import PROGRAMMES
from tirek.entitlements.forms import CorrectionForm, RequestForm, whole_number
from tirek.entitlements.models import CorrectionRequest, Line, Programme
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import DraftForm, Step


def key_of(text: str) -> UUID:
    """A key that a page sent.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def _kinds(drafts: Sequence[Draft]) -> dict[UUID, str]:
    """The kind that each draft is about, in words (two queries)."""
    lines = Line.objects.select_related("kind").in_bulk(
        [answers.key(one.values().get("line", "")) for one in drafts if one.values().get("line")]
    )
    kinds = Kind.objects.in_bulk([one.values().get("kind", "") for one in drafts if one.values().get("kind")])
    found = {}
    for one in drafts:
        line = lines.get(answers.key(one.values().get("line", "")))
        kind = line.kind if line else kinds.get(one.values().get("kind", ""))
        if kind is not None:
            found[one.pk] = capfirst(kind.name)
    return found


@dataclass(frozen=True, slots=True)
class FilledCorrection:
    """A correction that is being filled in, with what it refers to."""

    draft: Draft
    programme: Programme
    line: Line | None
    kind: Kind

    @property
    def unit(self) -> str:
        """The kind's unit in words."""
        return Words(self.kind.pk).unit


def _filled_correction(actor: Actor, draft: Draft) -> FilledCorrection:
    values = draft.values()
    if values.get("line"):
        line = queries.line_for(actor, key_of(values["line"]))
        found = FilledCorrection(draft, line.programme, line, line.kind)
    else:
        kind = Kind.objects.filter(pk=values.get("kind", "")).first()
        if kind is None:
            raise NotFound
        found = FilledCorrection(draft, PROGRAMMES.by_key(actor, key_of(values.get("programme", ""))), None, kind)
    viewlog.look(actor, found.programme.person_id)
    return found


def _correction(filled: FilledCorrection, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    return CorrectionForm(data, initial=typed, unit=filled.unit, adds_line=filled.line is None)


def _correction_title(filled: FilledCorrection) -> Text:
    return _("Correct the balance") if filled.line else _("Add a missing line")


def _correction_context(_request: DeskRequest, filled: FilledCorrection) -> Mapping[str, object]:
    return {
        "status": queries.status_of(filled.line) if filled.line else None,
        "amount": whole_number(filled.draft.values().get("amount", "")),
    }


def _back_from_correction(_actor: Actor, filled: FilledCorrection) -> str:
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
            _correction,
            intro=lambda _filled: _("It counts only when a second officer has signed it."),
        ),
    ),
    filled=_filled_correction,
    submit=actions.propose_correction,
    receipt=lambda case, _at: reverse("entitlements:officer-correction", args=[case.number]),
    done=_("The correction waits for a second officer to sign it."),
    back=_back_from_correction,
    check="entitlements/officer/correction_check.html",
    button=_("Give it to a second officer"),
    context=_correction_context,
    lead="entitlements/officer/correction_lead.html",
    about=_kinds,
).declare()


@dataclass(frozen=True, slots=True)
class FilledRequest:
    """A request that is being filled in, with the line it is about."""

    draft: Draft
    line: Line | None

    @property
    def kind(self) -> Kind | None:
        """The kind it is about, when it is known."""
        if self.line is not None:
            return self.line.kind
        return Kind.objects.filter(pk=self.draft.values().get("kind", "")).first()


def _filled_request(actor: Actor, draft: Draft) -> FilledRequest:
    typed = draft.values().get("line", "")
    return FilledRequest(draft, queries.line_for(actor, key_of(typed)) if typed else None)


def _request(filled: FilledRequest, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    return RequestForm(data, initial=typed, about_line=filled.line is not None)


def _request_context(_request: DeskRequest, filled: FilledRequest) -> Mapping[str, object]:
    return {"wrong": dict(CorrectionRequest.Wrong.choices).get(filled.draft.values().get("wrong", ""))}


def _back_from_request(_actor: Actor, filled: FilledRequest) -> str:
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
            _request,
            intro=lambda _filled: _(
                "Tell us what is wrong in the programme. You need no papers: the officer looks them up."
            ),
        ),
    ),
    filled=_filled_request,
    submit=actions.submit_request,
    receipt=lambda case, _at: reverse("entitlements:request-receipt", args=[case.number]),
    back=_back_from_request,
    check="entitlements/recipient/request_check.html",
    button=_("Send the request"),
    context=_request_context,
    lead="entitlements/recipient/request_lead.html",
    about=_kinds,
    queued=True,
).declare()
