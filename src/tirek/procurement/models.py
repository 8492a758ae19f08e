"""What local bodies buy for people (Social Code art. 169): purchases, the lots in which they are bought, fittings."""

from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind
from tirek.core.tables import CaseRow, list_indexes
from tirek.entitlements.models import Line
from tirek.orders.models import FittingRound
from tirek.organisations.models import Organisation
from tirek.people.models import Person

_LOT_OPEN: Final = ("announced", "contracted")
_PURCHASE_OPEN: Final = ("needed", "in_lot", "contracted", "fitting", "fitting_agreed", "making", "handed_over")


class Lot(CaseRow):
    """Goods of one kind that the department of a region buys in one procurement.

    ``territory_code`` is the code of the region: officers of its districts see the purchases, not the lot.
    """

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("announced")
        CONTRACTED = "contracted", _("contract concluded")
        FAILED = "failed", _("failed")
        TERMINATED = "terminated", _("contract terminated")
        DONE = "done", _("carried out")

    class Failed(models.TextChoices):
        NO_BIDS = "no_bids", _("nobody took part")
        UNSUITABLE = "unsuitable", _("no bid met the conditions")
        CANCELLED = "cancelled", _("the procurement was called off")

    class Terminated(models.TextChoices):
        LATE = "late", _("the supplier did not deliver in time")
        QUALITY = "quality", _("what the supplier made was not fit")
        AGREED = "agreed", _("both sides agreed to end it")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.FAILED, State.TERMINATED, State.DONE})
    #: States whose purchases go back to the need.
    GAVE_BACK = frozenset({State.FAILED, State.TERMINATED})

    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    announcement = models.CharField(max_length=60, help_text="Number of the announcement.")
    announced_on = models.DateField()
    planned = models.DecimalField(max_digits=14, decimal_places=2, help_text="Planned for the whole lot, tenge.")
    people = models.PositiveIntegerField(help_text="Purchases that were put into it.")
    pieces = models.PositiveIntegerField(help_text="Units of the kind that were put into it.")
    made_by = models.UUIDField(help_text="Account that announced it.")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="The supplier, where its BIN is known here.",
    )
    supplier_bin = models.CharField(max_length=12, blank=True)
    supplier_name = models.CharField(max_length=200, blank=True)
    supplier_phone = models.CharField(max_length=16, blank=True)
    contract_number = models.CharField(max_length=60, blank=True)
    contract_on = models.DateField(null=True)
    deliver_until = models.DateField(null=True, help_text="Last day of delivery by the contract.")
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, help_text="For one piece, tenge.")
    maker = models.CharField(
        max_length=120, blank=True, default="", db_default="", help_text="Maker of the goods, as the contract names it."
    )
    model = models.CharField(max_length=120, blank=True, default="", db_default="")
    warranty_months = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="From the receipt on, by the contract; 0: none is named."
    )
    moving = models.BooleanField(default=False, help_text="Some of its purchases have not followed its state yet.")

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="procurement_lot_moving", condition=Q(moving=True)),
            *list_indexes("procure_lot", open_states=_LOT_OPEN),
        ]


class Purchase(CaseRow):
    """What the local body buys for one person by one line of the programme."""

    class State(models.TextChoices):
        NEEDED = "needed", _("need recorded, waiting for a lot")
        IN_LOT = "in_lot", _("in a lot, waiting for the contract")
        CONTRACTED = "contracted", _("contract concluded")
        FITTING = "fitting", _("times of the fitting are named")
        FITTING_AGREED = "fitting_agreed", _("fitting arranged")
        MAKING = "making", _("being made")
        HANDED_OVER = "handed_over", _("handed over, waiting for the signature")
        RECEIVED = "received", _("received")
        CANCELLED = "cancelled", _("ended without a hand-over")

    class Why(models.TextChoices):
        """Why a purchase ended, or went back to the need."""

        NOT_NEEDED = "not_needed", _("the person does not need it any more")
        MISTAKE = "mistake", _("it was recorded by mistake")
        ON_PORTAL = "on_portal", _("it is chosen and ordered on the portal now")
        NO_RIGHT = "no_right", _("the programme does not give it any more")
        DIED = "died", _("the person has died")
        LOT_FAILED = "lot_failed", _("the procurement did not succeed")
        CONTRACT_ENDED = "contract_ended", _("the contract with the supplier was terminated")

    class OfficeTask(models.TextChoices):
        PROGRAMME = "programme", _("the programme has changed")
        DEATH = "death", _("the person has died")
        FITTING = "fitting", _("help with the fitting")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.RECEIVED, State.CANCELLED})
    #: States before a contract: nothing of the entitlement is held.
    BEFORE_CONTRACT = frozenset({State.NEEDED, State.IN_LOT})
    #: States in which goods are fitted and made: they end with the contract.
    UNDER_CONTRACT = frozenset({State.CONTRACTED, State.FITTING, State.FITTING_AGREED, State.MAKING})
    #: States in which the entitlement is held.
    HOLDS = UNDER_CONTRACT | {State.HANDED_OVER}
    #: States that wait for the person.
    NEEDS_PERSON = frozenset({State.FITTING, State.HANDED_OVER})
    #: Why an officer ends it.
    BY_OFFICE = (Why.NOT_NEEDED, Why.MISTAKE, Why.NO_RIGHT, Why.DIED)
    #: Reasons after which the need is not recorded again by itself.
    STAYS_ENDED = frozenset({Why.NOT_NEEDED, Why.MISTAKE})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="purchases", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="purchases")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(help_text="Units of the kind.")
    window_start = models.DateField(help_text="First day of the period of the line that it is bought for.")
    asked_by = models.UUIDField(null=True, help_text="Officer who recorded the need; empty: recorded by itself.")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="purchases", null=True)
    hold_id = models.UUIDField(
        null=True, help_text="Key by which the ledger holds the entitlement under the present contract."
    )
    deliver_until = models.DateField(null=True, help_text="Last day of delivery by the contract.")
    needs_fitting = models.BooleanField(default=False)
    step_by = models.DateField(null=True, help_text="Last day of the present step of the fitting.")
    fitting_eve = models.DateField(null=True, help_text="The day at whose end the person is reminded of the fitting.")
    fitting_by = models.DateField(null=True, help_text="Last day to record what came of the fitting.")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_by = models.UUIDField(null=True)
    came_back = models.PositiveSmallIntegerField(default=0, help_text="Times that the goods were refused.")
    signature_id = models.UUIDField(null=True)
    ended_why = models.CharField(max_length=20, choices=Why.choices, blank=True, help_text="Why it was ended.")
    office_task = models.CharField(max_length=10, choices=OfficeTask.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="procurement_purch_person"),
            models.Index(
                fields=["kind", "waits_since", "id"],
                include=["territory_code", "created_at", "quantity"],
                name="procurement_purch_free",
                condition=Q(state="needed", lot__isnull=True),
            ),
            *list_indexes("procure_purchase", open_states=_PURCHASE_OPEN),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state__in=_PURCHASE_OPEN), name="procurement_purch_open_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="procurement_purch_quantity"),
        ]


class Appointment(FittingRound):
    """One round of the fitting of a purchase."""

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="fittings", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purchase", "n"], name="procurement_fitting_n"),
            models.UniqueConstraint(fields=["purchase"], condition=Q(outcome=""), name="procurement_fitting_one_open"),
            models.CheckConstraint(
                condition=Q(chosen__isnull=True, at__isnull=True) | Q(chosen__isnull=False, at__isnull=False),
                name="procurement_fitting_chosen",
            ),
        ]
