"""For whom the human behind an actor may act, and whose affairs that human may follow.

People are known above the core: settings name who answers. The actor's present subject was established with the request
and is not asked for again.
"""

from collections.abc import Callable
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotFound


class OtherPerson(NotFound):
    """It is about somebody whom the human behind the actor represents, or is, but does not act for now.

    Attributes:
        subject_id: for whom one has to act, to go on.
    """

    code = "other_person"

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(
            _("This is about another person than the one you act for now."),
            next_step=_("Act for that person, and go on."),
        )
        self.subject_id = subject_id


def may_act_for(actor: Actor, person_id: UUID) -> bool:
    """Whether the human at the recipient's desk is this person, or represents this person now (setting
    ``TIREK_MAY_ACT_FOR``; asked only about somebody else than the present subject).
    """
    if actor.desk is not Desk.RECIPIENT:
        return False
    if person_id in {actor.subject_id, actor.person_id}:
        return True
    ask = cast("Callable[[Actor, UUID], bool]", import_string(settings.TIREK_MAY_ACT_FOR))
    return ask(actor, person_id)


def follows(actor: Actor, person_id: UUID, begun_at: datetime) -> bool:
    """Whether the human may go on looking at what began when that human still represented this person, a child who has
    come of age since or somebody who has died (setting ``TIREK_FOLLOWS``).
    """
    if actor.desk is not Desk.RECIPIENT or actor.person_id is None:
        return False
    ask = cast("Callable[[Actor, UUID, datetime], bool]", import_string(settings.TIREK_FOLLOWS))
    return ask(actor, person_id, begun_at)


def check_subject(actor: Actor, person_id: UUID) -> None:
    """Whether the actor acts for this person now.

    Raises:
        OtherPerson: the human may, and acts for somebody else at the moment.
        NotFound: the human may not.
    """
    if actor.subject_id == person_id:
        return
    raise OtherPerson(person_id) if may_act_for(actor, person_id) else NotFound()
