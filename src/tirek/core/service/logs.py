"""What leaves by the log: personal numbers and live secrets are masked, whoever wrote them there."""

import logging
import re
from typing import Final

#: A link to set a password: its last part opens an account.
_LINK: Final = re.compile(r"(/sign-in/password/[0-9a-fA-F-]{36}/)[^\s\"'?#]+")
#: Twelve digits in a row are an IIN (or a BIN), as in a database error or in an address somebody typed; the end of a
#: key is none.
_NUMBER: Final = re.compile(r"(?<!\d)(?<![0-9A-Fa-f]{4}-)\d{12}(?!\d)")
_PHONE: Final = re.compile(r"(?:\+|%2B)7[ -]?\(?\d{3}\)?(?:[ -]?\d){7}")


def masked(text: str) -> str:
    """``text`` without personal numbers, telephones and secrets of links."""
    return _PHONE.sub("+7…", _NUMBER.sub("…", _LINK.sub(r"\1…", text)))


class MaskingFormatter(logging.Formatter):
    """Formats as usual, then masks: the message, its arguments and the traceback alike."""

    def format(self, record: logging.LogRecord) -> str:
        """One entry of the log."""
        return masked(super().format(record))
