"""Personal data of programmes: what a person sees of them, and why they are kept."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject, Word
from tirek.entitlements import answers
from tirek.entitlements.asking import Asked, words_of
from tirek.entitlements.case_types import CORRECTIONS, PROGRAMMES, REQUESTS, TERMS
from tirek.entitlements.models import Correction, CorrectionRequest, LedgerEntry, Line, OrderingTerm, Programme

export.titles(
    "entitlements",
    issued_by=_("Issued by"),
    issued_on=_("Issued on"),
    valid_until=_("Valid until"),
    part=_("Part"),
    employer_pays=_("The employer pays"),
    lines=_("Lines"),
    goods_kind=_("Kind"),
    quantity=_("Quantity"),
    window=_("For what period"),
    channel=_("How is it provided?"),
    line_channel=_("From now on provided"),
    earlier=_("Early replacement"),
    must_match=_("The programme requires"),
    wishes=_("The programme recommends"),
    year_quantity=_("In a year"),
    last_received_on=_("Last received"),
    next_on=_("Next one from"),
    queue_on=_("Date in the queue"),
    movements=_("Movements"),
    amount=_("Can be ordered"),
    reserved=_("In open orders"),
    window_start=_("Period from"),
    window_end=_("Period until"),
    note=_("Remark"),
    started_on=_("Term began"),
    order_by=_("Last day to order"),
    call_result=_("Last call"),
    reason=_("Reason"),
    document=_("Document"),
    decision_reason=_("Why it was not signed"),
    wrong=_("What is wrong?"),
    words=_("In your own words"),
    answer=_("Answer of the department"),
)
export.codes(
    correction=_("Correction"),
    correction_request=_("Request for a correction"),
    correction_programme=_("Individual programme"),
    correction_line=_("Line of the programme"),
    correction_kind=_("Kind"),
    correction_amount=_("Amount"),
    correction_reason=_("Reason"),
    correction_document=_("Document"),
    correction_request_line=_("Line of the programme"),
    correction_request_wrong=_("What is wrong?"),
    correction_request_words=_("In your own words"),
    correction_request_kind=_("Kind"),
    **{f"{answers.REQUEST_FORM}_wrong_{code}": label for code, label in CorrectionRequest.Wrong.choices},
)


def _names_of_lines(keys: Collection[str]) -> dict[str, str]:
    found = Line.objects.filter(pk__in=keys).select_related("kind")
    return {str(one.pk): capfirst(one.kind.name) for one in found}


for _form in (answers.CORRECTION_FORM, answers.REQUEST_FORM):
    export.keyed(_form, "line", _names_of_lines)
export.keyed(
    answers.CORRECTION_FORM,
    "programme",
    lambda keys: {str(pk): number for pk, number in Programme.objects.filter(pk__in=keys).values_list("pk", "number")},
)


@export.section(
    "programmes",
    "entitlements.Programme",
    "entitlements.Line",
    "entitlements.LedgerEntry",
    title=_("Individual programmes"),
    place=40,
)
def _programmes(subject: Subject) -> list[Entry]:
    columns = ("issued_by", "issued_on", "valid_until", "part", "employer_pays")
    return export.cases(PROGRAMMES, subject, *columns, more=_of_programmes)


def _of_programmes(rows: list[Programme]) -> dict[UUID, Entry]:
    movements: dict[UUID, list[Entry]] = {}
    for one in LedgerEntry.objects.filter(line__programme__in=rows).order_by("at", "pk"):
        told = export.entry(one, "at", "kind", "amount", "reserved", "window_start", "window_end", "note")
        movements.setdefault(one.line_id, []).append(told)
    lines: dict[UUID, list[Entry]] = {}
    for line in Line.objects.filter(programme__in=rows).select_related("kind").order_by("kind__position", "pk"):
        columns = export.entry(
            line, "quantity", "window", "year_quantity", "channel", "last_received_on", "next_on", "queue_on"
        )
        asked = _asked(line.kind_id, Asked.of(line))
        told = _kind(line.kind) | columns | asked | {"movements": movements.get(line.pk, [])}
        lines.setdefault(line.programme_id, []).append(told)
    return {one.pk: {"lines": lines.get(one.pk, [])} for one in rows}


def _asked(kind_code: str, asked: Asked) -> Entry:
    """What a line asks for, in words: what must match, and wishes."""
    if not asked.recommended:
        return {}
    words = words_of(kind_code, asked)
    told = {"must_match": words.must, "wishes": words.wishes}
    return {name: "; ".join(f"{what}: {value}" for what, value in found) for name, found in told.items() if found}


def _kind(kind: Kind) -> Entry:
    return {"goods_kind": Word(kind.pk, kind.name)}


def _kinds_of_lines(rows: list[OrderingTerm]) -> dict[UUID, Entry]:
    return {one.pk: _kind(one.line.kind) for one in rows}


def _kinds(rows: list[Correction]) -> dict[UUID, Entry]:
    found = {}
    for one in rows:
        asked = Asked(one.recommended or {}, tuple(one.must_match or ()))
        found[one.pk] = _kind(one.kind) | _asked(one.kind_id, asked)
    return found


@export.section("terms", "entitlements.OrderingTerm", title=_("Terms to order"), place=42)
def _terms(subject: Subject) -> list[Entry]:
    return export.cases(TERMS, subject, "started_on", "order_by", "call_result", more=_kinds_of_lines)


@export.section("corrections", "entitlements.Correction", title=_("Corrections of balances"), place=44)
def _corrections(subject: Subject) -> list[Entry]:
    return export.cases(
        CORRECTIONS, subject, "amount", "line_channel", "earlier", "reason", "document", "decision_reason", more=_kinds
    )


@export.section("correction_requests", "entitlements.CorrectionRequest", title=_("Requests for a correction"), place=46)
def _requests(subject: Subject) -> list[Entry]:
    return export.cases(REQUESTS, subject, "created_at", "wrong", "words", "answer")


@retention.forgets(
    "retention.correction_requests",
    "entitlements.CorrectionRequest",
    what=_("Your words in a request for a correction, and the answer"),
    since=_("from the day it was closed"),
)
def _forget_requests(before: datetime, limit: int) -> int:
    ended = CorrectionRequest.objects.filter(state__in=CorrectionRequest.ENDED).filter(state_since__lte=before)
    rows = ended.filter(~Q(words="") | ~Q(answer=""))
    return CorrectionRequest.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:limit])).update(
        words="", answer=""
    )


retention.keeps(
    "Programmes, their terms, the ledger and its corrections: what was granted and received decides what is due next.",
    "entitlements.Programme", "entitlements.Line", "entitlements.LedgerEntry", "entitlements.OrderingTerm",
    "entitlements.Correction",
)  # fmt: skip
export.leaves_out("cases that officers kept to check the rules: they name nobody", "entitlements.KeptScenario")
retention.keeps("Cases without personal data, kept to check the rules.", "entitlements.KeptScenario")
