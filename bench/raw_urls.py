"""The bare view: the statements of a submit on a cursor, in one transaction where the product has one.

Session, account and the check of the form's token are Django's own middleware, as in any project; with ``BENCH_NAKED``
there is no middleware, and these statements too run on the cursor.
"""

import json
import os
import time
from functools import lru_cache
from uuid import uuid4

from django import forms
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.recipe import statements, value

NAKED = bool(os.environ.get("BENCH_NAKED"))


class PressForm(forms.Form):
    """What the button sends."""

    consent = forms.BooleanField()
    person = forms.CharField()


@lru_cache(maxsize=1)
def _own() -> list[tuple[str, list[dict[str, object]]]]:
    """The statements that the view itself makes."""
    return [
        one
        for one in statements()
        if NAKED
        or not any(
            table in one[0] for table in ('FROM "django_session"', 'UPDATE "django_session"', 'FROM "accounts_user"')
        )
    ]


@lru_cache(maxsize=1)
def _touches_session() -> bool:
    return any('UPDATE "django_session"' in sql for sql, _params in statements())


def submit(request: HttpRequest) -> HttpResponse:
    """Run the recipe for the person of the form."""
    form = PressForm(request.POST)
    if not form.is_valid() or not (NAKED or request.user.is_authenticated):
        return HttpResponse(status=422)
    person, fresh, number = json.loads(form.cleaned_data["person"]), {}, f"B{uuid4().hex[:24]}"
    block = None
    with connection.cursor() as cursor:
        for sql, params in _own():
            if sql == "BEGIN":
                block = transaction.atomic()
                block.__enter__()
            elif sql == "COMMIT" and block is not None:
                block.__exit__(None, None, None)
                block = None
            else:
                cursor.execute(sql, [value(one, person, fresh, number) for one in params])
                if cursor.description:
                    cursor.fetchall()
    if not NAKED and _touches_session():
        request.session["seen"] = int(time.time())
    return HttpResponse("ok")


def ready(_request: HttpRequest) -> HttpResponse:
    """The server answers."""
    return HttpResponse("ok")


urlpatterns = [path("submit", submit), path("ready", ready)]
