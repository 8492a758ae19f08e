"""Regions and districts of Kazakhstan by their КАТО codes, dated."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.core.tables import Localised, Row


class Level(models.TextChoices):
    """Levels of territories that have an executive body of their own."""

    REGION = "region", _("region or city of republican significance")
    DISTRICT = "district", _("district or city")


class Territory(Localised):
    """A region or a district; its key is its КАТО code, so that a foreign key to it *is* the code."""

    code = models.CharField(primary_key=True, max_length=9, help_text="КАТО code, 9 digits.")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(max_length=10, choices=Level.choices)
    effective_from = models.DateField(
        null=True, blank=True, help_text="First day; empty when it stood before the list begins."
    )
    effective_to = models.DateField(null=True, blank=True, help_text="Last day; empty while in force.")
    citation = models.CharField(max_length=300)
    sort_kk = models.CharField(max_length=400, editable=False)
    sort_ru = models.CharField(max_length=400, editable=False)
    sort_en = models.CharField(max_length=400, editable=False)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{9}$"), name="territory_code_form"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="territory_term",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.REGION, parent__isnull=True) | Q(level=Level.DISTRICT, parent__isnull=False),
                name="territory_parent",
            ),
        ]


class Succession(Row):
    """A territory, or a part of it, went over to another one."""

    predecessor = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="successions", db_index=False)
    successor = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="precedents")
    on = models.DateField(help_text="First day of the new order.")
    citation = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="territory_succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="territory_succession_other"),
        ]
