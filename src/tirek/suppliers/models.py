"""Register of suppliers (реестр поставщиков): who may offer goods and take orders."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.identifiers import Iban, Iin
from tirek.core.languages import in_language
from tirek.core.places import region_of
from tirek.core.reference import Status
from tirek.core.tables import CaseRow, Localised, Row, list_indexes
from tirek.files.models import StoredFile
from tirek.organisations.models import Organisation
from tirek.people.models import Person


class Activity(models.TextChoices):
    """What a supplier supplies: by it the requirements are chosen."""

    GOODS = "goods", _("technical aids and other goods")
    SANATORIUM = "sanatorium", _("sanatorium treatment")
    SIGN_LANGUAGE = "sign_language", _("services of a sign language specialist")
    SPECIAL_SERVICES = "special_services", _("special social services")
    ASSISTANT = "assistant", _("services of an individual assistant")


class Ground(models.TextChoices):
    """Why a supplier is removed from the register (Social Code art. 167(5)): a closed list."""

    OWN_REQUEST = "own_request", _("the supplier's own request")
    END = "end", _("death, or end of the activity")
    PROCUREMENT = "procurement", _("entry in the register of unfair participants of public procurement")
    WELFARE_FUND = "welfare_fund", _("entry in the unfair or unreliable lists of the National Welfare Fund")
    COMMISSION = "commission", _("conclusion of the commission after a notice that was not remedied")


class Supplier(Row):
    """An organisation in the register of suppliers.

    It stands there by a conclusion of the regional commission (Social Code art. 167(2)); a suspended supplier keeps its
    obligations and takes no new orders. Who was removed and comes back lives on in the same row.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="supplier")
    registered_on = models.DateField()
    conclusion_number = models.CharField(max_length=60)
    conclusion_on = models.DateField()
    suspended_since = models.DateField(null=True, blank=True)
    suspension_basis = models.CharField(max_length=300, blank=True)
    removed_on = models.DateField(null=True, blank=True)
    removal_ground = models.CharField(max_length=12, choices=Ground.choices, blank=True, default="", db_default="")
    removal_basis = models.CharField(max_length=300, blank=True, default="", db_default="")
    may_return_on = models.DateField(
        null=True, blank=True, help_text="First day on which who was removed may apply again; empty: at any time."
    )
    is_individual = models.BooleanField(
        default=False, db_default=False, help_text="An individual doing business: the number is an IIN, never public."
    )
    supplies = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), help_text="Codes of what is supplied."
    )
    asked_offer = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text="Version of the public offer that it was asked to accept.",
    )
    contact_phone = models.CharField(max_length=16, help_text="Phone for people who have ordered, E.164.")

    class Meta:
        indexes = [models.Index(fields=["-registered_on", "-id"], name="suppliers_supplier_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(suspended_since__isnull=True) | ~Q(suspension_basis=""),
                name="suppliers_supplier_suspension_reasoned",
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=False) | Q(removal_ground="", may_return_on__isnull=True),
                name="suppliers_supplier_removal_dated",
            ),
        ]

    @property
    def region_code(self) -> str:
        """The region whose commission answers for it; "" for a supplier of the whole country."""
        return region_of(self.organisation.territory_id or "")


