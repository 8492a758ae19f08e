"""Catalogue: kinds of the classifier, and the offers of suppliers: offer → variant → immutable version."""

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models.words import OfferWords as OfferWords
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.languages import in_language
from tirek.core.reference import DatedRow
from tirek.core.reference import Status as ReferenceStatus
from tirek.core.tables import CaseRow, Localised, Row, list_indexes
from tirek.files.models import StoredFile
from tirek.organisations.models import Organisation
from tirek.suppliers.models import Supplier


class ProvisionChannel(models.TextChoices):
    """How a kind is provided (Social Code art. 169)."""

    PORTAL = "portal", _("chosen on the portal")
    PROCUREMENT = "procurement", _("bought by the local body")
    EMPLOYER = "employer", _("paid by the employer")


class Group(models.TextChoices):
    """Groups of kinds fixed by Social Code art. 1."""

    PROSTHETIC = "prosthetic_orthopaedic", _("Prosthetic and orthopaedic aids")
    MOVEMENT = "special_movement", _("Special means of movement")
    HEARING = "surdo_technical", _("Aids for hearing")
    SIGHT = "tiflo_technical", _("Aids for sight")
    HYGIENIC = "hygienic", _("Hygienic means")
    SERVICE = "service", _("Services")


class Period(models.TextChoices):
    """Over what a quantity is granted."""

    ONCE = "once", _("for the term of the programme")
    DAY = "day", _("a day")
    MONTH = "month", _("a month")
    QUARTER = "quarter", _("a quarter")
    YEAR = "year", _("a year")


class CarryOver(models.TextChoices):
    """What becomes of what a person has not ordered when a period ends."""

    NONE = "none", _("it is written off")
    YEAR = "year", _("it is carried on to the end of the year")


class Kind(Localised):
    """A kind of goods or services of the classifier (working codes until the official classifier is imported)."""

    code = models.CharField(max_length=10, primary_key=True)
    group = models.CharField(max_length=30, choices=Group.choices)
    unit = models.CharField(max_length=20)
    certainty = models.CharField(max_length=10)
    channel = models.CharField(max_length=12, choices=ProvisionChannel.choices, default=ProvisionChannel.PORTAL)
    needs_fitting = models.BooleanField(default=False)
    consumable = models.BooleanField(default=False)
    orderable_from = models.DateField(null=True, help_text="Empty: cannot be ordered on the portal yet.")
    made_to_order = models.BooleanField(default=False, db_default=False, help_text="A line may be bought, by decision.")
    position = models.PositiveSmallIntegerField(default=0)
    illustration = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="Drawing of the kind; empty: none yet."
    )
    sort_key_kk = models.CharField(max_length=600)
    sort_key_ru = models.CharField(max_length=600)
    iso_code = models.CharField(
        max_length=8, blank=True, default="", db_default="", help_text="Code of ISO 9999; empty: not known for certain."
    )
    iso_edition = models.CharField(
        max_length=4, blank=True, default="", db_default="", help_text="Edition of ISO 9999 that has the code."
    )

    class Meta:
        ordering = ["position"]

    @property
    def iso(self) -> str:
        """The code of ISO 9999 with its edition; "" where none is known for certain."""
        return f"ISO 9999:{self.iso_edition} {self.iso_code}" if self.iso_code else ""


class KindName(Row):
    """Words by which people look for a kind, in any language: its other names, what they call it, what troubles
    them.
    """

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="names", db_index=False)
    text = models.CharField(max_length=120)
    vector = models.BinaryField(null=True, help_text="What it means (``core.vectors``); empty: not told yet.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "text"], name="catalogue_kindname_once")]


class Parameter(Localised):
    """A parameter of a kind, by which offers are described and matched."""

    class Type(models.TextChoices):
        NUMBER = "number"
        TEXT = "text"
        BOOL = "bool"
        CHOICE = "choice"

    kind = models.ForeignKey(Kind, on_delete=models.CASCADE, related_name="parameters", db_index=False)
    code = models.CharField(max_length=40)
    type = models.CharField(max_length=10, choices=Type.choices)
    unit = models.CharField(max_length=10, blank=True)
    choices = models.JSONField(default=list, help_text="Codes, in order.")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="catalogue_parameter_once")]


