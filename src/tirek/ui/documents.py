"""Documents to keep and to print: PDF/UA, set by Typst from a template of an app and plain facts.

A template reads its facts by ``json(bytes(sys.inputs.facts))``. Nothing but our own two fonts is used, so that a
document looks the same everywhere; it asks nothing from outside.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import typst
from django.http import HttpResponse
from django.utils.http import content_disposition_header

FONTS: Final = Path(__file__).parent / "fonts"
#: What no font at hand may have a picture of: all but Latin, Cyrillic, punctuation and signs of money.
_FOREIGN: Final = re.compile("[^\t\n -~\u00a0-\u036f\u0400-\u04ff\u2010-\u2040\u20a0-\u20c0\u2116]")


def pdf(template: Path, facts: Mapping[str, object]) -> bytes:
    """A document as PDF/UA-1: with tags, title and language, so that a screen reader reads it.

    A character that no font has (somebody's emoji) stands as "\ufffd": PDF/UA allows no character without a picture.

    Args:
        template: a ``.typ`` file, which says its title and language.
        facts: plain values for it: texts, numbers, lists and mappings of them.

    Raises:
        typst.TypstError: the template is wrong.
    """
    try:
        return _compiled(template, facts)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
    return _compiled(template, _displayable(facts))


def _displayable(fact: object) -> object:
    if isinstance(fact, str):
        return _FOREIGN.sub("\ufffd", fact)
    if isinstance(fact, Mapping):
        return {name: _displayable(one) for name, one in fact.items()}
    return [_displayable(one) for one in fact] if isinstance(fact, (list, tuple)) else fact


def _compiled(template: Path, facts: object) -> bytes:
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"facts": json.dumps(facts, ensure_ascii=False)},
        pdf_standards="ua-1",
    )


def answer(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser opens, or keeps under ``name``; nothing of it is cached or run."""
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
