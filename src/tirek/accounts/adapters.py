"""How django-allauth's second factors fit into our accounts."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from tirek.accounts.models import User
from tirek.core.crypto import decrypt, encrypt


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Secrets under the key ring; no IIN in labels that an authenticator app shows."""

    def encrypt(self, text: str) -> str:
        """The secret of an authenticator app as it is stored."""
        return encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Name that an authenticator app shows."""
        return "Tirek"

    def _get_site_name(self) -> str:
        return "Tirek"

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        if isinstance(user, User) and user.email:
            return user.email
        return str(_("my account"))

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """How a security key names the account: by its id, and an e-mail address for the eye."""
        label = self._get_user_identifier(user)
        return {"id": str(user.pk).encode(), "display_name": label, "name": label}
