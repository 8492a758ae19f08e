"""Things: what people got, with number, warranty and who answers for it; and what of them is kept back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, Offer, OfferVersion
from tirek.catalogue.units import units_of_kind
from tirek.core.tables import Row
from tirek.entitlements.models import Line
from tirek.orders.models.orders import Delivery
from tirek.organisations.models import Organisation
from tirek.people.models import Person


class KeptBack(Row):
    """Goods that are kept back together as long as something is said against them: on hold they are handed over
    nowhere.
    """

    class State(models.TextChoices):
        FREE = "free", _("handed over as usual")
        HELD = "held", _("on hold until it is checked")
        RECALLED = "recalled", _("recalled")
        OVER = "over", _("recalled, and the recall is over")

    #: States in which goods without a number may be of those, and stay back with them.
    LOOKED_FOR = frozenset({State.HELD, State.RECALLED})
    #: States in which they come back: they are never handed over again.
    IS_RECALLED = frozenset({State.RECALLED, State.OVER})

    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+", db_index=False)
    maker = models.CharField(max_length=120, help_text="The maker as it is compared.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FREE)
    held_since = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Batch(KeptBack):
    """Goods of one kind and maker that were made together: from the first hand-over, or the first word of harm."""

    number = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "number"], name="orders_batch_not_free", condition=~Q(state="free")),
        ]
        constraints = [models.UniqueConstraint(fields=["kind", "maker", "number"], name="orders_batch_once")]


class Make(Row):
    """Maker and model of goods that stand in no catalogue: what a local body has bought."""

    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+", db_index=False)
    maker = models.CharField(max_length=120, help_text="As it was told first.")
    model = models.CharField(max_length=120, blank=True)
    maker_key = models.CharField(max_length=120, help_text="The maker as it is compared.")
    model_key = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "maker_key", "model_key"], name="orders_make_once"),
            models.CheckConstraint(condition=~Q(maker_key=""), name="orders_make_named"),
        ]


class Stop(KeptBack):
    """Goods that no batch tells apart and that are kept back together: all of an offer, those described as in one
    version of it, all of a maker and model, or some serial numbers of a maker.
    """

    class By(models.TextChoices):
        OFFER = "offer", _("all goods of the offer")
        VERSION = "version", _("goods ordered by one version of the offer")
        MAKE = "make", _("all goods of this maker and model")
        NUMBERS = "numbers", _("some serial numbers")

    by = models.CharField(max_length=10, choices=By.choices)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.ForeignKey(OfferVersion, on_delete=models.PROTECT, related_name="+", null=True)
    make = models.ForeignKey(Make, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "state"], name="orders_stop_kind")]
        constraints = [
            models.CheckConstraint(
                condition=Q(by="offer", offer__isnull=False, version__isnull=True, make__isnull=True)
                | Q(by="version", offer__isnull=True, version__isnull=False, make__isnull=True)
                | Q(by="make", offer__isnull=True, version__isnull=True, make__isnull=False)
                | Q(by="numbers", offer__isnull=True, version__isnull=True, make__isnull=True),
                name="orders_stop_by",
            ),
        ]


class StoppedNumber(Row):
    """A serial number that is kept back."""

    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="numbers", db_index=False)
    number = models.CharField(max_length=40)

    class Meta:
        indexes = [models.Index(fields=["number"], name="orders_stopped_number")]
        constraints = [models.UniqueConstraint(fields=["stop", "number"], name="orders_stopped_once")]


class Item(Row):
    """Goods that a person got, on the portal or bought by the local body: what they are and with what number, by which
    case they came, who answers for them, and until when there is a warranty.
    """

    class Ended(models.TextChoices):
        REFUSED = "refused", _("refused at receipt")
        EXCHANGED = "exchanged", _("exchanged for other goods")
        RECALLED = "recalled", _("given back after a recall")
        TAKEN_BACK = "taken_back", _("taken back: the purchase was ended")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="items", db_index=False)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="items", db_index=False)
    case_type = models.CharField(max_length=20, help_text="Type of the case by which they came: order or purchase.")
    case_id = models.UUIDField()
    case_number = models.CharField(max_length=32)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+", db_index=False)
    maker = models.CharField(
        max_length=120, blank=True, help_text="The maker as it is compared; empty: it was not told."
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, help_text="Empty: bought."
    )
    version = models.ForeignKey(
        OfferVersion, on_delete=models.PROTECT, related_name="+", null=True, db_index=False, help_text="Empty: bought."
    )
    make = models.ForeignKey(
        Make, on_delete=models.PROTECT, related_name="items", null=True, db_index=False, help_text="Of what was bought."
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        help_text="The supplier that answers for them at its desk; empty: the local body that bought them.",
    )
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, related_name="items", null=True, help_text="Of an order."
    )
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items", null=True, db_index=False)
    number = models.CharField(max_length=40, blank=True, help_text="Serial or batch number; empty: none was told.")
    quantity = models.PositiveIntegerField()
    use_by = models.DateField(null=True, help_text="Last day of use, as it is printed.")
    handed_over_on = models.DateField()
    received_on = models.DateField(null=True, help_text="The day the receipt was signed.")
    warranty_months = models.PositiveSmallIntegerField(default=0, db_default=0)
    warranty_until = models.DateField(null=True, help_text="From the receipt on; empty: none, or not received yet.")
    ended_on = models.DateField(null=True, help_text="The person does not have it any more.")
    ended_because = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="orders_item_person"),
            models.Index(fields=["batch", "id"], name="orders_item_batch"),
            models.Index(fields=["offer", "number"], name="orders_item_number"),
            # who is told of what is kept back, some at a time
            models.Index(fields=["offer", "id"], name="orders_item_offer"),
            models.Index(fields=["version", "id"], name="orders_item_version"),
            models.Index(fields=["make", "id"], name="orders_item_make"),
            models.Index(fields=["kind", "number", "maker"], name="orders_item_serial"),
            models.Index(fields=["case_id"], name="orders_item_case"),
            models.Index(fields=["line"], name="orders_item_line"),
            # what a supplier looks up of what it handed over
            models.Index(fields=["organisation", "number"], name="orders_item_answers"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "number"],
                condition=Q(batch__isnull=True, ended_on__isnull=True) & ~Q(number=""),
                name="orders_item_serial_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "maker", "number"],
                condition=Q(batch__isnull=True, ended_on__isnull=True, offer__isnull=True) & ~Q(number=""),
                name="orders_item_bought_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orders_item_quantity"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_because="") | Q(ended_on__isnull=False) & ~Q(ended_because=""),
                name="orders_item_ended",
            ),
            models.CheckConstraint(
                condition=Q(offer__isnull=True, version__isnull=True, delivery__isnull=True)
                | Q(offer__isnull=False, version__isnull=False, delivery__isnull=False, make__isnull=True),
                name="orders_item_source",
            ),
        ]

    @property
    def units(self) -> str:
        """How many, with the unit of the kind: "2 pieces"."""
        return units_of_kind(self.quantity, self.kind_id)

    @property
    def is_bought(self) -> bool:
        """Whether the local body bought them, so that they stand in no catalogue."""
        return self.offer_id is None
