"""Whom an announcement concerns, and above which pages it stands. Read from memory; the region of a person is asked of
the database only while something regional is announced.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tirek.core import clock
from tirek.core.actors import ANYONE, Actor, Desk
from tirek.core.places import region_of
from tirek.people.models import Person
from tirek.people.queries import region_of_person
from tirek.site import sessions
from tirek.site.role_line import REPRESENTED
from tirek.status import rules
from tirek.status.keeping import MEMORY
from tirek.status.known import Announced, Words
from tirek.status.models import Announcement, Place
from tirek.status.rules import Standing
from tirek.ui.banners import Banner
from tirek.ui.text import moment_text

_SHOWN: Final = frozenset({Standing.PLANNED, Standing.PRESENT})
_PLACES: Final = {Desk.PUBLIC: Place.PUBLIC, Desk.RECIPIENT: Place.PEOPLE, Desk.SUPPLIER: Place.SUPPLIERS}
#: Routes of signing in begin so.
_SIGN_IN: Final = "accounts:"


def place_of(request: HttpRequest, actor: Actor) -> Place:
    """Which sort of page a request is for."""
    match = request.resolver_match
    if actor.user_id is None and match is not None and match.view_name.startswith(_SIGN_IN):
        return Place.SIGN_IN
    return _PLACES.get(actor.desk, Place.STAFF)


def regions_of(request: HttpRequest, actor: Actor) -> frozenset[str] | None:
    """Regions that concern the reader; ``None`` where nobody knows them."""
    if actor.desk is Desk.RECIPIENT and actor.person_id is not None:
        represented = getattr(request, REPRESENTED, None)
        others = {region_of(represented.territory_id)} if isinstance(represented, Person) else set()
        return frozenset({_own_region(request, actor), *others})
    return frozenset({region_of(actor.territory)}) if actor.territory else None


def _own_region(request: HttpRequest, actor: Actor) -> str:
    """The region of residence, kept in the session for a while."""
    kept = request.session.get(sessions.REGION)
    if isinstance(kept, str):
        return kept
    region = region_of_person(actor)
    request.session[sessions.REGION] = region
    return region


def title_of(one: Announced) -> str:
    """What an announcement is, and where."""
    said = (
        _("Something does not work now")
        if one.kind == Announcement.Kind.INCIDENT
        else pgettext("title of an announcement", "Please note")
    )
    return f"{said}: {names_of(one.names)}" if one.names else said


def names_of(names: Iterable[Words]) -> str:
    """Regions in the reader's language, as they were named."""
    return ", ".join(str(name) for name in names)


def expected_of(one: Announced, now: datetime) -> str:
    """What is said of its end; "" when nothing is known."""
    if one.expected is None:
        return ""
    when = moment_text(one.expected)
    if one.kind == Announcement.Kind.NEWS:
        return _("Expected end: %(when)s.") % {"when": when}
    if one.expected <= now:
        return _("It takes longer than expected. The repair was expected by this time: %(when)s.") % {"when": when}
    return _("Expected to work again: %(when)s.") % {"when": when}


def tell(request: HttpRequest) -> list[Banner]:
    """What is announced to the reader of a page."""
    found = MEMORY.known().announcements
    if not found:
        return []
    shown = []
    actor = getattr(request, "actor", ANYONE)
    place, now = place_of(request, actor), clock.now()
    for one in _concerning(found, place, now, lambda: regions_of(request, actor)):
        more = expected_of(one, now)
        if rules.standing(one, now=now) is Standing.PLANNED:
            begins = _("Begins: %(when)s.") % {"when": moment_text(one.since)}
            more = f"{begins} {more}".rstrip()
        shown.append(Banner(one.key, title_of(one), str(one.text), more))
    return shown


def _concerning(
    found: Iterable[Announced], place: Place, now: datetime, regions: Callable[[], frozenset[str] | None]
) -> Iterator[Announced]:
    known: list[frozenset[str] | None] = []
    # what does not work comes before news
    for one in sorted(found, key=lambda one: one.kind != Announcement.Kind.INCIDENT):
        if place not in one.places or rules.standing(one, now=now) not in _SHOWN:
            continue
        if one.regions and not known:
            known.append(regions())
        if not one.regions or rules.concerns(one.regions, known[0]):
            yield one