def of_kind(kind_code: str, code: str) -> str:
    """Under what a parameter or a value is named that has words of its own at one kind: ``PO-07.height_cm``."""
    return f"{kind_code}.{code}"


class Choice(Localised):
    """Words for a value that a parameter of choice can take, everywhere or at one kind (``of_kind``)."""

    code = models.CharField(max_length=40, primary_key=True)


class FitRule(Row):
    """How a parameter of an offer is compared with a measurement of the person."""

    class Relation(models.TextChoices):
        AT_LEAST = "at_least", _("the offer's value is at least the measurement")
        AT_MOST = "at_most", _("the offer's value is at most the measurement")
        WITHIN = "within", _("the offer's value is the measurement plus between low and high")
        AGE_GROUP = "age_group", _("child or adult by the age of the person")
        PERSON_GROUP = "person_group", _("made for a child, a woman or a man, as the person is one")

    parameter = models.CharField(max_length=40, help_text="Of every kind that has it, or of one (``of_kind``).")
    measurement = models.CharField(max_length=40)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    low = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    high = models.DecimalField(max_digits=8, decimal_places=2, default=Decimal(0))
    citation = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=ReferenceStatus.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parameter", "measurement"], name="catalogue_fitrule_once")]


class OfKind(DatedRow):
    """A version of what holds for a kind, in a region or in the republic."""

    VERSION_OF = ("kind_id", "region_code")

    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+", db_index=False)
    region_code = models.CharField(
        max_length=9, blank=True, help_text="КАТО code of the region; empty for the republic."
    )

    class Meta:
        abstract = True


class GuaranteedAmount(OfKind):
    """What the budget pays at most for one unit of a kind (гарантированная сумма), dated."""

    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Tenge per unit.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region_code", "effective_from"], name="catalogue_guaranteed_version"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="catalogue_guaranteed_positive"),
        ]


class KindTerms(OfKind):
    """How much of a kind a programme gives, in which parts, and when the next one is due, dated (portal.md section
    3).
    """

    period = models.CharField(
        max_length=10, choices=Period.choices, help_text="Over what the quantity of a programme counts."
    )
    norm = models.PositiveIntegerField(null=True, blank=True, help_text="Units in a period; empty: no norm is known.")
    part = models.CharField(
        max_length=10,
        blank=True,
        choices=Period.choices,
        help_text="Shorter period in which a year's quantity is given out; empty: at once.",
    )
    part_quantity = models.PositiveIntegerField(
        null=True, blank=True, help_text="Units that such a part gives at least; empty: an equal share of the year's."
    )
    carry_over = models.CharField(max_length=10, choices=CarryOver.choices, default=CarryOver.NONE)
    max_per_order = models.PositiveIntegerField(
        null=True, blank=True, help_text="Units in one order at most; empty: all that can be ordered."
    )
    replacement_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From receipt to the next one; empty: unknown, does not block."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "region_code", "effective_from"], name="catalogue_terms_version"),
            models.CheckConstraint(
                name="catalogue_terms_positive",
                condition=(Q(norm__isnull=True) | Q(norm__gt=0))
                & (Q(part_quantity__isnull=True) | Q(part_quantity__gt=0))
                & (Q(max_per_order__isnull=True) | Q(max_per_order__gt=0))
                & (Q(replacement_months__isnull=True) | Q(replacement_months__gt=0)),
            ),
            # a year's quantity alone is given out in parts; what is given once alone has a term to the next one
            models.CheckConstraint(
                name="catalogue_terms_parts",
                condition=(Q(part="") & Q(part_quantity__isnull=True))
                | Q(period=Period.YEAR, part__in=[Period.DAY, Period.MONTH, Period.QUARTER]),
            ),
            models.CheckConstraint(
                name="catalogue_terms_next",
                condition=Q(replacement_months__isnull=True) | Q(period=Period.ONCE),
            ),
            models.CheckConstraint(
                name="catalogue_terms_carried",
                condition=Q(carry_over=CarryOver.NONE)
                | Q(period__in=[Period.DAY, Period.MONTH, Period.QUARTER])
                | ~Q(part=""),
            ),
        ]

    @property
    def window(self) -> Period:
        """The period at whose end what was not ordered is written off or carried on."""
        return Period(self.part or self.period)


