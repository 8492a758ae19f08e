"""Imports that were begun: who, when, which file; checked without writing, then taken whole or not at all.

A check is the import itself, piece by piece, and taken back: what the actions refuse is known before anything is
written. Short files are worked on at once, long ones by the worker.
"""

import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, OperationalError, models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from tirek.core import clock, numbers
from tirek.core.actors import BY_FILE, CLOCK, Actor, Desk
from tirek.core.crypto import EncryptedTextField
from tirek.core.database import locks
from tirek.core.errors import DomainError, NotAllowed, RuleBroken
from tirek.core.imports.entries import Mistake, elsewhere, entries_of, pieces, tried
from tirek.core.imports.reading import read_table
from tirek.core.imports.tables import ImportTable, Outcome, table_of
from tirek.core.imports.whole import Checked, WholeFile, whole_of
from tirek.core.tables import Row

#: Lines of a file that comes by a page; longer ones are brought by ``tirek import``.
MOST_LINES: Final = 20_000
#: Up to so many lines are worked on while the page is asked for.
AT_ONCE: Final = 100
#: Signs of a kept file that is taken as a whole and worked on while the page is asked for.
BYTES_AT_ONCE: Final = 60_000
#: Files of an organisation and a kind that may wait; older ones are thrown away.
MOST_WAITING: Final = 5
#: Mistakes that are listed; who has put these right sees the next ones.
MOST_MISTAKES: Final = 200


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
    desk = models.CharField(
        max_length=12, choices=Desk.choices, default=Desk.ADMIN, db_default=Desk.ADMIN, help_text="Whose file it is."
    )
    about = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="What it is about; empty: its kind says it.",
    )
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    language = models.CharField(max_length=2)
    content = EncryptedTextField(null=True, help_text="The lines that were read, until the import has ended.")
    found = EncryptedTextField(null=True, help_text="What the check has found, until the import has ended.")
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
        indexes = [
            models.Index(fields=["-created_at"], name="core_run_newest"),
            models.Index(fields=["organisation_id", "table", "-created_at"], name="core_run_organisation"),
        ]

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
        role = BY_FILE if self.desk == Desk.ADMIN else ""
        return Actor(desk=Desk(self.desk), user_id=self.actor_id, organisation_id=self.organisation_id, role=role)

    @property
    def told(self) -> dict[str, Any]:
        """What the check has found of a file that is taken as a whole."""
        return dict(json.loads(self.found)) if self.found else {}


def _require(actor: Actor, run: Run | None = None) -> None:
    if run is not None and run.desk != Desk.ADMIN:
        if actor.desk != run.desk or actor.organisation_id is None or actor.organisation_id != run.organisation_id:
            raise NotAllowed
    elif actor != CLOCK and actor.desk is not Desk.ADMIN:
        raise NotAllowed


def runs_of(actor: Actor) -> models.QuerySet[Run]:
    """Imports of administrators, newest first.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    _require(actor)
    return Run.objects.filter(desk=Desk.ADMIN).defer("content", "found").order_by("-created_at", "-pk")


def runs_of_file(actor: Actor, file: WholeFile[Any]) -> models.QuerySet[Run]:
    """Files of a kind that the actor's organisation has brought, newest first.

    Raises:
        NotAllowed: the actor is at another desk.
    """
    if actor.desk is not file.desk or actor.organisation_id is None:
        raise NotAllowed
    own = Run.objects.filter(desk=file.desk, organisation_id=actor.organisation_id, table=file.code)
    return own.defer("content").order_by("-created_at", "-pk")


def begin_file(*, actor: Actor, file: WholeFile[Any], about: str, file_name: str, content: bytes) -> Run:
    """Take a file in that is taken as a whole, and check it: a small one at once, else by the worker.

    Raises:
        NotAllowed: the actor is at another desk.
    """
    waiting = runs_of_file(actor, file).filter(content__isnull=False)
    for one in waiting[MOST_WAITING - 1 :]:
        # one that is worked on ends by itself
        _left_alone(one).update(state=Run.State.REFUSED, content=None, found=None, ended_at=clock.now())
    run = Run.objects.create(
        table=file.code,
        desk=file.desk,
        about=about,
        file_name=file_name[:200],
        language=translation.get_language() or "kk",
        content=b64encode(content).decode(),
        lines=0,
        actor_id=actor.user_id,
        organisation_id=actor.organisation_id,
    )
    _work(run)
    return run


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
        NotAllowed: the file is not the actor's to take.
        RuleBroken: it is not checked, has mistakes, or is imported already.
    """
    _require(actor, run)
    ready = Run.objects.filter(pk=run.pk, state=Run.State.CHECKED, mistakes=[])
    if not ready.update(state=Run.State.TAKING, seen=0):
        raise RuleBroken(_("This file is not ready to be imported. Look at it again."), code="state")
    run.refresh_from_db()
    _work(run)
    return run


