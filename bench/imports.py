"""How long files take: ``tirek import programmes`` with 100,000 lines of people who are registered, and a supplier's
workbook of 60,000 sizes; and how much memory.

The people are those of a share of the country (``tirek scale load``). Each programme of the file has four items; one in
twenty gives a kind that the person has already, so that it takes the place of an earlier programme and counts what was
taken by it.
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINES = 100_000
ITEMS = 4
#: Of how many programmes one takes the place of an earlier one.
REPLACES = 20
#: Share of the country with enough people for that.
SHARE = "0.036"


def run() -> dict[str, float | str]:
    """Measure; keys of ``import.*``."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TIREK_VAR": folder, "TIREK_DEMO": "1", "DJANGO_SETTINGS_MODULE": "tirek.settings"}
        environment.pop("TIREK_DATABASE_URL", None)
        tirek = [sys.executable, "-m", "tirek.cli"]
        _took([*tirek, "scale", "load", "--share", SHARE], environment)
        file = Path(folder) / "programmes.csv"
        _took([sys.executable, "-m", "bench.imports", str(file)], environment)
        first, work, most = _took([*tirek, "import", "programmes", str(file)], environment)
        again, _work, _most = _took([*tirek, "import", "programmes", str(file)], environment)
    return {
        "import.programmes_lines": LINES,
        "import.programmes_seconds": round(first, 1),
        "import.programmes_processor_seconds": round(work, 1),
        "import.programmes_again_seconds": round(again, 1),
        "import.programmes_mb": round(most, 1),
    }


#: Sizes of a supplier's workbook, and how many a card has.
OFFERED = 60_000
SIZES = 10


def run_offers() -> dict[str, float | str]:
    """Measure a supplier's workbook; keys of ``import.offers_*``."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TIREK_VAR": folder, "TIREK_DEMO": "1", "DJANGO_SETTINGS_MODULE": "tirek.settings"}
        environment.pop("TIREK_DATABASE_URL", None)
        _took([sys.executable, "-m", "tirek.cli", "scale", "load", "--share", "0.0005"], environment)
        told: dict[str, float] = {"lines": OFFERED}
        for step in ("write", "new", "prices"):
            command = [sys.executable, "-m", "bench.imports", "offers", step, folder]
            done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
            told |= json.loads(done.stdout.splitlines()[-1])
    return {f"import.offers_{name}": round(value, 1) for name, value in told.items()}


def offers(step: str, folder: Path) -> dict[str, float]:
    """One step of it, in a process of its own: write the workbook of new cards, bring it, change all prices."""
    import django

    from tirek.cli import embedded

    with embedded.Embedded(folder):
        django.setup()
        from tirek.accounts.models import User
        from tirek.catalogue import card_book
        from tirek.catalogue.card_imports import CARDS
        from tirek.catalogue.deciding import load
        from tirek.catalogue.file_columns import columns_of
        from tirek.catalogue.models import Offer
        from tirek.catalogue.queries import kind_of
        from tirek.core import imports
        from tirek.core.actors import Actor, Desk
        from tirek.suppliers.models import Supplier

        supplier, kind = Supplier.objects.select_related("organisation").order_by("pk")[0], kind_of("GI-01")
        actor = Actor(
            desk=Desk.SUPPLIER, user_id=User.objects.order_by("pk")[0].pk, organisation_id=supplier.organisation_id
        )
        columns, book = columns_of(kind), folder / "offers.xlsx"
        Offer.objects.filter(supplier=supplier, kind=kind).exclude(state=Offer.State.DRAFT).update(
            state=Offer.State.ARCHIVED
        )

        def taken(content: bytes) -> tuple[float, float]:
            began = time.monotonic()
            run = imports.begin_file(actor=actor, file=CARDS, about=kind.code, file_name="offers.xlsx", content=content)
            imports.carry_out(run.pk)
            checked = time.monotonic() - began
            run.refresh_from_db()
            imports.confirm(actor=actor, run=run)
            imports.carry_out(run.pk)
            run.refresh_from_db()
            if run.state != imports.Run.State.DONE or run.made + run.changed < OFFERED:
                raise SystemExit(f"The file was not taken: {run.state}, {run.mistakes[:3]}")
            return checked, time.monotonic() - began

        if step == "write":
            region = "100000000"
            lines = [
                (
                    *(
                        "",
                        f"Жөргек № {n // SIZES}",
                        f"Подгузники № {n // SIZES}",
                        "",
                        "Жұмсақ жөргек",
                        "Мягкие подгузники",
                    ),
                    *("", "", "", "", "Ertis", "KZ", 0, 7, region, f"M-{n % SIZES}", f"A-{n}", 100 + n % 900, 50),
                )
                for n in range(OFFERED)
            ]
            book.write_bytes(card_book.as_workbook(columns, lines, kind))
            return {"file_mb": book.stat().st_size / 1e6}
        if step == "new":
            checked, whole = taken(book.read_bytes())
            return {"check_seconds": checked, "seconds": whole, "mb": _most_mb()}
        # they are on sale, and every price goes up
        Offer.objects.filter(supplier=supplier, kind=kind, state=Offer.State.DRAFT).update(state=Offer.State.ACTIVE)
        price = [one.name for one in columns].index("price")
        began, lines = time.monotonic(), []
        for line in card_book.lines_of_offers(load(supplier, kind).values(), columns, kind):
            line[price] = (line[price] or 0) + 1  # type: ignore[operator]  # a number
            lines.append(line)
        content = card_book.as_workbook(columns, lines, kind)
        written = time.monotonic() - began
        del lines
        _checked, whole = taken(content)
        return {"book_seconds": written, "prices_seconds": whole, "prices_mb": _most_mb()}


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _took(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds of a command that has to end well, its start and that of the database included; of it processor time,
    without that of PostgreSQL; and megabytes of it.
    """
    began = time.monotonic()
    child = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Write the file."""
    import django

    from tirek.cli import embedded

    with embedded.Embedded(Path(os.environ["TIREK_VAR"])):
        django.setup()
        from tirek.catalogue.models import Kind
        from tirek.entitlements.models import Line
        from tirek.people.models import Person

        kinds, had = list(Kind.objects.values_list("code", flat=True)), defaultdict(set)
        for person, kind in Line.objects.values_list("person_id", "kind_id"):
            had[person].add(kind)
        chance, written = random.Random(1), 0  # noqa: S311 - not a secret
        with Path(sys.argv[1]).open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(["iin", "issued_on", "issued_by", "valid_until", "kind", "quantity", "employer_pays"])
            living = Person.objects.filter(deceased_on__isnull=True).order_by("iin")
            for n, (key, iin) in enumerate(living.values_list("pk", "iin")):
                chosen = chance.sample([one for one in kinds if one not in had[key]], ITEMS)
                if had[key] and n % REPLACES == 0:
                    chosen[0] = min(had[key])
                for kind in chosen:
                    out.writerow([iin, "2026-11-20", "МӘС № 2 / МСЭ № 2", "2029-01-15", kind, 2, "no"])
                written += len(chosen)
                if written >= LINES:
                    return
        raise SystemExit(f"The share has people for {written} lines alone.")


if __name__ == "__main__":
    if sys.argv[1] == "offers":
        print(json.dumps(offers(sys.argv[2], Path(sys.argv[3]))))
    else:
        main()
