"""Every field of every form takes whatever somebody types: no answer breaks the product, none leads into a dead end.

The forms are read from the pages as they are served, so a new form is in here as soon as its page is declared. What is
typed is made by Hypothesis, the same in each run; ``-m slow`` types much more of it, and prints how to see a
failure again.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests import factories as make
from tests.kit import declared
from tests.kit.filling import Answers, Field, Form, forms_of, sent
from tests.kit.pages import Page, read
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.identifiers import Sex, synthetic_iin

pytestmark = [
    pytest.mark.django_db,
    # what is typed is long on purpose
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]

USUAL: Final = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=3,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
LARGE: Final = settings(USUAL, max_examples=20, print_blob=True, phases=(Phase.generate, Phase.shrink))
ODD: Final = (
    "", "   ", "\u00a0\u2003\t", "\r\n\r\n", "😀👩‍🦽🇰🇿", "\u202eabc\u202c", "\u200b\u200d\ufeff", "a\0b", "\0",
    "\ud800x", "ё" * 700, "x" * 20_001, "Әңғүұқөһі ӘҢҒҮҰҚӨҺІ", "٣٤", "１２", "²", "-1", "+7", "1e3", "1E400", "1,5",
    "1 000", "0x10", "NaN", "Infinity", "9" * 40, "2026-02-31", "31.12.2026", "0000-00-00", "0001-01-01", "9999-12-31",
    "99999-01-01", "2026-W01", "<script>x</script>", "=1+1", "' OR 1=1 --", "{{7*7}}", "%00%s%(x)s", "../../etc/passwd",
    "None", "[]",
    "900101300017", "+7 701 123 45 67", "a@b", "//evil.example", "https://evil.example/", "ТС-2026-0000001",
)  # fmt: skip
FILES: Final = (
    ("a.csv", b"", "text/csv"),
    ("a.csv", b"iin;surname\n1;2\n", "text/csv"),
    ("a.xlsx", b"PK\x03\x04" + b"\0" * 60, "application/zip"),
    ("\u202egpj.exe", b"MZ\0\0", "image/jpeg"),
    ("a.pdf", b"%PDF-1.7\n%%EOF", "application/pdf"),
    ("x" * 300 + ".png", b"\x89PNG\r\n\x1a\n", "image/png"),
)
#: Signs that no page shows again: the wire changes them.
_LOST = ("\0", "\ud800")


def _value(one: Field, foreign: Sequence[str]) -> st.SearchStrategy[Any]:
    if one.kind == "file":
        return st.sampled_from(FILES).map(lambda made: SimpleUploadedFile(made[0], made[1], made[2]))
    odd = st.one_of(st.sampled_from(ODD), st.text(max_size=40), st.sampled_from(foreign))
    if one.kind == "hidden":
        return st.one_of(st.sampled_from(one.values or [""]), st.sampled_from(one.values or [""]), odd)
    return st.one_of(st.sampled_from(one.offered), odd) if one.offered else odd


def _answers(form: Form, foreign: Sequence[str]) -> st.SearchStrategy[Answers]:
    """For each field one value; now and then none, or two."""
    asked: dict[str, st.SearchStrategy[list[Any]]] = {}
    for one in form.fields.values():
        value = _value(one, foreign)
        single = st.lists(value, min_size=1, max_size=1)
        asked[one.name] = st.one_of(single, single, single, st.lists(value, max_size=2))
    filled: st.SearchStrategy[Answers] = st.fixed_dictionaries(asked)
    if not form.buttons:
        return filled
    pressed = st.sampled_from(form.buttons)
    return st.tuples(filled, pressed).map(lambda both: {**both[0], both[1][0]: [both[1][1]]})


@dataclass
class Asked:
    """A form of the product with the desk at which it is served, and the page that serves it."""

    route: str
    page: str
    form: Form


def _pages(world: World, desk: Desk) -> Iterator[tuple[str, str]]:
    for _address, name, entry in declared.routes():
        page = declared.pages().get(name)
        if page is None or page.post or desk not in declared.desks_of(entry):
            continue
        query = page.query(world)
        yield name, declared.address_of(name, world) + (f"?{query}" if query else "")
    if desk is Desk.SUPPLIER:
        yield "orders:supplier-offers", "/supply/offers?edit=1"
    for step_of, key, steps in (
        ("orders:step", world.open_draft.pk, ("item", "quantity", "delivery", "check")),
        ("entitlements:request-step", world.request_draft.pk, ("answers", "check")),
        ("entitlements:correction-step", world.correction_draft.pk, ("answers", "check")),
    ):
        for one in steps:
            yield step_of, reverse(step_of, args=[key, one])
    if desk is Desk.ADMIN:
        return
    for found in (world.placed, world.running, world.delivered, world.received):
        yield f"case {found.state}", reverse(f"orders:{desk.value}-order", args=[found.number])


def _forms(world: World, desk: Desk, client: Client) -> list[Asked]:
    """Each form once: a form on every page (the search of the header) is not met a hundred times."""
    found: dict[tuple[str, tuple[str, ...]], Asked] = {}
    for name, address in dict.fromkeys(_pages(world, desk) if desk is not Desk.PUBLIC else _public(world)):
        with transaction.atomic():
            answer = client.get(address, HTTP_ACCEPT="text/html", follow=True)
            transaction.set_rollback(True)
        if answer.status_code != 200:
            continue
        landed = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        for form in forms_of(read(answer), landed):
            found.setdefault((form.address.partition("?")[0], tuple(form.fields)), Asked(name, landed, form))
    return list(found.values())


def _public(world: World) -> Iterator[tuple[str, str]]:
    for _address, name, entry in declared.routes():
        page = declared.pages().get(name)
        if page is not None and not page.post and Desk.PUBLIC in declared.desks_of(entry):
            yield name, declared.address_of(name, world)


def _kept(typed: str, shown: Sequence[str]) -> bool:
    def plain(text: str) -> str:
        # a slash in a part of a date comes back as a point
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("/", ".").strip()

    return any(plain(one) == plain(typed) for one in shown)


def check_refused(asked: Asked, answers: Answers, address: str, page: Page) -> None:
    """A page that refuses says what is wrong, and asks the same again with what was typed."""
    where = f"{asked.route} {asked.form.address}: {dict(answers)!r:.600}"
    assert page.status < 500, where
    if page.status != 422:
        return
    if any("\0" in str(value) for values in answers.values() for value in values):
        # no keyboard has this sign: the request is refused as a whole, and the page leads back
        assert f'href="{asked.form.address.partition("?")[0]}' in page.html, where
        return
    again = [one for one in forms_of(page, address) if set(asked.form.fields) & set(one.fields)]
    typed = {
        name: str(values[0])
        for name, values in answers.items()
        if len(values) == 1
        and name in asked.form.fields
        and asked.form.fields[name].kind in {"text", "textarea", "tel", "number", "email", "search"}
        and not any(sign in str(values[0]) for sign in _LOST)
    }
    assert "govuk-error-summary" in page.html or page.links, f"nothing is said, and no way on: {where}"
    if not again:
        # the answer was to no form of this page: a way on is enough
        assert page.links, where
        return
    assert "govuk-error-summary" in page.html, where
    for name, value in typed.items():
        shown = [one.fields[name].values for one in again if name in one.fields]
        assert shown, f"{name} is asked no more: {where}"
        assert any(_kept(value, values) for values in shown), f"{name} is lost: {value[:80]!r} {shown!r:.200} {where}"


def _try_every_form(world: World, desk: Desk, profile: settings) -> int:
    actor = None if desk is Desk.PUBLIC else world.at(desk)
    make.came(world.officer, world.person)
    client = Client(headers={"Accept-Language": "en"}) if actor is None else world.client(actor)
    stranger = make.person(place=make.district("751110000"))
    foreign = [str(stranger.pk), str(uuid4()), stranger.iin, str(world.line.pk), "ТС-2026-0000099"]
    cookies, count = copy.deepcopy(client.cookies), 0
    for asked in _forms(world, desk, client):

        def check(answers: Answers) -> None:
            client.cookies = copy.deepcopy(cookies)
            with transaction.atomic():
                address, page = sent(client, asked.form, answers)
                transaction.set_rollback(True)
            check_refused(asked, answers, address, page)

        # called before the next form comes
        profile(given(answers=_answers(asked.form, foreign))(check))()
        count += 1
    return count


#: Forms that each desk has at least: fewer, and the walk has lost its way.
FEWEST = {Desk.PUBLIC: 4, Desk.RECIPIENT: 15, Desk.SUPPLIER: 8, Desk.OFFICER: 20, Desk.ADMIN: 15}


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.mark.parametrize("desk", FEWEST)
def test_every_form__takes_anything(furnished_world: World, desk: Desk) -> None:
    assert _try_every_form(furnished_world, desk, USUAL) >= FEWEST[desk]


@pytest.mark.slow
@pytest.mark.parametrize("desk", FEWEST)
def test_every_form__takes_anything_many_times(furnished_world: World, desk: Desk) -> None:
    assert _try_every_form(furnished_world, desk, LARGE) >= FEWEST[desk]


# --- after anything, a right answer is taken


@dataclass(frozen=True)
class Journey:
    """What somebody comes for.

    Attributes:
        where: the page with the form.
        odd: fields into which anything is typed first.
        right: what is typed then; a field that is not named stays as the page first proposed it.
    """

    desk: Desk
    where: Callable[[World], str]
    odd: tuple[str, ...]
    right: Callable[[World], dict[str, str]]


def _step(route: str, draft: str, step: str) -> Callable[[World], str]:
    return lambda world: reverse(route, args=[getattr(world, draft).pk, step])


def _case(route: str, case: str, *more: str) -> Callable[[World], str]:
    return lambda world: reverse(route, args=[getattr(world, case).number, *more])


def _given(**answers: str) -> Callable[[World], dict[str, str]]:
    return lambda _world: answers


def _newcomer(world: World) -> dict[str, str]:
    iin = synthetic_iin(date(1988, 1, 1), Sex.FEMALE, 77).digits
    name = {"surname": "Омарова", "given_name": "Әйгерім", "patronymic": "", "address": "Абай 1", "phone": ""}
    born = {"birth_date_day": "", "birth_date_month": "", "birth_date_year": "", "sex": ""}
    return {"iin": iin, **name, **born, "place": world.place.code, "contact_language": "kk", "checked": "on"}


JOURNEYS: Final = {
    "quantity": Journey(
        Desk.RECIPIENT, _step("orders:step", "open_draft", "quantity"), ("quantity",), _given(quantity="3")
    ),
    "delivery": Journey(
        Desk.RECIPIENT,
        _step("orders:step", "open_draft", "delivery"),
        ("address", "phone", "comment"),
        _given(address="Абай 1-1", phone="+7 701 123 45 67", comment=""),
    ),
    "sending": Journey(Desk.RECIPIENT, _step("orders:step", "open_draft", "check"), ("consent",), _given(consent="on")),
    "request": Journey(
        Desk.RECIPIENT,
        _step("entitlements:request-step", "request_draft", "answers"),
        ("wrong", "words"),
        _given(wrong="quantity", words="Жөргек жетпейді"),
    ),
    "correction": Journey(
        Desk.OFFICER,
        _step("entitlements:correction-step", "correction_draft", "answers"),
        ("amount", "reason", "document"),
        _given(amount="30", reason="Деректер қате", document="№ 12"),
    ),
    "message": Journey(
        Desk.RECIPIENT,
        lambda world: reverse("correspondence:thread", args=["order", world.placed.pk]),
        ("text", "readers"),
        _given(text="Қашан жеткізесіз?", readers="supplier"),
    ),
    "acceptance": Journey(
        Desk.SUPPLIER,
        _case("orders:supplier-order", "placed"),
        ("accept-ready_on_day", "accept-ready_on_month", "accept-ready_on_year"),
        _given(),
    ),
    "declining": Journey(
        Desk.SUPPLIER,
        _case("orders:supplier-order-act", "placed", "decline"),
        ("decline-reason", "decline-left", "decline-note"),
        _given(**{"decline-reason": "capacity", "decline-left": "", "decline-note": ""}),
    ),
    "refusal": Journey(
        Desk.RECIPIENT,
        _case("orders:recipient-order-act", "delivered", "refuse"),
        ("refuse-reason", "refuse-note"),
        _given(**{"refuse-reason": "does_not_fit", "refuse-note": ""}),
    ),
    "registration": Journey(
        Desk.OFFICER,
        lambda _world: reverse("people:register"),
        ("iin", "surname", "given_name", "birth_date_day", "place", "phone"),
        _newcomer,
    ),
    "search": Journey(
        Desk.OFFICER,
        lambda _world: reverse("desks:officer-find"),
        ("what",),
        lambda world: {"what": world.person.iin},
    ),
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_after_anything_refused__the_right_answer_is_taken(furnished_world: World, name: str) -> None:
    world, journey = furnished_world, JOURNEYS[name]
    make.came(world.officer, world.person)
    client, where = world.client(world.at(journey.desk)), journey.where(world)
    (form,) = _with(forms_of(read(client.get(where)), where), journey.odd)
    cookies, refused = copy.deepcopy(client.cookies), []

    def finish(typed: Sequence[str]) -> None:
        client.cookies = copy.deepcopy(cookies)
        with transaction.atomic():
            odd = {key: [one] for key, one in zip(journey.odd, typed, strict=True)}
            address, page = sent(client, form, form.as_served() | odd)
            if page.status == 422:
                if not _with(forms_of(page, address), journey.odd):
                    # refused as a whole: the way back leads to the form
                    address, page = where, read(client.get(where))
                (again,) = _with(forms_of(page, address), journey.odd)
                proposed = {key: form.fields[key].values for key in journey.odd}
                right = {key: [value] for key, value in journey.right(world).items()}
                address, page = sent(client, again, again.as_served() | proposed | right)
                refused.append(typed)
                assert page.status == 200, f"{typed!r:.300} {page.errors} {page.main[:300]}"
                assert address != again.address, typed
            transaction.set_rollback(True)

    texts = st.lists(st.sampled_from(ODD), min_size=len(journey.odd), max_size=len(journey.odd))
    settings(USUAL, max_examples=6)(given(typed=texts)(finish))()
    assert refused, "nothing was refused: the control"


def _with(forms: Sequence[Form], names: Sequence[str]) -> list[Form]:
    return [one for one in forms if one.sends == "post" and set(names) <= set(one.fields)]
