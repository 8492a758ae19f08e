"""The line under the header: in which role, and for whom, somebody acts, with the way to change it."""

from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.organisations.models import Membership
from tirek.people.models import Person
from tirek.site.preview import leave_url, previewed_day
from tirek.ui.navigation import RoleLine
from tirek.ui.text import NO_BREAK, day_text

#: Attributes of a request that ``tirek.site.middleware.actor_of`` has set: what it had read anyway.
MEMBERSHIP: Final = "tirek_membership"
REPRESENTED: Final = "tirek_represented"


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
        role = Membership.Role(membership.role).label
        return RoleLine(
            f"{capfirst(role)}, {membership.organisation.name}", reverse("entrance:roles"), _("Switch your role")
        )
    person = getattr(request, REPRESENTED, None)
    if isinstance(person, Person):
        return RoleLine(
            _("You act for %(name)s.") % {"name": person.full_name},
            reverse("entrance:for-whom"),
            _("Change"),
        )
    return None
