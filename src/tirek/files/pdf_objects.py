"""Every object of a PDF, looked at by qpdf: what runs in a process of its own, started by ``tirek.files.pdf``.

The library is in the memory of that process alone, as long as it runs.
"""

import itertools
import resource
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Final

import pikepdf
import pikepdf.settings
from pikepdf.jbig2 import JBIG2DecoderInterface, set_decoder

from tirek.files.pdf import Verdict

#: Values that are looked at: a form of some hundred pages with all its tags has a tenth of them.
MAX_VALUES: Final = 500_000
#: Bytes that one packed stream of objects may unpack to, and filters it may be packed by.
MAX_UNPACKED: Final = 32 * 1024 * 1024
_MAX_FILTERS: Final = 4
#: The memory of this process in bytes, and its time on the processor in seconds.
_MEMORY: Final = 768 * 1024 * 1024
_SECONDS: Final = 10

#: A dictionary with one of these keys does something by itself, carries a file, or hides its content.
_KEYS: Final = frozenset(
    {"/JS", "/JavaScript", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/Encrypt"}
)
#: These are kinds of actions, of annotations and of streams, under the keys that name a kind.
_KIND_KEYS: Final = frozenset({"/S", "/Type", "/Subtype"})
_KINDS: Final = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/EmbeddedFile",
        "/FileAttachment",
        "/GoToE",
        "/ImportData",
        "/SubmitForm",
        "/RichMedia",
        "/RichMediaExecute",
        "/Rendition",
        "/MediaClip",
        "/Movie",
        "/Sound",
        "/3D",
        "/GoTo3DView",
    }
)


def _values(found: pikepdf.Object) -> Iterable[tuple[str, object]]:
    """What an object holds directly, with the key of each."""
    if isinstance(found, pikepdf.Stream):
        found = found.stream_dict
    return found.items() if isinstance(found, pikepdf.Dictionary) else (("", one) for one in found.as_list())


def _everything(pdf: pikepdf.Pdf) -> Iterator[tuple[str, object]]:
    """Every value of every object, also of those that nothing refers to; what is an object itself comes once."""
    for root in itertools.chain([pdf.trailer], map(pdf.get_object, pdf.get_xref_table())):
        waiting = [root]
        while waiting:
            found = waiting.pop()
            if not isinstance(found, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream):
                continue
            for key, value in _values(found):
                yield key, value
                if isinstance(value, pikepdf.Object) and not value.is_indirect:
                    waiting.append(value)


def _leaves(value: object) -> bool:
    """Whether an action leads out of the file: to show a place in it is all that may happen by itself."""
    kind = value.get("/S") if isinstance(value, pikepdf.Dictionary) else None
    return kind is not None and kind != pikepdf.Name.GoTo


def _acts_by_itself(key: str, value: object) -> bool:
    if key == "/AA" and isinstance(value, pikepdf.Dictionary):
        return any(_leaves(one) for _name, one in value.items())
    return key == "/OpenAction" and _leaves(value)


def _is_active(key: str, value: object) -> bool:
    return (
        key in _KEYS
        or _acts_by_itself(key, value)
        or (key in _KIND_KEYS and isinstance(value, pikepdf.Name) and str(value) in _KINDS)
    )


def _looked_through(pdf: pikepdf.Pdf) -> Verdict:
    if pdf.is_encrypted:
        return Verdict.ACTIVE
    for n, (key, value) in enumerate(_everything(pdf)):
        if n == MAX_VALUES:
            return Verdict.TOO_COMPLEX
        if _is_active(key, value):
            return Verdict.ACTIVE
    # in this order: what is amiss with the pages alone, such as a size that is not told, makes no difference to anybody
    return Verdict.SOUND if not pdf.get_warnings() and len(pdf.pages) > 0 else Verdict.BROKEN


def inspect(content: bytes) -> Verdict:
    """Look at every object of a PDF, whatever it is packed by.

    A file that can be read only by guessing is not whole: other programs would guess otherwise.
    """
    passed_limits = pikepdf.settings.qpdf_limit_errors()
    try:
        with pikepdf.Pdf.open(
            BytesIO(content), attempt_recovery=False, suppress_warnings=True, inherit_page_attributes=False
        ) as pdf:
            verdict = _looked_through(pdf)
    except pikepdf.PasswordError:
        verdict = Verdict.ACTIVE
    except MemoryError:
        verdict = Verdict.TOO_COMPLEX
    except (pikepdf.PdfError, ValueError, RuntimeError):
        verdict = Verdict.BROKEN
    if verdict is Verdict.BROKEN and pikepdf.settings.qpdf_limit_errors() > passed_limits:
        return Verdict.TOO_COMPLEX
    return verdict


class _NoPictures(JBIG2DecoderInterface):
    """Pictures are not unpacked: the program that would do it is never started."""

    def check_available(self) -> None:
        raise pikepdf.DependencyError

    def decode_jbig2(self, jbig2: bytes, jbig2_globals: bytes) -> bytes:  # noqa: ARG002 - the names of the interface
        raise pikepdf.DependencyError


def limit_unpacking() -> None:
    """Bound what is unpacked in this process."""
    set_decoder(_NoPictures())
    pikepdf.settings.set_qpdf_limits(
        max_stream_filters=_MAX_FILTERS,
        flate_max_memory=MAX_UNPACKED,
        png_max_memory=MAX_UNPACKED,
        run_length_max_memory=MAX_UNPACKED,
        tiff_max_memory=MAX_UNPACKED,
    )


def main() -> int:
    """Inspect what comes on standard input."""
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    limit_unpacking()
    return inspect(sys.stdin.buffer.read())


if __name__ == "__main__":
    sys.exit(main())
