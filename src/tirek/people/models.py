"""People: who they are, what was measured, who acts for them, what they agreed to and what they need."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import Language, User
from tirek.core import clock
from tirek.core.crypto import EncryptedTextField
from tirek.core.tables import Row
from tirek.people.spelling import by_letters
from tirek.territory.models import Territory


class Person(Row):
    """One human. Phone, e-mail and sign-in stand in the account."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")

    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="person")
    iin = models.CharField(max_length=12, unique=True)
    surname = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    patronymic = models.CharField(max_length=100, blank=True)
    sort_key = models.CharField(
        max_length=400, editable=False, help_text="Surname, given name, patronymic in Kazakh order."
    )
    birth_date = models.DateField()
    sex = models.CharField(max_length=6, choices=Sex.choices)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="people", help_text="District of residence."
    )
    address = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KAZAKH)
    deceased_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=Q(iin__regex=r"^[0-9]{12}$"), name="people_person_iin_form"),
            models.CheckConstraint(
                condition=Q(deceased_on__isnull=True) | Q(deceased_on__gte=F("birth_date")), name="people_person_life"
            ),
        ]
        indexes = [
            models.Index(fields=["deceased_on"], name="people_person_deceased", condition=Q(deceased_on__isnull=False)),
            # people in the order of their names, without a look into the table
            models.Index(fields=["sort_key", "id"], name="people_person_sorted"),
            models.Index(
                Left("territory_id", 2), by_letters("surname"), by_letters("given_name"), name="people_person_name"
            ),
        ]

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic; for pages, never for logs, addresses or titles."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


class PersonEvent(Row):
    """What happened to a person's entry: codes and ids only, written once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    actor_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    details = models.JSONField(default=dict, help_text="Ids and codes only.")

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="people_event_person")]


class Measurement(Row):
    """One measured value; the newest of a parameter counts."""

    class Source(models.TextChoices):
        SELF = "self", _("the person or the family")
        OFFICER = "officer", _("officer at the counter")
        SUPPLIER = "supplier", _("supplier at a fitting")
        MEDICAL = "medical", _("medical organisation")
        PROGRAMME = "programme", _("individual programme")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measurements", db_index=False)
    parameter = models.CharField(
        max_length=60, help_text="Code of the parameter, unit at its end: height_cm, foot_length_left_mm."
    )
    number = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=100, blank=True)
    measured_on = models.DateField()
    measured_by = models.UUIDField(null=True, blank=True, help_text="Account of who measured.")
    source = models.CharField(max_length=10, choices=Source.choices)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "parameter", "-measured_on", "-created_at"], name="people_measurement_newest"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=False, text="") | (Q(number__isnull=True) & ~Q(text="")),
                name="people_measurement_one_value",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=0), name="people_measurement_not_negative"
            ),
        ]


class Representation(Row):
    """A person acts for another, on a dated basis."""

    class Basis(models.TextChoices):
        PARENT = "parent", _("parent")
        GUARDIAN = "guardian", _("guardian")
        ATTORNEY = "attorney", _("power of attorney")

    representative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="represents", db_index=False)
    represented = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="represented_by")
    basis = models.CharField(max_length=10, choices=Basis.choices)
    document_number = models.CharField(max_length=100, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="Last day; empty while it lasts.")
    revoked_at = models.DateTimeField(
        null=True, blank=True, help_text="Moment from which it no longer holds, whatever its last day."
    )

    class Meta:
        indexes = [models.Index(fields=["representative", "represented"], name="people_representation_pair")]
        constraints = [
            models.CheckConstraint(condition=~Q(representative=F("represented")), name="people_representation_other"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="people_representation_term"
            ),
            models.UniqueConstraint(
                fields=["representative", "represented", "basis"],
                condition=Q(until__isnull=True, revoked_at__isnull=True),
                name="people_representation_open_once",
            ),
        ]


class Consent(Row):
    """A person agreed to one purpose in the words of one version of a text."""

    class Purpose(models.TextChoices):
        PRIVACY = "privacy", _("processing of personal data")
        ORDER = "order", _("passing what an order needs to the supplier")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    text_version = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    given_by = models.UUIDField(null=True, help_text="Account that gave it.")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "text_version"],
                condition=Q(withdrawn_at__isnull=True),
                name="people_consent_open_once",
            ),
        ]


class Needs(models.Model):
    """How to reach and serve a person; bookings and notices obey it."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="needs")
    no_voice_calls = models.BooleanField(default=False)
    large_print = models.BooleanField(default=False)
    easy_read = models.BooleanField(default=False)
    sign_language = models.BooleanField(default=False)
    contact_language = models.CharField(max_length=2, choices=Language.choices, default=Language.KAZAKH)


class Diagnosis(Row):
    """Diagnosis, encrypted; shown only to the medical-social expertise, the entitled officer and the person."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="diagnosis")
    text = EncryptedTextField()
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.UUIDField(null=True)


class Disability(Row):
    """A term of recognised disability."""

    class Group(models.TextChoices):
        FIRST = "I", _("group I")
        SECOND = "II", _("group II")
        THIRD = "III", _("group III")
        CHILD = "child", _("child with disability")

    class Reason(models.TextChoices):
        GENERAL = "general", _("general disease")
        CHILDHOOD = "childhood", _("from childhood")
        WORK_INJURY = "work_injury", _("injury at work or occupational disease")
        SERVICE = "service", _("injury in military or other service")
        ECOLOGY = "ecology", _("nuclear or ecological disaster")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disabilities")
    group = models.CharField(max_length=5, choices=Group.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="Last day; empty when it is without term.")
    reason = models.CharField(max_length=20, choices=Reason.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="people_disability_term"
            ),
        ]
