"""What every request meets: tokens against forged forms, addresses that lead away, foreign host names, headers, broken
texts.
"""

import json
from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlsplit

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests import factories as make
from tests.security.attack import NO_OBJECT, World, desks_of, keys_of, routes, signed_in

from tirek.core import clock, signing
from tirek.core.actors import Desk

pytestmark = pytest.mark.django_db
#: What an address of another site may look like.
AWAY = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "http:///evil.example",
    "https:evil.example", "javascript:alert(1)", "data:text/html,x", " //evil.example", "/\t/evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/", "//testserver:80@evil.example",
)  # fmt: skip
#: What the database takes in no text, and numbers beyond every number.
BROKEN = ("a\0b", "9" * 5000, "\ud7ff\uffff", "%'{{7*7}}")


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


def _everybody(world: World) -> dict[Desk, Client]:
    own = {Desk.RECIPIENT: world.actor, Desk.SUPPLIER: world.supplier_actor, Desk.OFFICER: world.officer}
    return {
        desk: signed_in(actor) for desk, actor in (own | {Desk.ADMIN: world.admin, Desk.ANALYST: world.analyst}).items()
    }


def _addresses(world: World) -> Iterator[tuple[str, str, frozenset[Desk]]]:
    for _address, name, entry in routes():
        yield name, reverse(name, kwargs=keys_of(name, world)), desks_of(entry)


