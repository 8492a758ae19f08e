"""HTML as it is meant: tests compare what a page says, not how its template is laid out."""

import re


def folded(html: str) -> str:
    """The page on one line: white space folded to single spaces, and none beside a tag or before its end."""
    return re.sub(r" ?(<[^>]*?) ?> ?", r"\1>", re.sub(r"[ \t\r\n]+", " ", html))
