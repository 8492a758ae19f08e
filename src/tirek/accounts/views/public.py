"""Signing in by a code, signing out, and the persona picker of demo mode."""

from collections.abc import Mapping
from typing import TypedDict, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts import personas as demo
from tirek.accounts import queries, sessions
from tirek.accounts.actions import secrets
from tirek.accounts.forms import CodeForm, SignInForm
from tirek.accounts.models import User
from tirek.core.actors import Desk
from tirek.core.errors import DomainError, TooMany
from tirek.core.service.network import is_counter
from tirek.core.signing import codes
from tirek.ui import display
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.ways import way


class Pending(TypedDict, total=False):
    """A sign-in under way, as the session holds it."""

    next: str
    shared: bool
    code: str
    user: str
    mark: str
    at: float


def pending_of(request: HttpRequest) -> Pending:
    """The sign-in under way, empty when there is none."""
    return cast("Pending", request.session.get(sessions.PENDING) or {})


def wanted(request: HttpRequest) -> str:
    """Where to go after signing in: an address of our own, else the entrance."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_own = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_own and address.startswith("/") else ""


def refuse(form: BaseForm, error: DomainError, field: str | None = None) -> int:
    """Show a refusal in its form; returns the status of the page."""
    form.add_error(field, str(error.message))
    return error.status


def answer(
    request: HttpRequest, template: str, context: Mapping[str, object], *, status: int, error: DomainError | None = None
) -> HttpResponse:
    """The page with the status of a refusal, and when to try again."""
    ways = error.next_step if isinstance(error, TooMany) else ""
    response = render(request, template, {**context, "ways": ways}, status=status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def after_sign_in(address: str, *, first: bool) -> HttpResponse:
    """On to where the person wanted; the first time by way of the welcome page."""
    if first:
        welcome = way("welcome") or "/"
        return redirect(f"{welcome}?{urlencode({'next': address})}" if address else welcome)
    return redirect(address or "/")


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: DeskRequest) -> HttpResponse:
    """First step: the IIN. The answer is the same whether we know it or not."""
    if request.actor.user_id is not None and request.method == "GET":
        return redirect(wanted(request) or "/")
    form = SignInForm(request.POST or None, initial={"shared": is_counter(request)})
    status, refused = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            key = secrets.ask_code(iin=form.cleaned_data["iin"], origin=sessions.origin_of(request))
        except TooMany as error:
            status, refused = refuse(form, error, "iin"), error
        else:
            request.session[sessions.PENDING] = Pending(
                next=wanted(request), shared=form.cleaned_data["shared"], code=str(key)
            )
            return redirect("accounts:code")
    elif form.errors:
        status = 422
    context = {
        "form": form,
        "next": wanted(request),
        "is_demo": settings.DEMO,
        "has_code": bool(pending_of(request).get("code")),
    }
    return answer(request, "accounts/public/sign_in.html", context, status=status, error=refused)


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: DeskRequest) -> HttpResponse:
    """Second step: the six digits."""
    pending = pending_of(request)
    key = pending.get("code")
    if not key:
        return redirect("accounts:sign-in")
    form = CodeForm(request.POST or None)
    status, refused = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            user = secrets.use_code(key=UUID(key), typed=form.cleaned_data["code"], origin=sessions.origin_of(request))
        except DomainError as error:
            status, refused = refuse(form, error, "code"), error
        else:
            first = sessions.sign_in(request, user, shared=pending.get("shared", False), factor=False)
            return after_sign_in(pending.get("next", ""), first=first)
    elif form.errors:
        status = 422
    context = {"form": form, "is_demo": settings.DEMO, "minutes": codes.CODE_MINUTES}
    return answer(request, "accounts/public/code.html", context, status=status, error=refused)


@desk("public")
@only_post(lambda _request: reverse("accounts:code"))
def new_code(request: DeskRequest) -> HttpResponse:
    """Another code for the same person."""
    pending = pending_of(request)
    key = pending.get("code")
    if not key:
        return redirect("accounts:sign-in")
    try:
        fresh = secrets.ask_code_again(key=UUID(key), origin=sessions.origin_of(request))
    except secrets.CodeGone:
        return redirect("accounts:sign-in")
    request.session[sessions.PENDING] = Pending(**{**pending, "code": str(fresh)})
    return redirect("accounts:code")


@desk("public")
@only_post(lambda _request: "/")
def sign_out(request: DeskRequest) -> HttpResponse:
    """End the session; what the browser kept is wiped by the next page."""
    if isinstance(request.user, User):
        sessions.note_signed_out(request.user, sessions.origin_of(request))
    logout(request)
    response = redirect("accounts:signed-out")
    display.forget(response)
    return response


@desk("public")
@never_cache
@require_GET
def signed_out(request: DeskRequest) -> HttpResponse:
    """The session has ended."""
    return render(request, "accounts/public/signed_out.html", {"wipe_store": True})


@desk("public")
@never_cache
@require_http_methods(["GET", "POST"])
def persona(request: DeskRequest) -> HttpResponse:
    """Demo mode: be one of the demo people with one press."""
    if not settings.DEMO:
        raise Http404
    listed = demo.personas()
    if request.method == "POST":
        chosen = next((one for one in listed if str(one.user_id) == request.POST.get("user")), None)
        user = User.objects.filter(pk=chosen.user_id, is_active=True).first() if chosen else None
        if chosen is None or user is None:
            raise Http404
        logout(request)
        first = sessions.sign_in(request, user, shared=chosen.desk is Desk.OFFICER, factor=True, extra=chosen.session)
        sessions.note_persona(user, sessions.origin_of(request))
        return after_sign_in(wanted(request), first=first and chosen.desk is Desk.RECIPIENT)
    desks = dict.fromkeys(one.desk for one in listed)
    groups = [(one, [each for each in listed if each.desk is one]) for one in desks]
    return render(request, "accounts/public/persona.html", {"groups": groups, "next": wanted(request)})


@desk("recipient", "supplier", "officer", "operator", "inspector", "analyst", "admin")
@require_GET
def phone(request: DeskRequest) -> HttpResponse:
    """The phone on file, from when it signs, and how it is changed."""
    user = request.user
    since = queries.phone_signs_from(user) if isinstance(user, User) else None
    return render(
        request,
        "accounts/public/phone.html",
        {"signs_from": since, "phone": user.masked_phone() if isinstance(user, User) else ""},
    )
