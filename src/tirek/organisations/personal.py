"""Personal data of organisations: who works where, and which organisations looked at a person's file."""

from django.utils.translation import gettext_lazy as _

from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.core.personal.viewlog import View
from tirek.organisations.models import Membership, MembershipEvent, Organisation

export.titles(
    "organisations",
    organisation=_("Organisation"),
    role=_("Role"),
    since=_("Since"),
    until=_("Until"),
    ended_at=_("Ended on"),
    trained_on=_("Trained in the work on the portal"),
    basis=_("On what basis"),
    reason=_("Reason"),
)
export.codes(added=_("Role given"), ended=_("Role ended"), trained=_("Training recorded"))


@export.section(
    "memberships",
    "organisations.Membership",
    "organisations.MembershipEvent",
    title=_("Work in organisations"),
    place=28,
)
def _memberships(subject: Subject) -> list[Entry]:
    rows = list(
        Membership.objects.select_related("organisation").filter(user__in=subject.accounts).order_by("since", "pk")
    )
    events: dict[object, list[Entry]] = {}
    for event in MembershipEvent.objects.filter(membership__in=rows).order_by("at", "pk"):
        events.setdefault(event.membership_id, []).append(
            {"kind": export.coded(event.kind), **export.entry(event, "at", "desk")}
        )
    return [
        {
            "organisation": one.organisation.name,
            **export.entry(one, "role", "since", "until", "ended_at", "trained_on"),
            "history": events.get(one.pk, []),
        }
        for one in rows
    ]


@export.section("looked_at", "core.View", title=_("Who looked at your file"), place=85)
def _looks(subject: Subject) -> list[Entry]:
    looks = list(View.objects.filter(subject_id=subject.person_id).order_by("at", "pk"))
    places = Organisation.objects.in_bulk({one.organisation_id for one in looks if one.organisation_id})
    return [
        {
            "organisation": places[one.organisation_id].name if one.organisation_id in places else "",
            **export.entry(one, "at", "desk", "basis", "reason"),
        }
        for one in looks
    ]


retention.keeps("Bodies and suppliers are public registers.", "organisations.Organisation")
retention.keeps(
    "Who answered for what and when: asked for by inspections of past decisions.",
    "organisations.Membership",
    "organisations.MembershipEvent",
)
