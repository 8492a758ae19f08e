"""Documents to keep and to print: PDF/UA, set by Typst from a template of an app and plain facts.

A template reads its facts by ``json(bytes(sys.inputs.facts))``. Nothing but our own two fonts is used, so that a
document looks the same everywhere; it asks nothing from outside.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import typst
from django.http import HttpResponse
from django.utils.http import content_disposition_header

FONTS: Final = Path(__file__).parent / "fonts"


def pdf(template: Path, facts: Mapping[str, object]) -> bytes:
    """A document as PDF/UA-1: with tags, title and language, so that a screen reader reads it.

    Args:
        template: a ``.typ`` file, which says its title and language.
        facts: plain values for it: texts, numbers, lists and mappings of them.

    Raises:
        typst.TypstError: the template is wrong.
    """
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
