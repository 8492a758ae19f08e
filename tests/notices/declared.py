"""What the guards know of notices."""

from uuid import UUID

from tests.kit.declared import Declared, List, Page, at, by
from tests.kit.world import World

from tirek.core.actors import Desk
from tirek.core.case import effects
from tirek.notices.models import Notice


def _notice(world: World) -> Notice:
    """What the person was told when the order was placed."""
    assert world.placed
    effects.run()
    return Notice.objects.filter(user_id=world.actor.account)[0]


DECLARED = Declared(
    makes={"notice": _notice},
    pages={
        "notices:inbox": Page(),
        "notices:read-all": Page(post=True),
        "notices:undelivered": Page(),
        "notices:send-again": Page(keys=at(key=lambda _world: UUID(int=7)), post=True),
        "notices:texts": Page(),
        "notices:text": Page(keys=at(code=lambda _world: "order.submitted"), nobodys=True),
        "notices:sent": Page(),
        "notices:notice": Page(keys=by("notice")),
    },
    lists=(
        List("recipient's notices", Desk.RECIPIENT, "/notices"),
        List("supplier's notices", Desk.SUPPLIER, "/notices"),
    ),
    big=frozenset({"notices_notice"}),
    small=frozenset({"notices_contactpoint", "notices_delivery", "notices_sentmessage"}),
)
