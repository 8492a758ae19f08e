"""Imports that were begun: who, when, which file; checked without writing, then taken whole or not at all.

A check is the import itself, piece by piece, and taken back: what the actions refuse is known before anything is
written. Short files are worked on at once, long ones by the worker.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, models, transaction
from django.utils import translation
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from tirek.core import clock, numbers
from tirek.core.actors import BY_FILE, CLOCK, Actor, Desk
from tirek.core.crypto import EncryptedTextField
from tirek.core.database import locks
from tirek.core.errors import DomainError, NotAllowed, RuleBroken
from tirek.core.imports.reading import read_table
from tirek.core.imports.tables import Cells, Column, ImportTable, Outcome, as_key, table_of
from tirek.core.tables import Row

#: Lines of a file that comes by a page; longer ones are brought by ``tirek import``.
MOST_LINES: Final = 20_000
#: Up to so many lines are worked on while the page is asked for.
AT_ONCE: Final = 100
_PIECE: Final = 200
_DAY: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
#: Mistakes that are listed; who has put these right sees the next ones.
MOST_MISTAKES: Final = 200
#: Signs of a mistake: what was typed may be as long as a file.
MOST_TOLD: Final = 1000
#: What is said of a figure beyond its limit.
_LIMITS: Final = {"min_value": gettext_lazy("At least %(limit)s."), "max_value": gettext_lazy("At most %(limit)s.")}


class Run(Row):
    """One import of a file. The file itself is kept, sealed, until it is taken or thrown away."""

    class State(models.TextChoices):
        CHECKING = "checking", gettext_lazy("being checked")
        CHECKED = "checked", gettext_lazy("checked")
        TAKING = "taking", gettext_lazy("being imported")
        DONE = "done", gettext_lazy("imported")
        REFUSED = "refused", gettext_lazy("not imported")

    #: States in which the worker has something to do.
    BUSY = frozenset({State.CHECKING, State.TAKING})

    table = models.CharField(max_length=40, help_text="Code of the kind of file.")
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    language = models.CharField(max_length=2)
    content = EncryptedTextField(null=True, help_text="The lines that were read, until the import has ended.")
    lines = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(default=0, help_text="Lines worked on so far.")
    made = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    mistakes = models.JSONField(default=list, help_text="Line and what is wrong with it; no personal data.")
    actor_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"], name="core_run_newest")]

    @property
    def what(self) -> ImportTable | None:
        """The kind of file, ``None`` where nobody declares it any more."""
        return table_of(self.table)

    @property
    def is_busy(self) -> bool:
        """Whether it waits for the worker, or is worked on."""
        return self.state in Run.BUSY

    @property
    def is_at_work(self) -> bool:
        """Whether somebody works on it in this moment; a busy run without that waits for its turn, or was left."""
        return self.is_busy and locks.is_at_work(_name(self.pk))

    @property
    def importer(self) -> Actor:
        """In whose name its lines are entered."""
        if self.actor_id is None:
            return CLOCK
        return Actor(desk=Desk.ADMIN, user_id=self.actor_id, organisation_id=self.organisation_id, role=BY_FILE)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A line that cannot be taken, and why, in words."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """The lines of a file that one key holds together."""

    first: int
    lines: tuple[tuple[int, dict[str, str]], ...]


def _require(actor: Actor) -> None:
    if actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed


def runs_of(actor: Actor) -> models.QuerySet[Run]:
    """Imports, newest first.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    _require(actor)
    return Run.objects.defer("content").order_by("-created_at", "-pk")