class SupplierWord(Row):
    """A word of a supplier's name, folded, by which people find it."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE, related_name="words", db_index=False)
    word = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["word"], name="suppliers_word_begins", opclasses=["varchar_pattern_ops"])]
        constraints = [models.UniqueConstraint(fields=["supplier", "word"], name="suppliers_word_once")]


class RegisterEvent(Row):
    """What was done with an entry of the register, written once."""

    class What(models.TextChoices):
        ENTERED = "entered", _("entered in the register")
        RETURNED = "returned", _("entered in the register again")
        ACCEPTED = "accepted", _("accepted the public offer")
        SUSPENDED = "suspended", _("suspended")
        LIFTED = "lifted", _("suspension lifted")
        REMOVED = "removed", _("removed from the register")

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="events", db_index=False)
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField(default=clock.now)
    ground = models.CharField(max_length=12, choices=Ground.choices, blank=True)
    basis = models.CharField(max_length=300, blank=True, help_text="Number and date of the decision; why.")
    actor_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=12, choices=Desk.choices)

    class Meta:
        indexes = [models.Index(fields=["supplier", "-at"], name="suppliers_event_newest")]


class BankAccount(Row):
    """Where people pay what is above the guaranteed amount: details of a supplier, written once.

    A changed account is a new row that says who changed it and when; the newest one holds.
    """

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="accounts", db_index=False)
    iban = models.CharField(max_length=20, help_text="Account (ИИК), 20 signs.")
    bank = models.CharField(max_length=200, help_text="Name of the bank.")
    bic = models.CharField(max_length=11, help_text="Code of the bank (БИК), 8 or 11 signs.")
    kbe = models.CharField(max_length=2, help_text="Code of beneficiary (КБе): residence and sector.")
    actor_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["supplier", "-id"], name="suppliers_account_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(iban__regex=r"^KZ[0-9]{5}[0-9A-Z]{13}$"), name="suppliers_account_iban"),
            models.CheckConstraint(condition=Q(kbe__regex=r"^[12][0-9]$"), name="suppliers_account_kbe"),
        ]

    @property
    def account(self) -> Iban:
        """The account with its signs in fours."""
        return Iban(self.iban)

    @property
    def tail(self) -> str:
        """The last four signs, by which people compare."""
        return self.iban[-4:]


class Requirement(Localised):
    """What is asked of suppliers (Social Code art. 167(6)): reference data."""

    class Asked(models.TextChoices):
        DOCUMENT = "document", _("a document of the supplier")
        REGISTER = "register", _("answer of a state register")
        OFFER = "offer", _("documents of each offer card")

    class Renewed(models.TextChoices):
        EXPIRY = "expiry", _("when the document expires")
        TERM = "term", _("after a term")
        OFFER = "offer", _("with each offer card")

    code = models.CharField(max_length=20, primary_key=True)
    point = models.PositiveSmallIntegerField(null=True, help_text="Subparagraph of art. 167(6); empty for our own.")
    position = models.PositiveSmallIntegerField()
    hint_kk = models.CharField(max_length=300)
    hint_ru = models.CharField(max_length=300)
    hint_en = models.CharField(max_length=300)
    asked = models.CharField(max_length=10, choices=Asked.choices)
    renewed = models.CharField(max_length=10, choices=Renewed.choices)
    concerns = models.JSONField(default=list, help_text="Codes of what is supplied.")
    of_entities_only = models.BooleanField(default=False, help_text="Not of an individual doing business.")
    citation = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices)

    @property
    def hint(self) -> str:
        """What is brought or asked, in the reader's language."""
        return in_language(kk=self.hint_kk, ru=self.hint_ru, en=self.hint_en)

    @property
    def term_key(self) -> str:
        """The reference value that says how often it is asked again."""
        return f"supplier.renew.{self.code}"


