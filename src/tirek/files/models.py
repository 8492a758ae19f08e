"""Private files: documents and photos that people attach to their cases."""

from django.db import models

from tirek.core.tables import Row


class StoredFile(Row):
    """One file; its content lies encrypted in the private storage under ``place``."""

    owner_id = models.UUIDField(help_text="Person whose file it is.")
    uploaded_by = models.UUIDField(null=True, help_text="Account that sent it.")
    case_type = models.CharField(max_length=40, blank=True)
    case_id = models.UUIDField(null=True)
    name = models.CharField(max_length=120, help_text="Name as sent, made safe.")
    content_type = models.CharField(max_length=60, help_text="By content, never by name.")
    size = models.PositiveIntegerField(help_text="Bytes of the content as it is given back.")
    sha256 = models.CharField(max_length=64, help_text="Of the content as it is given back.")
    place = models.CharField(max_length=100, unique=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["case_type", "case_id"], name="files_case")]
