"""What may be stored: size, kind by content, safe names, clean pictures. Pure functions over bytes."""

import re
import struct
import threading
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Final

import filetype
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from tirek.core.errors import RuleBroken
from tirek.files import pdf

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
#: A picture that cannot be unpacked smaller than it is, unlike a JPEG, has fewer: each costs four bytes, twice.
MAX_PIXELS_WHOLE: Final = 16_000_000
#: Pictures that one process draws anew at the same time.
_AT_ONCE: Final = threading.BoundedSemaphore(1)
#: Longest side of a stored picture, in pixels: enough to read a photographed document.
LONGEST_SIDE: Final = 4000
_NAME_LENGTH: Final = 120
_PDF: Final = "application/pdf"
_ENDINGS: Final = {_PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_PICTURES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_PDF_HEAD: Final = 1024
_PDF_TAIL: Final = 2048
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Clean:
    """A content that may be stored."""

    content: bytes
    content_type: str


class Unsuitable(RuleBroken):
    """The file cannot be taken; the message says why."""

    next_step = _("Choose another file: a PDF, or a photo in JPEG, PNG or WebP, of at most 10 MB.")


def check_size(size: int) -> None:
    """Refuse empty and too large files.

    Raises:
        Unsuitable: empty, or over ``MAX_BYTES``.
    """
    if size == 0:
        raise Unsuitable(_("The file is empty."), code="empty")
    if size > MAX_BYTES:
        raise Unsuitable(_("The file is larger than 10 MB."), code="too_large")


def content_type_of(content: bytes) -> str:
    """Kind of a file by its content.

    Raises:
        Unsuitable: it is of no kind that is taken.
    """
    guessed = filetype.guess(content)
    kind = _PDF if content[:_PDF_HEAD].lstrip()[:5] == b"%PDF-" else guessed.mime if guessed is not None else ""
    if kind not in _ENDINGS:
        raise Unsuitable(_("Files of this kind are not taken."), code="kind")
    return str(kind)


def _check_pdf(content: bytes) -> None:
    whole = b"%%EOF" in content[-_PDF_TAIL:]
    verdict = pdf.inspected_apart(content) if whole else pdf.Verdict.BROKEN
    if verdict is pdf.Verdict.BROKEN:
        raise Unsuitable(_("The PDF is not whole. Save it again and choose it once more."), code="broken")
    if verdict is pdf.Verdict.ACTIVE:
        raise Unsuitable(
            _("The PDF is locked or holds programs or other files. Print it into a new PDF."), code="active"
        )
    if verdict is pdf.Verdict.TOO_COMPLEX:
        raise Unsuitable(_("The PDF is too complex to be checked. Print it into a new PDF."), code="too_complex")


def _clean_picture(content: bytes, kind: str, longest: int) -> bytes:
    most = MAX_PIXELS if kind == "image/jpeg" else MAX_PIXELS_WHOLE
    try:
        with Image.open(BytesIO(content), formats=[_PICTURES[kind]]) as opened:
            if opened.width * opened.height > most:
                raise Unsuitable(_("The picture has too many pixels. Make it smaller."), code="too_many_pixels")
            # a JPEG is unpacked at a half or a quarter where that is enough; then it is made small before it is copied
            opened.draft("RGB", (longest, longest))
            if opened.mode not in {"P", "1"}:
                opened.thumbnail((longest, longest))
            upright = ImageOps.exif_transpose(opened)
            mode = (
                "RGB" if kind == "image/jpeg" else "RGBA" if "A" in upright.getbands() or upright.mode == "P" else "RGB"
            )
            picture = upright.convert(mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unsuitable(_("The picture has too many pixels. Make it smaller."), code="too_many_pixels") from error
    # what Pillow raises over a broken picture is told nowhere; of its notes it reads with struct
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, LookupError, TypeError, struct.error) as error:
        raise Unsuitable(
            _("The picture cannot be opened. Save it again and choose it once more."), code="broken"
        ) from error
    picture.thumbnail((longest, longest))
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    out = BytesIO()
    fresh.save(out, _PICTURES[kind], quality=85)
    return out.getvalue()


def clean(content: bytes, *, longest: int = LONGEST_SIDE) -> Clean:
    """The content as it may be stored: a PDF as it is, a picture drawn anew without what the camera wrote into it, its
    longer side of ``longest`` pixels at most.

    Raises:
        Unsuitable: size, kind or content do not allow it.
    """
    check_size(len(content))
    kind = content_type_of(content)
    if kind == _PDF:
        _check_pdf(content)
        return Clean(content, kind)
    with _AT_ONCE:
        return Clean(_clean_picture(content, kind, longest), kind)


def clean_photo(content: bytes, *, longest: int) -> Clean:
    """A picture as pages may show it; a document is none.

    Raises:
        Unsuitable: size, kind or content do not allow it.
    """
    check_size(len(content))
    if content_type_of(content) not in _PICTURES:
        raise Unsuitable(
            _("This is no photo."), next_step=_("Choose a photo in JPEG, PNG or WebP, of at most 10 MB."), code="kind"
        )
    return clean(content, longest=longest)


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height of a picture that was cleaned, in pixels."""
    with Image.open(BytesIO(picture)) as opened:
        return opened.width, opened.height


def safe_name(name: str, content_type: str) -> str:
    """The name of a file without folders and control characters, with the ending of its real kind."""
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(letter for letter in _UNSAFE.sub("_", last) if unicodedata.category(letter)[0] != "C")
    stem = PurePath(plain).stem.strip(" .") or "file"
    ending = _ENDINGS[content_type]
    return stem[: _NAME_LENGTH - len(ending)] + ending
