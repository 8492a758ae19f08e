"""What somebody may order and nobody offers in the district, or not as it is needed; and what is short in stock."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.models import Kind, Variant
from tirek.core.tables import Row
from tirek.entitlements.models import Line
from tirek.people.models import Person


class Demand(Row):
    """A line of a programme for which somebody found no offer, or none as it is needed; open until one reaches the
    district.
    """

    class Why(models.TextChoices):
        NOBODY = "nobody", _("nobody offers it")
        NOT_AS_NEEDED = "not_as_needed", _("nobody offers it as it is needed")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    territory_code = models.CharField(max_length=9, help_text="КАТО code of the district.")
    asked_on = models.DateField()
    wants_notice = models.BooleanField(default=True, help_text="The person is told when there is an offer.")
    why = models.CharField(max_length=14, choices=Why.choices, default=Why.NOBODY, db_default="nobody")
    sought = models.JSONField(
        default=dict,
        db_default=Value({}, output_field=models.JSONField()),
        help_text="Parameters as the offers were narrowed by them (catalogue.narrowing.kept); empty for any.",
    )
    words = models.CharField(
        max_length=500, blank=True, default="", db_default="", help_text="What is needed, in the person's own words."
    )
    by_parameters = models.BooleanField(
        default=False, db_default=False, help_text="An offer with these parameters answers it."
    )
    looked_at = models.DateTimeField(null=True, help_text="When offers were last compared with what is sought.")
    answered_on = models.DateField(null=True, help_text="Since when an offer reaches the district.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], name="demand_open_once", condition=Q(answered_on__isnull=True))
        ]
        indexes = [
            models.Index(fields=["territory_code", "kind"], name="demand_open", condition=Q(answered_on__isnull=True)),
            # what is compared with the offers again, the longest unseen first
            models.Index(
                fields=["looked_at"],
                name="demand_sought",
                condition=Q(answered_on__isnull=True, by_parameters=True),
            ),
        ]


class Shortage(Row):
    """Somebody wanted to order more of a size than its supplier has: once a day for each line of a programme."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, related_name="+")
    territory_code = models.CharField(max_length=9, help_text="КАТО code of the person's district.")
    on = models.DateField()
    wanted = models.PositiveIntegerField(help_text="Units, the most of the day.")
    left = models.PositiveIntegerField(help_text="Units that the supplier had at the last try of the day.")
    told_on = models.DateField(null=True, help_text="When the supplier was told.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "variant", "on"], name="demand_shortage_once_a_day"),
        ]
        indexes = [
            models.Index(fields=["on"], name="demand_shortage_untold", condition=Q(told_on__isnull=True)),
            models.Index(fields=["variant", "on"], name="demand_shortage_of_size"),
            models.Index(fields=["territory_code", "on"], name="demand_shortage_place"),
            models.Index(fields=["on"], include=["kind", "territory_code", "line"], name="demand_shortage_counted"),
        ]


class OpenNeed(models.Model):
    """One counted figure: how many people of a region may choose a kind, or a kind with one value of a parameter, and
    have not chosen yet; and who offers it there. Written by ``actions`` alone, anew each night; it holds nothing that
    points to few people: what is told of fewer than ``rules.FEWEST`` is empty, other numbers are rounded to it.
    """

    id = models.BigAutoField(primary_key=True)
    kind_code = models.CharField(max_length=10)
    region_code = models.CharField(max_length=9, help_text="КАТО code of the region where people live.")
    parameter = models.CharField(max_length=40, blank=True, help_text="Code; empty for the kind as a whole.")
    value = models.CharField(max_length=40, blank=True, help_text="Of a parameter of choice; empty for numbers.")
    low = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="Numbers from …")
    high = models.DecimalField(max_digits=20, decimal_places=4, default=0, help_text="… to before.")
    people = models.IntegerField(null=True, help_text="Who may choose it and has not; empty: a few.")
    unserved = models.IntegerField(null=True, help_text="Of them, those whom no offer in stock serves; empty: a few.")
    short = models.IntegerField(null=True, help_text="Who met too little stock in the last days; empty: a few.")
    offers = models.IntegerField(help_text="In stock, that fit and reach a part of the region.")
    sellers = models.IntegerField(help_text="Who make them.")
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind_code", "region_code", "parameter", "value", "low"], name="demand_openneed_once"
            )
        ]
        indexes = [models.Index(fields=["region_code", "kind_code"], name="demand_openneed_region")]
