"""What administrators do with organisations and memberships."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.identifiers import Bin
from tirek.core.sorting import sort_key
from tirek.notices.actions import notify
from tirek.organisations.models import Membership, MembershipEvent, Organisation
from tirek.organisations.permissions import ROLES, is_admin


def _require_admin(actor: Actor) -> None:
    if not is_admin(actor):
        raise NotAllowed


def _note(membership: Membership, kind: str, *, actor: Actor) -> None:
    MembershipEvent.objects.create(membership=membership, kind=kind, actor_id=actor.user_id, desk=actor.desk.value)


def _tell(membership: Membership, template: str, *, actor: Actor) -> None:
    """Tell the person; imports and demo data tell nobody."""
    if actor != CLOCK:
        facts = {"role": membership.role, "organisation": membership.organisation_id, "since": membership.since}
        notify(user_ids=[membership.user_id], template=template, context=facts)


def register_organisation(
    *,
    actor: Actor,
    kind: Organisation.Kind,
    number: Bin,
    name_kk: str,
    name_ru: str,
    name_en: str,
    active_from: date,
    territory_code: str = "",
) -> Organisation:
    """Enter an organisation; address and phone are filled in after.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: the BIN is entered already, or a local body has no territory.
    """
    _require_admin(actor)
    if kind in Organisation.LOCAL_BODIES and not territory_code:
        raise RuleBroken(_("Choose the territory that the local body answers for."), code="territory")
    try:
        with transaction.atomic():
            return Organisation.objects.create(
                kind=kind,
                bin=number.digits,
                name_kk=name_kk,
                name_ru=name_ru,
                name_en=name_en,
                sort_kk=sort_key(name_kk),
                sort_ru=sort_key(name_ru),
                sort_en=sort_key(name_en),
                active_from=active_from,
                territory_id=territory_code or None,
            )
    except IntegrityError as error:
        raise RuleBroken(_("An organisation with this BIN is entered already."), code="already_entered") from error


def set_contact(*, actor: Actor, organisation: Organisation, address: str, phone: str) -> Organisation:
    """Where people find and call an organisation.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    _require_admin(actor)
    organisation.address, organisation.phone = address, phone
    organisation.save(update_fields=["address", "phone"])
    return organisation


def close_organisation(*, actor: Actor, organisation: Organisation, last_day: date) -> Organisation:
    """The organisation's last day; its memberships give no desk after it.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: the day lies before the first one.
    """
    _require_admin(actor)
    if last_day < organisation.active_from:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="day")
    organisation.active_to = last_day
    organisation.save(update_fields=["active_to"])
    return organisation


def add_member(
    *,
    actor: Actor,
    user: User,
    organisation: Organisation,
    role: Membership.Role,
    since: date,
    until: date | None = None,
) -> Membership:
    """Somebody works in an organisation in one role.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own account.
        RuleBroken: an organisation of this kind has no such role, or the same membership stands already.
    """
    _require_admin(actor)
    if user.pk == actor.user_id:
        raise NotAllowed(_("You cannot give a role to yourself. Ask another administrator."), code="own_role")
    if role not in ROLES[organisation.kind]:
        raise RuleBroken(_("An organisation of this kind has no such role."), code="role")
    if until is not None and until < since:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="term")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, organisation=organisation, role=role, since=since, until=until
            )
            _note(membership, "added", actor=actor)
            _tell(membership, "membership.added", actor=actor)
    except IntegrityError as error:
        raise RuleBroken(_("This person has this role there already."), code="already_entered") from error
    return membership


def end_membership(*, actor: Actor, membership: Membership) -> Membership:
    """A membership ends now: from the next page on it gives no desk.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own.
    """
    _require_admin(actor)
    if membership.user_id == actor.user_id:
        raise NotAllowed(_("You cannot change your own roles. Ask another administrator."), code="own_role")
    with transaction.atomic():
        now = clock.now()
        if Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(ended_at=now):
            membership.ended_at = now
            _note(membership, "ended", actor=actor)
            _tell(membership, "membership.ended", actor=actor)
    return membership
