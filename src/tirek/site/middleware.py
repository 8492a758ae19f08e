"""Who acts, and how a refusal becomes a page. The only place that knows sessions, people and organisations together."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import User
from tirek.accounts.sessions import FACTOR
from tirek.core import clock, languages
from tirek.core.acting import OtherPerson
from tirek.core.actors import ANYONE, Actor, Channel, Desk
from tirek.core.crypto import fingerprint
from tirek.core.database.ratelimit import Limit, hit
from tirek.core.errors import DomainError, RuleBroken, TooMany
from tirek.core.service import failures
from tirek.core.service.admission import UNAVAILABLE
from tirek.core.service.calm import is_calm
from tirek.organisations.models import Membership
from tirek.organisations.queries import membership_for
from tirek.people.models import Consent, Person
from tirek.people.queries import has_consented, may_act_for, names_of, person_of_user
from tirek.site import sessions
from tirek.site.privacy import PRIVACY_VERSION
from tirek.site.role_line import MEMBERSHIP, REPRESENTED
from tirek.ui.desks import DESKS

DEVICE_COOKIE: Final = f"{settings.COOKIE_PREFIX}tirek_device"
DEVICE_SECONDS: Final = 2 * 365 * 24 * 3600
#: A session is written back at most this often, in seconds, when nothing in it changed.
TOUCH_SECONDS: Final = 60
#: Header that names the refusal, for scripts and for the record of failures.
CODE_HEADER: Final = "X-Tirek-Refusal"
#: Header in which a browser tells how often it had no answer before this try, and for how many seconds.
UNANSWERED_HEADER: Final = "X-Tirek-Unanswered"
#: What one browser tells of tries that had no answer: so often in an hour, so many tries, so many seconds at most.
_TOLD: Final = (Limit(20, timedelta(hours=1)),)
_MOST_TIMES: Final = 20
_LONGEST_SECONDS: Final = 86_400
_UNANSWERED: Final = re.compile(r"([1-9][0-9]{0,2});([0-9]{1,6})")
log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]

DESK_OF_ROLE: Final = {
    Membership.Role.OFFICER: Desk.OFFICER,
    Membership.Role.HEAD_OFFICER: Desk.OFFICER,
    Membership.Role.FINANCE: Desk.OFFICER,
    Membership.Role.SUPPLIER_MANAGER: Desk.SUPPLIER,
    Membership.Role.ADMIN: Desk.ADMIN,
    Membership.Role.ANALYST: Desk.ANALYST,
    Membership.Role.OPERATOR: Desk.OPERATOR,
    Membership.Role.INSPECTOR: Desk.INSPECTOR,
}


def _device(request: HttpRequest) -> str:
    known = request.COOKIES.get(DEVICE_COOKIE, "")
    return fingerprint(f"device:{known}") if known else ""


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request: account, active role while it lasts, represented person while that lasts."""
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        session = fingerprint(f"session:{request.session.session_key}") if request.session.session_key else ""
        return Actor(desk=Desk.PUBLIC, device=_device(request), session=session)
    base = Actor(
        desk=Desk.RECIPIENT,
        user_id=user.pk,
        person_id=_person_id(request, user),
        role="recipient",
        device=_device(request),
        session=fingerprint(f"session:{request.session.session_key}"),
    )
    role = request.session.get(sessions.MEMBERSHIP)
    if role and (settings.DEMO or request.session.get(FACTOR)):
        membership = membership_for(user, UUID(role))
        if membership is not None:
            setattr(request, MEMBERSHIP, membership)
            return _at_work(base, membership)
        del request.session[sessions.MEMBERSHIP]
    behalf = request.session.get(sessions.BEHALF)
    if behalf:
        person = Person.objects.filter(pk=behalf).first()
        if person is not None and may_act_for(base, person, clock.now()):
            setattr(request, REPRESENTED, person)
            return base.behalf(person.pk)
        del request.session[sessions.BEHALF]
    return base


def _at_work(base: Actor, membership: Membership) -> Actor:
    desk = DESK_OF_ROLE[Membership.Role(membership.role)]
    place = membership.organisation.territory_id or ""
    return replace(
        base,
        desk=desk,
        organisation_id=membership.organisation_id,
        territory="" if desk is Desk.SUPPLIER else place,
        role=membership.role,
        channel=Channel.COUNTER if desk is Desk.OFFICER else Channel.WEB,
    )


def _person_id(request: HttpRequest, user: User) -> UUID | None:
    kept = request.session.get(sessions.PERSON)
    if kept:
        return UUID(kept)
    person = person_of_user(user.pk)
    if person is None:
        return None
    request.session[sessions.PERSON] = str(person.pk)
    return person.pk


