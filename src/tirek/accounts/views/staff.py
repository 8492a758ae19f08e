"""Signing in with a password and a second step: staff and suppliers."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tirek.accounts import limits, sessions
from tirek.accounts.actions import factors, passwords
from tirek.accounts.actions.secrets import CodeGone, open_link
from tirek.accounts.forms import AppCodeForm, ForgottenForm, KeyForm, NewPasswordForm, StaffSignInForm
from tirek.accounts.models import User
from tirek.accounts.views.public import Pending, after_sign_in, answer, pending_of, refuse, wanted
from tirek.core import clock
from tirek.core.errors import DomainError
from tirek.core.service.network import is_counter
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.ways import way

SECOND_STEP_SECONDS = 600
APP_SECRET = "sign_in_app"  # noqa: S105 - name of a session key


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: DeskRequest) -> HttpResponse:
    """First step of staff and suppliers: name and password."""
    form = StaffSignInForm(request.POST or None, initial={"shared": is_counter(request)})
    status, refused = 200, None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            user = passwords.check_password(
                name=given["name"], password=given["password"], origin=sessions.origin_of(request)
            )
        except DomainError as error:
            status, refused = refuse(form, error), error
        else:
            return _second_step_of(request, user, shared=given["shared"])
    elif form.errors:
        status = 422
    return answer(
        request, "accounts/staff/sign_in.html", {"form": form, "next": wanted(request)}, status=status, error=refused
    )


def _second_step_of(request: HttpRequest, user: User, *, shared: bool) -> HttpResponse:
    if settings.DEMO and not factors.factors_of(user):
        sessions.sign_in(request, user, shared=shared, factor=False)
        sessions.note_confirmed(request)
        return redirect(wanted(request) or way("roles") or "/")
    request.session.cycle_key()
    request.session[sessions.PENDING] = Pending(
        next=wanted(request),
        shared=shared,
        user=str(user.pk),
        mark=user.get_session_auth_hash(),
        at=clock.now().timestamp(),
    )
    return redirect("accounts:mfa")


def _waiting(request: HttpRequest) -> User | None:
    """The account whose password was right a short while ago, and is the same still."""
    pending = pending_of(request)
    if "user" not in pending or clock.now().timestamp() - pending.get("at", 0.0) > SECOND_STEP_SECONDS:
        return None
    user = User.objects.filter(pk=UUID(pending["user"]), is_active=True).first()
    if user is None or not constant_time_compare(pending.get("mark", ""), user.get_session_auth_hash()):
        return None
    return user


def _done(request: HttpRequest, user: User, waiting: User | None) -> HttpResponse:
    if waiting is not None:
        pending = pending_of(request)
        sessions.sign_in(request, user, shared=pending.get("shared", False), factor=True)
        request.session.pop(APP_SECRET, None)
        return redirect(pending.get("next") or way("roles") or "/")
    request.session.cycle_key()
    request.session[sessions.FACTOR] = True
    sessions.note_confirmed(request)
    return after_sign_in(wanted(request), first=False)


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: DeskRequest) -> HttpResponse:
    """Second step: the app or the security key. Also asked of somebody signed in who enters a staff or supplier
    desk.
    """
    waiting = _waiting(request)
    user = waiting or (request.user if isinstance(request.user, User) else None)
    if user is None:
        return redirect("accounts:staff-sign-in")
    known = factors.factors_of(user)
    if not known:
        # a device is connected only right after the password, never on the strength of a code to the phone alone
        return redirect("accounts:enrol") if waiting else redirect("accounts:staff-sign-in")
    tried = try_factor(request, user, known)
    if tried.is_right:
        return _done(request, user, waiting)
    context = {**tried.context, "next": wanted(request)}
    return answer(request, "accounts/staff/second_step.html", context, status=tried.status, error=tried.refused)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a second step, and what its page shows while it was not right.

    Attributes:
        is_right: the device has confirmed who it is.
        context: forms of the app and of the key.
        status: of the page.
        refused: why it was not right.
    """

    is_right: bool
    context: dict[str, object]
    status: int
    refused: DomainError | None


