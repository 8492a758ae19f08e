"""The recipe of the container names what is there, and runs nobody's errands as root."""

import re
import subprocess

from tests.kit.floors import ROOT

RECIPE = (ROOT / "Containerfile").read_text(encoding="utf-8")


def test_container__copies_files_that_are_there() -> None:
    copied = [
        name for line in re.findall(r"^COPY (?:--\S+ )?(.*)$", RECIPE, flags=re.MULTILINE) for name in line.split()[:-1]
    ]
    assert len(copied) > 5
    for name in copied:
        assert (ROOT / name).exists(), name
    (command,) = re.findall(r'^CMD \["(.+)"\]$', RECIPE, flags=re.MULTILINE)
    assert (ROOT / command).stat().st_mode & 0o111


def test_container__runs_as_a_user_without_rights_and_keeps_its_data_apart() -> None:
    assert re.findall(r"^USER (\S+)$", RECIPE, flags=re.MULTILINE) == ["tirek"]
    assert "VOLUME /tirek/var" in RECIPE


def test_script_of_the_container__is_sound() -> None:
    told = subprocess.run(["sh", "-n", str(ROOT / "tools" / "container")], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
