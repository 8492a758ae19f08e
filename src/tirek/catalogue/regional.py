"""What holds for a kind in a region, else in the republic, by date: read at a day, and amended by administrators."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, OfKind
from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.core.reference import amendments
from tirek.core.reference.amendments import Amended, Amendment, Facts, require_admin, require_reader
from tirek.core.reference.snapshot import Snapshot
from tirek.territory.queries import regions

R = TypeVar("R", bound=OfKind)


def name_of(kind_code: str, region_code: str) -> str:
    """How what a version is of is called in the list of amendments."""
    return f"{kind_code} {region_code}".strip()


class Regional(Generic[R]):
    """A dated table by kind and region.

    Args:
        model: the table.
        area: under which its amendments stand.
        said: what a version says beside its region, days, source and status.
        rule: refuses (``RuleBroken``) what no version may say.
    """

    def __init__(
        self, model: type[R], area: Amendment.Area, *, said: Callable[[R], Facts], rule: Callable[[R], None]
    ) -> None:
        self._model, self._rule = model, rule
        self._amended: Amended[R] = Amended(
            area,
            what=lambda row: name_of(row.kind_id, row.region_code),
            said=lambda row: {**said(row), "region_code": row.region_code},
        )
        self._kept = Snapshot(self._load)

    def _load(self) -> dict[str, list[R]]:
        found: dict[str, list[R]] = {}
        for row in self._model._default_manager.order_by("kind_id", "-region_code", "-effective_from"):
            found.setdefault(row.kind_id, []).append(row)
        return found

    def present(self, kind_code: str, *, on: date) -> list[R]:
        """What is in force of a kind on a day, by region, that of the republic last (``core.snapshot``)."""
        return [
            row
            for row in self.of_kind(kind_code)
            if row.effective_from <= on and (row.effective_to is None or on <= row.effective_to)
        ]

    def at(self, kind_code: str, *, territory_code: str, on: date) -> R | None:
        """What is in force of a kind in a region, else in the republic, on a day; ``None`` when nothing is."""
        places = {"", f"{territory_code[:2]}0000000"}
        return next((row for row in self.present(kind_code, on=on) if row.region_code in places), None)

    def of_kind(self, kind_code: str) -> list[R]:
        """Every version of a kind, past and coming ones too (``core.snapshot``)."""
        return self._kept.get().get(kind_code, [])

    def of_place(self, kind_code: str, *, territory_code: str) -> list[R]:
        """Every version of a kind in a place, past and coming ones too: of its region and of the republic."""
        places = {"", f"{territory_code[:2]}0000000"}
        return [row for row in self.of_kind(kind_code) if row.region_code in places]

    def in_force(self, day: date) -> QuerySet[R]:
        """Versions in force on a day, from the database."""
        return self._model._default_manager.filter(effective_from__lte=day).filter(
            Q(effective_to__isnull=True) | Q(effective_to__gte=day)
        )

    def listed(self, actor: Actor, day: date) -> list[R]:
        """Versions in force on a day with their kinds, by kind and region (one query).

        Raises:
            NotAllowed: the actor is neither administrator nor analyst.
        """
        require_reader(actor)
        return list(self.in_force(day).select_related("kind").order_by("kind__position", "region_code"))

    def versions(self, actor: Actor, kind: Kind) -> list[R]:
        """Every version of a kind: of the republic first, then by region, newest first (one query).

        Raises:
            NotAllowed: the actor is neither administrator nor analyst.
        """
        require_reader(actor)
        return list(self._model._default_manager.filter(kind=kind).order_by("region_code", "-effective_from"))

    def amendments(self, actor: Actor, kind: Kind, shown: Iterable[R]) -> QuerySet[Amendment]:
        """Who amended what holds for a kind, newest first; ``shown`` are its versions.

        Raises:
            NotAllowed: the actor is neither administrator nor analyst.
        """
        places = {"", *(one.code for one in regions()), *(one.region_code for one in shown)}
        return amendments.amendments_of(actor, self._amended.area, [name_of(kind.code, place) for place in places])

    def check(self, *, actor: Actor, row: R, reason: str = "") -> R:
        """What ``amend`` would refuse, without writing; returns the version as it would be written.

        Raises:
            NotAllowed: the actor is no administrator.
            NotFound: there is no such kind.
            RuleBroken: see ``amend``.
        """
        require_admin(actor)
        if not Kind.objects.filter(pk=row.kind_id).exists():
            raise NotFound
        self._rule(row)
        if row.region_code and row.region_code not in {one.code for one in regions()}:
            raise RuleBroken(_("Choose a region from the list."), code="region")
        row.citation = amendments.check_source(row.citation)
        amendments.check_days(row, reason)
        amendments.check_room(row)
        return row

    def amend(self, *, actor: Actor, row: R, reason: str = "") -> R:
        """Add a new version; the open version of the same kind and region ends the day before. One that an
        administrator let begin today is replaced by the next one that begins today.

        Args:
            actor: an administrator.
            row: the version, not written yet.
            reason: why it reaches back, when its first day has passed.

        Raises:
            NotAllowed: the actor is no administrator.
            NotFound: there is no such kind.
            RuleBroken: what the table's own rule refuses, no source, an unknown region, a first day far away or in the
                past without a reason, or days of another version.
        """
        with transaction.atomic():
            # of two administrators who begin a region's versions at once, the second sees what the first wrote
            list(Kind.objects.select_for_update().filter(pk=row.kind_id).values_list("pk"))
            clean = self.check(actor=actor, row=row, reason=reason)
            return amendments.add(self._amended, actor=actor, row=clean, reason=reason)

    def withdraw(self, *, actor: Actor, key: UUID, reason: str = "") -> R:
        """Take back a version before its first day; the version that it closed is open again.

        Raises:
            NotAllowed: the actor is no administrator.
            NotFound: there is no such version.
            RuleBroken: its first day has come.
        """
        require_admin(actor)
        with transaction.atomic():
            row = self._model._default_manager.select_for_update().filter(pk=key).first()
            if row is None:
                raise NotFound
            amendments.withdraw(self._amended, actor=actor, row=row, reason=reason)
        return row
