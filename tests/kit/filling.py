"""Forms as a page serves them, filled in and sent as a browser does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client
from tests.kit.pages import Page, read

#: What somebody fills in, by name: no value, one, or several; a file.
Answers = Mapping[str, Sequence[str | SimpleUploadedFile]]
_PRESSED = {"submit", "button", "image", "reset"}


@dataclass
class Field:
    """What a form asks under one name.

    Attributes:
        kind: type of the input, or ``textarea``, ``select``.
        offered: values that can be chosen.
        values: what stands in it now.
    """

    name: str
    kind: str
    offered: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form of a page.

    Attributes:
        address: where it leads.
        sends: ``post`` or ``get``.
        fields: by name, in their order.
        buttons: what each button adds to what is sent.
    """

    address: str
    sends: str
    number: str = ""
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def as_served(self) -> dict[str, list[str]]:
        """What a browser sends when nobody touches anything."""
        return {one.name: list(one.values) for one in self.fields.values()}

    @property
    def has_file(self) -> bool:
        """Whether a file is asked for."""
        return any(one.kind == "file" for one in self.fields.values())


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.inside: Form | None = None
        self.strays: list[tuple[str, Field]] = []
        self.text: Field | None = None
        self.list: Field | None = None

    def _field(self, given: Mapping[str, str | None], kind: str) -> Field | None:
        name = given.get("name") or ""
        if not name or "disabled" in given:
            return None
        if given.get("form"):
            made = Field(name, kind)
            self.strays.append((given["form"] or "", made))
            return made
        if self.inside is None:
            return None
        return self.inside.fields.setdefault(name, Field(name, kind))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            address = urljoin(self.page, given.get("action") or self.page)
            self.inside = Form(address, (given.get("method") or "get").lower(), given.get("id") or "")
            self.forms.append(self.inside)
            self.by_id[self.inside.number] = self.inside
        elif tag == "button" and self.inside is not None and given.get("name"):
            self.inside.buttons.append((given["name"] or "", given.get("value") or ""))
        elif tag == "textarea":
            self.text = self._field(given, "textarea")
            if self.text is not None:
                self.text.values = [""]
        elif tag == "select":
            self.list = self._field(given, "select")
        elif tag == "option" and self.list is not None:
            self.list.offered.append(given.get("value") or "")
            if "selected" in given or not self.list.values:
                self.list.values = [given.get("value") or ""]
        elif tag == "input" and (given.get("type") or "text") not in _PRESSED:
            self._input(given)

    def _input(self, given: Mapping[str, str | None]) -> None:
        kind = given.get("type") or "text"
        found = self._field(given, kind)
        if found is None:
            return
        value = given.get("value")
        if kind in {"radio", "checkbox"}:
            found.offered.append("on" if value is None else value)
            if "checked" in given:
                found.values.append(found.offered[-1])
        elif kind != "file":
            found.values.append(value or "")

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.values[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "textarea":
            if self.text is not None:
                # the line break behind the tag belongs to the mark-up
                self.text.values[0] = self.text.values[0].replace("\r\n", "\n").removeprefix("\n")
            self.text = None
        elif tag == "select":
            self.list = None


def forms_of(page: Page, address: str) -> list[Form]:
    """The forms of a page that was read at an address."""
    reader = _Reader(address)
    reader.feed(page.html)
    for number, stray in reader.strays:
        if number in reader.by_id:
            reader.by_id[number].fields.setdefault(stray.name, stray)
    return reader.forms


def _pairs(answers: Answers) -> Iterable[tuple[str, str]]:
    return ((name, str(value)) for name, values in answers.items() for value in values)


def _with_no_halves(value: str | SimpleUploadedFile) -> str | SimpleUploadedFile:
    # what a form with a file sends is put together by the test client, which knows whole signs only
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def send(client: Client, form: Form, answers: Answers) -> HttpResponseBase:
    """The answer to a form as a browser sends it; half of a pair of signs goes over the wire as it is."""
    asks = {"HTTP_ACCEPT": "text/html", "HTTP_REFERER": f"http://testserver{form.address}"}
    if form.sends == "get":
        query = urlencode(list(_pairs(answers)), errors="surrogatepass")
        return client.get(f"{form.address.partition('?')[0]}?{query}", **asks)
    if form.has_file:
        whole = {name: [_with_no_halves(one) for one in values] for name, values in answers.items()}
        return client.post(form.address, whole, **asks)
    body = urlencode(list(_pairs(answers)), errors="surrogatepass")
    return client.post(form.address, body, content_type="application/x-www-form-urlencoded", **asks)


def sent(client: Client, form: Form, answers: Answers) -> tuple[str, Page]:
    """Send a form and go where the answer leads: the last address, and its page."""
    answer, address = send(client, form, answers), form.address
    for _hop in range(5):
        if answer.status_code not in {301, 302, 303}:
            break
        address = urljoin(address, answer.headers["Location"])
        if not address.startswith("/"):
            break
        answer = client.get(address, HTTP_ACCEPT="text/html")
    return address, read(answer)
