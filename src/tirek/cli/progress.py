"""Progress of long work, on the terminal's error stream so that output can be piped."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

CONSOLE = Console(stderr=True)


@contextmanager
def bar() -> Iterator[Progress]:
    """A display of bars, one per task that is added to it."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=CONSOLE) as progress:
        yield progress


def step_by_step(what: str, steps: Iterable[tuple[str, int]]) -> int:
    """Walks through ``steps`` (name, rows) and shows each as it is done; returns all rows together."""
    rows = 0
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=CONSOLE) as progress:
        task = progress.add_task(what, total=None)
        for name, count in steps:
            rows += count
            progress.update(task, description=f"{what}: {name} ({count})")
        progress.update(task, description=f"{what}: {rows}", total=1, completed=1)
    return rows
