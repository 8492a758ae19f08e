"""What somebody may order and nobody offers in the district."""

from django.db import models
from django.db.models import Q

from tirek.catalogue.models import Kind
from tirek.core.tables import Row
from tirek.entitlements.models import Line
from tirek.people.models import Person


class Demand(Row):
    """A line of a programme for which somebody found no offer; open until one reaches the district."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    territory_code = models.CharField(max_length=9, help_text="КАТО code of the district.")
    asked_on = models.DateField()
    wants_notice = models.BooleanField(default=True, help_text="The person is told when there is an offer.")
    answered_on = models.DateField(null=True, help_text="Since when an offer reaches the district.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], name="demand_open_once", condition=Q(answered_on__isnull=True))
        ]
        indexes = [
            models.Index(fields=["territory_code", "kind"], name="demand_open", condition=Q(answered_on__isnull=True))
        ]