def try_factor(request: HttpRequest, user: User, known: frozenset[str]) -> Tried:
    """The second step of ``user`` with one of its ``known`` devices, as far as this request takes it."""
    with_key = request.POST.get("way") == factors.KEY
    form = AppCodeForm(request.POST if request.method == "POST" and not with_key else None)
    key_form = KeyForm(request.POST if request.method == "POST" and with_key else None)
    used = key_form if with_key else form
    is_right, status, refused = False, 200, None
    if request.method == "POST" and used.is_valid():
        try:
            _check(request, user, used)
        except DomainError as error:
            status, refused = refuse(used, error, None if with_key else "code"), error
        else:
            is_right = True
    elif used.errors:
        status = 422
    context: dict[str, object] = {
        "form": used if used.errors else form,
        "has_app": factors.APP in known,
        "has_key": factors.KEY in known,
        "app_form": form,
        "key_options": json.dumps(factors.ask_key(user)) if factors.KEY in known and not is_right else "",
    }
    return Tried(is_right, context, status, refused)


def _check(request: HttpRequest, user: User, form: AppCodeForm | KeyForm) -> None:
    origin = sessions.origin_of(request)
    if isinstance(form, KeyForm):
        factors.check_key(user=user, credential=form.cleaned_data["credential"], origin=origin)
    else:
        factors.check_app(user=user, code=form.cleaned_data["code"], origin=origin)


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: DeskRequest) -> HttpResponse:
    """Connect an app or a security key; forced at the first sign-in with a password."""
    user = _waiting(request)
    if user is None:
        return redirect("accounts:staff-sign-in")
    if factors.factors_of(user):
        return redirect("accounts:mfa")
    secret = request.session.setdefault(APP_SECRET, factors.new_app_secret())
    with_key = request.POST.get("way") == factors.KEY
    form = AppCodeForm(request.POST if request.method == "POST" and not with_key else None)
    key_form = KeyForm(request.POST if request.method == "POST" and with_key else None)
    used = key_form if with_key else form
    status, refused = 200, None
    if request.method == "POST" and used.is_valid():
        origin = sessions.origin_of(request)
        try:
            if with_key:
                factors.enrol_key(
                    user=user, credential=used.cleaned_data["credential"], name=_("Security key"), origin=origin
                )
            else:
                factors.enrol_app(user=user, secret=secret, code=used.cleaned_data["code"], origin=origin)
        except DomainError as error:
            status, refused = refuse(used, error, None if with_key else "code"), error
        else:
            return _done(request, user, user)
    elif used.errors:
        status = 422
    context = {
        "form": used if used.errors else form,
        "app_form": form,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "square": factors.app_square(user, secret),
        "app_address": factors.app_address(user, secret),
        "key_options": json.dumps(factors.begin_key(user)),
    }
    return answer(request, "accounts/staff/enrol.html", context, status=status, error=refused)


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten(request: DeskRequest) -> HttpResponse:
    """Ask for a link to set a new password; the answer is the same for addresses nobody has."""
    form = ForgottenForm(request.POST or None)
    status, refused = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            passwords.ask_link(name=form.cleaned_data["name"], origin=sessions.origin_of(request))
        except DomainError as error:
            status, refused = refuse(form, error, "name"), error
        else:
            return redirect("accounts:link-sent")
    elif form.errors:
        status = 422
    return answer(request, "accounts/staff/forgotten.html", {"form": form}, status=status, error=refused)


@desk("public")
@require_http_methods(["GET"])
def link_sent(request: DeskRequest) -> HttpResponse:
    """A link is on its way, if there is such an account."""
    return render(request, "accounts/staff/link_sent.html", {"hours": limits.LINK_HOURS})


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def new_password(request: DeskRequest, key: UUID, secret: str) -> HttpResponse:
    """Set a password by a link that serves once."""
    form = NewPasswordForm(request.POST or None)
    status, refused = 200, None
    try:
        open_link(key=key, secret=secret)
    except CodeGone:
        return render(request, "accounts/staff/link_gone.html", status=404)
    if request.method == "POST" and form.is_valid():
        try:
            passwords.set_password(
                key=key, secret=secret, password=form.cleaned_data["password"], origin=sessions.origin_of(request)
            )
        except DomainError as error:
            status, refused = refuse(form, error, "password"), error
        else:
            return redirect("accounts:staff-sign-in")
    elif form.errors:
        status = 422
    response = answer(request, "accounts/staff/new_password.html", {"form": form}, status=status, error=refused)
    # the address is a secret; with "no-referrer" browsers send the form with the origin "null", which is refused
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
