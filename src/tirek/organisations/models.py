"""Organisations and who works in them, dated."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.identifiers import is_of_individual, masked
from tirek.core.tables import Localised, Row
from tirek.territory.models import Territory


class Organisation(Row, Localised):
    """A local executive body, a supplier, the ministry or the centre that runs the portal."""

    class Kind(models.TextChoices):
        LOCAL_BODY_REGION = "local_body_region", _("local executive body of a region")
        LOCAL_BODY_DISTRICT = "local_body_district", _("local executive body of a district")
        SUPPLIER = "supplier", _("supplier")
        MINISTRY = "ministry", _("ministry")
        CENTRE = "centre", _("centre that runs the portal")

    LOCAL_BODIES = frozenset({Kind.LOCAL_BODY_REGION, Kind.LOCAL_BODY_DISTRICT})

    kind = models.CharField(max_length=20, choices=Kind.choices)
    bin = models.CharField(max_length=12, unique=True)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        help_text="What a local body answers for, or where a supplier stands; empty for the whole country.",
    )
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True, help_text="Last day; empty while active.")
    sort_kk = models.CharField(max_length=400, editable=False)
    sort_ru = models.CharField(max_length=400, editable=False)
    sort_en = models.CharField(max_length=400, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [models.Index(fields=["kind", "territory"], name="organisations_kind_place")]
        constraints = [
            models.CheckConstraint(condition=Q(bin__regex=r"^[0-9]{12}$"), name="organisations_bin_form"),
            models.CheckConstraint(
                condition=Q(active_to__isnull=True) | Q(active_to__gte=F("active_from")), name="organisations_term"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["local_body_region", "local_body_district"]) | Q(territory__isnull=False),
                name="organisations_local_body_place",
            ),
        ]

    @property
    def is_individual(self) -> bool:
        """Whether it is an individual doing business, whose number is an IIN: never public."""
        return is_of_individual(self.bin)

    @property
    def number_label(self) -> str:
        """What its number is, in the reader's language."""
        return _now("IIN") if self.is_individual else _now("BIN")

    @property
    def number_shown(self) -> str:
        """Its BIN, or the IIN of an individual with its middle hidden."""
        return masked(self.bin) if self.is_individual else self.bin


class Membership(Row):
    """A user works in an organisation in one role, from a day to a day."""

    class Role(models.TextChoices):
        OFFICER = "officer", _("officer")
        HEAD_OFFICER = "head_officer", _("head of department")
        FINANCE = "finance", _("finance officer")
        SUPPLIER_MANAGER = "supplier_manager", _("supplier's manager")
        ADMIN = "admin", _("administrator")
        ANALYST = "analyst", _("analyst")
        OPERATOR = "operator", _("operator")
        INSPECTOR = "inspector", _("inspector")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True, help_text="Last day; empty while it lasts.")
    trained_on = models.DateField(
        null=True, blank=True, help_text="Day of the last training in the work on the portal."
    )
    ended_at = models.DateTimeField(
        null=True, blank=True, help_text="Moment from which it gives no desk, whatever its last day."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="organisations_membership_term"
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(until__isnull=True, ended_at__isnull=True),
                name="organisations_membership_open_once",
            ),
        ]

    @property
    def role_shown(self) -> str:
        """The role in the words of where it is held: the head of a region heads no district department."""
        if self.role == self.Role.HEAD_OFFICER and self.organisation.kind == Organisation.Kind.LOCAL_BODY_REGION:
            return _now("head of the regional department")
        return str(self.Role(self.role).label)


class MembershipEvent(Row):
    """What happened to a membership: codes and ids only, written once."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    actor_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)