#: What only the page says that refuses a form without its token.
CSRF_WORDS = "This page was open too long, or you signed in again in another window."
#: From where a forged form may come: another site, our own without saying which page, nowhere.
FORGED = (
    {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
    {"Origin": "https://evil.example", "Referer": "http://testserver/"},
    {"Origin": "http://testserver"},
    {"Origin": "null"},
    {"Referer": "http://testserver/"},
    {},
)


@pytest.mark.usefixtures("refusals_in_short")
def test_every_form__is_refused_without_its_token(furnished_world: World) -> None:
    """Each address from one of the places in turn, and one address of each desk from all of them."""
    world = furnished_world
    browsers = {desk: client.cookies for desk, client in _everybody(world).items()}
    places, whole = cycle(FORGED), set(browsers)
    for name, address, desks in _addresses(world):
        desk = next(iter(sorted(desks & browsers.keys())), Desk.RECIPIENT)
        for headers in FORGED if desk in whole else [next(places)]:
            whole.discard(desk)
            forger = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
            forger.cookies = browsers[desk]
            answer = forger.post(address, {"verb": "sign"}, headers=headers)
            assert answer.status_code == 403, f"{name} {headers}: {answer.status_code}"
            assert CSRF_WORDS in answer.content.decode(), f"{name} {headers}: refused for another reason"


def test_every_form__is_refused_with_a_token_from_another_site() -> None:
    world = World()
    client = signed_in(world.actor)
    token = client.get("/session/state").json()["csrf"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    address = reverse("orders:recipient-order-act", args=[world.placed.number, "cancel"])
    assert (
        strict.post(address, {"csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}).status_code
        == 403
    )
    # without an Origin, over HTTPS, the page it came from tells
    assert (
        strict.post(
            address, {"csrfmiddlewaretoken": token}, headers={"Referer": "https://evil.example/"}, secure=True
        ).status_code
        == 403
    )
    assert strict.post(address, {"csrfmiddlewaretoken": token}, secure=True).status_code == 403
    # the control: the same form from our own page goes through
    assert (
        strict.post(address, {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}).status_code == 302
    )


@pytest.mark.parametrize("address", AWAY)
def test_next__never_leads_to_another_site(furnished_world: World, address: str) -> None:
    world = furnished_world
    client = signed_in(world.actor)
    answers = [
        client.get("/sign-in/", {"next": address}),
        client.get("/language/ru", {"next": address}),
        client.post("/display", {"usual": "", "next": address}),
        client.post("/for-whom/use", {"person": str(world.person.pk), "next": address}),
        client.post("/welcome", {"language": "ru", "privacy": "on", "next": address}, follow=True).redirect_chain[-1],
    ]
    for answer in answers:
        place = answer[0] if isinstance(answer, tuple) else answer.headers["Location"]
        parts = urlsplit(place)
        assert (parts.scheme, parts.netloc) in {("", ""), ("http", "testserver")}, place
        assert "evil" not in place.replace("next=", "").split("?")[0], place


def test_back_link_of_a_refusal__stays_on_this_site() -> None:
    client = signed_in(World().actor)
    for referer in ("http://testserver//evil.example/", "http://testserver/\\evil.example", "https://evil.example/"):
        page = client.get("/orders/NONE", headers={"Referer": referer}).content.decode()
        assert 'href="//evil' not in page
        assert 'href="/\\evil' not in page
        assert 'href="https://evil' not in page


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "[::1"]
)
def test_foreign_host__is_refused_and_never_repeated(host: str) -> None:
    with override_settings(ALLOWED_HOSTS=["127.0.0.1", "localhost", "[::1]", "testserver"]):
        answer = Client().get("/sign-in/", headers={"Host": host})
    assert answer.status_code == 400
    assert b"evil" not in answer.content
    assert b"Traceback" not in answer.content


def test_forwarded_host__is_not_believed() -> None:
    answer = Client().get("/office", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers["Location"]


def test_header__cannot_be_split_by_what_is_typed() -> None:
    client = Client()
    for address in ("/language/ru?next=/%0d%0aSet-Cookie:%20a=b", "/sign-in/?next=/%0d%0aX: y", "/office%0d%0aX:y"):
        answer = client.get(address)
        assert all("\r" not in value and "\n" not in value for _name, value in answer.items())
        assert "a" not in answer.cookies


#: Photos of goods, the same for everybody: on a weak link they are not loaded again for each page. Nobody shares them.
OF_GOODS = {"catalogue:photo"}


def test_every_page__of_somebody_signed_in_is_kept_by_nobody_and_runs_nothing_foreign(furnished_world: World) -> None:
    world, seen = furnished_world, 0
    browsers = _everybody(world)
    for name, address, desks in _addresses(world):
        for desk, client in browsers.items():
            if desk not in desks and Desk.PUBLIC not in desks:
                continue
            answer = client.get(address)
            if answer.headers.get("Content-Type", "").startswith("text/html") and name != "health":
                seen += 1
            kept = answer.headers.get("Cache-Control", "")
            if name in OF_GOODS and answer.status_code == 200:
                assert "private" in kept, f"{desk} {name}"
            else:
                assert "no-store" in kept, f"{desk} {name}"
            policy = answer.headers["Content-Security-Policy"]
            if name in {"files:download", *OF_GOODS} and answer.status_code == 200:
                assert policy == "sandbox; default-src 'none'"
                continue
            for rule in (
                "default-src 'none'",
                "script-src 'self'",
                "form-action 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
            ):
                assert rule in policy, f"{name}: {policy}"
            assert "unsafe" not in policy
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] in {"same-origin", "strict-origin"}
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            if desk not in browsers:
                browsers = _everybody(world)
    assert seen > 60


def test_cookies_of_an_https_site__are_secure_and_the_session_is_for_no_script(furnished_world: World) -> None:
    world = furnished_world
    with override_settings(
        SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True, SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=31_536_000
    ):
        client = Client()
        assert client.get("/sign-in/").headers["Location"].startswith("https://")
        client.post("/sign-in/", {"iin": world.person.iin}, secure=True)
        answer = client.get("/sign-in/code", secure=True)
        client.get("/language/ru", secure=True)
        client.post("/display", {"usual": ""}, secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    for name, cookie in client.cookies.items():
        if not cookie.value:
            continue  # one that is taken back
        assert cookie["secure"], name
        assert cookie["samesite"] in {"Lax", "Strict"}, name
    assert client.cookies["tirek_session"]["httponly"]


@pytest.mark.usefixtures("refusals_in_short")
def test_broken_texts__are_refused_without_a_failure_of_the_system(furnished_world: World) -> None:
    world = furnished_world
    browsers = _everybody(world)
    for name, address, desks in _addresses(world):
        for desk in sorted(desks & browsers.keys()) or [Desk.RECIPIENT]:
            for text in BROKEN:
                fields = [
                    "number",
                    "state",
                    "page",
                    "year",
                    "scope",
                    "next",
                    "q",
                    "asked",
                    "text",
                    "status",
                    "sort",
                    "order",
                    "offer",
                ]
                answer = browsers[desk].get(address, dict.fromkeys(fields, text))
                if name == "health":
                    continue  # 503 while no worker runs
                assert answer.status_code < 500, f"{desk} {name} {text[:9]!r}"
        if "/orders/" in address or "/reference/" in address:
            for piece in ("%00", "%ff", "x" * 3000, "%2e%2e%2f"):
                for desk in sorted(desks & browsers.keys()):
                    answer = browsers[desk].get(f"{address.rsplit('/', 1)[0]}/{piece}")
                    assert answer.status_code < 500, f"{desk} {name} {piece[:9]}"


def test_broken_answers_of_a_form__are_refused_without_a_failure_of_the_system() -> None:
    world = World()
    client = signed_in(world.actor)
    address = reverse("draft-fields", args=[world.open_draft.pk])
    for value in ("\0", "\ud800", "9" * 5000, "not a key"):
        for field in ("line", "version", "quantity", "comment", "address", "\0", "consent"):
            body = json.dumps({"fields": {field: {"value": value, "base": 1}}})
            assert client.post(address, body, content_type="application/json").status_code < 500
            for step in ("check", "delivery", "quantity"):
                assert client.get(reverse("orders:step", args=[world.open_draft.pk, step])).status_code < 500, (
                    field,
                    value[:9],
                )
            for name in ("submit", "hand"):
                key = world.draft(3).pk
                client.post(reverse("draft-fields", args=[key]), body, content_type="application/json")
                assert (
                    client.post(reverse(f"orders:{name}", args=[key]), {"consent": make.CONSENT_VERSION}).status_code
                    < 500
                ), (
                    name,
                    field,
                    value[:9],
                )
    for body in (
        "",
        "[]",
        "{}",
        '{"fields": 1}',
        '{"fields": {"a": {"value": 1, "base": 1e999}}}',
        '{"fields": {"a": null}}',
    ):
        assert client.post(address, body, content_type="application/json").status_code == 422
    assert client.post(address, {"fields": "x"}).status_code == 422
    step = reverse("orders:step", args=[world.open_draft.pk, "delivery"])
    assert client.post(step, {"address": "Абай 1", "v_address": "9" * 5000}).status_code < 500
    assert client.post(step, {"address": "a\0b"}).status_code == 422


def test_error_pages__tell_nothing_of_the_inside(furnished_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = furnished_world
    client = signed_in(world.actor)
    client.raise_request_exception = False
    before = signing.Signature.objects.count()

    def fail(*_arguments: object, **_named: object) -> object:
        raise ValueError(f"secret of the inside {world.person.iin}")

    monkeypatch.setattr("tirek.ui.cases.view_of", fail)
    answer = client.get(reverse("orders:recipient-order", args=[world.placed.number]))
    assert answer.status_code == 500
    for told in ("secret of the inside", world.person.iin, "Traceback", "ValueError", "site-packages", ".py"):
        assert told not in answer.content.decode()
    assert signing.Signature.objects.count() == before


def test_every_route_of_the_public__is_known_here() -> None:
    """A page opened to everybody is a decision: the list is short and stands here."""
    public = {name for _address, name, entry in routes() if Desk.PUBLIC in desks_of(entry)}
    assert public == {
        "health", "web-health",
        "session-state", "session-keep", "draft-fields", "entrance:home", "entrance:help", "entrance:privacy",
        "entrance:accessibility", "entrance:terms", "entrance:status", "entrance:roles", "entrance:use-role",
        "ui:display", "ui:language", "desks:offline", "desks:offline-worker",
        "accounts:sign-in", "accounts:code", "accounts:new-code", "accounts:persona", "accounts:staff-sign-in",
        "accounts:mfa",
        "accounts:enrol", "accounts:forgotten", "accounts:link-sent", "accounts:new-password", "accounts:sign-out",
        "accounts:signed-out",
        "notices:sent", "catalogue:things", "catalogue:thing", "catalogue:offer", "catalogue:offer-paper",
        "catalogue:offers", "catalogue:offers-compare", "catalogue:offers-paper",
        "insight:waiting", "insight:waiting-csv", "insight:waiting-json", "insight:waiting-schema",
        "insight:readiness", "insight:readiness-of", "insight:prepared", "insight:prepared-csv", "insight:outcomes",
        "insight:outcomes-csv",
        "suppliers:join", "suppliers:public-offer", "suppliers:register",
    }  # fmt: skip
    # what is nobody's is open to all, but for the figures and the bulk pages of a desk, and a step of one's own
    assert NO_OBJECT - public == {
        "desks:overview-of", "notices:text", "orders:supplier-orders-bulk", "procurement:new-lot",
        "suppliers:supplier-paper", "reimbursements:officer-claims-bulk", "reimbursements:supplier-claims-bulk",
    }  # fmt: skip
