"""Accounts: one human is one user."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.crypto import EncryptedTextField
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
        name: str = "",
    ) -> "User":
        """A new account; without a password it signs in by a code to its phone."""
        user = self.model(iin=iin or None, email=email.strip().lower(), phone=phone, language=language, name=name)
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
    name = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Name of somebody at work, as who invited wrote.",
    )
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=16, blank=True, help_text="Phone on file, E.164.")
    phone_since = models.DateTimeField(null=True, blank=True, help_text="When the present phone came on file.")
    phone_changed = models.BooleanField(default=False, help_text="The present phone came after registration.")
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.KAZAKH)
    display = models.JSONField(
        default=dict, blank=True, help_text="Display panel: text size, contrast, spacing, images, easy read."
    )
    is_active = models.BooleanField(default=True)
    sessions_round = models.IntegerField(default=0, db_default=0, help_text="One more ends every session there is.")
    first_signed_in_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "iin"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        indexes = [models.Index(fields=["phone"], name="accounts_user_phone")]
        constraints = [
            # families share an address; who signs in by it must be its only owner
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_password_email",
                # the mark of an unusable one
                condition=~Q(email="") & ~Q(password="") & ~Q(password__startswith="!"),  # noqa: S106
            ),
        ]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session holds of the account: it ends when the password or the round of sessions is another."""
        return salted_hmac(
            "tirek.accounts.session", f"{self.password} {self.sessions_round}", secret=secret, algorithm="sha256"
        ).hexdigest()

    def __str__(self) -> str:
        # never the IIN: this form comes into logs; and staff have none
        return str(self.pk)

    @property
    def is_invited(self) -> bool:
        """Somebody at work who was invited and has not set a password yet."""
        return bool(self.email) and not self.iin and not self.has_usable_password()

    def masked_phone(self) -> str:
        """The phone on file with its middle hidden, for pages; "" when there is none."""
        return f"{self.phone[:2]} {self.phone[2:3]}•• ••• •• {self.phone[-2:]}" if self.phone else ""


class AccountEvent(Row):
    """What happened to an account: codes only, written once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="events", db_index=False)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    actor_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    desk = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="accounts_event_user")]


class SignInEvent(Row):
    """One step of a sign-in, as it ended; written once. Nothing here tells who it was to somebody without the keys."""

    class Outcome(models.TextChoices):
        CODE_ASKED = "code_asked"
        CODE_RIGHT = "code_right"
        CODE_WRONG = "code_wrong"
        PASSWORD_RIGHT = "password_right"  # noqa: S105 - name of an outcome
        PASSWORD_WRONG = "password_wrong"  # noqa: S105 - name of an outcome
        PASSWORD_SET = "password_set"  # noqa: S105 - name of an outcome
        LINK_ASKED = "link_asked"
        FACTOR_RIGHT = "factor_right"
        FACTOR_WRONG = "factor_wrong"
        FACTOR_ENROLLED = "factor_enrolled"
        PERSONA = "persona"
        LIMITED = "limited"
        SIGNED_OUT = "signed_out"

    at = models.DateTimeField(default=clock.now, db_index=True)
    identifier = models.CharField(max_length=64, help_text="Fingerprint of what was typed, or of the account.")
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    device = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["identifier", "-at"], name="accounts_signin_identifier")]


class OneTimeSecret(Row):
    """A code or a link that was asked for. One for an unknown account looks the same, belongs to nobody and is never
    sent.
    """

    class Kind(models.TextChoices):
        CODE = "code"
        LINK = "link"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    identifier = models.CharField(max_length=64, help_text="Fingerprint of what was typed.")
    secret_hash = models.BinaryField(max_length=32)
    message = EncryptedTextField(null=True, help_text="The text until it is handed to the channel.")
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True, help_text="When the text left; a text is handed over once.")

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], name="accounts_secret_unsent", condition=Q(handed_over_at__isnull=True)
            ),
            models.Index(fields=["expires_at"], name="accounts_secret_expiry"),
        ]
