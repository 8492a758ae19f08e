"""How well the search of the catalogue understands people: the right kind among the first five, and as the first one,
with meanings and by letters alone.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.questions import Question, questions

ROOT = Path(__file__).resolve().parent.parent


def run() -> dict[str, float | str]:
    """Measure; keys of ``catalogue.*``, and the table by how the questions are put."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TIREK_VAR": folder, "TIREK_DEMO": "1", "DJANGO_SETTINGS_MODULE": "tirek.settings"}
        environment.pop("TIREK_DATABASE_URL", None)
        told = subprocess.run(
            [sys.executable, "-m", "bench.catalogue"],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    figures, _line, table = told.partition("\n")
    top5, top1, letters, milliseconds, count = (float(one) for one in figures.split())
    return {
        "catalogue.questions": count,
        "catalogue.search_top5": round(top5, 3),
        "catalogue.search_first": round(top1, 3),
        "catalogue.search_top5_by_letters": round(letters, 3),
        "catalogue.search_ms": round(milliseconds, 1),
        "catalogue.table": table.strip(),
    }


def share(asked: list[Question], order: Callable[[str], list[str]], first: int) -> float:
    """Which share of the questions has a right kind among so many first ones."""
    return sum(bool(one.right & set(order(one.text)[:first])) for one in asked) / len(asked)


def main() -> None:
    """Ask in a database of its own; print the figures in a line, then the table."""
    import django

    from tirek.cli import embedded

    with embedded.Embedded(Path(os.environ["TIREK_VAR"])):
        subprocess.run([sys.executable, "-m", "tirek.cli", "prepare"], check=True, stdout=subprocess.DEVNULL)
        django.setup()
        from tirek.catalogue import actions, finding
        from tirek.core.likeness import in_order
        from tirek.core.reference.snapshot import forget_all

        asked = questions()

        def order(text: str) -> list[str]:
            return list(in_order(finding.likeness(text)))

        letters = share(asked, order, 5)
        while actions.tell_meanings():
            pass
        forget_all()
        order("жөргек")
        took = []
        for one in asked:
            began = time.process_time()
            order(one.text)
            took.append((time.process_time() - began) * 1000)
        print(share(asked, order, 5), share(asked, order, 1), letters, median(took), len(asked))
        ways: dict[str, list[Question]] = defaultdict(list)
        for one in asked:
            ways[one.way].append(one)
            ways[f"language: {one.language}"].append(one)
        print("| how it is put | questions | first five | first |\n| --- | ---: | ---: | ---: |")
        for way, some in sorted(ways.items()):
            print(f"| {way} | {len(some)} | {share(some, order, 5):.3f} | {share(some, order, 1):.3f} |")


if __name__ == "__main__":
    main()
