"""PDFs for tests: whole ones byte by byte, so that what is wrong with one is wrong on purpose."""

import struct
import zlib
from collections.abc import Sequence

_PAGES = (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>")


def _object(n: int, text: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (n, text)


def plain(catalog: bytes = b"", more: Sequence[bytes] = (), trailer: bytes = b"") -> bytes:
    """One empty page; ``catalog`` is added to the catalog, ``more`` objects begin with number 4."""
    out, places = b"%PDF-1.7\n", []
    objects = [b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog, *_PAGES, *more]
    for n, text in enumerate(objects, 1):
        places.append(len(out))
        out += _object(n, text)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Root 1 0 R/Size %d%b>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, rows, size, trailer, len(out))
    )


def packed(text: bytes, filters: bytes = b"/FlateDecode", body: bytes | None = None) -> bytes:
    """One empty page; what happens on opening is object 5, which lies in a packed stream."""
    inner = zlib.compress(PACKED_HEAD + text) if body is None else body
    head = b"<</Type/ObjStm/N 1/First 4/Filter%b/Length %d>>stream\n" % (filters, len(inner))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 5 0 R>>",
        *_PAGES,
        head + inner + b"\nendstream",
    ]
    out, rows = b"%PDF-1.7\n", [(0, 0, 65535)]
    for n, text_ in enumerate(objects, 1):
        rows.append((1, len(out), 0))
        out += _object(n, text_)
    rows += [(2, 4, 0), (1, len(out), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    xref = b"<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n%b\nendstream" % (len(table), table)
    return out + _object(6, xref) + b"startxref\n%d\n%%%%EOF\n" % len(out)


#: How a packed stream with one object begins: its number and its place.
PACKED_HEAD = b"5 0 "
GOOD = plain()
