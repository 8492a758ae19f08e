"""By which words the catalogue is searched."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class OfferWords(models.Model):
    """The words by which people find an offer; written by a job when names or maker are new."""

    offer = models.OneToOneField("catalogue.Offer", on_delete=models.CASCADE, primary_key=True, related_name="+")
    told = models.TextField(help_text="Names and maker of which the words were taken.")
    forms = ArrayField(
        models.TextField(), help_text="Words, their beginnings, and what they become without one of their letters."
    )

    class Meta:
        indexes = [GinIndex(fields=["forms"], name="catalogue_offer_forms")]
