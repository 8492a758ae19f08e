"""Spare parts and accessories of what people hold: a supplier's list of them, what they fit, and orders of a part."""

from decimal import Decimal
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Offer, Variant
from tirek.catalogue.units import units_text
from tirek.core import clock
from tirek.core.languages import in_language
from tirek.core.tables import CaseRow, Localised, Row, list_indexes
from tirek.orders.models import Item, Make
from tirek.organisations.models import Organisation
from tirek.people.models import Person
from tirek.suppliers.models import Supplier

_OPEN: Final = ("asked", "accepted", "sent")


class Part(Localised, Row):
    """A spare part, an accessory or a consumable of a supplier, with its present price and stock."""

    class Sort(models.TextChoices):
        SPARE = "spare", _("spare part")
        ACCESSORY = "accessory", _("accessory")
        CONSUMABLE = "consumable", _("consumable")

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="parts", db_index=False)
    article = models.CharField(max_length=40, help_text="The supplier's own number.")
    sort = models.CharField(max_length=10, choices=Sort.choices)
    description_kk = models.CharField(max_length=500, blank=True)
    description_ru = models.CharField(max_length=500, blank=True)
    description_en = models.CharField(max_length=500, blank=True)
    delivery_days = models.PositiveSmallIntegerField(help_text="Calendar days from acceptance to the door.")
    stock = models.PositiveIntegerField()
    is_covered = models.BooleanField(help_text="Free of charge while the warranty of the goods lasts.")
    sold_from = models.DateField()
    sold_until = models.DateField(null=True, blank=True, help_text="Last day; empty: without end.")
    current = models.OneToOneField("PartPrice", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "article"], name="parts_part_article"),
            models.CheckConstraint(
                condition=Q(sold_until__isnull=True) | Q(sold_until__gte=F("sold_from")), name="parts_part_sold"
            ),
        ]

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        return in_language(kk=self.description_kk, ru=self.description_ru, en=self.description_en)


class PartPrice(Row):
    """A price of a part from a moment on; never changed, orders point here."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="prices", db_index=False)
    n = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=14, decimal_places=2, help_text="Tenge for one.")
    valid_from = models.DateTimeField(default=clock.now)
    set_by = models.UUIDField(null=True, help_text="Account of the supplier.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "n"], name="parts_price_n"),
            models.CheckConstraint(condition=Q(price__gt=0), name="parts_price_positive"),
        ]


class PartFit(Row):
    """An offer, or one size of it, that a part fits; or a maker and model of what local bodies have bought."""

    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="fits")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="part_fits", null=True, db_index=False)
    variant = models.ForeignKey(
        Variant, on_delete=models.PROTECT, related_name="+", null=True, help_text="Empty: every size of the offer."
    )
    make = models.ForeignKey(
        Make,
        on_delete=models.PROTECT,
        related_name="part_fits",
        null=True,
        db_index=False,
        help_text="Of what local bodies have bought.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["offer"], include=["part", "variant"], name="parts_fit_offer"),
            models.Index(fields=["make"], include=["part"], name="parts_fit_make"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "offer"], condition=Q(variant__isnull=True), name="parts_fit_offer_once"
            ),
            models.UniqueConstraint(
                fields=["part", "make"], condition=Q(make__isnull=False), name="parts_fit_make_once"
            ),
            models.CheckConstraint(
                condition=Q(offer__isnull=False, make__isnull=True)
                | Q(offer__isnull=True, variant__isnull=True, make__isnull=False),
                name="parts_fit_one",
            ),
            models.UniqueConstraint(
                fields=["part", "variant"], condition=Q(variant__isnull=False), name="parts_fit_variant_once"
            ),
        ]


class PartOrder(CaseRow):
    """A person asks the supplier of a thing for a part of it."""

    class State(models.TextChoices):
        ASKED = "asked", _("sent, waiting for the supplier's answer")
        ACCEPTED = "accepted", _("accepted, a day is promised")
        SENT = "sent", _("sent or handed over, waiting for the recipient's answer")
        RECEIVED = "received", _("received")
        DECLINED = "declined", _("declined by the supplier")
        CANCELLED = "cancelled", _("cancelled by the recipient")
        LAPSED = "lapsed", _("ended without an answer of the supplier")

    class DeclineReason(models.TextChoices):
        STOCK = "stock", _("we do not have it and cannot get it in time")
        OTHER_PART = "other_part", _("another part is the right one")
        NOT_MADE = "not_made", _("it is not made any more")
        PLACE = "place", _("we cannot bring or send it there")

    class Payer(models.TextChoices):
        WARRANTY = "warranty", _("nobody: the warranty covers it")
        PERSON = "person", _("the recipient")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.RECEIVED, State.DECLINED, State.CANCELLED, State.LAPSED})
    #: States that wait for the supplier.
    WITH_SUPPLIER = frozenset({State.ASKED, State.ACCEPTED})

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="part_orders", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="part_orders", db_index=False)
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="orders")
    price = models.ForeignKey(
        PartPrice, on_delete=models.PROTECT, related_name="+", help_text="The price of the moment it was asked for."
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="The supplier's organisation.",
    )
    asked_by = models.UUIDField(help_text="Account that sent it.")
    quantity = models.PositiveIntegerField()
    payer = models.CharField(max_length=10, choices=Payer.choices, help_text="As it was on the day it was asked for.")
    person_part = models.DecimalField(max_digits=14, decimal_places=2, help_text="What the person pays, tenge.")
    delivery_days = models.PositiveSmallIntegerField(help_text="As the supplier had named them then.")
    address = models.CharField(max_length=300)
    phone = models.CharField(max_length=16, help_text="Phone for the delivery, E.164; empty: forgotten.")
    comment = models.CharField(max_length=500, blank=True)
    ready_on = models.DateField(null=True, help_text="The last day the supplier promised.")
    decline_reason = models.CharField(max_length=10, choices=DeclineReason.choices, blank=True)
    instead = models.ForeignKey(
        Part, on_delete=models.PROTECT, related_name="+", null=True, help_text="The part that the supplier names."
    )
    came_wrong = models.PositiveSmallIntegerField(default=0, help_text="Times that something else came, or nothing.")

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="parts_order_person"),
            models.Index(fields=["item", "-created_at"], name="parts_order_item"),
            *list_indexes("parts_partorder", open_states=_OPEN, organisation="organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "part"], condition=Q(state__in=_OPEN), name="parts_order_open_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="parts_order_quantity"),
            models.CheckConstraint(
                condition=Q(payer="warranty", person_part=0) | Q(payer="person", person_part__gt=0),
                name="parts_order_payer",
            ),
        ]

    @property
    def is_over_for_supplier(self) -> bool:
        """Whether it has ended without anything that was sent: the supplier needs no contact any more."""
        return self.state in {self.State.DECLINED, self.State.CANCELLED, self.State.LAPSED}

    @property
    def units(self) -> str:
        """How many, with the unit: "2 pieces"."""
        return units_text(self.quantity, "piece")

    @property
    def is_free(self) -> bool:
        """Whether the person pays nothing."""
        return self.person_part == Decimal(0)
