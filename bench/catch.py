"""Catches the statements of one submit, from the session to the commit, as a recipe that can be repeated for other
people.
"""

import base64
import json
import re
import sys
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - after setup
from django.test import Client  # noqa: E402
from psycopg import Binary  # noqa: E402
from psycopg.types.json import Json, Jsonb  # noqa: E402

from bench.world import CSRF  # noqa: E402
from tirek.catalogue.models import OfferVersion  # noqa: E402
from tirek.core.drafts import Draft  # noqa: E402
from tirek.entitlements.models import Line  # noqa: E402

caught: list[tuple[str, tuple[object, ...]]] = []


# Django's signature
def _catch(execute: object, sql: str, params: object, many: bool, context: object) -> object:  # noqa: FBT001
    if isinstance(params, dict):
        named = re.findall(r"%\((\w+)\)s", sql)
        caught.append((re.sub(r"%\(\w+\)s", "%s", sql), tuple(params[name] for name in named)))
    else:
        caught.append((sql, tuple(params or ())))  # type: ignore[call-overload]
    return execute(sql, params, many, context)  # type: ignore[operator]


def plain(value: object, names: dict[str, str], fresh: dict[str, str]) -> object:
    """A parameter as JSON: a name of the person, a fresh key, or the constant itself."""
    if isinstance(value, Json | Jsonb):
        return {"json": json.dumps(value.obj)}
    if isinstance(value, UUID):
        text = str(value)
        if text in names:
            return {"name": names[text]}
        return {"fresh": fresh.setdefault(text, f"key{len(fresh)}")}
    if isinstance(value, str) and value in names:
        return {"name": names[value], "text": True}
    if isinstance(value, str) and re.fullmatch(r"ТС-\d{4}-\d+", value):
        return {"number": True}
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Binary):
        value = value.obj
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, list | tuple):
        return {"list": [plain(one, names, fresh) for one in value]}
    return {"constant": value}


def main(draft_key: str, session: str) -> None:
    draft = Draft.objects.get(pk=draft_key)
    line = Line.objects.get(pk=draft.values()["line"])
    version = OfferVersion.objects.get(pk=draft.values()["version"])
    names = {
        str(draft.pk): "draft", str(line.pk): "line", str(line.person_id): "person", str(draft.owner_id): "user",
        str(line.programme_id): "programme", str(version.pk): "version", str(version.variant_id): "variant",
        session: "session",
    }  # fmt: skip
    fixed = {str(value) for value in _shared_keys(version)}
    client = Client(enforce_csrf_checks=True)
    client.cookies["tirek_session"], client.cookies["tirek_csrf"], client.cookies["tirek_device"] = (
        session,
        CSRF,
        "bench",
    )
    # once to warm what a process keeps of dated data, once to catch; both are undone
    for _ in range(2):
        caught.clear()
        with transaction.atomic(), connection.execute_wrapper(_catch):
            answer = client.post(
                f"/order/form/{draft_key}/submit",
                {"csrfmiddlewaretoken": CSRF, "consent": "on", "seen_person_part": "0", "seen_quantity": "30"},
                HTTP_HOST="127.0.0.1",
            )
            transaction.set_rollback(True)
        if answer.status_code != 302:
            raise SystemExit(f"The submit answered {answer.status_code}: {answer.content.decode()[:3000]}")
    fresh: dict[str, str] = {}
    statements = []
    inside = False
    for sql, params in caught:
        if "SAVEPOINT" in sql:
            inside = not sql.startswith("RELEASE")
            statements.append({"sql": "BEGIN" if inside else "COMMIT", "params": []})
            continue
        told = [
            {"constant_key": str(one)} if isinstance(one, UUID) and str(one) in fixed else plain(one, names, fresh)
            for one in params
        ]
        statements.append({"sql": sql, "params": told})
    json.dump({"statements": statements}, sys.stdout)


def _shared_keys(version: OfferVersion) -> list[object]:
    offer = version.variant.offer
    from tirek.catalogue.models import GuaranteedAmount

    return [
        offer.pk,
        offer.supplier_id,
        offer.supplier.organisation_id,
        *GuaranteedAmount.objects.values_list("pk", flat=True),
    ]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
