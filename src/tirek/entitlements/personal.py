"""Personal data of programmes: what a person sees of them, and why they are kept."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core import held, retention
from tirek.core.cases import code_of
from tirek.core.errors import Text
from tirek.core.held import Entry, Subject, Word
from tirek.core.personal import timeline
from tirek.entitlements.models import Correction, LedgerEntry, Line, Programme

_EVENTS: Final[dict[str, Text]] = {
    "programme.register": _("The programme was registered."),
    "programme.replace": _("The programme was replaced by a newer one."),
    "programme.expire": _("The term of the programme ended."),
    "programme.cancel": _("The programme was ended by a re-examination."),
}

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
)


def _words(kind: str) -> str:
    return str(_EVENTS.get(kind, kind))


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
    history = timeline(code_of(Programme), [one.pk for one in programmes], _words)
    return [
        held.entry(one, "number", "issued_by", "issued_on", "valid_until", "part", "employer_pays")
        | {"state": Word(one.state, one.get_state_display()), "lines": lines.get(one.pk, []), "history": history.get(one.pk, [])}
        for one in programmes
    ]


@held.section("corrections", "entitlements.Correction", title=_("Corrections of balances"), place=44)
def _corrections(subject: Subject) -> list[Entry]:
    return held.entries(
        Correction.objects.filter(line__person=subject.person_id).order_by("created_at", "pk"), "created_at", "amount", "reason"
    )


retention.keeps(
    "Programmes and the ledger: what was granted and received decides what is due next.",
    "entitlements.Programme", "entitlements.Line", "entitlements.LedgerEntry", "entitlements.Correction",
)  # fmt: skip
