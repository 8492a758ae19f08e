"""What the guards know of places."""

from tests.kit.declared import Declared

DECLARED = Declared(small=frozenset({"territory_place", "territory_succession", "territory_territory"}))
