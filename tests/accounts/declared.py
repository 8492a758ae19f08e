"""What the guards know of accounts: the pages of signing in, which are open to everybody."""

from uuid import UUID

from tests.kit.declared import Declared, Page, at

_link = at(key=lambda _world: UUID(int=7), secret=lambda _world: "123456")

DECLARED = Declared(
    pages={
        "accounts:sign-in": Page(),
        "accounts:code": Page(),
        "accounts:new-code": Page(post=True),
        "accounts:persona": Page(),
        "accounts:staff-sign-in": Page(),
        "accounts:mfa": Page(),
        "accounts:confirm": Page(closed="nobody in the world has a password or a device"),
        "accounts:enrol": Page(),
        "accounts:forgotten": Page(),
        "accounts:link-sent": Page(),
        # the link is itself the secret
        "accounts:new-password": Page(keys=_link, nobodys=True, closed="no such link"),
        "accounts:sign-out": Page(post=True),
        "accounts:signed-out": Page(),
        "accounts:phone": Page(),
    },
    big=frozenset({"accounts_user"}),
    small=frozenset({"accounts_accountevent", "accounts_onetimesecret", "accounts_signinevent"}),
)
