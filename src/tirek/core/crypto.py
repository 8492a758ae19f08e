"""Secrets at rest and secrets compared: the key ring (``TIREK_KEYS``) and keyed fingerprints.

The first key of the ring encrypts, every key decrypts; a key is retired by putting a new one in front, rewriting
(``tirek keys rotate``) and taking the old one out.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.expressions import BaseExpression
from django.utils.crypto import salted_hmac

from tirek.config import config

_BATCH = 500


class Undecipherable(Exception):
    """No key of the ring opens this: the key is missing from ``TIREK_KEYS``, or the bytes were changed."""


@lru_cache(maxsize=1)
def _ring(keys: str) -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])


def ring() -> MultiFernet:
    """The key ring of this installation, newest key first."""
    return _ring(config().keys.get_secret_value())


def encrypt(content: bytes) -> bytes:
    """``content``, sealed with the newest key; the result also proves that nobody changed it."""
    return ring().encrypt(content)


def decrypt(sealed: bytes) -> bytes:
    """What ``encrypt`` was given.

    Raises:
        Undecipherable: no key opens it.
    """
    try:
        return ring().decrypt(sealed)
    except InvalidToken as error:
        raise Undecipherable("No key of TIREK_KEYS opens this.") from error


def resealed(sealed: bytes) -> bytes:
    """The same content under the newest key; its time of sealing stays.

    Raises:
        Undecipherable: no key opens it.
    """
    try:
        return ring().rotate(sealed)
    except InvalidToken as error:
        raise Undecipherable("No key of TIREK_KEYS opens this.") from error


def is_newest(sealed: bytes) -> bool:
    """Whether the newest key sealed this: then there is nothing to write anew."""
    newest = config().keys.get_secret_value().split(",")[0].strip()
    try:
        Fernet(newest).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def fingerprint(text: str) -> str:
    """64 hexadecimal digits that stand for ``text`` (a device, a session, a key of a limit) and do not give it away.

    Keyed with ``TIREK_SECRET_KEY``, so short texts such as an IIN cannot be found by trying; with a new secret all
    change.
    """
    return salted_hmac("tirek.core.crypto.fingerprint", text, algorithm="sha256").hexdigest()


if TYPE_CHECKING:
    _Binary = models.BinaryField[str | None, str | None]
else:
    _Binary = models.BinaryField  # generic for the type checker only


class EncryptedTextField(_Binary):
    """Text that only this installation's keys can read. It cannot be searched or sorted by the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the signature of Django's fields
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: object) -> bytes | None:
        """The sealed bytes that are stored."""
        if value is None:
            return None
        if not isinstance(value, str):
            raise TypeError("An encrypted text field takes text.")
        return encrypt(value.encode())

    def from_db_value(
        self, value: bytes | memoryview | None, _expression: BaseExpression, _connection: object
    ) -> str | None:
        """The text again."""
        return None if value is None else decrypt(bytes(value)).decode()

    def get_lookup(self, lookup_name: str) -> "type[models.Lookup[Any]] | None":
        """Only "is it empty" can be asked: equal texts have different bytes."""
        if lookup_name != "isnull":
            raise FieldError("An encrypted text cannot be searched by the database.")
        return super().get_lookup(lookup_name)


Reseal = Callable[[], Iterator[tuple[str, int]]]
_elsewhere: list[Reseal] = []


def sealed_elsewhere(function: Reseal) -> Reseal:
    """Declare what an app seals outside of an ``EncryptedTextField``: a function that writes it anew with the newest
    key and yields (what, rows written).
    """
    _elsewhere.append(function)
    return function


def reseal_everything() -> Iterator[tuple[str, int]]:
    """Writes every encrypted text of every table anew with the newest key; yields (table, rows written) as it goes.

    A row that somebody changes meanwhile keeps the change: it is written only if its old bytes are still there.
    """
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model._meta.db_table, _reseal(model, field.attname)
    for function in _elsewhere:
        yield from function()


def _reseal(model: type[models.Model], name: str) -> int:
    raw = models.F(name)
    written = 0
    rows = model._default_manager.filter(**{f"{name}__isnull": False})
    for key, sealed in (
        rows.annotate(_sealed=models.ExpressionWrapper(raw, models.BinaryField()))
        .values_list("pk", "_sealed")
        .iterator(_BATCH)
    ):
        written += _replace(model, name, key, bytes(sealed))
    return written


def _replace(model: type[models.Model], name: str, key: object, sealed: bytes) -> int:
    same = models.ExpressionWrapper(models.F(name), models.BinaryField())
    new = models.Value(resealed(sealed), models.BinaryField())
    row = model._default_manager.annotate(_sealed=same).filter(pk=key, _sealed=sealed)
    return row.update(**{name: new})
