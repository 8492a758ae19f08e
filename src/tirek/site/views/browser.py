"""What the script of a page asks: the state of the session, and to keep what is typed."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tirek.core import drafts
from tirek.core.drafts.forms import address_for, asked_of
from tirek.core.drafts.left_out import left_out_text
from tirek.core.errors import DomainError, RuleBroken
from tirek.core.untrusted import json_of
from tirek.site.middleware import refusal
from tirek.ui import browser
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.text import time_text


@desk("public")
@never_cache
@require_GET
def state(request: DeskRequest) -> HttpResponse:
    """Who is signed in (opaquely), a fresh token, and how long the session lasts."""
    user_id = request.actor.user_id
    return JsonResponse(
        {
            "authenticated": user_id is not None,
            "who": browser.who(user_id) if user_id else "",
            "csrf": get_token(request),
            "seconds_left": browser.seconds_left(request) if user_id else 0,
            "shared": browser.is_shared(request) if user_id else True,
        }
    )


def _home(_request: DeskRequest) -> str:
    return "/"


def _form(request: DeskRequest, key: UUID) -> str:
    """The page of a form, for whose it is; nothing is told to others."""
    try:
        return address_for(request.actor, key)
    except (DomainError, KeyError):
        return "/"


@desk("public")
@only_post(_home)
def keep(request: DeskRequest) -> HttpResponse:
    """The person wants to stay signed in: the session starts anew."""
    if request.actor.user_id is None:
        return JsonResponse({"authenticated": False, "seconds_left": 0}, status=401)
    request.session.modified = True
    return JsonResponse({"authenticated": True, "seconds_left": browser.seconds_left(request)})


def _is_no_text(text: str) -> bool:
    """Whether the database takes it in no text: the character 0, or half of a pair."""
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _typed(body: Callable[[], bytes]) -> dict[str, drafts.Typed]:
    broken = RuleBroken(
        _("The page sent something we cannot read."), next_step=_("Open the page again."), code="unreadable"
    )
    try:
        fields = cast("dict[str, dict[str, str]]", cast("dict[str, object]", json_of(body()))["fields"])
        typed = {
            str(name): drafts.Typed(
                value=str(one["value"]),
                base=int(one["base"]),
                age=timedelta(milliseconds=min(max(float(one.get("age_ms", 0)), 0), 1e10)),
            )
            for name, one in fields.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RawPostDataException) as error:
        raise broken from error
    # longest name of a field
    if any(math.isnan(one.age.total_seconds()) or len(name) > 60 for name, one in typed.items()):  # noqa: PLR2004
        raise broken
    if any(_is_no_text(text) for name, one in typed.items() for text in (name, one.value)):
        raise broken
    return typed


def _saved(saved: drafts.Saved) -> str:
    """That what was typed is kept, and what is not."""
    told = _("Saved %(time)s") % {"time": time_text(saved.at)}
    return " ".join([told, *([left_out_text(saved.left_out)] if saved.left_out else [])])


@desk("public")
@only_post(_form)
def save_draft(request: DeskRequest, key: UUID) -> HttpResponse:
    """Keep what was typed; 409 with both values where somebody typed elsewhere meanwhile."""
    try:
        typed = _typed(lambda: request.body)
        saved = drafts.save_fields(request.actor, key, typed, asks=lambda draft: asked_of(request.actor, draft))
    except DomainError as error:
        return refusal(request, error)
    if saved.conflicts:
        told = {
            name: {"kept": one.kept, "other": one.other, "version": one.version}
            for name, one in saved.conflicts.items()
        }
        return JsonResponse({"conflicts": told, "fields": saved.versions}, status=409)
    return JsonResponse(
        {
            "saved_at": saved.at.isoformat(),
            "saved_label": _saved(saved),
            "fields": saved.versions,
        }
    )
