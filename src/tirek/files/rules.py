"""What may be stored: size, kind by content, safe names, clean pictures. Pure functions over bytes."""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Final

import filetype
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from tirek.core.errors import RuleBroken

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
#: Longest side of a stored picture, in pixels: enough to read a photographed document.
LONGEST_SIDE: Final = 4000
_NAME_LENGTH: Final = 120
_PDF: Final = "application/pdf"
_ENDINGS: Final = {_PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_PICTURES: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_PDF_HEAD: Final = 1024
_PDF_TAIL: Final = 2048
#: What lets a PDF do something by itself, or hides its content from inspection.
_PDF_ACTIVE: Final = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|Encrypt)(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|$)")
#: Objects of a PDF may lie packed in such a stream, where their names are not seen.
_PDF_PACKED: Final = re.compile(rb"/ObjStm(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|$)")
_PDF_OBJECT: Final = re.compile(rb"\d\s+\d+\s+obj\b")
_PDF_STREAM: Final = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
#: Bytes before a stream in which its description is looked for; bytes unpacked to see how a stream begins.
_PDF_BEFORE: Final = 4096
_PDF_GLANCE: Final = 64
_PDF_CHUNK: Final = 512
#: Most streams that are looked at, and most that is unpacked of all packed objects: a form of a few pages has some hundred kilobytes.
_PDF_STREAMS: Final = 20_000
_PDF_UNPACKED: Final = 32 * 1024 * 1024
#: A letter of a PDF name may be written as its number: ``/J#61vaScript``.
_PDF_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
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
    if b"%%EOF" not in content[-_PDF_TAIL:]:
        raise Unsuitable(_("The PDF is not whole. Save it again and choose it once more."), code="broken")
    if _is_active(content) or _packs_active(content):
        raise Unsuitable(_("The PDF is locked or holds programs or other files. Print it into a new PDF."), code="active")


def _names_told(content: bytes) -> bytes:
    """The bytes with the letters of names that were written as numbers."""
    return _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)


def _is_active(content: bytes) -> bool:
    return bool(_PDF_ACTIVE.search(content) or _PDF_ACTIVE.search(_names_told(content)))


def _packs_active(content: bytes) -> bool:
    """Whether packed objects hold what may not be there, cannot be unpacked, or are too large to be looked at."""
    if not _PDF_PACKED.search(_names_told(content)):
        return False
    left = _PDF_UNPACKED
    for n, stream in enumerate(_PDF_STREAM.finditer(content)):
        if n == _PDF_STREAMS:
            return True
        before = content[max(0, stream.start() - _PDF_BEFORE) : stream.start()]
        described = _PDF_PACKED.search(_names_told(before))
        begins, _whole = _unpacked(content, stream.end(), most=_PDF_GLANCE)
        if not described and not begins.lstrip()[:1].isdigit():
            continue  # a page, a font or a picture
        objects, whole = _unpacked(content, stream.end(), most=left)
        left -= len(objects)
        if left <= 0 or _is_active(objects):
            return True
        its_own = _names_told(_PDF_OBJECT.split(before)[-1])
        if _PDF_PACKED.search(its_own) and (b"/Predictor" in its_own or (b"/Filter" in its_own and not whole)):
            return True
    return False


def _unpacked(content: bytes, start: int, *, most: int) -> tuple[bytes, bool]:
    """At most ``most`` bytes of the stream that begins at ``start``, as it is unpacked, and whether it could be to its end."""
    unpack, found, size = zlib.decompressobj(), bytearray(), _PDF_CHUNK
    while start < len(content) and len(found) < most and not unpack.eof:
        try:
            found += unpack.decompress(content[start : start + size], most - len(found))
        except zlib.error:
            break
        start, size = start + size, min(size * 2, _PDF_CHUNK * 128)
    return bytes(found), unpack.eof


def _clean_picture(content: bytes, kind: str) -> bytes:
    try:
        with Image.open(BytesIO(content), formats=[_PICTURES[kind]]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Unsuitable(_("The picture has too many pixels. Make it smaller."), code="too_many_pixels")
            upright = ImageOps.exif_transpose(opened)
            mode = "RGB" if kind == "image/jpeg" else "RGBA" if "A" in upright.getbands() or upright.mode == "P" else "RGB"
            picture = upright.convert(mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unsuitable(_("The picture has too many pixels. Make it smaller."), code="too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Unsuitable(_("The picture cannot be opened. Save it again and choose it once more."), code="broken") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new(picture.mode, picture.size)
    fresh.paste(picture)
    out = BytesIO()
    fresh.save(out, _PICTURES[kind], quality=85)
    return out.getvalue()


def clean(content: bytes) -> Clean:
    """The content as it may be stored: a PDF as it is, a picture drawn anew without what the camera wrote into it.

    Raises:
        Unsuitable: size, kind or content do not allow it.
    """
    check_size(len(content))
    kind = content_type_of(content)
    if kind == _PDF:
        _check_pdf(content)
        return Clean(content, kind)
    return Clean(_clean_picture(content, kind), kind)


def safe_name(name: str, content_type: str) -> str:
    """The name of a file without folders and control characters, with the ending of its real kind."""
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(letter for letter in _UNSAFE.sub("_", last) if unicodedata.category(letter)[0] != "C")
    stem = PurePath(plain).stem.strip(" .") or "file"
    ending = _ENDINGS[content_type]
    return stem[: _NAME_LENGTH - len(ending)] + ending
