"""How an account is recognised."""

from typing import Final
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from tirek.accounts.models import User
from tirek.core.database.compiled import CompiledObject
from tirek.core.identifiers import Iin, InvalidIdentifier


def _by_name(name: str) -> User | None:
    if "@" in name:
        # the mark of an unusable one
        active = User.objects.filter(email=name.strip().lower(), is_active=True)
        holders = active.exclude(password__startswith="!")  # noqa: S106
        return holders.exclude(password="").first()
    try:
        digits = Iin.parse(name).digits
    except InvalidIdentifier:
        return None
    return User.objects.filter(iin=digits, is_active=True).first()


_ACTIVE: Final[CompiledObject[User]] = CompiledObject(lambda key: User.objects.filter(pk=key, is_active=True), key=UUID)


class IdentityBackend(BaseBackend):
    """IIN or e-mail address with a password, for staff and suppliers. Codes are checked by ``actions.secrets``."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> User | None:
        """The account of ``name`` when ``password`` is its password; takes as long for a name nobody has."""
        del request
        name, password = credentials.get("name"), credentials.get("password")
        if name is None or password is None:
            return None
        user = _by_name(name)
        if user is None or not user.has_usable_password():
            make_password(password)
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: UUID) -> User | None:
        """The account of a session while it is active."""
        return _ACTIVE.get(key=user_id)
