"""Personal data of organisations: who works where, and which organisations looked at a person's file."""

from django.utils.translation import gettext_lazy as _

from tirek.core import held, retention
from tirek.core.held import Entry, Subject
from tirek.core.viewlog import View
from tirek.organisations.models import Membership, MembershipEvent, Organisation

held.titles(organisation=_("Organisation"), role=_("Role"), ended_at=_("Ended on"), history=_("History"))
held.codes(added=_("Role given"), ended=_("Role ended"))


@held.section("memberships", "organisations.Membership", "organisations.MembershipEvent", title=_("Work in organisations"), place=28)
def _memberships(subject: Subject) -> list[Entry]:
    rows = list(Membership.objects.select_related("organisation").filter(user__in=subject.accounts).order_by("since", "pk"))
    events: dict[object, list[Entry]] = {}
    for event in MembershipEvent.objects.filter(membership__in=rows).order_by("at", "pk"):
        events.setdefault(event.membership_id, []).append({"kind": held.coded(event.kind), **held.entry(event, "at", "desk")})
    return [
        {
            "organisation": one.organisation.name,
            **held.entry(one, "role", "since", "until", "ended_at"),
            "history": events.get(one.pk, []),
        }
        for one in rows
    ]


@held.section("looked_at", "core.View", title=_("Who looked at your file"), place=85)
def _looks(subject: Subject) -> list[Entry]:
    looks = list(View.objects.filter(subject_id=subject.person_id).order_by("at", "pk"))
    places = Organisation.objects.in_bulk({one.organisation_id for one in looks if one.organisation_id})
    return [
        {
            "organisation": places[one.organisation_id].name if one.organisation_id in places else "",
            **held.entry(one, "at", "desk", "basis", "reason"),
        }
        for one in looks
    ]


retention.keeps("Bodies and suppliers are public registers.", "organisations.Organisation")
retention.keeps(
    "Who answered for what and when: asked for by inspections of past decisions.",
    "organisations.Membership",
    "organisations.MembershipEvent",
)
