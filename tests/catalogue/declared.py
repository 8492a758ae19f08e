"""What the guards know of the catalogue: its offers stand on the pages of ordering."""

from decimal import Decimal

from tests import factories as make
from tests.kit.declared import Declared, List, Page, at
from tests.kit.world import World

from tirek.core.actors import Desk


def _grow(world: World) -> None:
    """One more offer of the same kind."""
    make.offer(world.supplier, world.kind, price=Decimal(170 + world.steps), to=f"{world.place.code[:2]}0000000")


DECLARED = Declared(
    grow=_grow,
    pages={
        "catalogue:things": Page(),
        "catalogue:thing": Page(keys=at(code=lambda world: world.kind.code), nobodys=True),
    },
    lists=(List("what can be ordered", Desk.RECIPIENT, "/things"),),
    small=frozenset(
        {
            "catalogue_choice",
            "catalogue_fitrule",
            "catalogue_guaranteedamount",
            "catalogue_kind",
            "catalogue_kindname",
            "catalogue_kindterms",
            "catalogue_offer",
            "catalogue_offerevent",
            "catalogue_offerplace",
            "catalogue_offerversion",
            "catalogue_parameter",
            "catalogue_variant",
        }
    ),
)
