"""What the page of the state says: parts in words, announcements by how they stand. From the file alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.core.errors import Text
from tirek.site.banners import expected_of, names_of
from tirek.status import rules
from tirek.status.known import Announced, Known
from tirek.status.models import Announcement, Part
from tirek.status.rules import Standing, State

#: States of a part: words and tone.
_STATES: Final[dict[State, tuple[Text, str]]] = {
    State.WORKS: (pgettext_lazy("state of a part of the service", "works"), "done"),
    State.LATE: (pgettext_lazy("state of a part of the service", "slow"), "waiting"),
    State.DOWN: (pgettext_lazy("state of a part of the service", "does not work"), "stopped"),
    State.OFF: (pgettext_lazy("state of a part of the service", "not connected"), "quiet"),
    State.UNKNOWN: (pgettext_lazy("state of a part of the service", "not known"), "quiet"),
}
#: What it means for people that a part is late or down.
_MEANS: Final[dict[tuple[str, State], Text]] = {
    (Part.PAGES, State.DOWN): _("Other pages do not open now. Try again in a few minutes."),
    (Part.DATABASE, State.DOWN): _(
        "Nothing can be saved now. What you have typed stays in your browser and is sent when the service is back."
    ),
    (Part.WORKER, State.LATE): _("Orders are taken. Messages may come late."),
    (Part.WORKER, State.DOWN): _("Orders are taken. Messages may come late."),
    (Part.SMS, State.LATE): _("Text messages may come late. What they say is on the portal, too."),
    (Part.SMS, State.OFF): _("No text messages are sent. What they would say is on the portal."),
    (Part.EMAIL, State.LATE): _("E-mail may come late. What it says is on the portal, too."),
    (Part.EMAIL, State.OFF): _("No e-mail is sent. What it would say is on the portal."),
    (Part.FILES, State.DOWN): _("Photos and documents cannot be added now."),
}
_TROUBLE: Final = frozenset({State.LATE, State.DOWN})


def words_of_state(state: State) -> str:
    """A state of a part in words."""
    return str(_STATES[state][0])


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of the service as the page shows it.

    Attributes:
        name: of the part.
        words: its state.
        tone: of its tag.
        means: what that means for people; "" where all is well.
        since: from when it has been so, where it is not well.
        last: the last state that was known, in words, where the present one is not known.
        last_at: when that was known.
    """

    name: str
    words: str
    tone: str
    means: str = ""
    since: datetime | None = None
    last: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownAnnouncement:
    """An announcement as the page shows it."""

    key: str
    is_incident: bool
    text: str
    parts: str
    regions: str
    since: datetime
    expected: str
    ended: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The page.

    Attributes:
        checked_at: when the parts were looked at; ``None``: never.
        is_old: whether that is too long ago to be called the present.
        is_broken: whether the file cannot be read.
        trouble: whether something is known not to work.
        parts: every part.
        read_at: when the announcements were read; ``None``: never.
        read_is_old: as above.
        present: announcements that last.
        planned: those to come.
        past: those that ended of late.
    """

    checked_at: datetime | None
    is_old: bool
    is_broken: bool
    trouble: bool
    parts: list[ShownPart]
    read_at: datetime | None
    read_is_old: bool
    present: list[ShownAnnouncement]
    planned: list[ShownAnnouncement]
    past: list[ShownAnnouncement]


def _part(known: Known, part: Part, *, is_old: bool) -> ShownPart:
    one = known.parts.get(part)
    name = str(part.label)
    words, tone = _STATES[State.UNKNOWN]
    if one is None:
        return ShownPart(name, str(words), tone)
    if is_old or one.state is State.UNKNOWN:
        return ShownPart(name, str(words), tone, last=_last(one.seen), last_at=one.seen_at)
    words, tone = _STATES[one.state]
    means = str(_MEANS.get((part, one.state), ""))
    return ShownPart(name, str(words), tone, means, one.since if one.state in _TROUBLE else None)


def _last(state: State) -> str:
    return "" if state is State.UNKNOWN else words_of_state(state)


def _announcement(one: Announced, now: datetime) -> ShownAnnouncement:
    labels = {part.value: str(part.label) for part in Part}
    return ShownAnnouncement(
        key=one.key,
        is_incident=one.kind == Announcement.Kind.INCIDENT,
        text=str(one.text),
        parts=", ".join(labels[code] for code in one.parts if code in labels),
        regions=names_of(one.names),
        since=one.since,
        expected=expected_of(one, now),
        ended=rules.ended(one, now=now),
    )


def shown(known: Known, *, is_broken: bool, now: datetime) -> Shown:
    """The page at a moment."""
    is_old = rules.is_old(known.checked_at, now=now)
    by_standing: dict[Standing, list[ShownAnnouncement]] = {one: [] for one in Standing}
    for one in known.announcements:
        by_standing[rules.standing(one, now=now)].append(_announcement(one, now))
    lasting = by_standing[Standing.PRESENT]
    failing = not is_old and any(one.state in _TROUBLE for one in known.parts.values())
    return Shown(
        checked_at=known.checked_at,
        is_old=is_old,
        is_broken=is_broken,
        trouble=failing or any(one.is_incident for one in lasting),
        parts=[_part(known, part, is_old=is_old) for part in Part],
        read_at=known.read_at,
        read_is_old=rules.is_old(known.read_at, now=now),
        present=sorted(lasting, key=lambda one: not one.is_incident),
        planned=by_standing[Standing.PLANNED][::-1],
        past=by_standing[Standing.ENDED],
    )
