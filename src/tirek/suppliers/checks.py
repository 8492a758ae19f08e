"""Reads of the requirements and of the answers to them: what is asked, what is missing, what ends when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.core import clock, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case.deadlines import add_months
from tirek.core.errors import NotFound
from tirek.core.places import in_order, region_of
from tirek.suppliers.models import Activity, Check, Registration, Requirement, Supplier
from tirek.suppliers.queries import after

Asked, Renewed, Finding = Requirement.Asked, Requirement.Renewed, Check.Finding
WARNING: Final = "supplier.check_warning"


def concerning(supplies: Iterable[str], *, is_individual: bool) -> list[Requirement]:
    """What is asked of who supplies this, in the order of the law (one query)."""
    wanted = set(supplies)
    return [
        one
        for one in Requirement.objects.order_by("position")
        if wanted & set(one.concerns) and not (is_individual and one.of_entities_only)
    ]


#: Years after which nobody records an answer any more: the register is to be asked anew.
_ANSWER_YEARS: Final = 5


def earliest_answer() -> date:
    """The first day of which an answer of a register is recorded."""
    return add_months(clock.today(), -12 * _ANSWER_YEARS)


def due_on(requirement: Requirement, check: Check) -> date | None:
    """From when the office has to ask again; a document that it has not looked at is looked at now. ``None``: never."""
    if requirement.renewed == Renewed.EXPIRY:
        return check.valid_until if check.finding else clock.today()
    if requirement.renewed == Renewed.TERM and check.answered_on is not None:
        return after(reference.term(requirement.term_key, at=check.answered_on), check.answered_on)
    return None


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement with its present answer, as pages show it.

    Attributes:
        requirement: what is asked.
        check: the answer that counts; nothing where there is none.
    """

    requirement: Requirement
    check: Check | None

    @property
    def is_asked(self) -> bool:
        """Whether it is answered here, and not with each offer card."""
        return self.requirement.asked != Asked.OFFER

    @property
    def is_document(self) -> bool:
        """Whether the supplier brings it."""
        return self.requirement.asked == Asked.DOCUMENT

    @property
    def is_in_order(self) -> bool:
        """Whether the office found it so."""
        return self.check is not None and self.check.finding == Finding.IN_ORDER

    @property
    def is_wrong(self) -> bool:
        """Whether the office found that it is not in order."""
        return self.check is not None and self.check.finding == Finding.NOT_IN_ORDER

    @property
    def holds_today(self) -> bool:
        """Whether a document has not ended, and what a register said need not be asked again."""
        if self.check is None:
            return False
        last = self.check.valid_until if self.is_document else due_on(self.requirement, self.check)
        return last is None or last >= clock.today()

    @property
    def is_missing(self) -> bool:
        """Whether the applicant has a document to bring."""
        return self.is_document and (self.check is None or self.is_wrong)

    @property
    def days_left(self) -> int | None:
        """Days until it ends, less than none when it has ended; ``None`` without an end."""
        if self.check is None:
            return None
        last = self.check.valid_until if self.is_document else self.check.due_on
        return None if last is None else (last - clock.today()).days

    @property
    def is_lapsed(self) -> bool:
        """Whether its last day has passed."""
        return self.days_left is not None and self.days_left < 0

    @property
    def state(self) -> str:
        """How it stands, in words."""
        if not self.is_asked:
            return _("with each offer card")
        if self.check is None:
            return _("document is missing") if self.is_document else _("the officer asks the register")
        if self.is_lapsed:
            return _("has ended") if self.is_document else _("the officer asks the register")
        if self.check.finding:
            return str(Finding(self.check.finding).label)
        return _("document is there, not looked at yet")

    @property
    def tone(self) -> str:
        """The tone of the tag of its state."""
        if not self.is_asked:
            return "quiet"
        if self.is_wrong or (self.is_lapsed and self.is_document):
            return "stopped"
        if self.is_lapsed:
            return "waiting"
        return "done" if self.is_in_order else "waiting" if self.check else "active"

    @property
    def days(self) -> str:
        """How many days are left, in words; "" without an end."""
        left = self.days_left
        if left is None or (left < 0 and not self.is_document):
            # a register that is not asked in time is the office's to ask
            return ""
        if left < 0:
            return ngettext("ended %(n)s day ago", "ended %(n)s days ago", -left) % {"n": -left}
        return ngettext("%(n)s day is left", "%(n)s days are left", left) % {"n": left}


