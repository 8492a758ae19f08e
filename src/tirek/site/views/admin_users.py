"""Users at the administrator's desk: find by login, roles with dates, block, second step.

An account of somebody who has never worked anywhere is a person's: it is opened with a reason, which the person sees.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.actions import blocking
from tirek.accounts.actions.factors import factors_of
from tirek.accounts.actions.passwords import invited_until
from tirek.accounts.confirming import Act, needs_confirming
from tirek.accounts.models import User
from tirek.accounts.queries import account_by_login, account_for, events_of
from tirek.accounts.words import EVENTS
from tirek.core import clock
from tirek.core.errors import DomainError, NotAllowed, NotFound
from tirek.core.personal import viewlog
from tirek.organisations import actions as organisations
from tirek.organisations.models import Membership
from tirek.organisations.queries import (
    all_memberships_of,
    find_organisations,
    holds,
    membership_of,
    memberships_now,
    organisation_for,
)
from tirek.people.queries import names_of_users, person_of_user
from tirek.site.admin_forms import FindUserForm, NamedForm, RoleForm, StaffFilter, show_refusal
from tirek.ui.desks import DeskRequest, desk

PER_PAGE: Final = 50
#: Organisations from which one is chosen; who sees more types more of the name.
MOST_FOUND: Final = 20
#: A reason lets the account be read for this long.
REASON_LASTS: Final = timedelta(minutes=30)


def _subject(user: User) -> UUID:
    """Whose file is opened: the person behind the account, else the account itself."""
    person = person_of_user(user.pk)
    return person.pk if person else user.pk


def _open(request: DeskRequest, key: UUID) -> tuple[User, list[Membership]]:
    """An account with its memberships; a person's only after a reason was given."""
    user = account_for(request.actor, key)
    memberships = all_memberships_of(user)
    if not memberships and not viewlog.has_given_reason(
        request.actor, _subject(user), since=clock.now() - REASON_LASTS
    ):
        raise NotAllowed(
            _("This is a person's account. It is opened with a reason."),
            next_step=_("Find it by its login and say why."),
            code="reason",
        )
    return user, memberships


@desk("admin")
@require_http_methods(["GET", "POST"])
def users(request: DeskRequest) -> HttpResponse:
    """Who works where now, found by name; an account by its login (by POST: a login never stands in an address)."""
    form = FindUserForm(request.POST or None)
    missing = False
    if request.method == "POST" and form.is_valid():
        found = account_by_login(request.actor, form.cleaned_data["login"])
        if found is not None:
            reason = form.cleaned_data["reason"].strip()
            if reason:
                viewlog.record(
                    request.actor, subject_id=_subject(found), basis=viewlog.View.Basis.REASON, reason=reason
                )
            return redirect("manage:user", found.pk)
        missing = True
        form.add_error("login", _("Nobody signs in by this. Compare it letter by letter."))
    staff = StaffFilter(request.GET)
    text = staff.cleaned_data["text"] if staff.is_valid() else ""
    page = Paginator(memberships_now(request.actor, text), PER_PAGE).get_page(request.GET.get("page"))
    names = names_of_users(row.user_id for row in page)
    return render(
        request,
        "site/admin/users.html",
        {
            "form": form,
            "filter": staff,
            "text": text,
            "page": page,
            "rows": [(row, row.user.name or names.get(row.user_id, "")) for row in page],
        },
        status=404 if missing else 422 if form.errors else 200,
    )


@desk("admin")
@require_GET
def user(request: DeskRequest, key: UUID) -> HttpResponse:
    """One account on one page: sign-in, roles with dates, what happened."""
    found, memberships = _open(request, key)
    factors = factors_of(found)
    context = {
        "user_shown": found,
        "name": found.name or (names_of_users([found.pk]).get(found.pk, "") if memberships else ""),
        "invited_until": invited_until(found) if found.is_invited else None,
        "memberships": [(row, holds(row)) for row in memberships],
        "factors": factors,
        "events": [(one.at, EVENTS.get(one.kind, one.kind)) for one in events_of(found)],
        "is_own": found.pk == request.actor.user_id,
        "is_person": not memberships,
    }
    return render(request, "site/admin/user.html", context)


