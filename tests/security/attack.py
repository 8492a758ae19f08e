"""Every route of the product with an object that is not the stranger's, and strangers at every desk."""

from tests import factories as make
from tests.kit import declared
from tests.kit.declared import Page, address_of, desks_of, routes
from tests.kit.sign_in import signed_in
from tests.kit.world import World, furnished

from tirek.core.actors import Actor, Desk

__all__ = [
    "CASES",
    "NO_OBJECT",
    "World",
    "address_of",
    "all_strangers",
    "desks_of",
    "furnished",
    "keys_of",
    "routes",
    "signed_in",
]

_WITH_PARAMETER = {name for address, name, _entry in routes() if "<" in address}
#: Routes with a parameter that names no object of anybody: a language, a region; a link that is itself the secret.
NO_OBJECT = {name for name, page in declared.pages().items() if page.nobodys}
#: Routes with a parameter that names somebody's object.
CASES: dict[str, Page] = {
    name: page for name, page in declared.pages().items() if name in _WITH_PARAMETER and not page.nobodys
}


def all_strangers(world: World) -> list[tuple[Desk, Actor]]:
    """Somebody at each desk whom nothing here concerns, and whose territory is a whole region: another one."""
    return [*world.strangers().items(), (Desk.OFFICER, make.officer(make.district("750000000")))]


def keys_of(name: str, world: World) -> dict[str, object]:
    """The parameters of a route, as its page declares them; none where it has none."""
    page = declared.pages().get(name)
    return dict(page.keys(world)) if page is not None else {}
