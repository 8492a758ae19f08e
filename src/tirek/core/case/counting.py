"""Counts of open cases from their rows, for whoever has few of them; those of an office come from ``figures``."""

from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from tirek.core.case import deadlines


def by_light_and_place(rows: QuerySet[Any]) -> tuple[list[tuple[str, str | None, int]], frozenset[str]]:
    """How many of these cases stand in each state with each light of their deadline, and the КАТО codes of their places
    (one query, which reads the rows once).
    """
    lit = rows.order_by().annotate(colour=deadlines.light_now()).values_list("state", "colour", "territory_code")
    sql, values = lit.annotate(n=Count("*")).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, colour, territory_code, grouping(territory_code) = 1, sum(n)"  # noqa: S608 - Django's own
            f" FROM ({sql}) AS one GROUP BY GROUPING SETS ((state, colour), (territory_code))",
            values,
        )
        told = cursor.fetchall()
    of_light = [(state, light, int(count)) for state, light, _place, is_light, count in told if is_light]
    return of_light, frozenset(place for _state, _light, place, is_light, _count in told if not is_light)