class KindProvision(OfKind):
    """How a kind is provided in a region, or in the republic, dated: it goes before what the classifier says.

    For the time of a conclusion of the region's commission that nobody offers it there, the local body buys it (Social
    Code art. 169(1)).
    """

    class Way(models.TextChoices):
        PORTAL = "portal", _("chosen on the portal")
        PROCUREMENT = "procurement", _("bought by the local body")
        CLOSED = "closed", _("not on the portal yet")

    way = models.CharField(max_length=12, choices=Way.choices)
    conclusion_number = models.CharField(
        max_length=60, blank=True, default="", help_text="Of the commission; of what the local body buys."
    )
    conclusion_on = models.DateField(null=True, blank=True, help_text="Day of the commission's conclusion.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region_code", "effective_from"], name="catalogue_provision_version"
            ),
            # a region's commission concludes, and what the local body buys rests on its conclusion alone
            models.CheckConstraint(
                name="catalogue_provision_conclusion",
                condition=(
                    Q(way="procurement", conclusion_on__isnull=False) & ~Q(conclusion_number="") & ~Q(region_code="")
                )
                | (Q(way__in=["portal", "closed"], conclusion_on__isnull=True, conclusion_number="")),
            ),
        ]


class Offer(Localised, Row):
    """A supplier's card in the catalogue."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        ON_ADMISSION = "on_admission", _("on admission")
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        BLOCKED = "blocked", _("blocked")
        ARCHIVED = "archived", _("archived")

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="offers", db_index=False)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="offers", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    description_kk = models.TextField()
    description_ru = models.TextField()
    description_en = models.TextField()
    included_kk = models.CharField(max_length=300, blank=True)
    included_ru = models.CharField(max_length=300, blank=True)
    included_en = models.CharField(max_length=300, blank=True)
    maker = models.CharField(max_length=120)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2.")
    warranty_months = models.PositiveSmallIntegerField(default=0)
    delivery_days = models.PositiveSmallIntegerField(help_text="Days from acceptance to the door.")
    needs_fitting = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Measured at a fitting and made to order, also where the kind as such does not need it.",
    )
    delivers_to = models.JSONField(default=list, help_text="КАТО codes of the regions and districts it delivers to.")
    watched_from = models.CharField(
        max_length=9,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="КАТО code of the place whose region admits it; only the database writes it.",
    )
    illustration = models.CharField(max_length=60, blank=True)
    blocked_from = models.CharField(
        max_length=12, blank=True, default="", db_default="", help_text="State before the block; empty: not blocked."
    )
    paused_by_clock = models.BooleanField(
        default=False, db_default=False, help_text="A document has expired: a valid one brings it back to sale."
    )
    shown_photos = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="What people see of its photos: key, size, text alternatives.",
    )

    #: States before it was admitted.
    BEFORE = frozenset({State.DRAFT, State.ON_ADMISSION})
    #: States in which it was admitted, and is not at its end.
    LIVING = frozenset({State.ACTIVE, State.PAUSED, State.BLOCKED})

    class Meta:
        indexes = [
            models.Index(fields=["kind", "state"], name="catalogue_offer_kind"),
            models.Index(fields=["supplier", "-id"], name="catalogue_offer_supplier"),
            # what an office watches, newest first: of a district, and of a region
            models.Index(fields=["watched_from", "-id"], name="catalogue_offer_watched", condition=~Q(state="draft")),
            models.Index(
                Left("watched_from", 2), F("id").desc(), name="catalogue_offer_in_region", condition=~Q(state="draft")
            ),
        ]

    @property
    def description(self) -> str:
        """The description in the reader's language."""
        return in_language(kk=self.description_kk, ru=self.description_ru, en=self.description_en)

    @property
    def included(self) -> str:
        """What is in the box, in the reader's language."""
        return in_language(kk=self.included_kk, ru=self.included_ru, en=self.included_en)