def begin(*, actor: Actor, table: ImportTable, file_name: str, content: bytes) -> Run:
    """Take a file in and check it: a short one at once, a long one by the worker.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: it is no table of this kind, or too long for a page.
    """
    _require(actor)
    lines = list(islice(read_table(table, content), MOST_LINES + 1))
    if not lines:
        raise RuleBroken(_("The file has no lines below its headings."), code="empty")
    if len(lines) > MOST_LINES:
        raise RuleBroken(
            _("The file has more than %(most)s lines. Divide it, or bring it by the command “tirek import”.")
            % {"most": MOST_LINES},
            code="long",
        )
    run = Run.objects.create(
        table=table.code,
        file_name=file_name[:200],
        language=translation.get_language() or "kk",
        content=_packed(lines),
        lines=len(lines),
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    _work(run)
    return run


def confirm(*, actor: Actor, run: Run) -> Run:
    """Bring a checked file in, whole or not at all.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: it is not checked, has mistakes, or is imported already.
    """
    _require(actor)
    ready = Run.objects.filter(pk=run.pk, state=Run.State.CHECKED, mistakes=[])
    if not ready.update(state=Run.State.TAKING, seen=0):
        raise RuleBroken(_("This file is not ready to be imported. Look at it again."), code="state")
    run.refresh_from_db()
    _work(run)
    return run


def check_again(*, actor: Actor, run: Run) -> Run:
    """Check a file once more: what was missing may have been entered meanwhile, or whoever worked on it was lost.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: it has ended, or somebody works on it.
    """
    _require(actor)
    if not _left_alone(run).update(state=Run.State.CHECKING, seen=0):
        raise RuleBroken(_("This file is not ready to be checked. Look at it again."), code="state")
    run.refresh_from_db()
    _work(run)
    return run


def take_off(*, actor: Actor, run: Run) -> None:
    """Throw a file away that is not imported: its lines are gone, its record stays.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: it has ended, or somebody works on it.
    """
    _require(actor)
    if not _left_alone(run).update(state=Run.State.REFUSED, content=None, ended_at=clock.now()):
        raise RuleBroken(_("Somebody works on this file, or it has ended. Look at it again."), code="state")
    run.refresh_from_db()


def _left_alone(run: Run) -> models.QuerySet[Run]:
    """The run, where it has not ended and nobody works on it. Whoever begins in this moment ends with nothing: only
    the state that was begun with is brought to an end.
    """
    found = Run.objects.filter(pk=run.pk, content__isnull=False, state__in=Run.BUSY | {Run.State.CHECKED})
    return found.none() if locks.is_at_work(_name(run.pk)) else found


def _name(key: UUID) -> str:
    return f"core.import:{key}"


def _work(run: Run) -> None:
    if run.lines <= AT_ONCE:
        carry_out(run.pk)
        run.refresh_from_db()
    else:
        carry_out_later.defer(key=str(run.pk))


@app.task(name="core.import_file")
def carry_out_later(key: str) -> None:
    """Checks or imports a long file."""
    carry_out(UUID(key))


def carry_out(key: UUID) -> None:
    """Check or import the file of a run, as its state says; another state leaves it as it is, and so does a run that
    somebody works on.
    """
    with locks.at_work(_name(key)) as ours:
        # a state that was changed meanwhile is worked on in its turn
        while ours and (run := Run.objects.filter(pk=key, state__in=Run.BUSY, content__isnull=False).first()):
            _carry_out(run)


def _carry_out(run: Run) -> None:
    table = run.what
    if table is None:
        Run.objects.filter(pk=run.pk).update(state=Run.State.REFUSED, content=None, ended_at=clock.now())
        return
    with translation.override(run.language):
        if run.state == Run.State.CHECKING:
            _check(run, table)
        else:
            _take(run, table)


def _check(run: Run, table: ImportTable) -> None:
    entries, mistakes = _entries(table, _unpacked(run.content or ""))
    counts, seen = Counter[Outcome](), 0
    for piece in _pieces(entries):
        try:
            with numbers.on_trial(), transaction.atomic():
                _try(run.importer, table, piece, counts, mistakes)
                transaction.set_rollback(True)
        except OperationalError:
            mistakes.append(_elsewhere(piece))
            break
        seen += sum(len(one.lines) for one in piece)
        Run.objects.filter(pk=run.pk).update(seen=seen)
    _keep(run, Run.State.CHECKED, counts, mistakes)


def _elsewhere(piece: Sequence[_Entry]) -> Mistake:
    """What is said where two writers waited for each other, or one for too long: the file can be checked again."""
    return Mistake(piece[0].first, _("The same is being changed elsewhere. Check the file again."))


def _take(run: Run, table: ImportTable) -> None:
    """Take the file, or nothing of it. Numbers that were given before a refusal stay unused: a series may have gaps, as
    it has after every act that is taken back.
    """
    entries, mistakes = _entries(table, _unpacked(run.content or ""))
    counts = Counter[Outcome]()
    try:
        with transaction.atomic():
            for piece in _pieces(entries):
                _try(run.importer, table, piece, counts, mistakes)
            if mistakes or not _keep(run, Run.State.DONE, counts, mistakes):
                transaction.set_rollback(True)
    except OperationalError:
        mistakes = [_elsewhere(entries)]
    if mistakes:
        # something changed between check and import: nothing is kept, and the file waits with what is wrong now
        _keep(run, Run.State.CHECKED, counts, mistakes)


def _keep(run: Run, state: Run.State, counts: Counter[Outcome], mistakes: list[Mistake]) -> bool:
    """Bring what was begun to its end; not where somebody has checked the run again or taken it off meanwhile."""
    ended = state is Run.State.DONE
    kept = Run.objects.filter(pk=run.pk, state=run.state).update(
        state=state,
        seen=run.lines,
        made=counts[Outcome.MADE],
        changed=counts[Outcome.CHANGED],
        same=counts[Outcome.SAME],
        mistakes=[asdict(one) for one in sorted(mistakes, key=lambda one: one.line)[:MOST_MISTAKES]],
        **({"content": None, "ended_at": clock.now()} if ended else {}),
    )
    return kept > 0


def _pieces(entries: Sequence[_Entry]) -> Iterator[list[_Entry]]:
    rest = iter(entries)
    while piece := list(islice(rest, _PIECE)):
        yield piece


def _entries(table: ImportTable, lines: Sequence[tuple[int, dict[str, str]]]) -> tuple[list[_Entry], list[Mistake]]:
    """The lines by their keys, in the order of the file; a key that stands twice where it may not is a mistake."""
    grouped: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
    mistakes = []
    for number, cells in lines:
        key = tuple(as_key(cells.get(name, "")) for name in table.key)
        before = grouped.setdefault(key, [])
        if before and not table.several:
            mistakes.append(Mistake(number, _("The same is in line %(line)s.") % {"line": before[0][0]}))
            continue
        before.append((number, cells))
    return [_Entry(found[0][0], tuple(found)) for found in grouped.values()], mistakes


def _try(
    actor: Actor,
    table: ImportTable,
    entries: Sequence[_Entry],
    counts: Counter[Outcome],
    mistakes: list[Mistake],
) -> None:
    for one in entries:
        wrong, read = _read(table, one)
        if wrong:
            mistakes += wrong
            continue
        try:
            with transaction.atomic():
                counts[table.take(actor, read)] += 1
        except DomainError as refused:
            mistakes.append(Mistake(one.first, str(refused.message)))
        except IntegrityError:
            mistakes.append(Mistake(one.first, _("Somebody entered the same in this moment. Check the file again.")))


def _read(table: ImportTable, one: _Entry) -> tuple[list[Mistake], list[Cells]]:
    wrong, read = list[Mistake](), list[Cells]()
    for number, cells in one.lines:
        line: dict[str, object] = {}
        for column in table.columns:
            try:
                line[column.name] = column.field.clean(_typed(column, cells.get(column.name, "")))
            except ValidationError as error:
                told = f"{column.name}: {' '.join(map(_said, error.error_list))}"
                wrong.append(Mistake(number, Truncator(told).chars(MOST_TOLD)))
        read.append(line)
    return wrong or _not_together(table, one, read), read


def _not_together(table: ImportTable, one: _Entry, read: Sequence[Cells]) -> list[Mistake]:
    """What keeps lines of one key from belonging together."""
    wrong, met = list[Mistake](), set[object]()
    for (number, cells), line in zip(one.lines, read, strict=True):
        for name in table.alike:
            if line[name] != read[0][name]:
                told = {"first": one.first, "name": name}
                words = _("The column “%(name)s” differs from line %(first)s, which it belongs to.") % told
                wrong.append(Mistake(number, words))
        if table.once:
            value = line[table.once]
            key = as_key(value) if isinstance(value, str) else value
            if key in met:
                told = {"value": cells[table.once], "name": table.once}
                words = _("“%(value)s” is there twice in the column “%(name)s”.") % told
                wrong.append(Mistake(number, Truncator(words).chars(MOST_TOLD)))
            met.add(key)
    return wrong


def _said(error: ValidationError) -> str:
    """A mistake of a cell; Django's own sentences of limits are not what people say."""
    words = _LIMITS.get(error.code or "")
    if words is None:
        return " ".join(map(str, error.messages))
    return str(words) % {"limit": number_format((error.params or {})["limit_value"])}


def _typed(column: Column, cell: str) -> str:
    """A cell as the field of a page reads it: a day also as spreadsheets of this country write it (22.03.2027)."""
    if isinstance(column.field, forms.DateField) and (found := _DAY.fullmatch(cell)):
        return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    return cell


def take_all(table: ImportTable, content: bytes) -> Iterator[tuple[int, Counter[Outcome], list[Mistake]]]:
    """Bring a file of any length in, piece by piece, each piece whole; for the command of the first filling, which has
    no account.

    Lines with mistakes are left out; the same file again changes nothing and takes what was put right.

    Yields:
        Lines worked on in a piece, what became of them, and the mistakes met.
    """
    entries, mistakes = _entries(table, list(read_table(table, content)))
    yield 0, Counter(), mistakes
    for piece in _pieces(entries):
        counts, found = Counter[Outcome](), list[Mistake]()
        try:
            with transaction.atomic():
                _try(CLOCK, table, piece, counts, found)
        except OperationalError:
            counts, found = Counter[Outcome](), [_elsewhere(piece)]
        yield sum(len(one.lines) for one in piece), counts, found


def _packed(lines: Sequence[tuple[int, dict[str, str]]]) -> str:
    return json.dumps(lines, ensure_ascii=False)


def _unpacked(content: str) -> list[tuple[int, dict[str, str]]]:
    return [(int(number), dict(cells)) for number, cells in json.loads(content)]
