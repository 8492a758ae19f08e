"""Reads pages of the demo in whatever code its interpreter has, and tells the processor milliseconds of each.

It imports nothing of this folder: an earlier code runs it, too. A line of the input names a page; the first line of the
output holds the names of all.
"""

import json
import os
import re
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from tirek.cli import embedded

#: Heading of the picker of demo people → how many of them, home, and the lists of the desk.
DESKS: dict[str, tuple[int, str, list[str]]] = {
    "Recipient": (5, "/home", ["/programme", "/orders", "/drafts"]),
    "Supplier": (2, "/supply", ["/supply/orders", "/supply/offers"]),
    "Officer": (4, "/office", ["/office/orders", "/office/tasks", "/office/drafts"]),
}
#: Pages that are led to from those: name → what their address looks like.
FURTHER = {
    "line": r'href="(/programme/[0-9a-f-]{36})"',
    "offers": r'href="(/order/[0-9a-f-]{36})"',
    "order": r'href="(/(?:supply/|office/)?orders/[^"/?#]+[0-9])["?]',
}
PUBLIC = {"public home": "/", "terms": "/terms", "help": "/help", "sign-in": "/sign-in"}


def worked() -> float:
    """Seconds that this process has worked, and the process of the database that works for it."""
    from django.db import connection

    pid = connection.connection.info.backend_pid if connection.connection else 0
    told = Path(f"/proc/{pid}/schedstat")
    return time.process_time() + (int(told.read_text().split()[0]) / 1e9 if pid and told.exists() else 0.0)


def signed_in(desk: str, nth: int) -> Any:  # noqa: ANN401 - a client, known once Django is set up
    """A browser in which the nth demo person of a desk has signed in; the pages are Kazakh."""
    from django.test import Client

    client = Client(headers={"Accept-Language": "en"}, HTTP_HOST="127.0.0.1")
    page = client.get("/sign-in/demo").content.decode()
    part = page.split("<main", 1)[1]
    form = re.search(r'<form[^>]*action="([^"]*)"', part)
    people = re.search(rf"<h2[^>]*>\s*{desk}\s*</h2>(.*?)</ul>", part, re.DOTALL)
    assert people is not None, desk
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', people[1])
    name, value = [one for one in hidden if one[0] != "csrfmiddlewaretoken"][nth]
    answer = client.post((form[1] if form and form[1] else "/sign-in/demo"), {name: value})
    assert answer.status_code in {302, 303}, (desk, answer.status_code)
    client.cookies["tirek_language"] = "kk"
    return client


def pages() -> dict[str, tuple[Any, str]]:
    """Every page by name: the browser in which it is read, and its address."""
    from django.test import Client

    known: dict[str, tuple[Any, str]] = {name: (Client(HTTP_HOST="127.0.0.1"), url) for name, url in PUBLIC.items()}
    for desk, (people, home, lists) in DESKS.items():
        for nth in range(people):
            client, who = signed_in(desk, nth), f"{desk.lower()} {nth}"
            seen = ""
            for address in (home, *lists):
                known[f"{who} {address}"] = client, address
                seen += client.get(address).content.decode()
            for name, looks in FURTHER.items():
                found = re.search(looks, seen)
                if found:
                    known[f"{who} {name}"] = client, found[1]
    return {name: one for name, one in known.items() if one[0].get(one[1]).status_code == 200}


def read(client: Any, address: str) -> float:  # noqa: ANN401 - a client
    """Processor milliseconds of one page."""
    began = worked()
    answer = client.get(address)
    b"".join(answer) if answer.streaming else answer.content
    return (worked() - began) * 1000


def main() -> None:
    """Answer until the input ends."""
    with embedded.Embedded(Path(os.environ["TIREK_VAR"])):
        django.setup()
        # a web process as it begins
        import_module("tirek.wsgi")
        known = pages()
        for client, address in known.values():
            read(client, address)
        print(json.dumps(sorted(known)), flush=True)
        for line in sys.stdin:
            print(json.dumps(read(*known[json.loads(line)])), flush=True)


if __name__ == "__main__":
    main()