class Registration(CaseRow, Localised):
    """One application to join the register."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("being prepared")
        CHECKING = "checking", _("checked by the regional department")
        COMMISSION = "commission", _("before the commission")
        RETURNED = "returned", _("returned for correction")
        ACCEPTING = "accepting", _("the public offer is to be signed")
        REGISTERED = "registered", _("in the register of suppliers")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("closed: the time is over")

    class Falsehood(models.TextChoices):
        NOT_THEIRS = "not_theirs", _("the applicant does not act for the organisation")
        FALSE_DATA = "false_data", _("the data or a document are false")

    #: States in which nothing is owed any more.
    ENDED = frozenset({State.REGISTERED, State.REFUSED, State.WITHDRAWN, State.LAPSED})
    #: Sent and not at its end: one for one BIN.
    SENT = frozenset({State.CHECKING, State.COMMISSION, State.RETURNED, State.ACCEPTING})
    #: The applicant changes it.
    CHANGED = frozenset({State.PREPARING, State.RETURNED})
    #: The office looks at it.
    EXAMINED = frozenset({State.CHECKING, State.COMMISSION})

    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="registrations", db_index=False)
    is_individual = models.BooleanField(default=False, help_text="The applicant's own business, by the IIN.")
    bin = models.CharField(max_length=12, help_text="BIN of a legal entity; IIN of an individual, never public.")
    place_code = models.CharField(max_length=9, help_text="КАТО code of the district where it stands.")
    address = models.CharField(max_length=300)
    contact_phone = models.CharField(max_length=16, help_text="Phone for people who will order, E.164.")
    supplies = models.JSONField(default=list, help_text="Codes of what is to be supplied.")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", help_text="Once it is in the register."
    )
    sent_at = models.DateTimeField(null=True)
    data_remark = models.CharField(max_length=600, blank=True, help_text="What of the data is not in order.")
    reason = models.CharField(max_length=600, blank=True, help_text="Why it was returned or refused.")
    conclusion_number = models.CharField(max_length=60, blank=True)
    conclusion_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-created_at"], name="suppliers_reg_applicant"),
            *list_indexes(
                "suppliers_reg", open_states=["preparing", "checking", "commission", "returned", "accepting"]
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(bin__regex=r"^[0-9]{12}$"), name="suppliers_reg_bin_form"),
            models.UniqueConstraint(
                fields=["bin"],
                condition=Q(state__in=["checking", "commission", "returned", "accepting"]),
                name="suppliers_reg_one_open",
            ),
        ]

    @property
    def number_shown(self) -> str:
        """BIN, or the IIN with its middle hidden."""
        return str(Iin(self.bin)) if self.is_individual else self.bin


class Check(Row):
    """One answer to one requirement: a document, or what a register said; replaced by the next one, never edited."""

    class Finding(models.TextChoices):
        IN_ORDER = "in_order", _("in order")
        NOT_IN_ORDER = "not", _("not in order")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, null=True, related_name="checks")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True, related_name="checks")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=9, blank=True, help_text="КАТО code of the region that answers for it.")
    document_number = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True)
    valid_until = models.DateField(null=True, help_text="Last day; empty: without an end.")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True, help_text="Day on which the register was asked.")
    finding = models.CharField(max_length=10, choices=Finding.choices, blank=True)
    words = models.CharField(max_length=600, blank=True, help_text="Why it is not in order; what the register said.")
    found_by = models.UUIDField(null=True)
    found_at = models.DateTimeField(null=True)
    due_on = models.DateField(
        null=True, help_text="From when the office has to ask again, or to look at it; empty: never."
    )
    warned_on = models.DateField(null=True, help_text="When the supplier was told that it ends soon.")
    lapse_told_on = models.DateField(null=True, help_text="When the region was told that it has ended.")
    replaced_at = models.DateTimeField(null=True, help_text="When a newer answer came; empty while it counts.")

    class Meta:
        indexes = [
            models.Index(
                Left("place", 2),
                "due_on",
                "id",
                name="suppliers_check_due",
                condition=Q(replaced_at__isnull=True, supplier__isnull=False, due_on__isnull=False),
            ),
            models.Index(
                fields=["valid_until"],
                name="suppliers_check_ends",
                condition=Q(replaced_at__isnull=True, supplier__isnull=False, valid_until__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "requirement"],
                condition=Q(replaced_at__isnull=True, registration__isnull=False),
                name="suppliers_check_of_registration",
            ),
            models.UniqueConstraint(
                fields=["supplier", "requirement"],
                condition=Q(replaced_at__isnull=True, supplier__isnull=False),
                name="suppliers_check_of_supplier",
            ),
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(supplier__isnull=False), name="suppliers_check_of_somebody"
            ),
            models.CheckConstraint(condition=~Q(finding="not") | ~Q(words=""), name="suppliers_check_says_why"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("issued_on")), name="suppliers_check_term"
            ),
        ]


class PublicOffer(Row):
    """A version of the public offer that suppliers accept: reference data, never edited."""

    version = models.CharField(max_length=20, unique=True)
    effective_from = models.DateField()
    accept_by = models.DateField(null=True, help_text="Last day for those who accepted an earlier one.")
    text_kk = models.TextField()
    text_ru = models.TextField()
    text_en = models.TextField()
    changes_kk = models.TextField(blank=True)
    changes_ru = models.TextField(blank=True)
    changes_en = models.TextField(blank=True)
    citation = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status.choices)

    @property
    def text(self) -> str:
        """Its words in the reader's language."""
        return in_language(kk=self.text_kk, ru=self.text_ru, en=self.text_en)

    @property
    def changes(self) -> str:
        """What is new against the version before, in the reader's language."""
        return in_language(kk=self.changes_kk, ru=self.changes_ru, en=self.changes_en)


class Agreement(Row):
    """A supplier has accepted a version of the public offer; written once."""

    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    offer = models.ForeignKey(PublicOffer, on_delete=models.PROTECT, related_name="+")
    signature_id = models.UUIDField()
    signed_by = models.UUIDField(help_text="Account.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier", "offer"], name="suppliers_agreement_once")]
