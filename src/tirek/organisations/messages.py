"""What people are told about their roles."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import register
from tirek.organisations.models import Membership
from tirek.organisations.queries import names


def _words(facts: Sequence[Mapping[str, str | int | bool | None]]) -> list[dict[str, str]]:
    places = names({UUID(str(one["organisation"])) for one in facts})
    roles = dict(Membership.Role.choices)
    return [
        {"what": str(roles.get(str(one["role"]), "")), "place": places.get(UUID(str(one["organisation"])), "")}
        for one in facts
    ]


register(
    "membership.added",
    title=_("You have a new role"),
    body=_(
        "Role: {what}. Organisation: {place}. It begins on {since:day}. Switch to it under “Roles”. If this is a "
        "mistake, tell your head or call 1414."
    ),
    words=_words,
)
register(
    "membership.ended",
    title=_("A role of yours has ended"),
    body=_("Role: {what}. Organisation: {place}. If this is a mistake, tell your head or call 1414."),
    words=_words,
)
