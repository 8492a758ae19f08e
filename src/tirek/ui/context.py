"""What every page needs around its content; in templates it is ``frame``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from tirek.core.actors import ANYONE, Actor, Desk
from tirek.ui import banners, browser, display
from tirek.ui import navigation as menus
from tirek.ui.ways import way

SHORT_NAMES = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One language of the switch."""

    code: str
    name: str
    short: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """One entry of the menu, ready to be shown.

    Attributes:
        label: in the reader's language.
        url: of the page; of a section, that of its first page.
        is_current: whether the reader is there.
        count: how many things wait there.
        inside: pages of a section.
    """

    label: str
    url: str
    is_current: bool
    count: int
    inside: list["NavigationLink"] = field(default_factory=list)


def _in_sections(links: Sequence[tuple[menus.Section | None, NavigationLink]]) -> list[NavigationLink]:
    """The entries of a menu: pages of a section stand inside it, where the first of them would. Of a section of which
    the reader has a single page, the page stands by itself.
    """
    together: dict[str, list[NavigationLink]] = {}
    for n, (section, link) in enumerate(links):
        together.setdefault(str(section.label) if section else f"{n}", []).append(link)
    return [
        NavigationLink(
            label=label,
            url=inside[0].url,
            is_current=any(one.is_current for one in inside),
            count=sum(one.count for one in inside),
            inside=inside,
        )
        if len(inside) > 1
        else inside[0]
        for label, inside in together.items()
    ]


def address_or_nothing(name: str, *arguments: str) -> str:
    """The address of a route, "" where the installation has no such route."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


class Frame:
    """The page around the content. Everything is worked out when a template asks, so an error page asks for nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        actor = getattr(request, "actor", None)
        self.actor: Actor = actor if isinstance(actor, Actor) else ANYONE

    @property
    def is_demo(self) -> bool:
        """Whether people, offers and numbers are made up."""
        return bool(getattr(settings, "DEMO", False))

    @property
    def is_signed_in(self) -> bool:
        """Whether an account acts."""
        return self.actor.user_id is not None

    @cached_property
    def display(self) -> display.Display:
        """How this person wants pages to look."""
        return display.of(self._request)

    @cached_property
    def here(self) -> str:
        """Path and query that can be opened again; for the answer to a form that is the page the form stood on."""
        request = self._request
        if request.method not in {"GET", "HEAD"}:
            referer = request.headers.get("Referer", "")
            if url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
                parts = urlsplit(referer)
                return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
        return request.get_full_path()

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """The language switch; each link keeps the page and its query."""
        present = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
        query = urlencode({"next": self.here})
        links = []
        for code, name in settings.LANGUAGES:
            address = address_or_nothing("ui:language", code)
            links.append(
                LanguageLink(
                    code=code,
                    name=str(name),
                    short=SHORT_NAMES.get(code, code),
                    url=f"{address}?{query}" if address else "",
                    is_current=code == present,
                )
            )
        return links

    @property
    def display_url(self) -> str:
        """The display panel, which comes back to this page."""
        address = address_or_nothing("ui:display")
        return f"{address}?{urlencode({'next': self.here})}" if address else ""

    @property
    def write_url(self) -> str:
        """Where people write to their department instead of calling; "" at the desks of staff."""
        return way("write-office") if self.actor.desk in {Desk.PUBLIC, Desk.RECIPIENT} else ""

    @property
    def contact_email(self) -> str:
        """The mail box for staff and those who cannot sign in; "" where people write on the site."""
        return "" if self.actor.desk is Desk.RECIPIENT else str(settings.TIREK_CONTACT_EMAIL)

    @property
    def sign_in_url(self) -> str:
        """Sign-in, which comes back to this page."""
        address = way("sign-in")
        return f"{address}?{urlencode({'next': self.here})}" if address else ""

    @cached_property
    def navigation(self) -> list[NavigationLink]:
        """Menu of the active desk; the entry of this page's section is marked."""
        path = self._request.path
        entries = [
            (item, address)
            for item in menus.items_for(self.actor.desk)
            if (item.shown is None or item.shown(self._request)) and (address := address_or_nothing(item.url_name))
        ]
        # what begins other entries is a home, not a section: it is marked on its own page only
        homes = {one for _item, one in entries for _other, other in entries if other != one and other.startswith(one)}
        within = [
            address
            for _item, address in entries
            if path == address or (address not in {"/", *homes} and path.startswith(address))
        ]
        nearest = max(within, key=len, default="")
        links = [
            (
                item.section,
                NavigationLink(
                    label=str(item.label),
                    url=address,
                    is_current=address == nearest,
                    count=item.count(self._request) if item.count else 0,
                ),
            )
            for item, address in entries
        ]
        return _in_sections(links)

    @cached_property
    def unread(self) -> int:
        """Notices not read yet."""
        return menus.unread(self._request) if self.is_signed_in else 0

    @property
    def unread_shown(self) -> str:
        """The same in figures; of very many it says that there are."""
        return f"{menus.MOST_SHOWN}+" if self.unread > menus.MOST_SHOWN else str(self.unread)

    @cached_property
    def role_line(self) -> menus.RoleLine | None:
        """In which role, and for whom, the person acts."""
        return menus.role_line(self._request) if self.is_signed_in else None

    @cached_property
    def banners(self) -> list[banners.Banner]:
        """What is announced to whoever reads this page."""
        return banners.of(self._request)

    @cached_property
    def is_shared(self) -> bool:
        """Whether this computer keeps nothing."""
        return self.is_signed_in and browser.is_shared(self._request)

    @property
    def who(self) -> str:
        """Opaque name of the signed-in account."""
        return browser.who(self.actor.user_id) if self.actor.user_id else ""

    @property
    def store_key(self) -> str:
        """Key of the local store; "" where nothing may be stored."""
        return browser.store_key(self.actor.user_id) if self.actor.user_id and not self.is_shared else ""

    @property
    def seconds_left(self) -> int:
        """Seconds until the session ends."""
        return browser.seconds_left(self._request)


def page(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: the ``frame`` of the page. It asks the database nothing."""
    return {"frame": Frame(request)}
