"""Files of suppliers, for tests: taken along, changed, brought back."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tirek.core.imports import Run, carry_out

FILES = reverse("catalogue:supplier-card-files")
BOOK = reverse("catalogue:supplier-card-book")
Line = dict[str, str]


def bring(client: Client, kind: str, content: str | bytes, name: str = "offers.csv") -> Run:
    """Choose a file of a kind; it is checked."""
    sent = content.encode() if isinstance(content, str) else content
    answer = client.post(f"{FILES}?kind={kind}", {"file": SimpleUploadedFile(name, sent)})
    assert answer.status_code == 302, answer.content.decode()[:3000]
    run = Run.objects.order_by("-created_at", "-pk")[0]
    if run.state == Run.State.CHECKING:
        # what is long is left to the worker
        carry_out(run.pk)
        run.refresh_from_db()
    return run


def page_of(run: Run) -> str:
    """The page of a file."""
    return reverse("catalogue:supplier-card-file", args=[run.pk])


def take(client: Client, run: Run) -> Run:
    """Press the button that takes it."""
    assert client.post(page_of(run), {"take": "yes"}).status_code in {302, 422}
    run.refresh_from_db()
    if run.state == Run.State.TAKING:
        carry_out(run.pk)
        run.refresh_from_db()
    return run


def taken_along(client: Client, kind: str, **more: str) -> tuple[list[str], list[str], list[Line]]:
    """The table as CSV: words of the heads, their codes, and the lines by code."""
    query = "&".join(f"{name}={value}" for name, value in {"kind": kind, "as": "csv", **more}.items())
    answer = client.get(f"{BOOK}?{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    words, codes, *rows = csv.reader(io.StringIO(text), delimiter=";")
    return words, codes, [dict(zip(codes, row, strict=True)) for row in rows]


def as_csv(lines: Iterable[Mapping[str, str]], *, separator: str = ";") -> str:
    """Lines by their codes as a text, the codes first."""
    rows = list(lines)
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator)
    writer.writerow(names)
    writer.writerows([row.get(name, "") for name in names] for row in rows)
    return text.getvalue()


def as_workbook(rows: Sequence[Sequence[object]], more: Callable[..., None] | None = None) -> bytes:
    """Rows as a workbook; ``more`` does something else with it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write(line, place, value)
        if more is not None:
            more(book, sheet)
    return target.getvalue()
