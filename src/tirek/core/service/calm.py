"""Pages for the moment when nothing else answers: they ask the database nothing, whoever opens them.

They know no session and no user, are never refused under load, and the door gives them threads of their own.
"""

from typing import Final

#: The page of the state of the service, and the language in which it is read.
_PAGE: Final = "/status"
_LANGUAGE: Final = "/language/"


def is_calm(path: str) -> bool:
    """Whether the page at an address is one of them."""
    return path == _PAGE or path.startswith(_LANGUAGE)
