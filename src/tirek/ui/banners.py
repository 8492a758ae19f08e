"""What stands above the content of a page because it concerns everybody who reads it now: incidents, news.

The entrance tells it; a page of a lower app knows only where it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Banner:
    """One announcement above the content.

    Attributes:
        key: tells it from others on the page.
        title: what it is, and where: "Something does not work: Abai region".
        text: its words, as somebody of the staff wrote them.
        more: what is expected, and by when; "" when nothing is known.
    """

    key: str
    title: str
    text: str
    more: str


Tell = Callable[[HttpRequest], Sequence[Banner]]
_tellers: list[Tell] = []


def register(tell: Tell) -> None:
    """Say what stands above the pages of a request. It asks the database nothing where nothing is announced."""
    _tellers[:] = [tell]


def of(request: HttpRequest) -> list[Banner]:
    """What stands above the page of ``request``."""
    return [banner for tell in _tellers for banner in tell(request)]