def _items(requirements: list[Requirement], rows: QuerySet[Check]) -> list[Item]:
    counting: Mapping[str, Check] = {
        one.requirement_id: one for one in rows.filter(replaced_at__isnull=True).select_related("file")
    }
    return [Item(one, counting.get(one.pk)) for one in requirements]


def items_of(registration: Registration) -> list[Item]:
    """What is asked of an applicant, with the answers (two queries)."""
    asked = concerning(registration.supplies, is_individual=registration.is_individual)
    return _items(asked, Check.objects.filter(registration=registration))


def items_of_supplier(supplier: Supplier) -> list[Item]:
    """What is asked of a supplier, with the answers that count now (two queries). Where nobody has said what it
    supplies, that is what concerns everybody.
    """
    asked = concerning(supplier.supplies or [Activity.GOODS], is_individual=supplier.is_individual)
    return _items(asked, Check.objects.filter(supplier=supplier))


def item(items: Iterable[Item], code: str) -> Item:
    """The one of a requirement.

    Raises:
        NotFound: it is not asked here.
    """
    found = next((one for one in items if one.requirement.pk == code and one.is_asked), None)
    if found is None:
        raise NotFound
    return found


def missing(items: Iterable[Item]) -> list[Item]:
    """What the applicant has to bring still."""
    return [one for one in items if one.is_missing]


def not_found_in_order(items: Iterable[Item]) -> list[Item]:
    """What keeps an application from the commission: what is not found in order, or was and is out of date by now."""
    return [one for one in items if one.is_asked and not (one.is_in_order and one.holds_today)]


def due(actor: Actor) -> QuerySet[Check]:
    """What an office of a region has to ask again or to look at by today, longest due first."""
    if actor.desk is not Desk.OFFICER or actor.territory != region_of(actor.territory) or not actor.territory:
        return Check.objects.none()
    rows = Check.objects.filter(
        in_order(actor.territory, "place"),
        replaced_at__isnull=True,
        supplier__isnull=False,
        due_on__isnull=False,
        due_on__lte=clock.today(),
        supplier__removed_on__isnull=True,
    )
    return rows.select_related("supplier__organisation", "requirement").order_by("due_on", "pk")


def last_day_to_warn(on: date) -> date:
    """Documents that end by this day are told to their supplier on ``on``."""
    return on + timedelta(days=reference.term(WARNING, at=on).amount)


def _documents(first: date | None, last: date) -> QuerySet[Check]:
    rows = Check.objects.filter(
        replaced_at__isnull=True,
        supplier__isnull=False,
        valid_until__lte=last,
        supplier__removed_on__isnull=True,
    )
    return (rows if first is None else rows.filter(valid_until__gte=first)).order_by("pk")


def to_warn_of(on: date) -> list[UUID]:
    """Documents that end soon and of which the supplier was not told (one query)."""
    return list(_documents(on, last_day_to_warn(on)).filter(warned_on__isnull=True).values_list("pk", flat=True))


def to_tell_of(on: date) -> list[UUID]:
    """Documents that have ended and of which the region was not told (one query)."""
    rows = _documents(None, on - timedelta(days=1)).filter(lapse_told_on__isnull=True)
    return list(rows.values_list("pk", flat=True))


#: Checks that are counted for a home page.
MOST_COUNTED: Final = 500


def ending(supplier: Supplier, last: date) -> list[Check]:
    """Documents of a supplier that end by a day, soonest first (one query)."""
    rows = Check.objects.filter(supplier=supplier, replaced_at__isnull=True, valid_until__lte=last)
    return list(rows.select_related("requirement").order_by("valid_until", "pk"))
