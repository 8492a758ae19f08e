"""What a PDF may not hold, wherever it is hidden."""

import base64
import io
import logging
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String
from tests import pdfs

from tirek.files import pdf, pdf_objects, rules
from tirek.files.pdf import Verdict

ROOT = Path(__file__).parents[2]
PROGRAM = b"<</S/JavaScript/JS(app.alert(1))>>"
TO_A_PAGE = b"<</S/GoTo/D[3 0 R/Fit]>>"


def one_page() -> Pdf:
    made = pikepdf.new()
    made.add_blank_page()
    return made


def saved(made: Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def with_root(**entries: Any) -> Pdf:
    made = one_page()
    for key, value in entries.items():
        made.Root[f"/{key}"] = value
    return made


def with_annotation(**entries: Any) -> Pdf:
    made = one_page()
    made.pages[0].Annots = Array([made.make_indirect(Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **entries))])
    return made


def with_attachment() -> Pdf:
    made = one_page()
    made.attachments["a.exe"] = b"MZ"
    return made


def with_named_script() -> Pdf:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    return with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script]))))


def with_script_in_a_stream() -> Pdf:
    made = one_page()
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=Stream(made, b"app.alert(1)"))
    return made


def with_kind_in_an_object_of_its_own() -> Pdf:
    made = one_page()
    made.Root.OpenAction = Dictionary(S=made.make_indirect(Name.Launch))
    return made


def with_scripted_field() -> Pdf:
    action = Dictionary(S=Name.JavaScript, JS=String("x"))
    made = with_annotation(Subtype=Name.Widget, FT=Name.Tx, T=String("a"), AA=Dictionary(K=action))
    made.Root.AcroForm = Dictionary(Fields=made.pages[0].Annots)
    return made


ACTIVE: dict[str, Callable[[], Pdf]] = {
    "script on opening": lambda: with_root(OpenAction=Dictionary(S=Name.JavaScript, JS=String("x"))),
    "script at the end of a chain": lambda: with_root(
        OpenAction=Dictionary(S=Name.GoTo, Next=Array([Dictionary(S=Name.JavaScript, JS=String("x"))]))
    ),
    "script by name": with_named_script,
    "script in a stream": with_script_in_a_stream,
    "script on closing": lambda: with_root(AA=Dictionary(WC=Dictionary(S=Name.JavaScript, JS=String("x")))),
    "script of a field": with_scripted_field,
    "script of a rendition": lambda: with_annotation(
        Subtype=Name.Screen, A=Dictionary(S=Name.Rendition, OP=0, JS=String("x"))
    ),
    "start of a program": lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("cmd.exe"))),
    "kind in an object of its own": with_kind_in_an_object_of_its_own,
    "attached file": with_attachment,
    "attached file on a page": lambda: with_annotation(Subtype=Name.FileAttachment, FS=Dictionary(F=String("a"))),
    "way into an attached file": lambda: with_root(OpenAction=Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C))),
    "rich media": lambda: with_annotation(Subtype=Name.RichMedia),
    "film": lambda: with_annotation(Subtype=Name.Movie, Movie=Dictionary(F=String("a"))),
    "sound": lambda: with_annotation(Subtype=Name.Sound),
    "rendition": lambda: with_annotation(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition, OP=0)),
    "model in space": lambda: with_annotation(Subtype=Name("/3D")),
    "form with programs": lambda: with_root(AcroForm=Dictionary(Fields=Array(), XFA=String("<xdp/>"))),
    "form that is sent away": lambda: with_root(OpenAction=Dictionary(S=Name.SubmitForm, F=String("x"))),
    "address on opening": lambda: with_root(OpenAction=Dictionary(S=Name.URI, URI=String("https://evil.example/"))),
    "other file on opening": lambda: with_root(OpenAction=Dictionary(S=Name.GoToR, F=String("//evil/share/a.pdf"))),
    "address on turning a page": lambda: with_root(AA=Dictionary(O=Dictionary(S=Name.URI, URI=String("https://e")))),
    "form that fetches": lambda: with_root(OpenAction=Dictionary(S=Name.ImportData, F=String("x"))),
}


@pytest.mark.finding("R-M6")
@pytest.mark.parametrize("mode", [ObjectStreamMode.disable, ObjectStreamMode.generate], ids=["open", "packed"])
@pytest.mark.parametrize("made", ACTIVE.values(), ids=ACTIVE)
def test_pdf__that_does_something_or_carries_a_file_is_found(made: Callable[[], Pdf], mode: ObjectStreamMode) -> None:
    assert pdf_objects.inspect(saved(made(), object_stream_mode=mode)) is Verdict.ACTIVE


