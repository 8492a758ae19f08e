"""The committed front end is what its sources give, and it is light."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest

ROOT = Path(__file__).resolve().parents[2]
ASSETS = ROOT / "assets"
STATIC = ROOT / "src" / "tirek" / "ui" / "static" / "tirek"
LEFT_OUT = {"node_modules", "__pycache__", "manifest.json"}
MANIFEST: dict[str, dict[str, str]] = json.loads((ASSETS / "manifest.json").read_text(encoding="utf-8"))
BUILT = ["tirek.css", "tirek.js", "boot.js", "sealed.js", "worker.js"]


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if not any(part in LEFT_OUT or part.startswith(".") for part in path.relative_to(folder).parts)
    }


@pytest.mark.parametrize(("kind", "folder"), [("sources", ASSETS), ("outputs", STATIC)])
def test_manifest__holds_the_hash_of_every_file(kind: str, folder: Path) -> None:
    assert hashes(folder) == MANIFEST[kind], "Front end changed: run `make assets` and commit what it wrote."


@pytest.mark.slow
def test_build__gives_the_committed_bytes_again(tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm is not on this machine")
    work = tmp_path / "assets"
    shutil.copytree(ASSETS, work, ignore=shutil.ignore_patterns("node_modules"))
    installed = subprocess.run(
        [npm, "ci", "--ignore-scripts"], cwd=work, capture_output=True, text=True, timeout=300, check=False
    )
    if installed.returncode != 0:
        pytest.skip(f"the packages cannot be installed here: {installed.stderr[-200:]}")
    subprocess.run([node, "build.mjs", "--out", str(tmp_path / "out")], cwd=work, check=True, timeout=300)
    again = hashes(tmp_path / "out")
    assert again == {name: MANIFEST["outputs"][name] for name in BUILT}


def on_the_wire(*names: str) -> int:
    """Bytes as they travel: text in Brotli, fonts as they are."""
    return sum(
        len((STATIC / name).read_bytes() if name.endswith(".woff2") else brotli.compress((STATIC / name).read_bytes()))
        for name in names
    )


@pytest.mark.parametrize(
    ("names", "limit"),
    [
        (["tirek.css"], 16_000),
        (["tirek.js", "boot.js"], 13_300),
        (["fonts/noto-sans-400.woff2", "fonts/noto-sans-700.woff2"], 45_000),
    ],
)
def test_weight__of_each_part_stays_small(names: list[str], limit: int) -> None:
    assert on_the_wire(*names) <= limit


def test_weight__of_everything_leaves_room_for_the_first_page() -> None:
    assert on_the_wire(*BUILT, "fonts/noto-sans-400.woff2", "fonts/noto-sans-700.woff2", "mark.svg") <= 73_000


def test_lock__pins_every_package_and_names_no_registry() -> None:
    lock = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert [name for name, one in packages.items() if "integrity" not in one or "resolved" in one] == []
    declared = json.loads((ASSETS / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert [version for version in declared.values() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_scripts_and_styles__name_no_other_server() -> None:
    for path in [*(ASSETS / "src").glob("*.js"), *(ASSETS / "scss").glob("*.scss")]:
        assert not re.search(r"https?://|//cdn|\beval\(|new Function", path.read_text(encoding="utf-8")), path


@pytest.mark.finding("A-A9")
def test_pages__load_no_script_that_is_not_ours_and_used() -> None:
    """A library for pages that ask for parts of themselves was loaded by every page, and asked for by none."""
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.html"))
    assert "hx-" not in pages
    assert "htmx" not in pages + (ASSETS / "package.json").read_text(encoding="utf-8")
    assert "htmx" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    loaded = set(re.findall(r"{% static ['\"]([^'\"]+\.js)", pages))
    assert loaded <= {f"tirek/{name}" for name in BUILT} | {"accounts/security-key.js"}
