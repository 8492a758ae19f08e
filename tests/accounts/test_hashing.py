"""What a try with a wrong password costs the server."""

import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import override_settings

from tirek.accounts import hashers
from tirek.accounts.hashers import AT_ONCE, BoundedArgon2
from tirek.core.errors import Busy


@pytest.fixture(autouse=True)
def _ours() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tirek.accounts.hashers.BoundedArgon2"]):
        yield


@pytest.mark.finding("R-H2")
def test_hash__takes_19_mib_two_passes_and_one_lane() -> None:
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in make_password("four words put together")


@pytest.mark.finding("R-H2")
def test_old_hash__is_still_right_and_is_made_anew() -> None:
    old = Argon2PasswordHasher()
    old.memory_cost, old.parallelism = 1024, 2
    encoded, anew = old.encode("four words", "saltsaltsalt"), []
    assert check_password("four words", encoded, setter=anew.append)
    assert anew == ["four words"]
    assert not check_password("five words", encoded)


@pytest.mark.finding("R-H2")
def test_forty_tries_at_once__are_hashed_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    guard, at_work, most = threading.Lock(), 0, 0
    met = threading.Barrier(AT_ONCE)

    def verify(_self: Argon2PasswordHasher, _password: str, _encoded: str) -> bool:
        nonlocal at_work, most
        with guard:
            at_work += 1
            most = max(most, at_work)
        if most <= AT_ONCE and met.n_waiting < AT_ONCE and not met.broken:
            with contextlib.suppress(threading.BrokenBarrierError):
                met.wait(2)
        with guard:
            at_work -= 1
        return False

    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    with ThreadPoolExecutor(40) as pool:
        found = list(pool.map(lambda _n: BoundedArgon2().verify("wrong", ""), range(39)))
    assert found == [False] * 39
    assert most == AT_ONCE


@pytest.mark.finding("R-H2")
def test_a_try_that_would_wait_too_long__is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashers, "PATIENCE", 0.01)
    monkeypatch.setattr(hashers, "_turns", threading.BoundedSemaphore(1))
    with hashers._turn(), pytest.raises(Busy):
        make_password("one more")
