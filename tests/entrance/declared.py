"""What the guards know of the entrance: pages that are open to all, and what a person sees of their own data."""

from tests.kit.declared import Declared, List, Page, by

from tirek.core.actors import Desk

DECLARED = Declared(
    pages={
        "health": Page(closed="no worker runs in tests"),
        "web-health": Page(),
        "session-state": Page(),
        "session-keep": Page(post=True),
        "draft-fields": Page(keys=by("open_draft"), post=True),
        "entrance:home": Page(),
        "entrance:help": Page(),
        "entrance:privacy": Page(),
        "entrance:accessibility": Page(),
        "entrance:terms": Page(),
        "entrance:status": Page(),
        "entrance:welcome": Page(),
        "entrance:roles": Page(),
        "entrance:use-role": Page(post=True),
        "entrance:for-whom": Page(),
        "entrance:use-person": Page(post=True),
        "entrance:my-data": Page(),
        "entrance:all-data": Page(),
        "entrance:export": Page(),
        "entrance:consent": Page(keys=by("consent")),
    },
    lists=(
        # signatures have no index by person, drafts none by owner
        List(
            "all that is held",
            Desk.RECIPIENT,
            "/my-data/all",
        ),
        List("who looked at the file", Desk.RECIPIENT, "/my-data"),
        List("terms and sources", Desk.RECIPIENT, "/terms"),
    ),
)