class OfferPlace(models.Model):
    """A district, or a region as a whole, that an active offer reaches: ``Offer.delivers_to`` as rows, so that what
    reaches a place is read from an index, whatever the country offers of the kind.

    Only the database writes it (``catalogue_keep_places``).
    """

    pk = models.CompositePrimaryKey("offer_id", "place")
    offer = models.ForeignKey(Offer, on_delete=models.DO_NOTHING, related_name="places", db_index=False)
    place = models.CharField(max_length=9, help_text="КАТО code.")
    kind = models.ForeignKey(Kind, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    supplier = models.ForeignKey(
        Supplier, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["place", "kind"], include=["supplier", "offer"], name="catalogue_offerplace_reaching"),
        ]


class OfferEvent(Row):
    """What was done with an offer, by whom, and why. Written once, never changed."""

    class What(models.TextChoices):
        MADE = "made", _("draft begun")
        SENT = "sent", _("sent for admission")
        TAKEN_BACK = "taken_back", _("taken back by the supplier")
        RETURNED = "returned", _("returned for correction")
        ADMITTED = "admitted", _("admitted")
        REFUSED = "refused", _("refused")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("on sale again")
        EXPIRED = "expired", _("paused: a document has expired")
        RENEWED = "renewed", _("on sale again: the documents are valid")
        BLOCKED = "blocked", _("blocked")
        LIFTED = "lifted", _("block lifted")
        CHANGE_SENT = "ch_sent", _("change sent for admission")
        CHANGE_TAKEN_BACK = "ch_back", _("change taken back by the supplier")
        CHANGE_RETURNED = "ch_return", _("change returned for correction")
        CHANGE_ADMITTED = "ch_admit", _("change admitted")
        CHANGE_REFUSED = "ch_refuse", _("change refused")
        CHANGED = "changed", _("changed by the supplier, without admission")
        ARCHIVED = "archived", _("archived")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField(default=clock.now)
    what = models.CharField(max_length=10, choices=What.choices)
    by = models.UUIDField(null=True, help_text="Account; empty for the clock.")
    desk = models.CharField(
        max_length=12,
        choices=Desk.choices,
        default=Desk.SUPPLIER,
        db_default=Desk.SUPPLIER,
        help_text="At which it was done.",
    )
    reason = models.CharField(
        max_length=700,
        blank=True,
        default="",
        db_default="",
        help_text="Why, for the supplier to read; empty: not said.",
    )

    class Meta:
        indexes = [models.Index(fields=["offer", "-at"], name="catalogue_offerevent_offer")]


