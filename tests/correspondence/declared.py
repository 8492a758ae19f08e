"""What the guards know of messages: one about an order, from the person to supplier and office."""

from tests.kit.declared import Declared, List, Page, at
from tests.kit.world import World

from tirek.core.actors import Desk
from tirek.correspondence.actions import write
from tirek.correspondence.models import Message
from tirek.correspondence.talks import PERSON, talk


def _message(world: World) -> Message:
    return write(
        actor=world.actor,
        talk=talk("order"),
        key=world.placed.pk,
        text="When will it come?",
        readers=["supplier", "officer"],
    )


def _grow(world: World) -> None:
    """One more message for every desk."""
    _message(world)
    write(actor=world.officer, talk=talk("order"), key=world.placed.pk, text="Soon", readers=["recipient"])


DECLARED = Declared(
    makes={"message": _message},
    grow=_grow,
    pages={
        "correspondence:list": Page(),
        "correspondence:office": Page(),
        "correspondence:thread": Page(
            keys=at(about=lambda _world: "order", key=lambda world: world.message.about_id),
        ),
    },
    lists=(
        List("recipient's messages", Desk.RECIPIENT, "/messages"),
        List("supplier's messages", Desk.SUPPLIER, "/messages"),
        List("officer's messages", Desk.OFFICER, "/messages"),
        List("messages about an order", Desk.RECIPIENT, lambda world: f"/messages/order/{world.placed.pk}"),
        List("messages with the department", Desk.RECIPIENT, lambda world: f"/messages/{PERSON}/{world.person.pk}"),
    ),
    big=frozenset({"correspondence_message", "correspondence_reading"}),
)
