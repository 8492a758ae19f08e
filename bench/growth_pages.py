"""Reads pages of a country that is loaded (``tirek scale load``), asked one by one over standard input.

Prints the names of the pages as one line of JSON, then for each that is asked (name, how many rows a list of it has at
most) a line with milliseconds, those of processor time of this process and of its database process, statements,
kilobytes, and rows.
"""

import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import URLPattern, URLResolver, get_resolver, reverse  # noqa: E402

from tirek.accounts.models import User  # noqa: E402
from tirek.accounts.sessions import FACTOR  # noqa: E402
from tirek.cli import embedded  # noqa: E402
from tirek.core.actors import Desk  # noqa: E402
from tirek.core.case.deadlines import Light  # noqa: E402
from tirek.desks import queries as forms  # noqa: E402
from tirek.notices.views import inbox  # noqa: E402
from tirek.orders.case_pages import LIST  # noqa: E402
from tirek.orders.models import Order  # noqa: E402
from tirek.orders.views import ordering  # noqa: E402
from tirek.organisations.models import Membership, Organisation  # noqa: E402
from tirek.site import sessions  # noqa: E402
from tirek.ui import worklist  # noqa: E402
from tirek.ui.desks import DESKS  # noqa: E402
from tirek.ui.lists import tasks  # noqa: E402
from tirek.wsgi import application  # noqa: E402,F401 - a web process as it begins

#: Somebody at each desk where most happens: the largest city, its region, the supplier of most orders.
STAFF: Final = {
    "officer": "officer@example.kz",
    "region": "region@example.kz",
    "supplier": "importer@example.kz",
    "admin": "admin@example.kz",
    "analyst": "analyst@example.kz",
}
#: Whose list of orders it is, by who reads it.
LISTS: Final = {"officer": "officer", "region": "officer", "supplier": "supplier"}
FILTERS: Final = (
    "state=submitted",
    "state=received",
    "state=received&page=40",
    "sort=name",
    "sort=deadline",
    "sort=-deadline",
    "sort=number",
    "state=accepted&sort=deadline",
)
#: How long the lists of a page are at most: where it stands, and its name.
LENGTHS: Final = (
    (LIST, "per_page"),
    (tasks, "PER_LIST"),
    (worklist, "MOST"),
    (forms, "MOST_FORMS"),
    (ordering, "OFFERS_PER_PAGE"),
    (inbox, "PER_PAGE"),
)
#: A row of a table or a card of a list.
ROW: Final = re.compile(
    rb"<tbody>(.*?)</tbody>|<article\b|<li class=\"[^\"]*card|<a[^>]+href=\"/notices/[0-9a-f-]{36}\"", re.DOTALL
)
#: Routes that show a page of the signing in, end it, or write a file: they read nothing that grows.
LEFT_OUT: Final = ("accounts:", "manage:preview", "health")


def client_of(user: User, membership: Membership | None) -> Client:
    """A browser in which somebody works."""
    made = import_module(settings.SESSION_ENGINE).SessionStore()
    made[SESSION_KEY], made[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY], made[FACTOR] = user.get_session_auth_hash(), True
    if membership is not None:
        made[sessions.MEMBERSHIP] = str(membership.pk)
    made.create()
    client = Client(headers={"Accept-Language": "kk"})
    client.cookies[settings.SESSION_COOKIE_NAME] = made.session_key
    return client


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route by its full name."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name:
            yield f"{prefix}{entry.name}", entry


def _keys(order: Order, shown: Order) -> dict[str, dict[str, object]]:
    """What an address of a route asks for, by the route, by the names of what it asks for, or by these in an app."""
    kind, offer = order.line.kind_id, order.version_of_offer.variant.offer_id
    return {
        "": {},
        "line_key": {"line_key": order.line_id},
        "line_key offer_key": {"line_key": order.line_id, "offer_key": offer},
        "orders: number": {"number": shown.number},
        "catalogue:thing": {"code": kind},
        "catalogue:offers": {"code": kind},
        "catalogue:offer": {"key": offer},
        "desks:officer-person": {"key": order.person_id},
        "entitlements:recipient-line": {"key": order.line_id},
        "entitlements:officer-line": {"key": order.line_id},
    }