class OfferDocument(Row):
    """A document that an offer rests on (Social Code art. 167(6)), with its validity. One that has expired stays beside
    the one that replaces it.
    """

    class Sort(models.TextChoices):
        CERTIFICATE = "certificate", _("certificate of conformity")
        DECLARATION = "declaration", _("declaration of conformity")
        MEDICAL = "medical", _("registration certificate of a medical device")
        CLASSIFIER = "classifier", _("document that it meets the classifier")
        ORIGIN = "origin", _("document on origin, characteristics and price")
        OTHER = "other", _("other document")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="documents")
    sort = models.CharField(max_length=12, choices=Sort.choices)
    number = models.CharField(max_length=80)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, help_text="Last day; empty: without an end.")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    warned_on = models.DateField(null=True, help_text="When the supplier was told that it expires soon.")
    withdrawn_at = models.DateTimeField(null=True, help_text="Taken away by the supplier; empty while it counts.")

    class Meta:
        indexes = [
            models.Index(
                fields=["valid_until"],
                name="catalogue_document_end",
                condition=Q(withdrawn_at__isnull=True, valid_until__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")),
                name="catalogue_document_term",
            )
        ]


class OfferPhoto(Row):
    """A photo of what is offered, with what it shows in words: nobody is left out who does not see it."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    alt_kk = models.CharField(max_length=200)
    alt_ru = models.CharField(max_length=200)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    admitted = models.BooleanField(default=False, help_text="The commission has seen it: people see it.")
    withdrawn_at = models.DateTimeField(null=True, help_text="Taken away by the supplier; empty while it counts.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(alt_kk="") & ~Q(alt_ru=""), name="catalogue_photo_in_words"),
        ]

    @property
    def alt(self) -> str:
        """What it shows, in the reader's language."""
        return in_language(kk=self.alt_kk, ru=self.alt_ru, en=self.alt_ru)


class Proposal(Row):
    """What a supplier wants changed of an offer that was admitted, and what goes to admission first: it stands beside
    the card, which stays as it is.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="proposals", db_index=False)
    card = models.JSONField(default=dict, help_text="Columns of the card → what they are to be.")
    sizes = models.JSONField(default=dict, help_text="Key of a size, or new-1, new-2 → what it is to be.")
    before = models.JSONField(default=dict, help_text="What stood there when it was sent, in the same shape.")
    closed_at = models.DateTimeField(null=True, help_text="Admitted, refused or given up; empty while it is prepared.")

    class Meta:
        indexes = [models.Index(fields=["offer", "-id"], name="catalogue_proposal_offer")]
        constraints = [
            models.UniqueConstraint(
                fields=["offer"], condition=Q(closed_at__isnull=True), name="catalogue_proposal_one_open"
            )
        ]


class Admission(CaseRow):
    """A supplier's card before the commission of the region (Social Code art. 167(2))."""

    class State(models.TextChoices):
        CHECKING = "checking", _("checked by the regional department")
        COMMISSION = "commission", _("before the commission")
        ADMITTED = "admitted", _("admitted")
        RETURNED = "returned", _("returned for correction")
        REFUSED = "refused", _("refused")
        TAKEN_BACK = "taken_back", _("taken back")

    ENDED = frozenset({State.ADMITTED, State.RETURNED, State.REFUSED, State.TAKEN_BACK})

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="admissions", db_index=False)
    proposal = models.ForeignKey(
        Proposal,
        on_delete=models.PROTECT,
        null=True,
        related_name="admissions",
        help_text="The change that it is about; empty: the whole offer.",
    )
    sent_by = models.UUIDField(help_text="Account that sent it.")
    conclusion_number = models.CharField(max_length=60, blank=True)
    conclusion_on = models.DateField(null=True)
    reason = models.CharField(max_length=600, blank=True, help_text="Why it was returned or refused.")

    class Meta:
        indexes = [
            models.Index(fields=["offer", "-created_at"], name="catalogue_admission_offer"),
            *list_indexes("catalogue_admit", open_states=["checking", "commission"], organisation="organisation"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(state__in=["checking", "commission"]),
                name="catalogue_admission_one_open",
            ),
            models.CheckConstraint(
                condition=Q(conclusion_number="", conclusion_on__isnull=True)
                | (~Q(conclusion_number="") & Q(conclusion_on__isnull=False)),
                name="catalogue_admission_conclusion",
            ),
        ]


class Variant(Row):
    """A size or model of an offer, with its stock and its present version."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="variants", db_index=False)
    label = models.CharField(max_length=60, help_text="Size or model as printed on the package.")
    article = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="The supplier's own number; empty: none."
    )
    search_key = models.TextField(
        blank=True, default="", db_default="", help_text="Words by which the supplier finds it, in small letters."
    )
    stock = models.PositiveIntegerField()
    active = models.BooleanField(default=True)
    current = models.OneToOneField("OfferVersion", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [
            GinIndex(SearchVector("search_key", config="simple"), name="catalogue_variant_words"),
            models.Index(
                fields=["offer"],
                include=["current", "stock", "created_at"],
                name="catalogue_variant_sold",
                condition=Q(active=True, current__isnull=False),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["offer", "label"], name="catalogue_variant_label")]


class OfferVersion(Row):
    """What was offered at a moment: price and characteristics. Never changed; orders point here."""

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="versions", db_index=False)
    n = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=14, decimal_places=2, help_text="Tenge per unit.")
    parameters = models.JSONField(help_text="Parameter code → value.")
    warranty_months = models.PositiveSmallIntegerField()
    delivery_days = models.PositiveSmallIntegerField()
    valid_from = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "n"], name="catalogue_version_n"),
            models.CheckConstraint(condition=Q(price__gt=0), name="catalogue_version_price"),
        ]
