"""What the guards know of the desks: home pages, a person's file, forms of every app."""

from tests.kit.declared import Declared, List, Page, by

from tirek.core.actors import Desk

DECLARED = Declared(
    pages={
        "desks:recipient-home": Page(),
        "desks:recipient-forms": Page(),
        "desks:supplier-home": Page(),
        "desks:officer-home": Page(),
        "desks:officer-find": Page(),
        "desks:officer-person": Page(keys=by("person")),
        "desks:officer-reason": Page(keys=by("person")),
        "desks:officer-forms": Page(),
    },
    lists=(
        List("recipient's home", Desk.RECIPIENT, "/home"),
        List("recipient's forms", Desk.RECIPIENT, "/drafts"),
        List("supplier's home", Desk.SUPPLIER, "/supply"),
        List("officer's home", Desk.OFFICER, "/office"),
        List("officer's forms", Desk.OFFICER, "/office/drafts"),
        List("person's file", Desk.OFFICER, lambda world: f"/office/people/{world.person.pk}"),
    ),
)
