"""Two requests of one browser at the same time: neither undoes what the other has set."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session

from tirek.core import clock
from tirek.core.database.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    made = SessionStore()
    made.update({"behalf": "mother", "shared": True, "gone": 1})
    made.create()
    made.save()
    assert made.session_key
    return made.session_key


@pytest.mark.finding("R-M9")
def test_slow_page__does_not_undo_what_another_request_has_set(key: str) -> None:
    slow, quick = SessionStore(key), SessionStore(key)
    assert slow["behalf"] == quick["behalf"] == "mother"
    quick["behalf"] = "son"
    del quick["gone"]
    quick.save()
    slow["seen"] = 7
    slow.save()
    assert dict(SessionStore(key).items()) == {"behalf": "son", "shared": True, "seen": 7}


@pytest.mark.finding("R-M9")
def test_key_that_both_have_set__is_the_later_ones(key: str) -> None:
    first, second = SessionStore(key), SessionStore(key)
    _ = first["behalf"], second["behalf"]
    first["behalf"], second["behalf"] = "son", "daughter"
    first["only"] = "mine"
    first.save()
    second.save()
    assert dict(SessionStore(key).items()) == {"behalf": "daughter", "shared": True, "gone": 1, "only": "mine"}
    second["behalf"] = "mother"  # and the same request may write again
    second.save()
    assert SessionStore(key)["behalf"] == "mother"


def test_session_that_was_ended__is_not_brought_back(key: str) -> None:
    slow = SessionStore(key)
    slow["seen"] = 7
    SessionStore(key).delete()
    with pytest.raises(UpdateError):
        slow.save()
    assert not Session.objects.exists()


@pytest.mark.finding("R-L7")
def test_session_made_while_the_clock_ran_ahead__has_ended(key: str) -> None:
    Session.objects.filter(pk=key).update(expire_date=clock.now() + timedelta(days=20))
    assert SessionStore(key).get("behalf") is None
    Session.objects.filter(pk=key).update(expire_date=clock.now() + timedelta(minutes=30))
    assert SessionStore(key).get("behalf") == "mother"
