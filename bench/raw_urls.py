"""The bare view: the statements of a submit on a cursor, in one transaction where the product has one."""

import json
from uuid import uuid4

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from bench.recipe import statements, value


def submit(request: HttpRequest) -> HttpResponse:
    """Run the recipe for the person of the body."""
    person, fresh, number = json.loads(request.body), {}, f"B{uuid4().hex[:24]}"
    block = None
    with connection.cursor() as cursor:
        for sql, params in statements():
            if sql == "BEGIN":
                block = transaction.atomic()
                block.__enter__()
            elif sql == "COMMIT" and block is not None:
                block.__exit__(None, None, None)
            else:
                cursor.execute(sql, [value(one, person, fresh, number) for one in params])
                if cursor.description:
                    cursor.fetchall()
    return HttpResponse("ok")


def ready(_request: HttpRequest) -> HttpResponse:
    """The server answers."""
    return HttpResponse("ok")


urlpatterns = [path("submit", submit), path("ready", ready)]
