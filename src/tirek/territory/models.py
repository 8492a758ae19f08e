"""Regions and districts of Kazakhstan by their КАТО codes, dated; below them the units of the whole classifier."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tirek.core.languages import in_language
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


class Rank(models.TextChoices):
    """Levels of the classifier, as its file calls them, from above."""

    REGION = "oblast", _("region or city of republican significance")
    DISTRICT = "district", _("district or city")
    SUB_DISTRICT = "sub_district", _("rural district, or town within a district")
    SETTLEMENT = "settlement", _("town or village")


class Place(models.Model):
    """A unit of the classifier of administrative and territorial units, as its file has it; the key is its КАТО code.

    Regions and districts stand here, too, for what the file calls them; what cases belong to is ``Territory``.
    """

    code = models.CharField(primary_key=True, max_length=9, help_text="КАТО code, 9 digits.")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        related_name="places",
        help_text="The smallest region or district with an executive body of its own in which it lies.",
    )
    level = models.CharField(max_length=12, choices=Rank.choices)
    kind = models.CharField(
        max_length=1,
        help_text="Kind of area in the classifier: 0 country or region, 1 urban, 2 rural, 3 town with rural places, "
        "4 district with towns.",
    )
    is_settlement = models.BooleanField(
        help_text="People live in it and an address names it: nothing lies below it, or it is a city like a region."
    )
    name_kk = models.CharField(max_length=300)
    name_ru = models.CharField(max_length=300)
    sort_kk = models.CharField(max_length=400, editable=False)
    sort_ru = models.CharField(max_length=400, editable=False)
    search_kk = models.CharField(
        max_length=300, editable=False, db_collation="C", help_text="The name alone, in letters as they are typed."
    )
    search_ru = models.CharField(
        max_length=300, editable=False, db_collation="C", help_text="The name alone, in letters as they are typed."
    )
    edition = models.CharField(max_length=60, help_text="Edition of the classifier that named it last.")
    effective_from = models.DateField(
        null=True, blank=True, help_text="First day; empty when it stood before the list begins."
    )
    effective_to = models.DateField(null=True, blank=True, help_text="Last day; empty while in force.")
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="precedents",
        help_text="The unit that goes on under another code.",
    )

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{9}$"), name="territory_place_code_form"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True)
                | Q(effective_from__isnull=True)
                | Q(effective_to__gte=F("effective_from")),
                name="territory_place_term",
            ),
            models.CheckConstraint(
                condition=Q(level=Rank.REGION, parent__isnull=True) | (~Q(level=Rank.REGION) & Q(parent__isnull=False)),
                name="territory_place_parent",
            ),
            models.CheckConstraint(condition=~Q(successor=F("code")), name="territory_place_successor_other"),
        ]
        indexes = [
            # compared by code points: a beginning is a range of such an index, whatever the plan is made for
            models.Index(fields=["search_kk"], condition=Q(is_settlement=True), name="territory_place_kk"),
            models.Index(fields=["search_ru"], condition=Q(is_settlement=True), name="territory_place_ru"),
        ]

    @property
    def name(self) -> str:
        """The name as the classifier has it, in Russian for readers of Russian, else in Kazakh."""
        return in_language(kk=self.name_kk, ru=self.name_ru, en="")
