"""The verbs of scenarios that are kept: a case from life, a file of an expert, and setting one aside."""

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID

import yaml
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.entitlements.actions.scenarios import Difference, play
from tirek.entitlements.kept import kept_scenario
from tirek.entitlements.models import KeptScenario
from tirek.entitlements.queries import LineStatus
from tirek.entitlements.scenario_of import scenario_of
from tirek.entitlements.scenarios import Scenario, read
from tirek.people.models import Person

#: So many are played at most when rules change: each takes about a tenth of a second while somebody waits.
MOST_KEPT: Final = 100
#: A file of an expert holds no more.
MOST_IN_A_FILE: Final = 50
#: Digits that stand together so may be a number of a person, a paper or a telephone.
_A_NUMBER: Final = re.compile(r"\d(?:[\s()-]?\d){5}")
_SHORTEST_NAME: Final = 3


class ComesOutOtherwise(RuleBroken):
    """A scenario does not come out as it says: by scenario, what differs."""

    def __init__(self, found: Sequence[tuple[Scenario, tuple[Difference, ...]]]) -> None:
        super().__init__(
            _("Played again, it does not come out as it says. It is not kept."),
            next_step=_("What differs is listed below. Where the rules are wrong, tell those who run the service."),
            code="otherwise",
        )
        self.found = found


def _digest(text: str) -> str:
    """SHA-256 of a scenario without its title, however it is written."""
    parts = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # makes texts, lists and mappings alone
    parts.pop("title", None)
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _require_room(more: int) -> None:
    if KeptScenario.objects.filter(set_aside_at__isnull=True).count() + more > MOST_KEPT:
        raise RuleBroken(
            _("%(most)s scenarios are kept already, and no more can be played while somebody waits.")
            % {"most": MOST_KEPT},
            next_step=_("An administrator can set aside those that say the same."),
            code="full",
        )


def _require_nobody_named(title: str, person: Person) -> None:
    said = title.casefold()
    names = (person.surname, person.given_name, person.patronymic)
    named = any(len(name) >= _SHORTEST_NAME and name.casefold() in said for name in names)
    if named or _A_NUMBER.search(title):
        raise RuleBroken(_("Leave out names and numbers: what is kept names nobody."), code="title")


def _written(actor: Actor, scenario: Scenario, title: str, text: str) -> KeptScenario:
    try:
        with transaction.atomic():
            return KeptScenario.objects.create(
                title=title,
                text=text,
                digest=_digest(text),
                kinds=sorted(scenario.kinds),
                asked_on=scenario.on,
                kept_by=actor.account,
                organisation_id=actor.organisation_id,
            )
    except IntegrityError as error:
        raise RuleBroken(_("The same scenario is kept already."), code="kept_already") from error


def keep_case(*, actor: Actor, status: LineStatus, title: str) -> KeptScenario:
    """Keep a line as it stands, without personal data, so that changes of the rules are tried on it.

    Args:
        actor: an officer.
        status: of a line that the actor has opened.
        title: why it is worth keeping; names nobody.

    Raises:
        NotAllowed: the actor is no officer.
        RuleBroken: the title names somebody, it is kept already, or too many are kept.
        ComesOutOtherwise: played again, it does not come out as the page shows it.
    """
    if actor.desk is not Desk.OFFICER:
        raise NotAllowed
    title = " ".join(title.split())
    _require_nobody_named(title, status.line.person)
    _require_room(1)
    text = scenario_of(status, title=title)
    [scenario] = read("", text)
    _require_comes_out([scenario])
    return _written(actor, scenario, title, text)


def _require_comes_out(scenarios: Sequence[Scenario]) -> None:
    played = [(one, play(one).differences) for one in scenarios]
    other = [(one, differences) for one, differences in played if differences]
    if other:
        raise ComesOutOtherwise(other)


def keep_file(*, actor: Actor, name: str, text: str) -> list[KeptScenario]:
    """Keep every scenario of a file, or none.

    Args:
        actor: an administrator.
        name: of the file, for what is said of it.
        text: one scenario or several.

    Raises:
        NotAllowed: the actor is no administrator.
        BrokenScenario: the file cannot be read.
        RuleBroken: it holds too many, one is kept already, or too many are kept.
        ComesOutOtherwise: one does not come out as it says.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    found = read(name, text)
    if len(found) > MOST_IN_A_FILE:
        raise RuleBroken(
            _("The file has more than %(most)s scenarios. Divide it.") % {"most": MOST_IN_A_FILE}, code="too_many"
        )
    _require_room(len(found))
    _require_comes_out(found)
    texts = [yaml.serialize(one) for one in yaml.compose_all(text, Loader=yaml.SafeLoader) if one is not None]
    with transaction.atomic():
        return [_written(actor, one, one.title[:200], part) for one, part in zip(found, texts, strict=True)]


def set_aside(*, actor: Actor, key: UUID, why: str) -> KeptScenario:
    """A kept scenario is played no more; it stays to be read.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is none.
        RuleBroken: it was set aside before.
    """
    if actor.desk is not Desk.ADMIN:
        raise NotAllowed
    row = kept_scenario(actor, key)
    changed = KeptScenario.objects.filter(pk=row.pk, set_aside_at__isnull=True).update(
        set_aside_at=clock.now(), set_aside_by=actor.account, set_aside_why=why
    )
    if not changed:
        raise RuleBroken(_("It was set aside before."), code="set_aside")
    row.refresh_from_db()
    return row
