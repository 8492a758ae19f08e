"""What is announced about the service: incidents and news, each version a row that stays."""

from typing import Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core import clock
from tirek.core.languages import in_language
from tirek.core.tables import Row

#: Characters of an announcement in one language: it stands above every page.
LONGEST_TEXT: Final = 400


class Part(models.TextChoices):
    """Parts of the service whose state is told."""

    PAGES = "pages", _("Pages of the portal")
    DATABASE = "database", _("Saving and finding what was saved")
    WORKER = "worker", _("Time limits and work in the background")
    SMS = "sms", _("Text messages")
    EMAIL = "email", _("E-mail")
    FILES = "files", _("Photos and documents")


class Place(models.TextChoices):
    """Pages above which an announcement stands."""

    PUBLIC = "public", _("Public pages")
    SIGN_IN = "sign_in", _("Pages of signing in")
    PEOPLE = "people", _("Pages of recipients")
    SUPPLIERS = "suppliers", _("Pages of suppliers")
    STAFF = "staff", _("Pages of staff")


class Announcement(Row):
    """One version of one announcement, whole. Written once; the highest number is the present one."""

    class Kind(models.TextChoices):
        INCIDENT = "incident", pgettext_lazy("kind of announcement", "Something does not work")
        NEWS = "news", pgettext_lazy("kind of announcement", "Planned work or other news")

    class Act(models.TextChoices):
        ADDED = "added", pgettext_lazy("what was done with an announcement", "announced")
        CHANGED = "changed", pgettext_lazy("what was done with an announcement", "changed")
        ENDED = "ended", pgettext_lazy("what was done with an announcement", "ended")
        WITHDRAWN = "withdrawn", pgettext_lazy("what was done with an announcement", "withdrawn")

    row_id = models.UUIDField(help_text="The announcement of which this is a version.")
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act.choices)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text_kk = models.CharField(max_length=LONGEST_TEXT)
    text_ru = models.CharField(max_length=LONGEST_TEXT)
    text_en = models.CharField(max_length=LONGEST_TEXT)
    parts = ArrayField(models.CharField(max_length=10, choices=Part.choices), default=list)
    regions = ArrayField(models.CharField(max_length=9), default=list, help_text="КАТО codes; none: the whole country.")
    places = ArrayField(models.CharField(max_length=10, choices=Place.choices), default=list)
    since = models.DateTimeField()
    expected = models.DateTimeField(null=True, help_text="When it is expected to end.")
    ended_at = models.DateTimeField(null=True)
    at = models.DateTimeField(default=clock.now)
    actor_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row_id", "version"], name="status_version_once"),
            models.CheckConstraint(
                condition=~Q(text_kk="") & ~Q(text_ru="") & ~Q(text_en=""), name="status_three_languages"
            ),
            models.CheckConstraint(
                condition=Q(expected__isnull=True) | Q(expected__gt=F("since")), name="status_expected_after"
            ),
        ]

    @property
    def key(self) -> UUID:
        """The announcement, whatever its version."""
        return self.row_id

    @property
    def text(self) -> str:
        """The text in the language of the present reader."""
        return in_language(kk=self.text_kk, ru=self.text_ru, en=self.text_en)
