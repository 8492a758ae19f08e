"""The one world of tests: a shop, somebody at every desk, and whatever the apps declare, made when it is asked for."""

from typing import Any

from django.test import Client
from tests import factories as make
from tests.kit import declared
from tests.kit.sign_in import signed_in

from tirek.core.actors import Actor, Desk
from tirek.core.case import effects


class World(make.Shop):
    """A shop with an office and an administration.

    An object that some ``tests/<app>/declared.py`` makes is an attribute (``world.placed``): it comes to be when a test
    first names it. ``grow`` makes every list one step longer.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        make.agree(self.person)
        self.officer = make.officer(self.place)
        self.admin = make.staff("centre", "admin")
        self.steps = 0

    def __getattr__(self, name: str) -> Any:
        maker = None if name.startswith("_") else declared.makes().get(name)
        if maker is None:
            raise AttributeError(f"No declared.py of tests makes {name}")
        made = maker(self)
        setattr(self, name, made)
        return made

    def furnish(self) -> None:
        """Make one object of each sort that is declared."""
        for name in declared.makes():
            getattr(self, name)
        effects.run()

    def grow(self) -> None:
        """Every list becomes longer by at least one row."""
        self.steps += 1
        for one in declared.every().values():
            if one.grow is not None:
                one.grow(self)
        effects.run()

    def at(self, desk: Desk) -> Actor:
        """Somebody of this world at a desk, to whom its objects belong."""
        return declared.roles()[desk](self)

    def strangers(self) -> dict[Desk, Actor]:
        """Somebody at each desk whom nothing here concerns."""
        return {desk: find(self) for desk, find in declared.strangers().items()}

    def client(self, actor: Actor) -> Client:
        """A browser in which somebody of the world works."""
        return signed_in(actor)


def furnished() -> World:
    """A world in which every sort of object that the apps declare is there already."""
    made = World()
    made.furnish()
    return made
