"""Writing notices and carrying them out of the portal."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tirek.core import clock, drafts, reference
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import code_of
from tirek.core.database import rows
from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.core.signing.messaging import Undeliverable
from tirek.core.tables import Row
from tirek.notices import rules, templates
from tirek.notices.channels import NotNow, Outgoing, channel
from tirek.notices.models import ContactPoint, Delivery, Notice, Route

log = logging.getLogger(__name__)
ENDING_DRAFT = "draft.ending"


def notify(
    *,
    user_ids: Iterable[UUID],
    template: str,
    context: Mapping[str, object],
    case: Row | None = None,
    about: UUID | None = None,
) -> int:
    """Put a notice into the inbox of each account; the worker carries it out by their contact points.

    One statement, in the caller's transaction.

    Args:
        user_ids: accounts.
        template: code of a registered kind of notice.
        context: facts for the placeholders: codes, ids, dates, amounts; nothing about health.
        case: the case (or draft) it is about, to open from the inbox.
        about: the person it is about, by whose name it begins for everybody else.

    Returns:
        How many notices were written.

    Raises:
        KeyError: nobody registered the kind.
        TypeError: a fact is not plain.
    """
    kind = templates.template(template)
    facts = templates.plain_facts(context)
    case_type, case_id = (code_of(type(case)), case.pk) if case is not None else ("", None)
    at = clock.now()
    written = [
        Notice(
            user_id=user_id,
            template=kind.code,
            context=facts,
            case_type=case_type,
            case_id=case_id,
            about=about,
            created_at=at,
        )
        for user_id in dict.fromkeys(user_ids)
    ]
    rows.insert(written)
    return len(written)


def tell_of_ending_draft(draft: Draft) -> None:
    """The owner of an unfinished form learns that it ends soon, with the way to it."""
    if draft.owner_id is not None and draft.form in draft_forms.known():
        notify(
            user_ids=[draft.owner_id],
            template=ENDING_DRAFT,
            context={"form": draft.form, "day": draft.expires_at.astimezone(clock.COUNTRY_ZONE).date()},
            case=draft,
            about=draft.subject_id,
        )


def remind_of_drafts() -> int:
    """Remind the owners of forms that end soon, each once; returns how many."""
    return drafts.remind(tell_of_ending_draft)


def set_contact(
    *, user_id: UUID, channel: Route, address: str, language: str, verified_at: datetime | None = None
) -> None:
    """Where an account is reached by one channel; "" as address takes it away."""
    if not address:
        ContactPoint.objects.filter(user_id=user_id, channel=channel).delete()
        _drop(user_id, channel)
        return
    ContactPoint.objects.update_or_create(
        user_id=user_id,
        channel=channel,
        defaults={"address": address, "language": language, "verified_at": verified_at},
    )


def reach_by_email(*, user_id: UUID, address: str, language: str) -> None:
    """An account is reached by this e-mail address; its language stays where it is known already."""
    known = ContactPoint.objects.filter(user_id=user_id, channel=Route.EMAIL).first()
    if known is None or known.address != address:
        set_contact(
            user_id=user_id, channel=Route.EMAIL, address=address, language=known.language if known else language
        )


def forget_account(*, user_id: UUID) -> None:
    """Nothing is written to an account any more, what waits neither: its holder has died."""
    ContactPoint.objects.filter(user_id=user_id).delete()
    for route in Route:
        _drop(user_id, route)


def _drop(user_id: UUID, route: Route) -> None:
    """What waits for an address that is there no more does not leave, and staff need not see to it."""
    waiting = Delivery.objects.filter(notice__user_id=user_id, channel=route, state=Delivery.State.PENDING)
    waiting.update(state=Delivery.State.DROPPED, problem="no_address", ended_at=clock.now())


def set_language(*, user_id: UUID, language: str) -> None:
    """The language in which an account is written to."""
    ContactPoint.objects.filter(user_id=user_id).update(language=language)


def mark_read(*, actor: Actor, notice: Notice) -> None:
    """The owner has opened the notice."""
    if actor.user_id == notice.user_id and notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])


def mark_all_read(*, actor: Actor) -> int:
    """The owner has seen the list; returns how many were unread."""
    if actor.user_id is None:
        return 0
    return Notice.objects.filter(user_id=actor.user_id, read_at__isnull=True).update(read_at=clock.now())


def _leaves_at(route: Route) -> datetime:
    """When a message that is ready now leaves: a text message does not ring at night, whenever a term has passed."""
    now = clock.now()
    if route != Route.SMS:
        return now
    first, last = (
        timedelta(minutes=reference.term(key, at=clock.today()).amount)
        for key in ("notices.sms_from", "notices.sms_until")
    )
    return rules.next_waking(now.astimezone(clock.COUNTRY_ZONE), first=first, last=last)


def _dispatch(limit: int) -> int:
    """Write a delivery per notice and contact point, once."""
    with transaction.atomic():
        notices = list(
            Notice.objects.select_for_update(skip_locked=True)
            .filter(dispatched_at__isnull=True)
            .order_by("created_at")[:limit]
        )
        if not notices:
            return 0
        notices += _sent_with(notices)
        points: dict[UUID, list[ContactPoint]] = {}
        for point in ContactPoint.objects.filter(user_id__in={notice.user_id for notice in notices}):
            points.setdefault(point.user_id, []).append(point)
        names = dict(zip((one.pk for one in notices), templates.names_in(notices), strict=True))
        leaving = {
            # one number may be on file for several people: it hears of one event once, with the name where there is one
            (point.channel, point.address, notice.template, notice.case_id or notice.pk, notice.created_at): (
                notice,
                point,
            )
            for notice in sorted(notices, key=lambda one: bool(names[one.pk]))
            if templates.is_known(notice.template)
            for point in points.get(notice.user_id, ())
            if point.channel != Route.SMS or templates.template(notice.template).sms is not None
        }
        Delivery.objects.bulk_create(
            Delivery(
                notice=notice,
                channel=point.channel,
                address=point.address,
                language=point.language,
                try_after=_leaves_at(Route(point.channel)),
            )
            for notice, point in leaving.values()
        )
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(dispatched_at=clock.now())
    return len(notices)


def _sent_with(notices: list[Notice]) -> list[Notice]:
    """The other notices of the same events, which were written in the same statement."""
    rest = Notice.objects.select_for_update(skip_locked=True).filter(
        dispatched_at__isnull=True,
        created_at__in={one.created_at for one in notices},
        case_id__in={one.case_id for one in notices if one.case_id},
    )
    return list(rest.exclude(pk__in=[one.pk for one in notices]))


def _claim(limit: int) -> list[Delivery]:
    """Take deliveries that are due; nobody else sends them from here on."""
    now = clock.now()
    with transaction.atomic():
        due = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=Delivery.State.PENDING, try_after__lte=now)
            .select_related("notice")
            .order_by("try_after")[:limit]
        )
        Delivery.objects.filter(pk__in=[one.pk for one in due]).update(state=Delivery.State.CLAIMED, claimed_at=now)
    for one in due:
        one.state, one.claimed_at, one.tries = Delivery.State.CLAIMED, now, one.tries + 1
    return due


def _present(delivery: Delivery) -> bool:
    """Bring a message to where its account is reached now; whether it is reached at all."""
    point = ContactPoint.objects.filter(user_id=delivery.notice.user_id, channel=delivery.channel).first()
    if point is None:
        return False
    delivery.address, delivery.language = point.address, point.language
    return True


def _send(delivery: Delivery) -> None:
    notice = delivery.notice
    with translation.override(delivery.language):
        (rendered,) = templates.render_many(
            notice.template, [notice.context], names=templates.names_in([notice]), easy=templates.easy_in([notice])
        )
    channel(Route(delivery.channel))(
        Outgoing(
            address=delivery.address,
            subject="" if delivery.channel == Route.SMS else rendered.title,
            text=rendered.sms if delivery.channel == Route.SMS else rendered.body,
            purpose=notice.template,
            user_id=notice.user_id,
            reference=str(delivery.pk),
        )
    )


def _carry_out(delivery: Delivery) -> None:
    problem, state = "", Delivery.State.SENT
    try:
        with transaction.atomic():
            if _present(delivery):
                _send(delivery)
            else:
                problem, state = "no_address", Delivery.State.DROPPED
    except NotNow:
        problem = "not_now"
        state = Delivery.State.PENDING if delivery.tries < rules.MAX_TRIES else Delivery.State.FAILED
    except Undeliverable:
        problem, state = "undeliverable", Delivery.State.FAILED
    except Exception as error:  # whatever a channel raises leaves open what happened: staff see it, nothing is repeated
        log.exception("delivery %s ended in the unknown", delivery.pk)
        problem, state = type(error).__name__, Delivery.State.UNKNOWN
    now = clock.now()
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.CLAIMED).update(
        state=state,
        address=delivery.address,
        language=delivery.language,
        tries=delivery.tries,
        problem=problem[:100],
        try_after=now + rules.wait_after(delivery.tries) if state == Delivery.State.PENDING else delivery.try_after,
        ended_at=None if state == Delivery.State.PENDING else now,
    )


def _give_up_lost_claims() -> int:
    """A claim whose worker is gone: not known whether it was sent."""
    now = clock.now()
    return Delivery.objects.filter(state=Delivery.State.CLAIMED, claimed_at__lt=now - rules.CLAIM_LASTS).update(
        state=Delivery.State.UNKNOWN, problem="worker_lost", ended_at=now
    )


def deliver(limit: int = 100) -> int:
    """Carry waiting notices out of the portal: claimed, then sent, failed or unknown. Never inside a transaction.

    Returns:
        How many rows were worked on; 0 when nothing waits.
    """
    done = _give_up_lost_claims() + _dispatch(limit)
    while limit > 0 and (claimed := _claim(min(limit, rules.CLAIMED_AT_ONCE))):
        for delivery in claimed:
            _carry_out(delivery)
        done += len(claimed)
        limit -= len(claimed)
    return done


def send_again(*, actor: Actor, delivery: Delivery) -> Delivery:
    """An administrator decides that a message which failed, or may not have arrived, is sent once more.

    Raises:
        NotAllowed: the actor is no administrator.
        RuleBroken: it was sent, is on its way, or was repeated already; the account is reached by this channel no more.

    It goes to where the account is reached now, in the present language.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    with transaction.atomic():
        locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if locked.state not in Delivery.NEEDS_STAFF or Delivery.objects.filter(repeats=locked).exists():
            raise RuleBroken(
                _("This message was sent, is on its way, or was sent again already."), code="not_repeatable"
            )
        point = ContactPoint.objects.filter(user_id=locked.notice.user_id, channel=locked.channel).first()
        if point is None:
            raise RuleBroken(
                _("There is no address on file any more to which this message could go."),
                next_step=_("The notice itself is in the inbox of the account."),
                code="no_address",
            )
        return Delivery.objects.create(
            notice_id=locked.notice_id,
            channel=locked.channel,
            address=point.address,
            language=point.language,
            repeats=locked,
        )
