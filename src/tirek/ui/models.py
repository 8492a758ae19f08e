"""What the common pages keep with an account."""

from django.db import models

from tirek.core.tables import Row


class SavedFilter(Row):
    """A filter of a desk's list that somebody named, to come back to it."""

    user_id = models.UUIDField(help_text="Account.")
    desk = models.CharField(max_length=20)
    list = models.CharField(max_length=40, db_default="order", default="order", help_text="Code of the list.")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300, help_text="The filter as it stands in the address.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "desk", "list", "name"], name="ui_saved_filter_name")]
