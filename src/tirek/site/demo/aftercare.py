"""Faults of things in the demo, in the states that wait for somebody, and goods that harmed a child."""

from datetime import timedelta
from typing import Final

from tirek.aftercare import actions
from tirek.aftercare.draft_forms import HARMING, REPORTING
from tirek.aftercare.models import Fault
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.case import effects
from tirek.orders.models import Item
from tirek.people.models import Person
from tirek.site.demo.who import SEMEY

#: What was reported, and how far it has come, in turn.
FAULTS: Final = (
    ("badly", "Дауысы тым ақырын, өнім беруші дұрыс дейді.", "with_region"),
    ("dead", "Батареясын ауыстырдым, бәрібір қосылмайды.", "reported"),
    ("badly", "Температураны дұрыс айтпайды.", "declined"),
    ("power", "Зарядтағышы қызып кетеді.", "promised"),
    ("dead", "Дауысы шықпайды.", "in_work"),
    ("broken", "Түймесі түсіп қалды.", "back"),
)


def load(seller: Actor, mother: Actor) -> int:
    """Let holders of thermometers report faults, and a mother the harm of nappies; returns how many cases."""
    things = Item.objects.filter(offer__kind="TI-09", warranty_until__isnull=False, ended_on__isnull=True)
    # those of the demo's own region first: its officers decide
    found = sorted(things.select_related("person"), key=lambda one: (one.person.territory_id[:2] != SEMEY[:2], one.pk))
    for item, (wrong, words, until) in zip(found, FAULTS, strict=False):
        _fault(seller, item, (wrong, words), until)
    nappies = Item.objects.filter(person=mother.subject_id, batch__isnull=False).order_by("id")[0]
    with clock.at(clock.now() - timedelta(days=1)):
        values = {"item": str(nappies.pk), "what": "itch", "words": "Бір күннен кейін терісі қызарып, қышыды."}
        draft = HARMING.begin(mother, values, subject_id=nappies.person_id)
        actions.report_harm(actor=mother, draft_key=draft.pk)
        effects.run()
    while actions.tell_holders():
        pass
    return len(FAULTS) + 1


def _recipient(person: Person) -> Actor:
    return Actor(desk=Desk.RECIPIENT, user_id=person.user_id, person_id=person.pk, role="recipient")


def _fault(seller: Actor, item: Item, said: tuple[str, str], until: str) -> Fault:
    """One fault, as far as it has come; each step on a day of its own."""
    actor, now = _recipient(item.person), clock.now()
    with clock.at(now - timedelta(days=3)):
        values = {"item": str(item.pk), "wrong": said[0], "words": said[1], "place": ""}
        draft = REPORTING.begin(actor, values, subject_id=item.person_id)
        fault = actions.report_fault(actor=actor, draft_key=draft.pk)
    with clock.at(now - timedelta(days=2)):
        if until in {"declined", "with_region"}:
            fault = actions.decline_fault(
                actor=seller, fault=fault, reason="no_fault", words="Тексердік: өлшегені дұрыс."
            )
        elif until != "reported":
            day = clock.today() + timedelta(days=7)
            fault = actions.promise(actor=seller, fault=fault, way="repair", ready_on=day, has_loan=until == "in_work")
    with clock.at(now - timedelta(days=1)):
        if until in {"in_work", "back"}:
            fault = actions.take_in(actor=seller, fault=fault)
        if until == "with_region":
            fault = actions.go_to_region(actor=actor, fault=fault, words="Үйде екі термометрмен салыстырдым.")
    if until == "back":
        fault = actions.hand_back(actor=seller, fault=fault, note="Түймесі ауыстырылды.")
    return fault
