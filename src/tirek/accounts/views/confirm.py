"""Confirming once more who one is, before an act of weight (``tirek.accounts.confirming``)."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tirek.accounts import confirming, sessions
from tirek.accounts import personas as demo
from tirek.accounts.actions import passwords
from tirek.accounts.actions.factors import factors_of
from tirek.accounts.forms import OwnPasswordForm
from tirek.accounts.models import User
from tirek.accounts.views.public import answer, refuse, wanted
from tirek.accounts.views.staff import Tried, try_factor
from tirek.core.errors import DomainError, NotAllowed
from tirek.ui.desks import DeskRequest, desk


@desk("supplier", "officer", "operator", "inspector", "analyst", "admin")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: DeskRequest) -> HttpResponse:
    """Ask for the second step once more, or for the password of who has none; then back to the page of the act."""
    user = request.user
    if not isinstance(user, User):
        raise NotAllowed
    known = factors_of(user)
    tried = try_factor(request, user, known) if known else _try_password(request, user)
    if tried.is_right:
        request.session.cycle_key()
        sessions.note_confirmed(request)
        messages.success(request, _("You have confirmed it. Now press the button once more."))
        return redirect(wanted(request) or "/")
    act = confirming.asked_for(request)
    context = {
        **tried.context,
        "act": act.label if act else "",
        "minutes": confirming.minutes(),
        "next": wanted(request),
    }
    return answer(request, "accounts/staff/confirm.html", context, status=tried.status, error=tried.refused)


def _try_password(request: DeskRequest, user: User) -> Tried:
    if not user.has_usable_password():
        raise NotAllowed(
            _("This needs a password or a second step, and your account has neither."),
            next_step=_("Ask an administrator to send you a link to set a password."),
        )
    form = OwnPasswordForm(request.POST or None)
    is_right, status, refused = False, 200, None
    if request.method == "POST" and form.is_valid():
        try:
            passwords.confirm_password(
                user=user, password=form.cleaned_data["password"], origin=sessions.origin_of(request)
            )
        except DomainError as error:
            status, refused = refuse(form, error, "password"), error
        else:
            is_right = True
    elif form.errors:
        status = 422
    shown = demo.password_of(user.pk) if settings.DEMO else ""
    return Tried(is_right, {"form": form, "demo_password": shown}, status, refused)
