"""Messages about a case or between a person and the department, and who has read them."""

from django.db import models
from django.db.models import Q

from tirek.core.actors import Desk
from tirek.core.tables import Row
from tirek.files.models import StoredFile
from tirek.organisations.models import Organisation
from tirek.people.models import Person


class Message(Row):
    """What somebody wrote; it is never changed."""

    about = models.CharField(max_length=40, help_text="Code of what it is about: a type of case, or the person.")
    about_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", help_text="Whom it is about.")
    desk = models.CharField(max_length=12, choices=Desk.choices, help_text="From which it was written.")
    written_by = models.UUIDField(help_text="Account.")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", help_text="For which it was written."
    )
    topic = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    file = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["about", "about_id", "created_at"], name="correspondence_thread")]


class Reading(Row):
    """One desk that a message is for, and when it was read there."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="readings")
    desk = models.CharField(max_length=12, choices=Desk.choices)
    person_id = models.UUIDField(null=True, help_text="Whose desk, at the recipient's.")
    organisation_id = models.UUIDField(null=True, help_text="Whose desk, at the supplier's.")
    territory_code = models.CharField(max_length=9, blank=True, help_text="Whose desk, at the officer's.")
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True, help_text="Account.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "desk"], name="correspondence_reading_once")]
        indexes = [
            models.Index(
                fields=["person_id", "-created_at"],
                name="correspondence_of_person",
                condition=Q(desk=Desk.RECIPIENT),
            ),
            models.Index(
                fields=["organisation_id", "-created_at"],
                name="correspondence_of_firm",
                condition=Q(desk=Desk.SUPPLIER),
            ),
            models.Index(
                fields=["organisation_id", "-created_at"],
                name="correspondence_firm_unread",
                condition=Q(desk=Desk.SUPPLIER, read_at__isnull=True),
            ),
            models.Index(
                fields=["territory_code", "-created_at"],
                name="correspondence_unread",
                condition=Q(desk=Desk.OFFICER, read_at__isnull=True),
            ),
        ]
