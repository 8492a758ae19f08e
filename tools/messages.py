"""Extracts, checks and compiles the translations of our apps: ``python tools/messages.py [app …] [--check]``.

Keeps what is translated, drops what is gone, writes ``.mo`` files beside the ``.po`` files and lists what has no
translation or is unsure. Exits with 1 when something is missing; with ``--check`` nothing is written.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tirek"
PLURALS = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
    "_lazy",
    "_now",
)


def _template_source(path: Path) -> str:
    from django.utils.translation.template import templatize

    return templatize(path.read_text(encoding="utf-8"), origin=str(path))


def extracted(app: Path) -> polib.POFile:
    """Every message of an app's Python files and templates, sorted, without addresses of lines."""
    with tempfile.TemporaryDirectory() as folder:
        work, names = Path(folder), []
        for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]):
            if "migrations" in path.parts or "static" in path.parts:
                continue
            copy = work / path.relative_to(app)
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix != ".py":
                copy = copy.with_name(copy.name + ".py")
            copy.write_text(
                path.read_text(encoding="utf-8") if path.suffix == ".py" else _template_source(path), encoding="utf-8"
            )
            names.append(str(copy.relative_to(work)))
        if not names:
            return polib.POFile()
        output = work / "messages.pot"
        subprocess.run(  # noqa: S603 - a fixed command over our own files
            ["xgettext", "-L", "Python", "--from-code=UTF-8", "--no-location", "--sort-output", "-o", str(output)]
            + [f"--keyword={word}" for word in KEYWORDS]
            + names,
            cwd=work,
            check=True,
            stderr=subprocess.DEVNULL,
        )
        return polib.pofile(str(output)) if output.exists() else polib.POFile()


def _merged(template: polib.POFile, path: Path, language: str) -> polib.POFile:
    known = polib.pofile(str(path)) if path.exists() else polib.POFile()
    fresh = polib.POFile(wrapwidth=0)
    fresh.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    count = 2 if language == "kk" else 3
    for message in template:
        old = known.find(message.msgid, msgctxt=message.msgctxt or False)
        flags = [flag for flag in message.flags if flag != "fuzzy"]
        entry = polib.POEntry(msgid=message.msgid, msgctxt=message.msgctxt, flags=flags)
        if message.msgid_plural:
            entry.msgid_plural = message.msgid_plural
            entry.msgstr_plural = {
                n: (old.msgstr_plural.get(n, "") if old and old.msgid_plural else "") for n in range(count)
            }
        else:
            entry.msgstr = old.msgstr if old else ""
        fresh.append(entry)
    return fresh


def _open(entry: polib.POEntry) -> bool:
    return not all(entry.msgstr_plural.values()) if entry.msgid_plural else not entry.msgstr


def main(arguments: list[str]) -> int:
    """Work through the named apps, or all."""
    check = "--check" in arguments
    chosen = [name for name in arguments if not name.startswith("-")]
    apps = (
        [SOURCE / name for name in chosen]
        if chosen
        else sorted(path for path in SOURCE.iterdir() if (path / "apps.py").exists())
    )
    missing = 0
    for app in apps:
        template = extracted(app)
        if not len(template):
            continue
        for language in PLURALS:
            path = app / "locale" / language / "LC_MESSAGES" / "django.po"
            merged = _merged(template, path, language)
            if check:
                old = path.read_text(encoding="utf-8") if path.exists() else ""
                if old != str(merged) + "\n" and old != str(merged):
                    print(f"{app.name} {language}: not extracted anew")  # noqa: T201 - a command speaks to its user
                    missing += 1
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                merged.save(str(path))
                merged.save_as_mofile(str(path.with_suffix(".mo")))
            for entry in merged:
                if _open(entry):
                    missing += 1
                    print(f"{app.name} {language}: {entry.msgid!r}")  # noqa: T201 - as above
    print(f"{missing} open" if missing else "all translated")  # noqa: T201 - as above
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
