"""What the guards know of programmes, their terms, requests and corrections."""

from dataclasses import replace
from datetime import timedelta

from tests import factories as make
from tests.entitlements import papers
from tests.kit.declared import (
    OFFICE,
    RECIPIENT,
    THE_CLOCK,
    UNRELATED,
    Declared,
    Keys,
    List,
    Page,
    at,
    by,
    numbered,
)
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.entitlements import actions
from tirek.entitlements.actions.terms import lapse_term
from tirek.entitlements.models import Correction, Line, OrderingTerm


def line_of(world: World) -> str:
    """The key of the world's line."""
    return str(Line.objects.get(person=world.person, kind=world.kind).pk)


def _grow(world: World) -> None:
    """One more line, one more request, one correction to sign, one signed, and somebody who did not order in time."""
    kind = make.kind(f"SM-{50 + world.steps}")
    make.programme(world.person, kind)
    papers.asked(world)
    line = Line.objects.get(person=world.person, kind=kind)
    world.correction = papers.proposed(
        world, make.officer(world.place), 3, line=str(line.pk), programme=str(line.programme_id)
    )
    actions.sign_correction(
        actor=make.officer(world.place), correction=papers.proposed(world, make.officer(world.place), 3)
    )
    other = make.person(place=world.place)
    make.programme(other, kind)
    with clock.at(clock.now() + timedelta(days=70)):
        lapse_term(actor=CLOCK, term=OrderingTerm.objects.get(person=other))


def _step(attribute: str) -> Keys:
    return at(key=lambda world: getattr(world, attribute).pk, step=lambda _world: "answers")


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


def _who_proposed(correction: Correction) -> dict[str, Actor]:
    """The officer who proposed a correction signs nothing of it."""
    own = make.officer(correction.person.territory)
    return {"officer who proposed": replace(own, user_id=correction.proposed_by)}


DECLARED = Declared(
    makes={
        "asked": papers.asked,
        "request_draft": papers.request_draft,
        "correction_draft": lambda world: papers.correction_draft(world, world.officer),
        "correction": lambda world: papers.proposed(world, make.officer(world.place)),
        "term": lambda world: OrderingTerm.objects.filter(person=world.person)[0],
    },
    cases={
        "programme": lambda world: world.programme,
        "orderingterm": lambda world: world.term,
        "correction": lambda world: world.correction,
        "correctionrequest": lambda world: world.asked,
    },
    may={
        "programme": {
            "register": UNRELATED | THE_CLOCK,
            "replace": OFFICE | THE_CLOCK,
            "expire": THE_CLOCK,
            "cancel": OFFICE,
        },
        "orderingterm": {
            "open": OFFICE | THE_CLOCK,
            "order": THE_CLOCK,
            "remind_first": THE_CLOCK,
            "remind_second": THE_CLOCK,
            "remind_third": THE_CLOCK,
            "begin_by_letter": THE_CLOCK,
            "lapse": THE_CLOCK,
            "record_call": OFFICE,
            "reopen": OFFICE | THE_CLOCK,
            "resume": THE_CLOCK,
            "close": THE_CLOCK,
        },
        "correction": {
            "propose": UNRELATED | {"officer who proposed"},
            "sign": UNRELATED,
            "reject": UNRELATED,
        },
        "correctionrequest": {
            "submit": RECIPIENT,
            "explain": UNRELATED,
            "begin": UNRELATED,
            "record_fix": UNRELATED,
            "finish": UNRELATED,
            "take_up_again": UNRELATED,
            "escalate": THE_CLOCK,
        },
    },
    own_roles={"correction": _who_proposed},
    grow=_grow,
    pages={
        "entitlements:recipient-programme": Page(),
        "entitlements:recipient-line": Page(keys=by("line")),
        "entitlements:recipient-requests": Page(),
        "entitlements:request-begin": Page(post=True),
        "entitlements:request-form": Page(keys=by("request_draft")),
        "entitlements:request-step": Page(keys=_step("request_draft")),
        "entitlements:request-submit": Page(keys=by("request_draft"), post=True),
        "entitlements:request-take": Page(keys=by("request_draft"), post=True),
        "entitlements:request-discard": Page(keys=by("request_draft")),
        "entitlements:request-receipt": Page(keys=numbered("asked")),
        "entitlements:recipient-request": Page(keys=numbered("asked")),
        "entitlements:officer-tasks": Page(),
        "entitlements:new-programme": Page(keys=by("person")),
        "entitlements:officer-line": Page(keys=by("line")),
        "entitlements:officer-line-scenario": Page(keys=by("line")),
        "entitlements:keep-scenario": Page(keys=by("line")),
        "entitlements:officer-term": Page(keys=numbered("term")),
        "entitlements:officer-term-act": Page(keys=_act("term", "record_call")),
        "entitlements:officer-request": Page(keys=numbered("asked")),
        "entitlements:officer-request-act": Page(keys=_act("asked", "explain")),
        "entitlements:correction-begin": Page(post=True),
        "entitlements:correction-form": Page(keys=by("correction_draft")),
        "entitlements:correction-step": Page(keys=_step("correction_draft")),
        "entitlements:correction-submit": Page(keys=by("correction_draft"), post=True),
        "entitlements:correction-take": Page(keys=by("correction_draft"), post=True),
        "entitlements:correction-discard": Page(keys=by("correction_draft")),
        "entitlements:officer-correction": Page(keys=numbered("correction")),
        "entitlements:officer-correction-act": Page(keys=_act("correction", "sign")),
    },
    lists=(
        List("recipient's programme", Desk.RECIPIENT, "/programme"),
        List("recipient's movements of a line", Desk.RECIPIENT, lambda world: f"/programme/{line_of(world)}"),
        List("recipient's requests", Desk.RECIPIENT, "/corrections"),
        List("officer's tasks", Desk.OFFICER, "/office/tasks"),
        List("officer's line", Desk.OFFICER, lambda world: f"/office/lines/{line_of(world)}"),
        List("a correction to sign", Desk.OFFICER, lambda world: f"/office/corrections/{world.correction.number}"),
    ),
    big=frozenset(
        {
            "entitlements_correctionrequest",
            "entitlements_ledgerentry",
            "entitlements_line",
            "entitlements_orderingterm",
            "entitlements_programme",
        }
    ),
    small=frozenset({"entitlements_correction", "entitlements_keptscenario"}),
)