@desk("admin")
@needs_confirming(Act.ROLE)
@require_http_methods(["GET", "POST"])
def give_role(request: DeskRequest, key: UUID) -> HttpResponse:
    """Give a dated role: first the organisation is found by its name or BIN, then the role is chosen."""
    found, _memberships = _open(request, key)
    chosen = request.GET.get("organisation", "")
    if not chosen:
        finder = NamedForm(request.GET)
        text = finder.cleaned_data["text"] if finder.is_valid() else ""
        rows = find_organisations(request.actor, text)[:MOST_FOUND]
        context = {"filter": finder, "rows": rows, "text": text, "user_shown": found}
        return render(request, "site/admin/choose_organisation.html", context)
    place = organisation_for(request.actor, _key(chosen))
    form = RoleForm(request.POST or None, kind=place.kind, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            organisations.add_member(
                actor=request.actor,
                user=found,
                organisation=place,
                role=Membership.Role(given["role"]),
                since=given["since"],
                until=given["until"],
            )
        except DomainError as error:
            show_refusal(form, error, form.FIELDS)
        else:
            messages.success(request, _("The role is given. We tell the person."))
            return redirect("manage:user", found.pk)
    return render(
        request,
        "site/admin/give_role.html",
        {"form": form, "user_shown": found, "place": place},
        status=422 if form.errors else 200,
    )


def _key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise NotFound from error


def _ask(
    request: DeskRequest, found: User, *, words: tuple[str, str, str], act: Callable[[], object], done: str
) -> HttpResponse:
    """Ask with question, consequence and button; act on the answer."""
    if request.method == "POST":
        act()
        messages.success(request, done)
        return redirect("manage:user", found.pk)
    question, consequence, button = words
    context = {
        "question": question,
        "consequence": consequence,
        "button": button,
        "back_url": reverse("manage:user", args=[found.pk]),
    }
    return render(request, "ui/confirm.html", context)


@desk("admin")
@require_http_methods(["GET", "POST"])
def end_role(request: DeskRequest, key: UUID, role: UUID) -> HttpResponse:
    """End a role now."""
    found, _memberships = _open(request, key)
    row = membership_of(request.actor, found, role)
    words = (
        _("End this role?"),
        _("From the next page on it opens no desk. We tell the person."),
        _("End the role"),
    )
    # one call, done on the answer
    act = lambda: organisations.end_membership(actor=request.actor, membership=row)  # noqa: E731
    return _ask(request, found, words=words, act=act, done=_("The role has ended."))


@desk("admin")
@require_http_methods(["GET", "POST"])
def invite_again(request: DeskRequest, key: UUID) -> HttpResponse:
    """Send the invitation once more."""
    found, _memberships = _open(request, key)
    words = (
        _("Send the invitation again?"),
        _("A new link goes to the same e-mail address. The link that was sent before opens nothing any more."),
        _("Send again"),
    )
    act = lambda: organisations.invite_again(actor=request.actor, user=found)  # noqa: E731 - as above
    return _ask(request, found, words=words, act=act, done=_("The invitation is on its way."))


@desk("admin")
@require_http_methods(["GET", "POST"])
def withdraw_invitation(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take an invitation back."""
    found, _memberships = _open(request, key)
    words = (
        _("Withdraw the invitation?"),
        _("The link opens nothing any more, and the roles that came with it end."),
        _("Withdraw"),
    )
    act = lambda: organisations.withdraw_invitation(actor=request.actor, user=found)  # noqa: E731 - as above
    return _ask(request, found, words=words, act=act, done=_("The invitation is withdrawn."))


@desk("admin")
@require_http_methods(["GET", "POST"])
def block(request: DeskRequest, key: UUID) -> HttpResponse:
    """Block an account."""
    found, _memberships = _open(request, key)
    words = (
        _("Block this account?"),
        _("Nobody can sign in to it until it is opened again; who is signed in now is signed out. We tell the person."),
        _("Block"),
    )
    act = lambda: blocking.block_account(actor=request.actor, user=found)  # noqa: E731 - as above
    return _ask(request, found, words=words, act=act, done=_("The account is blocked."))


@desk("admin")
@require_http_methods(["GET", "POST"])
def unblock(request: DeskRequest, key: UUID) -> HttpResponse:
    """Open a blocked account again."""
    found, _memberships = _open(request, key)
    words = (_("Open this account again?"), _("The owner can sign in again, and we tell the owner."), _("Open again"))
    act = lambda: blocking.unblock_account(actor=request.actor, user=found)  # noqa: E731 - as above
    return _ask(request, found, words=words, act=act, done=_("The account is open again."))


@desk("admin")
@needs_confirming(Act.SECOND_STEP)
@require_http_methods(["GET", "POST"])
def reset_factors(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take lost devices of the second step off an account."""
    found, _memberships = _open(request, key)
    words = (
        _("Remove the second-step devices?"),
        _(
            "Do it only when you have checked who asks. At the next sign-in the person connects a new device. We "
            "tell the person."
        ),
        _("Take off"),
    )
    act = lambda: blocking.reset_factors(actor=request.actor, user=found)  # noqa: E731 - as above
    return _ask(request, found, words=words, act=act, done=_("The devices are removed."))