def test_program__that_nothing_refers_to_is_found() -> None:
    assert pdf_objects.inspect(pdfs.plain(more=[PROGRAM])) is Verdict.ACTIVE


def lzw(text: bytes) -> bytes:
    """Letters as they are, in nine bits each, with the table emptied before it grows."""
    codes = [code for n, letter in enumerate(text) for code in ([256, letter] if n % 200 == 0 else [letter])]
    bits = "".join(format(code, "09b") for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def run_length(text: bytes) -> bytes:
    parts = [text[at : at + 128] for at in range(0, len(text), 128)]
    return b"".join(bytes([len(part) - 1]) + part for part in parts) + b"\x80"


def ascii85(text: bytes) -> bytes:
    return base64.a85encode(text) + b"~>"


def letters(text: bytes) -> bytes:
    return text.hex().encode() + b">"


FILTERS: dict[bytes, Callable[[bytes], bytes]] = {
    b"/FlateDecode": zlib.compress,
    b"/LZWDecode": lzw,
    b"/RunLengthDecode": run_length,
    b"/ASCII85Decode": ascii85,
    b"/ASCIIHexDecode": letters,
    b"[/ASCII85Decode/LZWDecode]": lambda text: ascii85(lzw(text)),
    b"[/ASCIIHexDecode/Fl#61teDecode]": lambda text: letters(zlib.compress(text)),
}


@pytest.mark.parametrize(("filters", "pack"), FILTERS.items(), ids=[name.decode() for name in FILTERS])
def test_pdf__is_unpacked_by_every_filter(filters: bytes, pack: Callable[[bytes], bytes]) -> None:
    bad, good = (pdfs.packed(b"", filters, pack(pdfs.PACKED_HEAD + text)) for text in (PROGRAM, TO_A_PAGE))
    assert pdf_objects.inspect(bad) is Verdict.ACTIVE
    assert pdf_objects.inspect(good) is Verdict.SOUND


@pytest.mark.parametrize(
    "catalog",
    [
        b"/OpenAction<</S/J#61vaScript>>",
        b"/OpenAction<</#53/#4a#61vaScript>>",
        b"/A<</J#53(x)>>",
        b"/A[[<</#4AS(x)>>]]",
        b"/A<</#4c#61unch<<>>>>",
        b"/Names<</Embedded#46iles<<>>>>",
        b"/A<</Encrypt 1>>",
    ],
)
def test_name__with_letters_written_as_numbers_is_read(catalog: bytes) -> None:
    assert pdf_objects.inspect(pdfs.plain(catalog)) is Verdict.ACTIVE


@pytest.mark.parametrize("password", ["", "secret"])
def test_pdf__that_is_locked_is_found(password: str) -> None:
    locked = saved(one_page(), encryption=pikepdf.Encryption(owner="owner", user=password))
    assert pdf_objects.inspect(locked) is Verdict.ACTIVE


@pytest.mark.parametrize(
    "content",
    [
        saved(one_page()),
        saved(one_page(), object_stream_mode=ObjectStreamMode.generate),
        saved(one_page(), linearize=True),
        pdfs.plain(b"/OpenAction[3 0 R/Fit]"),
        pdfs.plain(b"/AA<<>>/JSx/JS\x80/Title(JavaScript /JS is only a word)"),
        pdfs.plain(b"/PieceInfo<</Names[/JS/Launch]>>"),
        pdfs.plain(more=[b"<</Type/Font/BaseFont/#cf#f0>>", b"<</Length 3>>stream\n/JS\nendstream"]),
        b"\n" + pdfs.plain(),
    ],
    ids=["plain", "packed", "linearized", "opens a page", "words", "values", "font and text", "space before"],
)
def test_pdf__that_only_shows_pages_is_sound(content: bytes) -> None:
    assert pdf_objects.inspect(content) is Verdict.SOUND


TWICE = b"/OpenAction<</S/GoTo/S/GoTo>>"
BROKEN = {
    "no pages": pdfs.GOOD.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]     /Count 0"),
    "no catalog": b"%PDF-1.7\n%%EOF\n",
    "end lost": pdfs.GOOD[:-40],
    "table at a wrong place": pdfs.GOOD.replace(b"startxref\n", b"startxref\n1"),
    "key twice": pdfs.plain(TWICE),
    "page that is its own parent": pdfs.GOOD.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "packed stream cut": pdfs.packed(b"", body=zlib.compress(pdfs.PACKED_HEAD + TO_A_PAGE)[:-8]),
    "packed as a picture": pdfs.packed(b"", b"/JBIG2Decode", pdfs.PACKED_HEAD + PROGRAM),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_pdf__that_can_be_read_only_by_guessing_is_not_whole(content: bytes) -> None:
    assert pdf_objects.inspect(content) is Verdict.BROKEN


def lzw_bomb() -> bytes:
    """Each round of the table says what it has said and one letter more."""
    bits = format(256, "09b") + format(32, "09b")
    for code in range(258, 4094):
        bits += format(code, f"0{9 if code < 511 else 10 if code < 1023 else 11 if code < 2047 else 12}b")
    return int(bits * 8, 2).to_bytes(len(bits), "big") * 100


FLATE_BOMB = zlib.compress(b" " * (200 << 20), 9)
BOMBS = {
    "flate": pdfs.packed(b"", body=FLATE_BOMB),
    "flate twice": pdfs.packed(b"", b"[/FlateDecode/FlateDecode]", zlib.compress(FLATE_BOMB)),
    "lzw": pdfs.packed(b"", b"/LZWDecode", lzw_bomb()),
    "too many filters": pdfs.packed(b"", b"[" + b"/ASCIIHexDecode" * 9 + b"]", b"00>"),
    "too many values": pdfs.packed(b"[" + b"[0]" * 1_000_000 + b"]"),
    "too deep": pdfs.packed(b"[" * 400_000),
    "more memory than there is": pdfs.packed(b"[" + b"[0]" * 9_000_000 + b"]"),
}


@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS)
def test_pdf__that_wants_too_much_is_refused_soon(content: bytes) -> None:
    with pytest.raises(rules.Unsuitable) as refused:
        rules.clean(content)
    assert refused.value.code in {"broken", "too_complex"}


