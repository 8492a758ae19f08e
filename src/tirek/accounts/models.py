"""Accounts: one human is one user."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.tables import Row


class Language(models.TextChoices):
    """Languages of the product."""

    KAZAKH = "kk", "Қазақша"
    RUSSIAN = "ru", "Русский"
    ENGLISH = "en", "English"


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(
        self,
        *,
        iin: str | None = None,
        email: str = "",
        phone: str = "",
        password: str | None = None,
        language: str = Language.KAZAKH,
    ) -> "User":
        """A new account; without a password it signs in by a code to its phone."""
        user = self.model(iin=iin or None, email=email.strip().lower(), phone=phone, language=language)
        if phone:
            user.phone_since = clock.now()
        user.set_password(password)
        user.save(force_insert=True)
        return user


class User(Row, AbstractBaseUser):
    """An account: how somebody is recognised, and how pages look to them. Who the person is stands in ``people``.

    A recipient has an IIN and a phone on file and signs in by a code; staff and suppliers have a password and a second
    factor besides.
    """

    iin = models.CharField(max_length=12, unique=True, null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="Phone on file, E.164.")
    phone_since = models.DateTimeField(null=True, blank=True, help_text="When the present phone came on file.")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KAZAKH)
    display = models.JSONField(default=dict, blank=True, help_text="Display panel: text size, contrast, spacing, images, easy read.")
    is_active = models.BooleanField(default=True)
    first_signed_in_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "iin"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            # families share an address; who signs in by it must be its only owner
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_password_email",
                condition=~Q(email="") & ~Q(password="") & ~Q(password__startswith="!"),
            ),
        ]

    def masked_phone(self) -> str:
        """The phone on file with its middle hidden, for pages; "" when there is none."""
        return f"{self.phone[:4]} ••• •• {self.phone[-2:]}" if self.phone else ""
