"""What the guards know of the catalogue: it has no pages of its own, its offers stand on those of ordering."""

from decimal import Decimal

from tests import factories as make
from tests.kit.declared import Declared
from tests.kit.world import World


def _grow(world: World) -> None:
    """One more offer of the same kind."""
    make.offer(world.supplier, world.kind, price=Decimal(170 + world.steps), to=f"{world.place.code[:2]}0000000")


DECLARED = Declared(
    grow=_grow,
    small=frozenset(
        {
            "catalogue_choice",
            "catalogue_fitrule",
            "catalogue_guaranteedamount",
            "catalogue_kind",
            "catalogue_offer",
            "catalogue_offerevent",
            "catalogue_offerversion",
            "catalogue_parameter",
            "catalogue_variant",
        }
    ),
)
