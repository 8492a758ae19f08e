"""The line under the header: in which role, and for whom, somebody acts, with the way to change it."""

from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.accounts.models import User
from tirek.core.actors import Actor, Desk
from tirek.organisations.models import Membership
from tirek.organisations.queries import memberships_of
from tirek.people.models import Person
from tirek.site import sessions
from tirek.site.preview import leave_url, previewed_day
from tirek.ui.navigation import RoleLine
from tirek.ui.text import NO_BREAK, day_text

#: Attributes of a request that ``tirek.site.middleware.actor_of`` has set: what it had read anyway.
MEMBERSHIP: Final = "tirek_membership"
REPRESENTED: Final = "tirek_represented"


def has_several_roles(request: HttpRequest) -> bool:
    """Whether the signed-in person has another role to switch to. Asked once a minute in a session that is used (one
    query), and again after a switch or a look at the page of roles.
    """
    known = request.session.get(sessions.SEVERAL_ROLES)
    if known is None:
        actor = getattr(request, "actor", None)
        if not isinstance(request.user, User) or not isinstance(actor, Actor):
            return False
        works_in = len(memberships_of(request.user))
        # somebody at the person's desk can go to each desk of work; at work, to that of the person or another of work
        known = works_in > 0 if actor.desk is Desk.RECIPIENT else works_in + (actor.person_id is not None) > 1
        request.session[sessions.SEVERAL_ROLES] = known
    return bool(known)


def role_line(request: HttpRequest) -> RoleLine | None:
    """A line such as “Officer, department of Semey” or “You act for Aiym S.”; ``None`` for people at their own desk (no
    query).
    """
    membership = getattr(request, MEMBERSHIP, None)
    if isinstance(membership, Membership):
        day = previewed_day(request)
        if day is not None:
            # at double text on a phone the date has to break
            said = _("Preview as of %(day)s: nothing can be changed.") % {"day": day_text(day).replace(NO_BREAK, " ")}
            return RoleLine(said, leave_url(), _("Leave the preview"))
        said = f"{capfirst(membership.role_shown)}, {membership.organisation.name}"
        if not has_several_roles(request):
            return RoleLine(said)
        return RoleLine(said, reverse("entrance:roles"), _("Switch your role"))
    person = getattr(request, REPRESENTED, None)
    if isinstance(person, Person):
        return RoleLine(
            _("You act for %(name)s.") % {"name": person.full_name},
            reverse("entrance:for-whom"),
            _("Change"),
        )
    return None
