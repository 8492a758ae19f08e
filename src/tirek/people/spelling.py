"""Columns of names, folded in the database as ``tirek.core.folding`` folds what was typed."""

from django.db.models import Func, TextField
from django.db.models.functions import Collate

from tirek.core.folding import FROM, TO


class Folded(Func):
    """A column of names in the letters of ``folded``, compared by code points: a beginning is found by an index."""

    function = "TRANSLATE"
    template = f"%(function)s(%(expressions)s, '{FROM}', '{TO}')"
    output_field = TextField()


def by_letters(column: str) -> Collate:
    """The folded column, in an order that does not depend on the server."""
    return Collate(Folded(column), "C")
