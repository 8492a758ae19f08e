"""What the guards know of the desks: home pages, a person's file, forms of every app."""

from tests.kit.declared import Declared, List, Page, at, by

from tirek.core.actors import Desk
from tirek.core.places import region_of

DECLARED = Declared(
    pages={
        "desks:recipient-home": Page(),
        "desks:recipient-forms": Page(),
        "desks:supplier-home": Page(),
        "desks:officer-home": Page(),
        "desks:officer-find": Page(),
        "desks:officer-person": Page(keys=by("person")),
        "desks:officer-reason": Page(keys=by("person")),
        "desks:officer-bring": Page(keys=by("person")),
        "desks:unsent": Page(),
        "desks:offline": Page(keys=at(code=lambda _world: "kk"), nobodys=True),
        "desks:offline-worker": Page(keys=at(code=lambda _world: "kk"), nobodys=True),
        "desks:officer-forms": Page(),
        "desks:overview": Page(),
        "desks:overview-of": Page(keys=at(code=lambda world: region_of(world.place.code)), nobodys=True),
    },
    lists=(
        List("recipient's home", Desk.RECIPIENT, "/home"),
        List("recipient's forms", Desk.RECIPIENT, "/drafts"),
        List("supplier's home", Desk.SUPPLIER, "/supply"),
        List("officer's home", Desk.OFFICER, "/office"),
        List("officer's forms", Desk.OFFICER, "/office/drafts"),
        List("places side by side", Desk.OFFICER, "/overview"),
        List("districts side by side", Desk.OFFICER, lambda world: f"/overview/{region_of(world.place.code)}"),
        List("person's file", Desk.OFFICER, lambda world: f"/office/people/{world.person.pk}"),
    ),
)
