"""Pages of a signed-in person about themselves: first sign-in, roles, whom they act for."""

from dataclasses import dataclass
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.models import Language, User
from tirek.accounts.sessions import FACTOR
from tirek.core.actors import Desk
from tirek.core.errors import NotAllowed, NotFound
from tirek.organisations.models import Membership
from tirek.organisations.queries import memberships_of
from tirek.people.actions import NeedsEntered, give_consent, set_language, set_needs
from tirek.people.models import Consent, Person
from tirek.people.queries import has_consented, needs_of, person_for, represented_by
from tirek.site import sessions
from tirek.site.middleware import DESK_OF_ROLE
from tirek.site.privacy import PRIVACY_VERSION
from tirek.ui.desks import DeskRequest, desk, only_post


def _after(request: DeskRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_own = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_own and wanted.startswith("/") else "/"


def _own(request: DeskRequest) -> Person:
    if request.actor.person_id is None:
        raise NotFound
    return person_for(request.actor, request.actor.person_id)


class WelcomeForm(forms.Form):
    """The first sign-in is the registration: language, needs, privacy."""

    language = forms.ChoiceField(
        label=_("In which language should we write to you?"), choices=Language.choices, widget=forms.RadioSelect
    )
    no_voice_calls = forms.BooleanField(label=_("Do not call me: write instead"), required=False)
    sign_language = forms.BooleanField(label=_("I use sign language"), required=False)
    large_print = forms.BooleanField(label=_("I need large print"), required=False)
    easy_read = forms.BooleanField(label=_("Speak and write to me in short, simple sentences"), required=False)
    privacy = forms.BooleanField(label=_("I have read what is kept about me, and I agree"))


@desk("recipient")
@require_http_methods(["GET", "POST"])
def welcome(request: DeskRequest) -> HttpResponse:
    """Registration at the first sign-in; later the page where language and needs are changed."""
    person = _own(request)
    needs = needs_of(person)
    begun = {
        "language": person.language,
        "no_voice_calls": needs.no_voice_calls,
        "sign_language": needs.sign_language,
        "large_print": needs.large_print,
        "easy_read": needs.easy_read,
        "privacy": has_consented(person, Consent.Purpose.PRIVACY, PRIVACY_VERSION),
    }
    form = WelcomeForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        set_language(actor=request.actor, person=person, language=given["language"])
        entered = NeedsEntered(
            no_voice_calls=given["no_voice_calls"],
            large_print=given["large_print"],
            easy_read=given["easy_read"],
            sign_language=given["sign_language"],
            contact_language=given["language"],
        )
        had_chosen = person.user is None or bool(person.user.display)
        set_needs(actor=request.actor, person=person, needs=entered)
        if person.user is not None and person.user.display and not had_chosen:
            with translation.override(given["language"]):  # the language of the next page
                told = str(
                    _("Pages now look as you need them. You can change it under “Display” at the top of each page.")
                )
            messages.success(request, told)
        give_consent(actor=request.actor, person=person, purpose=Consent.Purpose.PRIVACY, text_version=PRIVACY_VERSION)
        return redirect(f"{reverse('ui:language', args=[given['language']])}?{urlencode({'next': _after(request)})}")
    status = 422 if form.errors else 200
    return render(
        request,
        "site/welcome.html",
        {"form": form, "next": _after(request), "registered": begun["privacy"]},
        status=status,
    )


@dataclass(frozen=True, slots=True)
class Role:
    """A role somebody can switch to."""

    key: str
    title: str
    place: str
    active: bool


@desk("public")
@require_GET
def roles(request: DeskRequest) -> HttpResponse:
    """The roles of a person; one is active at a time. Who has a single one has nothing to choose after the sign-in."""
    if request.actor.user_id is None:
        raise NotAllowed
    active, rows = request.session.get(sessions.MEMBERSHIP, ""), memberships_of(cast("User", request.user))
    if not active and not request.actor.person_id and len(rows) == 1 and _opens(request, rows[0]):
        request.session.cycle_key()
        request.session[sessions.MEMBERSHIP] = str(rows[0].pk)
        return redirect("entrance:home")
    found = [Role(str(row.pk), row.role_shown, row.organisation.name, str(row.pk) == active) for row in rows]
    own = Role("", str(Desk.RECIPIENT.label), "", not active)
    roles = [own, *found] if request.actor.person_id else found
    request.session.pop(sessions.SEVERAL_ROLES, None)
    return render(request, "site/roles.html", {"roles": roles})


def _opens(request: DeskRequest, row: Membership) -> bool:
    """Whether a role leads to a desk, and the second step that it asks for is made."""
    return Membership.Role(row.role) in DESK_OF_ROLE and (settings.DEMO or bool(request.session.get(FACTOR)))


@desk("public")
@only_post(lambda _request: reverse("entrance:roles"))
def use_role(request: DeskRequest) -> HttpResponse:
    """Switch to a role of one's own. A staff or supplier desk asks for the second factor first."""
    user = request.user
    if not isinstance(user, User):
        raise NotAllowed
    wanted = request.POST.get("role", "")
    request.session.pop(sessions.BEHALF, None)
    request.session.pop(sessions.SEVERAL_ROLES, None)
    request.session.cycle_key()
    if not wanted:
        request.session.pop(sessions.MEMBERSHIP, None)
        return redirect("entrance:home")
    for row in memberships_of(user):
        if str(row.pk) == wanted and Membership.Role(row.role) in DESK_OF_ROLE:
            request.session[sessions.MEMBERSHIP] = wanted
            if not settings.DEMO and not request.session.get(FACTOR):
                return redirect("accounts:mfa")
            return redirect("entrance:home")
    raise NotAllowed


@desk("recipient")
@require_GET
def for_whom(request: DeskRequest) -> HttpResponse:
    """Choose whom to act for: oneself, or somebody represented."""
    people = represented_by(request.actor)
    return render(
        request,
        "site/for_whom.html",
        {"people": people, "chosen": request.actor.subject_id, "own": request.actor.person_id},
    )


@desk("recipient")
@only_post(lambda _request: reverse("entrance:for-whom"))
def use_person(request: DeskRequest) -> HttpResponse:
    """Act for this person from now on."""
    wanted = request.POST.get("person", "")
    if wanted == str(request.actor.person_id):
        request.session.pop(sessions.BEHALF, None)
    elif wanted in {str(person.pk) for person in represented_by(request.actor)}:
        request.session[sessions.BEHALF] = wanted
    else:
        raise NotAllowed
    return redirect(_after(request))
