"""Letters on paper: PDF/UA on A4, in the language and the size of print of each person."""

import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.letters.models import Envelope
from tirek.letters.queries import notices_in
from tirek.notices import templates
from tirek.notices.models import Notice
from tirek.organisations.queries import local_body_of
from tirek.ui.documents import pdf
from tirek.ui.lists.exports import BOM, write_lines
from tirek.ui.text import day_text

_TEMPLATE: Final = Path(__file__).parent / "paper" / "letters.typ"
#: Sizes of letters, in points.
_PLAIN, _LARGE = 11, 18
#: КАТО and postal codes are no part of each other; an index is six figures in the address.
_INDEX: Final = re.compile(r"\b(\d{6})\b")


def letters(envelopes: Sequence[Envelope]) -> bytes:
    """The letters of these envelopes as PDF/UA, one notice on a page."""
    return pdf(_TEMPLATE, {"title": _("Letters"), "letters": pages_of(envelopes)})


def pages_of(envelopes: Sequence[Envelope]) -> list[dict[str, Any]]:
    """What stands on each page, in the language of its reader; the address on the first page of an envelope alone."""
    found = notices_in(envelopes)
    pages: list[dict[str, Any]] = []
    senders: dict[tuple[str, str], str] = {}
    for envelope in envelopes:
        with translation.override(envelope.language):
            place = envelope.territory_code, envelope.language
            if place not in senders:
                senders[place] = _sender(envelope)
            for n, (title, body) in enumerate(words_of(found[envelope.pk])):
                pages.append(_page(envelope, title, body, senders[place], is_first=n == 0))
    return pages


def _sender(envelope: Envelope) -> str:
    """From whom it comes: the portal, and the department that answers for the place."""
    body = local_body_of(envelope.territory_code)
    return f"{_('Tirek portal')}\n{body.name}" if body is not None else _("Tirek portal")


def _page(envelope: Envelope, title: str, body: str, sender: str, *, is_first: bool) -> dict[str, Any]:
    return {
        "language": envelope.language,
        "size": _LARGE if envelope.is_large else _PLAIN,
        "is_first": is_first,
        "sender": sender,
        "name": envelope.person.full_name,
        "address": envelope.address,
        "day": day_text(envelope.day),
        "title": title,
        "body": body,
        "help": _("Your department helps with everything that is written here: write to it, come, or call 1414."),
    }


def words_of(notices: Sequence[Notice]) -> list[tuple[str, str]]:
    """Title and text of each notice, in the present language; a code never stands in a letter."""
    names, easy = templates.names_in(notices), templates.easy_in(notices)
    instead = {"code": _("(not sent by post: ask your department)")}
    found = []
    for one, name, is_easy in zip(notices, names, easy, strict=True):
        if templates.is_known(one.template):
            (said,) = templates.render_many(one.template, [one.context], names=[name], easy=[is_easy], instead=instead)
            found.append((capfirst(said.title), " ".join(filter(None, (said.body, templates.on_paper(one))))))
    return found


def index_of(address: str) -> str:
    """The postal index in an address; "" where there is none."""
    found = _INDEX.search(address)
    return found.group(1) if found else ""


def as_csv(envelopes: Iterable[Envelope]) -> str:
    """The envelopes of a day for the post office: a mark of UTF-8, then name, address, index and pages (RFC 4180)."""
    text = io.StringIO()
    text.write(BOM)
    lines = ([one.person.full_name, one.address, index_of(one.address), vars(one).get("pages", 0)] for one in envelopes)
    write_lines(text, [("name", "address", "index", "pages"), *lines], delimiter=",")
    return text.getvalue()
