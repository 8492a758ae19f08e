"""Acts that are done only by who has confirmed a short while ago who they are: the list, and what asks for it.

A session that was left open, or taken, is no proof for what turns money or the power over accounts. The second factor
is asked again (the password of who has none) when the last answer is older than reference ``accounts.confirmed_for``;
what was typed is kept meanwhile and stands in its form again.

django-allauth has the same under ``account.internal.flows.reauthentication``: with its own pages and clock, and it does
the kept request by itself. Here the person sees the form again and presses. The devices are checked by it.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import wraps
from typing import Final, ParamSpec, cast
from urllib.parse import urlencode

from django.db import models
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.sessions import CONFIRMED
from tirek.core import clock, reference
from tirek.core.crypto import Undecipherable, decrypt, encrypt
from tirek.ui.desks import DeskRequest, View

P = ParamSpec("P")

#: Attribute by which the repository's tests find the act of a view.
ACT: Final = "confirmed_act"
#: Key of what was typed before the person was asked: page, moment, act, the form (sealed).
KEPT: Final = "kept_form"
#: Letters of a form that are kept; more is no form that somebody types.
_MOST: Final = 20_000


class Act(models.TextChoices):
    """What is done only by who has confirmed a short while ago who they are, in words of the page that asks."""

    BANK_DETAILS = "bank_details", _("You are changing the bank details to which people pay.")
    ROLE = "role", _("You are giving somebody a role: one more person will work in Tirek, or work in one more place.")
    SECOND_STEP = "second_step", _("You are taking the devices of the second step off an account.")
    IMPORT = "import", _("You are importing a file.")


def minutes() -> int:
    """For how many minutes a confirmation holds (reference ``accounts.confirmed_for``)."""
    return int(reference.value("accounts.confirmed_for", at=clock.today()).number)


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has confirmed a short while ago who they are."""
    return _is_recent(request.session.get(CONFIRMED))


def _is_recent(moment: object) -> bool:
    passed = clock.now().timestamp() - moment if isinstance(moment, float) else -1.0
    return 0 <= passed <= timedelta(minutes=minutes()).total_seconds()


def needs_confirming(act: Act) -> "_Marker":
    """Mark a view whose POST is one of these acts; it stands under ``desk``, which knows who asks.

    Its forms are made of ``request.POST or None``: after the confirmation a GET carries there what was typed, so that
    they show it, and does nothing.
    """
    return _Marker(act)


class _Marker:
    def __init__(self, act: Act) -> None:
        self._act = act

    def __call__(self, view: View[P]) -> View[P]:
        act = self._act

        @wraps(view)
        def run(request: DeskRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                if not is_confirmed(request):
                    _keep(request, act)
                    return redirect(f"{reverse('accounts:confirm')}?{urlencode({'next': request.get_full_path()})}")
                request.session.pop(KEPT, None)
            elif (typed := _typed(request)) is not None:
                request.POST = typed  # type: ignore[assignment]  # Django lets it be set
            return view(request, *args, **kwargs)

        setattr(run, ACT, act)
        return cast("View[P]", run)


def _keep(request: HttpRequest, act: Act) -> None:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    text = typed.urlencode()
    request.session[KEPT] = {
        "page": request.get_full_path(),
        "at": clock.now().timestamp(),
        "act": act.value,
        "form": encrypt(text.encode()).decode() if text and len(text) <= _MOST else "",
    }


def _kept(request: HttpRequest) -> Mapping[str, object]:
    return cast("Mapping[str, object]", request.session.get(KEPT) or {})


def asked_for(request: HttpRequest) -> Act | None:
    """The act for which the person is asked to confirm; ``None`` when nobody knows."""
    kept = str(_kept(request).get("act", ""))
    return Act(kept) if kept in Act.values else None


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the person was asked; ``None`` for nothing, or long ago."""
    kept = _kept(request)
    sealed = kept.get("form")
    if not isinstance(sealed, str) or not sealed or kept["page"] != request.get_full_path():
        return None
    if not _is_recent(kept["at"]):
        return None
    try:
        return QueryDict(decrypt(sealed.encode()).decode())
    except Undecipherable:
        return None
