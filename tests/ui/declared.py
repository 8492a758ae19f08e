"""What the guards know of the frame of every page."""

from tests.kit.declared import Declared, Page, at

DECLARED = Declared(
    pages={
        "ui:display": Page(),
        # the parameter is a language
        "ui:language": Page(keys=at(code=lambda _world: "ru"), nobodys=True),
    },
    small=frozenset({"ui_savedfilter"}),
)
