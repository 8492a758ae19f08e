"""Personal data of programmes: what a person sees of them, and why they are kept."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.core import held, retention
from tirek.core.cases import code_of
from tirek.core.held import Entry, Subject, Word
from tirek.core.personal import timeline
from tirek.entitlements import answers
from tirek.entitlements.models import Correction, CorrectionRequest, LedgerEntry, Line, OrderingTerm, Programme
from tirek.entitlements.pages import words_of_event

held.titles(
    issued_by=_("Issued by"),
    issued_on=_("Issued on"),
    valid_until=_("Valid until"),
    part=_("Part"),
    employer_pays=_("The employer pays"),
    lines=_("Lines"),
    goods_kind=_("Kind"),
    window=_("For what period"),
    year_quantity=_("In a year"),
    last_received_on=_("Last received"),
    next_on=_("Next one from"),
    queue_on=_("Date in the queue"),
    movements=_("Movements"),
    amount=_("Can be ordered"),
    held=_("In open orders"),
    window_start=_("Period from"),
    window_end=_("Period until"),
    note=_("Remark"),
    started_on=_("Term began"),
    order_by=_("Last day to order"),
    call_result=_("Last call"),
    document=_("Document"),
    decision_reason=_("Why it was not signed"),
    wrong=_("What is wrong?"),
    words=_("In your own words"),
    answer=_("Answer of the department"),
)
held.codes(
    correction=_("Correction"),
    correction_request=_("Request for a correction"),
    programme=_("Individual programme"),
    kind=_("Kind"),
    amount=_("Amount"),
    reason=_("Reason"),
    document=_("Document"),
    wrong=_("What is wrong?"),
    words=_("In your own words"),
    **{f"{answers.REQUEST_FORM}_wrong_{code}": label for code, label in CorrectionRequest.Wrong.choices},
)


@held.section(
    "programmes", "entitlements.Programme", "entitlements.Line", "entitlements.LedgerEntry", title=_("Individual programmes"), place=40
)
def _programmes(subject: Subject) -> list[Entry]:
    programmes = list(Programme.objects.filter(person=subject.person_id).order_by("issued_on", "pk"))
    movements: dict[object, list[Entry]] = {}
    for one in LedgerEntry.objects.filter(line__person=subject.person_id).order_by("at", "pk"):
        told = held.entry(one, "at", "kind", "amount", "held", "window_start", "window_end", "note")
        movements.setdefault(one.line_id, []).append(told)
    lines: dict[object, list[Entry]] = {}
    for line in Line.objects.filter(person=subject.person_id).select_related("kind").order_by("kind__position", "pk"):
        columns = held.entry(line, "quantity", "window", "year_quantity", "last_received_on", "next_on", "queue_on")
        told = {"goods_kind": Word(line.kind_id, line.kind.name)} | columns | {"movements": movements.get(line.pk, [])}
        lines.setdefault(line.programme_id, []).append(told)
    history = timeline(code_of(Programme), [one.pk for one in programmes], words_of_event)
    return [
        held.entry(one, "number", "issued_by", "issued_on", "valid_until", "part", "employer_pays")
        | {"state": Word(one.state, one.get_state_display()), "lines": lines.get(one.pk, []), "history": history.get(one.pk, [])}
        for one in programmes
    ]


@held.section("terms", "entitlements.OrderingTerm", title=_("Terms to order"), place=42)
def _terms(subject: Subject) -> list[Entry]:
    rows = list(OrderingTerm.objects.filter(person=subject.person_id).select_related("line__kind").order_by("created_at", "pk"))
    history = timeline(code_of(OrderingTerm), [one.pk for one in rows], words_of_event)
    return [
        {"goods_kind": Word(one.line.kind_id, one.line.kind.name), "state": Word(one.state, one.get_state_display())}
        | held.entry(one, "number", "started_on", "order_by", "call_result")
        | {"history": history.get(one.pk, [])}
        for one in rows
    ]


@held.section("corrections", "entitlements.Correction", title=_("Corrections of balances"), place=44)
def _corrections(subject: Subject) -> list[Entry]:
    rows = list(Correction.objects.filter(person=subject.person_id).select_related("kind").order_by("created_at", "pk"))
    history = timeline(code_of(Correction), [one.pk for one in rows], words_of_event)
    return [
        {"goods_kind": Word(one.kind_id, one.kind.name), "state": Word(one.state, one.get_state_display())}
        | held.entry(one, "number", "amount", "reason", "document", "decision_reason")
        | {"history": history.get(one.pk, [])}
        for one in rows
    ]


@held.section("correction_requests", "entitlements.CorrectionRequest", title=_("Requests for a correction"), place=46)
def _requests(subject: Subject) -> list[Entry]:
    rows = list(CorrectionRequest.objects.filter(person=subject.person_id).order_by("created_at", "pk"))
    history = timeline(code_of(CorrectionRequest), [one.pk for one in rows], words_of_event)
    return [
        held.entry(one, "number", "created_at", "wrong", "words", "answer")
        | {"state": Word(one.state, one.get_state_display()), "history": history.get(one.pk, [])}
        for one in rows
    ]


@retention.forgets(
    "retention.correction_requests",
    "entitlements.CorrectionRequest",
    what=_("Your words in a request for a correction, and the answer"),
    since=_("from the day it was closed"),
)
def _forget_requests(before: datetime, limit: int) -> int:
    ended = CorrectionRequest.objects.exclude(state__in=CorrectionRequest.OPEN).filter(state_since__lte=before)
    rows = ended.filter(~Q(words="") | ~Q(answer=""))
    return CorrectionRequest.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:limit])).update(words="", answer="")


retention.keeps(
    "Programmes, their terms, the ledger and its corrections: what was granted and received decides what is due next.",
    "entitlements.Programme", "entitlements.Line", "entitlements.LedgerEntry", "entitlements.OrderingTerm", "entitlements.Correction",
)  # fmt: skip
