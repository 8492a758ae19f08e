"""What administrators do with organisations and memberships."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tirek.accounts.actions import passwords
from tirek.accounts.models import User
from tirek.core import clock
from tirek.core.actors import CLOCK, Actor
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.identifiers import Bin, Iin
from tirek.core.sorting import sort_key
from tirek.core.typed import as_meant
from tirek.notices.actions import forget_account, notify, reach_by_email
from tirek.organisations.models import Membership, MembershipEvent, Organisation
from tirek.organisations.permissions import ROLES, has_pages, is_admin
from tirek.organisations.queries import officers_in, works_anywhere


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
    number: Bin | Iin,
    name_kk: str,
    name_ru: str,
    name_en: str,
    active_from: date,
    territory_code: str = "",
) -> Organisation:
    """Enter an organisation; address and phone are filled in after. An individual doing business has an IIN for a BIN.

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


def enter_organisation(
    *,
    actor: Actor,
    kind: Organisation.Kind,
    number: Bin | Iin,
    names: tuple[str, str, str],
    active_from: date,
    territory_code: str = "",
    address: str = "",
    phone: str = "",
) -> Organisation:
    """Enter an organisation with where it is found; ``names`` are in kk, ru and en, the Russian one where it has no
    English one.

    Raises:
        NotAllowed, RuleBroken: as for ``register_organisation``.
    """
    name_kk, name_ru, name_en = names
    with transaction.atomic():
        made = register_organisation(
            actor=actor,
            kind=kind,
            number=number,
            name_kk=name_kk,
            name_ru=name_ru,
            name_en=name_en or name_ru,
            active_from=active_from,
            territory_code=territory_code,
        )
        return set_contact(actor=actor, organisation=made, address=address, phone=phone)


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
    """Somebody works in an organisation in one role, and is told so.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own account.
        RuleBroken: an organisation of this kind has no such role, or the same membership stands already.
    """
    with transaction.atomic():
        membership = _enter_member(
            actor=actor, user=user, organisation=organisation, role=role, since=since, until=until
        )
        _tell(membership, "membership.added", actor=actor)
    return membership


def _enter_member(
    *, actor: Actor, user: User, organisation: Organisation, role: Membership.Role, since: date, until: date | None
) -> Membership:
    """As ``add_member``, without a message: who is invited gets one letter, the invitation."""
    _require_admin(actor)
    if user.pk == actor.user_id:
        raise NotAllowed(_("You cannot give a role to yourself. Ask another administrator."), code="own_role")
    if role not in ROLES[organisation.kind]:
        raise RuleBroken(_("An organisation of this kind has no such role."), code="role")
    if not has_pages(role):
        raise RuleBroken(_("Tirek has no pages for this role yet."), code="role")
    if until is not None and until < since:
        raise RuleBroken(_("The last day cannot lie before the first day."), code="term")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, organisation=organisation, role=role, since=since, until=until
            )
            _note(membership, "added", actor=actor)
    except IntegrityError as error:
        raise RuleBroken(_("This person has this role there already."), code="already_entered") from error
    return membership


def invite_member(
    *,
    actor: Actor,
    email: str,
    name: str,
    organisation: Organisation,
    role: Membership.Role,
    since: date,
    until: date | None = None,
    language: str = "kk",
) -> Membership:
    """Somebody new works in an organisation: an account, a role, and a link by e-mail to set the password, once.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: no name, somebody at work has this address already, or as for ``add_member``.
    """
    _require_admin(actor)
    called, address = " ".join(as_meant(name).split()), email.strip().lower()
    if not any(sign.isalpha() for sign in called):
        raise RuleBroken(_("Enter surname and given name."), code="name")
    with transaction.atomic():
        # an address is given once, also where the button is pressed twice
        locks.lock_name(f"account of {address}")
        if works_anywhere(address):
            raise RuleBroken(
                _("Somebody at work has this e-mail address already."),
                next_step=_("Find the account among the users and give it a role."),
                code="email_taken",
            )
        user = User.objects.create_user(name=called, language=language)
        row = _enter_member(actor=actor, user=user, organisation=organisation, role=role, since=since, until=until)
        passwords.invite(actor=actor, user=user, email=address)
        reach_by_email(user_id=user.pk, address=address, language=language)
    return row


def invite_again(*, actor: Actor, user: User) -> None:
    """Send a new link to somebody who was invited; the one before is void.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: the person has set a password already.
    """
    _require_admin(actor)
    if not user.is_invited:
        raise RuleBroken(_("This person has set a password already."), code="password_set")
    passwords.invite(actor=actor, user=user, email=user.email)


def withdraw_invitation(*, actor: Actor, user: User) -> None:
    """Take an invitation back: the link opens nothing, and the roles that came with it end.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: the person has set a password already.
    """
    _require_admin(actor)
    with transaction.atomic():
        passwords.withdraw_invitation(actor=actor, user=user)
        for row in Membership.objects.filter(user=user, ended_at__isnull=True):
            _end(row, actor=actor)
        forget_account(user_id=user.pk)


def record_training(*, actor: Actor, organisation: Organisation, members: Collection[UUID], on: date) -> int:
    """Officers of a local body were trained in the work on the portal; a later training takes the place of an earlier
    one, never the other way round.

    ``members`` are keys of memberships that last; returns how many were recorded anew.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: nobody is chosen, somebody does not work there as an officer, or the day is still to come.
    """
    _require_admin(actor)
    wanted = set(members)
    if not wanted:
        raise RuleBroken(_("Choose who was trained."), code="members")
    if on > clock.today():
        raise RuleBroken(_("The training is recorded when it is over: choose a day up to today."), code="day")
    with transaction.atomic():
        rows = officers_in(organisation.pk).filter(pk__in=wanted).select_for_update(of=("self",)).order_by("pk")
        found = list(rows)
        if len(found) != len(wanted):
            raise RuleBroken(
                _("Somebody who was chosen does not work here any more."),
                next_step=_("Look at the list and choose again."),
                code="members",
            )
        newer = [one for one in found if one.trained_on is None or one.trained_on < on]
        for one in newer:
            one.trained_on = on
            one.save(update_fields=["trained_on"])
            _note(one, "trained", actor=actor)
    return len(newer)


def end_membership(*, actor: Actor, membership: Membership) -> Membership:
    """A membership ends now: from the next page on it gives no desk. With the last one of somebody who was invited and
    has not come yet, the invitation is void.

    Raises:
        NotAllowed: the actor is no administrator, or it is the administrator's own.
    """
    _require_admin(actor)
    if membership.user_id == actor.user_id:
        raise NotAllowed(_("You cannot change your own roles. Ask another administrator."), code="own_role")
    with transaction.atomic():
        _end(membership, actor=actor)
        user = membership.user
        if user.is_invited and not Membership.objects.filter(user=user, ended_at__isnull=True).exists():
            passwords.withdraw_invitation(actor=actor, user=user)
    return membership


def _end(membership: Membership, *, actor: Actor) -> None:
    now = clock.now()
    if Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(ended_at=now):
        membership.ended_at = now
        _note(membership, "ended", actor=actor)
        _tell(membership, "membership.ended", actor=actor)
