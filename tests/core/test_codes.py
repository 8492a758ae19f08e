"""One-time codes: what is stored opens one thing, for a while, for a few tries."""

import ast
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import override_settings
from tests import factories as make

from tirek.accounts.models import OneTimeSecret
from tirek.core import clock
from tirek.core.keys import uuid7
from tirek.core.signing import codes

SOURCE = Path(codes.__file__).resolve().parents[2]


def stored(code: str = "123456") -> OneTimeSecret:
    key = uuid7()
    return OneTimeSecret.objects.create(
        pk=key,
        kind=OneTimeSecret.Kind.CODE,
        identifier="x",
        secret_hash=codes.hash_of("test", key, code),
        expires_at=codes.ends_at(),
    )


def same(row: OneTimeSecret) -> QuerySet[OneTimeSecret]:
    return OneTimeSecret.objects.filter(pk=row.pk)


def test_code__has_six_digits_with_its_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "secrets", SimpleNamespace(randbelow=lambda below: below - 999_993))
    assert codes.new_code() == "000007"


@pytest.mark.parametrize("typed", ["012345", "012 345", " 012345\n", "0 1 2 3 4 5", "012\u00a0345"])
def test_code__is_right_with_any_spaces(typed: str) -> None:
    key = uuid7()
    assert codes.is_right(codes.hash_of("test", key, "012345"), "test", key, typed)


def test_hash__is_bound_to_purpose_and_row_and_to_the_key_of_the_installation(settings: Any) -> None:
    key = uuid7()
    kept = codes.hash_of("test", key, "123456")
    assert not codes.is_right(kept, "other", key, "123456")
    assert not codes.is_right(kept, "test", uuid7(), "123456")
    assert not codes.is_right(kept, "test", key, "123457")
    assert not codes.is_right(b"", "test", key, "")
    settings.SECRET_KEY = "another"
    assert not codes.is_right(kept, "test", key, "123456")


@pytest.mark.django_db
def test_tries__end_with_the_fifth() -> None:
    with clock.at(make.MORNING):
        row = stored()
        assert [codes.take_try(same(row)) for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_tries__end_with_the_code() -> None:
    with clock.at(make.MORNING):
        row = stored()
    with clock.at(make.MORNING + timedelta(minutes=codes.CODE_MINUTES) - timedelta(seconds=1)):
        assert codes.take_try(same(row))
    with clock.at(make.MORNING + timedelta(minutes=codes.CODE_MINUTES)):
        assert not codes.take_try(same(row))


def test_codes__are_made_and_compared_in_one_place() -> None:
    """Elsewhere nobody draws digits or compares hashes; the courier's code is a number that the order itself gives."""
    wrong = []
    for path in SOURCE.rglob("*.py"):
        place = str(path.relative_to(SOURCE))
        if place in {"core/signing/codes.py", "orders/rules.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("randbelow", "compare_digest", "hmac.new", "token_hex")
            ):
                wrong.append(f"{place}:{node.lineno}")
    assert wrong == []


@pytest.mark.django_db
def test_code__that_was_sent_under_an_earlier_secret_of_the_site_is_still_right() -> None:
    with override_settings(SECRET_KEY="before" * 10):
        row = stored()
    assert not codes.is_right(row.secret_hash, "test", row.pk, "123456")
    with override_settings(SECRET_KEY_FALLBACKS=["other" * 12, "before" * 10]):
        assert codes.is_right(row.secret_hash, "test", row.pk, "123456")
        assert not codes.is_right(row.secret_hash, "test", row.pk, "123457")