def check_again(*, actor: Actor, run: Run) -> Run:
    """Check a file once more: what was missing may have been entered meanwhile, or whoever worked on it was lost.

    Raises:
        NotAllowed: the file is not the actor's to take.
        RuleBroken: it has ended, or somebody works on it.
    """
    _require(actor, run)
    language = translation.get_language() or "kk"
    if not _left_alone(run).update(state=Run.State.CHECKING, seen=0, language=language):
        raise RuleBroken(_("This file is not ready to be checked. Look at it again."), code="state")
    run.refresh_from_db()
    _work(run)
    return run


def take_off(*, actor: Actor, run: Run) -> None:
    """Throw a file away that is not imported: its lines are gone, its record stays.

    Raises:
        NotAllowed: the file is not the actor's to take.
        RuleBroken: it has ended, or somebody works on it.
    """
    _require(actor, run)
    if not _left_alone(run).update(state=Run.State.REFUSED, content=None, found=None, ended_at=clock.now()):
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


def _is_short(run: Run) -> bool:
    if whole_of(run.table) is not None:
        return len(run.content or "") <= BYTES_AT_ONCE
    return run.lines <= AT_ONCE


def _work(run: Run) -> None:
    if _is_short(run):
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
    table, file = run.what, whole_of(run.table)
    if table is None and file is None:
        Run.objects.filter(pk=run.pk).update(state=Run.State.REFUSED, content=None, ended_at=clock.now())
        return
    with translation.override(run.language):
        if file is not None:
            _carry_out_file(run, file)
        elif table is None:
            return
        elif run.state == Run.State.CHECKING:
            _check(run, table)
        else:
            _take(run, table)


def _carry_out_file(run: Run, file: WholeFile[Any]) -> None:
    """Check or take a file that is taken as a whole. What was moved between check and taking is found again, whole."""
    actor, is_taken = run.importer, run.state == Run.State.TAKING
    try:
        read = file.read(actor, run.about, b64decode(run.content or ""))
        with transaction.atomic():
            checked = file.take(actor, read, run.told) if is_taken else file.check(actor, read)
            # a check writes nothing
            if checked.wrong or not is_taken or not _keep_file(run, checked, ended=True):
                transaction.set_rollback(True)
    except DomainError as refused:
        checked, is_taken = Checked(wrong=[(0, str(refused.message))]), False
    except (OperationalError, IntegrityError):
        told = _("The same is being changed elsewhere. Check the file again.")
        checked, is_taken = Checked(wrong=[(0, told)]), False
    if checked.wrong or not is_taken:
        _keep_file(run, checked, ended=False)


def _keep_file(run: Run, checked: Checked, *, ended: bool) -> bool:
    told = [{"line": line, "text": str(text)} for line, text in checked.wrong[:MOST_MISTAKES]]
    found: Mapping[str, Any] = dict(checked.found) | {"wrong_lines": len(checked.wrong)}
    kept = Run.objects.filter(pk=run.pk, state=run.state).update(
        state=Run.State.DONE if ended else Run.State.CHECKED,
        seen=checked.lines,
        lines=checked.lines,
        made=checked.made,
        changed=checked.changed,
        same=checked.same,
        mistakes=told,
        **(
            {"content": None, "found": None, "ended_at": clock.now()}
            if ended
            else {"found": json.dumps(found, ensure_ascii=False)}
        ),
    )
    return kept > 0


def _check(run: Run, table: ImportTable) -> None:
    entries, mistakes = entries_of(table, _unpacked(run.content or ""))
    counts, seen = Counter[Outcome](), 0
    for piece in pieces(entries):
        try:
            with numbers.on_trial(), transaction.atomic():
                tried(run.importer, table, piece, counts, mistakes)
                transaction.set_rollback(True)
        except OperationalError:
            mistakes.append(elsewhere(piece))
            break
        seen += sum(len(one.lines) for one in piece)
        Run.objects.filter(pk=run.pk).update(seen=seen)
    _keep(run, Run.State.CHECKED, counts, mistakes)


def _take(run: Run, table: ImportTable) -> None:
    """Take the file, or nothing of it. Numbers that were given before a refusal stay unused: a series may have gaps, as
    it has after every act that is taken back.
    """
    entries, mistakes = entries_of(table, _unpacked(run.content or ""))
    counts = Counter[Outcome]()
    try:
        with transaction.atomic():
            for piece in pieces(entries):
                tried(run.importer, table, piece, counts, mistakes)
            if mistakes or not _keep(run, Run.State.DONE, counts, mistakes):
                transaction.set_rollback(True)
    except OperationalError:
        mistakes = [elsewhere(entries)]
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


def _packed(lines: Sequence[tuple[int, dict[str, str]]]) -> str:
    return json.dumps(lines, ensure_ascii=False)


def _unpacked(content: str) -> list[tuple[int, dict[str, str]]]:
    return [(int(number), dict(cells)) for number, cells in json.loads(content)]
