"""Offers that were there before get their place, and are read newest first from an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Written and built while people work: a row that is written again gets the same."""

    atomic = False
    dependencies = [("catalogue", "0015_watched_from")]
    operations = [
        migrations.RunSQL(
            "UPDATE catalogue_offer SET watched_from = catalogue_watched_from(supplier_id, delivers_to)"
            " WHERE watched_from <> catalogue_watched_from(supplier_id, delivers_to)",
            migrations.RunSQL.noop,
        ),
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(
                condition=models.Q(("state", "draft"), _negated=True),
                fields=["watched_from", "-id"],
                name="catalogue_offer_watched",
            ),
        ),
        AddIndexConcurrently(
            model_name="offer",
            index=models.Index(
                Left("watched_from", 2),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state", "draft"), _negated=True),
                name="catalogue_offer_in_region",
            ),
        ),
    ]