def test_limit__of_values_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf_objects.inspect(pdfs.plain(b"/A[%b]" % (b"0 " * 100))) is Verdict.SOUND
    monkeypatch.setattr(pdf_objects, "MAX_VALUES", 100)
    assert pdf_objects.inspect(pdfs.plain(b"/A[%b]" % (b"0 " * 100))) is Verdict.TOO_COMPLEX


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pdfs.plain(b"/OpenAction" + PROGRAM), "active"),
        (BROKEN["key twice"], "broken"),
        (BOMBS["too many filters"], "too_complex"),
    ],
)
def test_refusal__tells_what_was_found_apart(content: bytes, code: str) -> None:
    with pytest.raises(rules.Unsuitable) as refused:
        rules.clean(content)
    assert refused.value.code == code


def test_good_pdf__is_stored_as_it_is() -> None:
    assert rules.clean(pdfs.GOOD).content == pdfs.GOOD


@pytest.mark.parametrize(
    ("script", "verdict"),
    [("import os; os.abort()", Verdict.TOO_COMPLEX), ("import time; time.sleep(60)", Verdict.TOO_COMPLEX)],
)
def test_inspection__that_is_ended_or_does_not_end_refuses_the_file(
    script: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = subprocess.run
    monkeypatch.setattr(pdf, "_WAIT", 2)
    monkeypatch.setattr(subprocess, "run", lambda _command, **options: run([sys.executable, "-c", script], **options))
    with caplog.at_level(logging.CRITICAL):
        assert pdf.inspected_apart(pdfs.GOOD) is verdict


def test_inspection__knows_no_secrets_and_not_django(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    run = subprocess.run

    def watched(command: list[str], **options: Any) -> Any:
        seen.update(options, command=command)
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    assert pdf.inspected_apart(pdfs.GOOD) is Verdict.SOUND
    assert seen["env"] == {}
    code = "import sys, tirek.files.pdf_objects; print('django' in sys.modules)"
    assert run([sys.executable, "-I", "-c", code], capture_output=True, check=True, text=True).stdout == "False\n"


def test_library__is_in_the_memory_of_the_child_alone() -> None:
    """A web process and a worker that never meet a PDF, or a workbook, do not carry what reads and writes them."""
    code = """
import django, sys
django.setup()
import tirek.urls
from django.urls import get_resolver
get_resolver().url_patterns
print(sorted({"pikepdf", "xlsxwriter"} & set(sys.modules)))
"""
    env = {"DJANGO_SETTINGS_MODULE": "tirek.settings", "TIREK_DEMO": "1", "PYTHONPATH": "src"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
