"""One reader of pages: what a person finds on a page, without its mark-up."""

import html
import re
from dataclasses import dataclass
from functools import cached_property

from django.http.response import HttpResponseBase
from django.test import Client

from tirek.core import clock

_TAG = re.compile(r"<[^>]+>")
_UNSEEN = re.compile(r"<(script|style|template)\b.*?</\1>", re.DOTALL)


def words(markup: str) -> str:
    """The text of a piece of a page, white space folded; a tag parts words."""
    return " ".join(html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", markup))).split())


@dataclass(frozen=True)
class Link:
    """Where a link leads, and what it says."""

    text: str
    address: str


@dataclass(frozen=True)
class Page:
    """An answer of the product, read."""

    status: int
    html: str

    @cached_property
    def text(self) -> str:
        """All its words."""
        return words(self.html)

    @cached_property
    def main(self) -> str:
        """The words between the header and the footer."""
        return words(self._within("main"))

    @cached_property
    def title(self) -> str:
        """What the tab of the browser says."""
        return words(self._within("title"))

    @cached_property
    def headings(self) -> list[str]:
        """Headings of every level, in their order."""
        return [words(found) for _level, found in re.findall(r"<h([1-6])\b[^>]*>(.*?)</h\1>", self.html, re.DOTALL)]

    @cached_property
    def links(self) -> list[Link]:
        """Links, in their order."""
        found = re.findall(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', self.html, re.DOTALL)
        return [Link(words(inner), html.unescape(address)) for address, inner in found]

    @cached_property
    def rows(self) -> list[list[str]]:
        """Rows of tables with their cells, headings of columns too."""
        cells = re.compile(r"<t([hd])\b[^>]*>(.*?)</t\1>", re.DOTALL)
        return [
            [words(cell) for _kind, cell in cells.findall(row)]
            for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", self.html, re.DOTALL)
        ]

    @cached_property
    def entries(self) -> int:
        """How many things of a sort the page shows one after the other: rows, cards, points of lists."""
        return len(re.findall(r'<tr\b|<li\b|<dt\b|class="(?:card|govuk-summary-card|offer)\b', self._within("main")))

    @cached_property
    def errors(self) -> list[str]:
        """What it says at the fields."""
        found = re.findall(r'<p\b[^>]*class="govuk-error-message"[^>]*>(.*?)</p>', self.html, re.DOTALL)
        return [words(one) for one in found]

    def _within(self, tag: str) -> str:
        found = re.search(rf"<{tag}\b[^>]*>(.*)</{tag}>", self.html, re.DOTALL)
        return found.group(1) if found else ""


def read(answer: HttpResponseBase) -> Page:
    """The page of an answer."""
    is_text = answer.headers.get("Content-Type", "").startswith("text/")
    return Page(answer.status_code, bytes(getattr(answer, "content", b"")).decode() if is_text else "")


def open_page(client: Client, address: str, *, status: int = 200) -> Page:
    """The page at an address, where it answers with ``status``."""
    page = read(client.get(address))
    assert page.status == status, f"{address}: {page.status} {page.title}"
    return page


def text(client: Client, address: str, status: int = 200) -> str:
    """The words of the page at an address, where it answers with ``status``."""
    return open_page(client, address, status=status).text


def on_paper(**given: str) -> dict[str, str]:
    """What an officer sends to record a sheet that was signed today."""
    return {"step": "paper", "day": clock.today().isoformat(), "filed": "on", **given}


def pressed(page: Page, words: str) -> dict[str, str]:
    """Where a button leads (``action``), and what it sends."""
    (found,) = [one for one in re.findall(r"<form\b.*?</form>", page.html, re.DOTALL) if words in one]
    action = re.search(r'action="([^"]*)"', found)
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', found)
    return {name: value for name, value in hidden if name != "csrfmiddlewaretoken"} | {
        "action": action.group(1) if action else ""
    }
