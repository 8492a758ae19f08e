"""Every view belongs to a desk: the kind of user it is for."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast
from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed
from tirek.core.personal.viewlog import ReasonNeeded
from tirek.ui.ways import way

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request whose actor is known (``tirek.site.middleware.ActorMiddleware``)."""

    actor: Actor


View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]
Wrapped = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

#: Attribute by which the repository's tests find the desks of a view.
DESKS: Final = "desks"


def desk(*desks: str) -> Callable[[View[P]], Wrapped[P]]:
    """Mark a view with the desks it is for; others are sent to sign in, or told that it is not theirs.

    ``public`` admits everybody, also people who are not signed in.
    """
    allowed = frozenset(Desk(one) for one in desks)

    def mark(view: View[P]) -> Wrapped[P]:
        @wraps(view)
        def run(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = getattr(request, "actor", None)
            if not isinstance(actor, Actor):
                raise TypeError("ActorMiddleware has not run.")
            if Desk.PUBLIC not in allowed and actor.desk not in allowed:
                if actor.user_id is None:
                    return redirect(f"{way('sign-in')}?next={quote(request.get_full_path())}")
                raise NotAllowed(
                    _("This page is for another role than the one you work in now."),
                    next_step=_("Go to your home page. If you have several roles, switch at the top of the page."),
                )
            try:
                return view(request, *args, **kwargs)  # type: ignore[arg-type]  # the actor was checked above
            except ReasonNeeded as asked:
                back = f"?next={quote(request.get_full_path())}" if request.method == "GET" else ""
                return redirect(f"{way('reason', asked.subject_id)}{back}")

        setattr(run, DESKS, allowed)
        return cast("Wrapped[P]", run)

    return mark


def only_post(to: Callable[..., str]) -> Callable[[View[P]], View[P]]:
    """Mark a view that takes what a press sends: who opens its address is led to the page of the press.

    A reload, a restored tab or a shared address asks for it by GET. It stands under ``desk``, so that who may not come
    here is told so first.

    Args:
        to: ``(request, *parts of the address) -> address`` of the page from which it is pressed.
    """

    def mark(view: View[P]) -> View[P]:
        @wraps(view)
        def run(request: DeskRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in {"GET", "HEAD"}:
                return redirect(to(request, *args, **kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        return cast("View[P]", run)

    return mark
