"""Addresses of pages as they stand outside of a page: in a message, on paper, in a QR code."""

from io import BytesIO
from typing import Final

import qrcode
from qrcode.image.svg import SvgPathImage

from tirek.config import config

#: Empty squares around a code, without which phones do not find it.
_QUIET: Final = 4


def full_address(path: str) -> str:
    """The whole address of a page: where the installation says that it is reached."""
    known = config()
    site = known.public_url.rstrip("/") or f"http://{known.host}:{known.port}"
    return f"{site}{path}"


def qr_code(text: str) -> str:
    """A text as a QR code, drawn as SVG: read by a phone also where a tenth of it is soiled."""
    made = qrcode.QRCode(border=_QUIET, error_correction=qrcode.ERROR_CORRECT_M, image_factory=SvgPathImage)
    made.add_data(text)
    made.make(fit=True)
    out = BytesIO()
    made.make_image().save(out)
    return out.getvalue().decode()