def pages() -> Iterator[tuple[str, Client, str]]:
    """Every page of every desk: name, browser, address."""
    order = (
        Order.objects.filter(territory_code="101000000", state="awaiting_confirmation")
        .select_related("person__user", "line", "version_of_offer__variant__offer")
        .order_by("pk")
        .first()
    )
    assert order is not None
    assert order.person.user is not None
    people = {
        "recipient": (client_of(order.person.user, None), Desk.RECIPIENT),
        "anybody": (Client(headers={"Accept-Language": "kk"}), Desk.PUBLIC),
    }
    for name, email in STAFF.items():
        row = Membership.objects.select_related("user").get(user__email=email)
        desk = {"region": Desk.OFFICER}.get(name) or Desk(name)
        people[name] = (client_of(row.user, row), desk)
    demo = Organisation.objects.get(memberships__user__email=STAFF["supplier"])
    theirs = Order.objects.filter(organisation=demo, state="submitted").order_by("pk").first() or order
    for who, (client, desk) in people.items():
        shown = theirs if who == "supplier" else order
        keys = _keys(order, shown)
        for name, entry in routes(get_resolver()):
            if desk not in getattr(entry.callback, DESKS, ()) or name.startswith(LEFT_OUT):
                continue
            needed = " ".join(sorted(entry.pattern.converters, reverse=True))
            found = next(
                (keys[one] for one in (name, needed, f"{name.partition(':')[0]}: {needed}") if one in keys), None
            )
            if found is not None:
                yield f"{who} {name}", client, reverse(name, kwargs=found)
        if who in LISTS:
            yield from lists(who, client, shown)
        if who == "officer":
            find = reverse("desks:officer-find")
            yield f"{who} find IIN", client, f"{find}?iin={order.person.iin}"
        if who == "anybody":
            offers = reverse("catalogue:offers", args=[order.line.kind_id])
            yield f"{who} catalogue:offers of a place", client, f"{offers}?place={order.territory_code}"
            yield f"{who} catalogue:things by words", client, f"{reverse('catalogue:things')}?text=жоргек"
        if who == "recipient":
            yield f"{who} offers, page 3", client, reverse("orders:offers", args=[order.line_id]) + "?page=3"


def lists(who: str, client: Client, shown: Order) -> Iterator[tuple[str, Client, str]]:
    """The list of orders at a desk of staff, by each filter and in each order."""
    address = reverse(f"orders:{LISTS[who]}-orders")
    digits = str(int(shown.number[-7:]))
    asked = {one: one for one in FILTERS if "name" not in one or who != "supplier"}
    asked |= {f"light={one.value}": f"light={one.value}" for one in Light}
    asked |= {"number, whole": f"number={shown.number}", "number, digits": f"number={digits}"}
    for name, said in asked.items():
        yield f"{who} orders {name}", client, f"{address}?{said}"


@contextmanager
def database() -> Iterator[None]:
    """The embedded server of this country, if it is embedded."""
    outside = os.environ.get("TIREK_DATABASE_URL")
    with nullcontext() if outside else embedded.Embedded(Path(os.environ["TIREK_VAR"])):
        yield


def processor_time() -> tuple[float, float]:
    """Seconds that this process has worked, and the process of the database that works for it, if that is here."""
    # psycopg's own word for it: a statement would be counted
    pid = connection.connection.info.backend_pid if connection.connection else 0
    told = Path(f"/proc/{pid}/schedstat")
    return time.process_time(), int(told.read_text().split()[0]) / 1e9 if pid and told.exists() else 0.0


def rows_of(body: bytes) -> int:
    """How many rows and cards a page shows."""
    return sum(one[1].count(b"<tr") if one[1] is not None else 1 for one in ROW.finditer(body))


@contextmanager
def no_longer_than(rows: int) -> Iterator[None]:
    """In the block a list shows so many rows at most; 0 leaves it as it is."""
    before = [(where, name, getattr(where, name)) for where, name in LENGTHS]
    try:
        for where, name, length in before if rows else ():
            # one of them is a frozen dataclass
            object.__setattr__(where, name, min(rows, length))
        yield
    finally:
        for where, name, length in before:
            object.__setattr__(where, name, length)


def read(client: Client, address: str, most: int = 0) -> dict[str, Any]:
    """One page: how long it took, what of it this process and the database, how many statements, its length on the
    wire, and how many rows it shows (``most`` in a list).
    """
    counted = 0

    def count(execute: Callable[..., object], *statement: object) -> object:
        nonlocal counted
        counted += 1
        return execute(*statement)

    with no_longer_than(most), connection.execute_wrapper(count):
        began, (worked, database_worked) = time.perf_counter(), processor_time()
        answer = client.get(address, HTTP_HOST="127.0.0.1")
        body = b"".join(answer) if answer.streaming else answer.content
        took, (work, database_work) = time.perf_counter() - began, processor_time()
    return {
        "status": answer.status_code,
        "ms": took * 1000,
        "cpu": (work - worked) * 1000,
        "cpu_sql": (database_work - database_worked) * 1000,
        "statements": counted,
        "rows": rows_of(body),
        "kb": len(gzip.compress(body, 6)) / 1000,
        "page": answer.get("Content-Type", "").startswith("text/html"),
    }


def main() -> None:
    """Answer until the input ends."""
    with database():
        known = {name: (client, address) for name, client, address in pages()}
        print(json.dumps(sorted(known)), flush=True)
        for line in sys.stdin:
            name, most = json.loads(line)
            print(json.dumps(read(*known[name], most)), flush=True)


if __name__ == "__main__":
    main()