def _is_registered(request: HttpRequest) -> bool:
    """Whether the person at the recipient's desk has answered the welcome page; remembered in the session."""
    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.desk is not Desk.RECIPIENT or actor.person_id is None:
        return True
    if request.session.get(sessions.REGISTERED) != PRIVACY_VERSION:
        person = Person.objects.get(pk=actor.person_id)
        if not has_consented(person, Consent.Purpose.PRIVACY, PRIVACY_VERSION):
            return False
        request.session[sessions.REGISTERED] = PRIVACY_VERSION
    return True


def _holds_no_text(request: HttpRequest) -> bool:
    """Whether an address or a form carries the character 0, which the database takes in no text."""
    if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return True
    return request.method == "POST" and any("\0" in value for _name, values in request.POST.lists() for value in values)


class ActorMiddleware:
    """Sets ``request.actor`` and ``request.session_seconds_left``; keeps a session alive that is used."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through with its actor."""
        _end_the_longest(request)
        request.actor = actor_of(request)  # type: ignore[attr-defined]  # DeskRequest declares it
        if request.actor.user_id is not None:  # type: ignore[attr-defined]  # as above
            self._keep_alive(request)
        response = self.get_response(request)
        is_signed_in = request.actor.user_id is not None  # type: ignore[attr-defined]  # as above
        if is_signed_in:
            response.headers.setdefault("Cache-Control", "no-store")
        # from its first sign-in on a device is known to the account, and no stranger can lock it out
        if DEVICE_COOKIE not in request.COOKIES and (
            is_signed_in or request.path.startswith(reverse("accounts:sign-in"))
        ):
            response.set_cookie(
                DEVICE_COOKIE,
                secrets.token_urlsafe(16),
                max_age=DEVICE_SECONDS,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        _arguments: Sequence[object],
        _named: Mapping[str, object],
    ) -> HttpResponse | None:
        """The first sign-in is the registration: nobody comes to the recipient's desk before the welcome page is
        answered (S2.6).

        What no text can hold is refused before a view sees it.
        """
        if _holds_no_text(request):
            return refusal(request, RuleBroken(_("The page sent something we cannot read."), code="unreadable"))
        desks: frozenset[str] = getattr(view, DESKS, frozenset())
        # what all desks share (notices, the phone on file) stays open
        is_own = Desk.RECIPIENT in desks and not desks & {Desk.PUBLIC, Desk.SUPPLIER}
        welcome = reverse("entrance:welcome")
        # what is held about people is theirs to see whether they agree or not
        is_open = request.path == welcome or request.path.startswith(reverse("entrance:my-data"))
        if not is_own or request.method not in {"GET", "HEAD"} or is_open or _is_registered(request):
            return None
        return redirect(f"{welcome}?{urlencode({'next': request.get_full_path()})}")

    def _keep_alive(self, request: HttpRequest) -> None:
        now = int(clock.now().timestamp())
        seen = int(request.session.get(sessions.SEEN, 0))
        asks_only = request.path == "/session/state"
        # one of the future was written while the clock ran ahead
        if not seen or seen > now or (not asks_only and now - seen >= TOUCH_SECONDS):
            request.session[sessions.SEEN] = seen = now
            # roles are given and end, people move: both are read anew where the session is written anyway
            request.session.pop(sessions.SEVERAL_ROLES, None)
            request.session.pop(sessions.REGION, None)
        left = settings.SESSION_COOKIE_AGE - (now - seen)
        request.session_seconds_left = max(left, 0)  # type: ignore[attr-defined]  # read by tirek.ui.browser


def _end_the_longest(request: HttpRequest) -> None:
    """Sign out whoever has been signed in for a day at work: a session that is kept busy would never end."""
    if not request.user.is_authenticated:
        return
    now = clock.now().timestamp()
    began = request.session.get(sessions.BEGAN)
    if began is None or began > now:
        request.session[sessions.BEGAN] = int(now)
    elif now - began > settings.TIREK_LONGEST_SESSION.total_seconds():
        logout(request)


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer goes to a script."""
    return (
        request.headers.get("Accept", "").startswith("application/json") or request.content_type == "application/json"
    )


#: Refusals that are an ordinary answer to a form, not a failure of the system.
_ORDINARY: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY})
_READS: Final = frozenset({"GET", "HEAD"})
#: Where a request keeps the class of an error that nobody expected.
_ERROR: Final = "tirek_error"


class DomainErrorMiddleware:
    """The one place that turns errors of the domain into pages, or into problem+json for a script; keeps the failures
    that people meet.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request through; what ends with an error that is no ordinary answer is kept (S0.11)."""
        began = time.monotonic()
        response = self.get_response(request)
        if (
            response.status_code >= HTTPStatus.BAD_REQUEST
            and response.status_code not in _ORDINARY
            and not request.path.startswith("/health")
            and UNAVAILABLE not in response.headers
        ):
            _keep_failure(request, response, milliseconds=int((time.monotonic() - began) * 1000))
        if request.method == "POST" and UNANSWERED_HEADER in request.headers:
            _keep_unanswered(request, response)
        if request.method in _READS and not is_calm(request.path_info) and failures.SHED.is_due():
            _keep_shed()
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal of the domain; anything else goes on, and its class is kept."""
        if not isinstance(error, DomainError):
            setattr(request, _ERROR, type(error).__name__)
            return None
        return refusal(request, error)


