"""The tables of a new installation: ``tirek migrate`` makes them once for a state of the source, others copy them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.kit.alone import alone
from tests.kit.database import state_of_the_source
from tests.runtime.installation import Installation

from tirek.config import config


def _make(archive: Path) -> None:
    made = Path(tempfile.mkdtemp(prefix="tirek-test-", dir="/tmp"))
    made.chmod(0o755)
    first, unfinished = Installation(made / "var"), archive.with_suffix(".unfinished")
    try:
        done = first.tirek("migrate")
        assert done.returncode == 0, done.stdout
        subprocess.run(["tar", "-C", str(first.var), "-cf", str(unfinished), "."], check=True)
    finally:
        first.remove()
        shutil.rmtree(made, ignore_errors=True)
    # a broken-off attempt leaves nothing under the real name
    unfinished.rename(archive)


def put_migrated(var: Path) -> None:
    """Make ``var`` the folder of an installation whose tables are made and empty."""
    kept = config().var / "migrated"
    kept.mkdir(parents=True, exist_ok=True)
    archive = kept / f"{state_of_the_source()}.tar"
    with alone(kept / "lock"):
        if not archive.exists():
            for old in kept.glob("*.tar"):
                old.unlink()
            _make(archive)
    var.mkdir()
    subprocess.run(["tar", "-C", str(var), "-xpf", str(archive)], check=True)
