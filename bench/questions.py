"""Questions to the search of the catalogue: what people type, and the kinds that are a right answer.

Written apart from the code of the search. A third of them, every third row, was looked at while it was built; what is
published is told of the others.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("questions.csv")
#: Every so many rows one was looked at.
LOOKED_AT: Final = 3


@dataclass(frozen=True)
class Question:
    """What somebody types, the kinds that answer it, in which language it is and how it is put."""

    text: str
    right: frozenset[str]
    language: str
    way: str


def questions() -> list[Question]:
    """Those that were not looked at."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Question(row["text"], frozenset({row["kind"], *row["also_right"].split()}), row["language"], row["way"])
        for place, row in enumerate(rows)
        if place % LOOKED_AT
    ]