def _keep_unanswered(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what somebody who is signed in met before this try, where it has an answer now."""
    told = _UNANSWERED.fullmatch(request.headers[UNANSWERED_HEADER])
    actor, match = getattr(request, "actor", None), request.resolver_match
    if told is None or match is None or not isinstance(actor, Actor):
        return
    if actor.user_id is None or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    try:
        # a browser is believed as far as one person can have pressed and waited
        hit("failures.unanswered", str(actor.user_id), limits=_TOLD)
        failures.record(
            actor,
            step=match.view_name,
            method="POST",
            status=failures.UNANSWERED,
            code=failures.UNANSWERED_CODE,
            language=languages.current(),
            milliseconds=min(int(told[2]), _LONGEST_SECONDS) * 1000,
            times=min(int(told[1]), _MOST_TIMES),
        )
    except TooMany:
        return
    except DatabaseError:
        log.exception("what had no answer could not be kept")


def _keep_failure(request: HttpRequest, response: HttpResponse, *, milliseconds: int) -> None:
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    is_known = isinstance(actor, Actor) and actor.user_id is not None
    if not is_known and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        code = response.headers.get(CODE_HEADER, "")
        failures.SHED.count(request.method or "", request.path_info, status=response.status_code, code=code)
        return
    try:
        failures.record(
            actor if isinstance(actor, Actor) else ANYONE,
            step=match.view_name if match else "",
            method=request.method or "",
            status=response.status_code,
            code=response.headers.get(CODE_HEADER, "") or getattr(request, _ERROR, ""),
            language=languages.current(),
            milliseconds=milliseconds,
        )
    except DatabaseError:
        log.exception("a failure could not be kept")


def _keep_shed() -> None:
    """Write what this process asked to come back; a read does it, so that no submission waits for it."""
    try:
        failures.SHED.keep(_place_of)
    except DatabaseError:
        log.exception("reads that were asked to come back could not be kept")


def _place_of(path: str) -> tuple[str, str]:
    """Step and user group of an address, as far as they are known without a session."""
    try:
        match = resolve(path)
    except Resolver404:
        return "", ""
    desks: frozenset[Desk] = getattr(match.func, DESKS, frozenset())
    return match.view_name, next(iter(desks)).value if len(desks) == 1 else ""


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page (or problem+json) of a refusal."""
    if wants_json(request):
        told = {
            "type": "about:blank",
            "title": str(error.message),
            "detail": str(error.next_step),
            "status": error.status,
            "code": error.code,
        }
        response: HttpResponse = JsonResponse(told, status=error.status, content_type="application/problem+json")
    elif isinstance(error, OtherPerson):
        response = render(request, "site/other_person.html", _switch(request, error), status=error.status)
    else:
        context = {"message": error.message, "next_step": error.next_step, "back_url": _back(request)}
        response = render(request, "ui/error.html", context, status=error.status)
    response.headers[CODE_HEADER] = error.code
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _switch(request: HttpRequest, error: OtherPerson) -> dict[str, object]:
    """What the page says that lets somebody act for the person whom the address is about, with one press."""
    actor = getattr(request, "actor", ANYONE)
    names = names_of([error.subject_id, *([actor.subject_id] if actor.subject_id else [])])
    # what was sent is kept or stands in the browser; the page of the press is where it goes on
    leads_to = request.get_full_path() if request.method in _READS else _back(request) or request.path
    return {
        "name": names.get(error.subject_id, ""),
        "is_own": actor.person_id == error.subject_id,
        "present": "" if actor.on_behalf_of is None else names.get(actor.on_behalf_of, ""),
        "person_id": error.subject_id,
        "leads_to": leads_to,
        "back_url": _back(request),
    }


def _back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return "/" + referer.removeprefix(own).lstrip("/\\") if referer.startswith(own) else ""
