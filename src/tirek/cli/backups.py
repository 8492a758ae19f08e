"""Commands that write an installation into one archive and fill an empty one from it.

The archive is a tar file: ``database.dump`` (PostgreSQL's custom format, with the rights of the roles), ``files/`` and
``manifest.json`` (what it is, with the SHA-256 of the dump and of the list of all files with theirs). It holds personal
data: it is made readable for its owner alone.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import BaseModel, ValidationError
from rich.progress import Progress

from tirek.cli import addresses, embedded, mark, rights
from tirek.cli.mark import Mark
from tirek.cli.problems import Problem
from tirek.cli.progress import CONSOLE, bar
from tirek.cli.supervisor import served
from tirek.config import Config, config
from tirek.core import clock

FORMAT: Final = 1
_PIECE: Final = 1 << 20
_ENVIRONMENT: Final = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}


class Manifest(BaseModel):
    """What an archive says of itself; archives made before say nothing of their list of files."""

    format: int
    tirek: str
    made_at: datetime
    postgresql: int
    purpose: Mark
    dump_sha256: str
    files: int
    files_sha256: str | None = None


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def backup(*, archive: Path) -> None:
    """Writes database and files into ARCHIVE (a new .tar file) while Tirek serves on. Keep the secrets of the settings
    apart from it.
    """
    installation = config()
    if archive.exists():
        raise Problem(
            f"{archive} is there already; a backup overwrites nothing.",
            command=f"tirek backup {archive.with_stem(archive.stem + '-2')}",
        )
    unfinished = archive.with_name(f"{archive.name}.unfinished")
    try:
        with (
            served(installation, waiting=CONSOLE.print),
            tempfile.TemporaryDirectory(dir=archive.absolute().parent) as scratch,
            bar() as progress,
        ):
            manifest, dump = _dumped(installation, Path(scratch), progress)
            with tarfile.open(unfinished, "w", format=tarfile.PAX_FORMAT) as tar:
                unfinished.chmod(0o600)
                tar.add(dump, "database.dump")
                added = _add_files(tar, installation.var / "files", progress)
                manifest = manifest.model_copy(update={"files": len(added), "files_sha256": _listed(added)})
                told = Path(scratch) / "manifest.json"
                told.write_text(manifest.model_dump_json(indent=2))
                tar.add(told, "manifest.json")
        unfinished.replace(archive)
    except OSError as error:
        raise Problem(
            f"The archive could not be written: {error.strerror}.", command=f"df -h '{archive.absolute().parent}'"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"{archive}: {archive.stat().st_size / 1e6:.1f} MB, {manifest.files} files.")


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, exists=True, path_type=Path))
def restore(*, archive: Path) -> None:
    """Fills an empty installation (a new TIREK_VAR, or an empty database) from ARCHIVE. What is there already is never
    touched.
    """
    installation = config()
    files = installation.var / "files"
    if files.exists() and any(files.iterdir()):
        raise Problem(
            f"{files} is not empty: restore into a new folder.",
            command=f"TIREK_VAR=new-folder tirek restore '{archive}'",
        )
    installation.var.mkdir(parents=True, exist_ok=True)
    with (
        served(installation, waiting=CONSOLE.print),
        tempfile.TemporaryDirectory(dir=installation.var) as scratch,
        bar() as progress,
    ):
        unpacked = Path(scratch)
        _unpack(archive, unpacked, progress)
        manifest = _checked(unpacked, archive)
        mark.refuse_mixing(installation, manifest.purpose)
        owner = addresses.owner(installation)
        _refuse_full(owner)
        # with promised rights in place, tables that may only grow would come back with the right to change them
        rights.ungrant_serving(owner, addresses.serving_role(installation))
        try:
            _restored(owner, unpacked / "database.dump", progress)
        finally:
            rights.grant_serving(owner, addresses.serving_role(installation))
        if (unpacked / "files").exists():
            files.parent.mkdir(parents=True, exist_ok=True)
            if files.exists():
                files.rmdir()
            shutil.move(unpacked / "files", files)
        mark.write(owner, manifest.purpose)
    click.echo(
        f"Restored from {archive}: made {manifest.made_at:%Y-%m-%d %H:%M} UTC by Tirek {manifest.tirek}, "
        f"{manifest.files} files."
    )


def _dumped(installation: Config, scratch: Path, progress: Progress) -> tuple[Manifest, Path]:
    owner = addresses.owner(installation)
    dump = scratch / "database.dump"
    with psycopg.connect(owner, connect_timeout=10) as connection:
        major = connection.info.server_version // 10000
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    tables = row[0] if row else 0
    task = progress.add_task("Database", total=tables)
    command = [_program("pg_dump", major), "--format=custom", "--verbose", f"--file={dump}"]
    _run(command, owner, lambda line: progress.advance(task) if "dumping contents of table" in line else None)
    progress.update(task, completed=tables)
    manifest = Manifest(
        format=FORMAT,
        tirek=version("tirek"),
        made_at=clock.now(),
        postgresql=major,
        purpose=mark.read(owner),
        dump_sha256=_sha256(dump),
        files=0,
    )
    return manifest, dump


class _Fingerprinted:
    """A file whose fingerprint is taken while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._stream.read(size)
        self.digest.update(piece)
        return piece


def _add_files(tar: tarfile.TarFile, folder: Path, progress: Progress) -> dict[str, str]:
    """Add every file as it is now; returns the SHA-256 of each. What is deleted while Tirek serves on is left out."""
    found = sorted(folder.rglob("*")) if folder.exists() else []
    task = progress.add_task("Files", total=len(found))
    added: dict[str, str] = {}
    for path in found:
        progress.advance(task)
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            tar.add(path, f"files/{name}", recursive=False)
            continue
        try:
            stream = path.open("rb")
        except FileNotFoundError:
            continue
        with stream:
            read = _Fingerprinted(stream)
            tar.addfile(tar.gettarinfo(arcname=f"files/{name}", fileobj=stream), cast("BinaryIO", read))
        added[name] = read.digest.hexdigest()
    return added


def _listed(files: dict[str, str]) -> str:
    """SHA-256 over the sorted list of files with their own."""
    return hashlib.sha256("".join(f"{files[name]}  {name}\n" for name in sorted(files)).encode()).hexdigest()


def _has_all_files(manifest: Manifest, folder: Path) -> bool:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    if len(found) != manifest.files:
        return False
    return manifest.files_sha256 is None or manifest.files_sha256 == _listed(
        {name: _sha256(path) for name, path in found.items()}
    )


def _unpack(archive: Path, folder: Path, progress: Progress) -> None:
    """Write what a backup holds into an empty folder: plain files under its own names, nothing that leads elsewhere.

    By hand, because ``extractall(filter="data")`` came with Python 3.11.4 and Debian 12 has 3.11.2.
    """
    task = progress.add_task("Unpacking", total=archive.stat().st_size)
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                if not _belongs(member):
                    raise Problem(f"{archive} is not a backup of Tirek: it holds {member.name!r}.")
                target = folder / member.name
                if member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                content = tar.extractfile(member)
                if content is None:
                    raise Problem(f"{archive} is not a backup of Tirek: it holds {member.name!r}.")
                with content, target.open("xb") as written:
                    shutil.copyfileobj(content, written, _PIECE)
                target.chmod(member.mode & 0o755 | 0o600)
                progress.update(task, completed=member.offset_data + member.size)
    except (tarfile.TarError, FileExistsError, EOFError) as error:
        raise Problem(f"{archive} is not a backup of Tirek.") from error
    progress.update(task, completed=archive.stat().st_size)


def _belongs(member: tarfile.TarInfo) -> bool:
    """Whether ``tirek backup`` writes such a member."""
    place = PurePosixPath(member.name)
    if place.is_absolute() or ".." in place.parts or not place.parts:
        return False
    if place.parts[0] == "files":
        return member.isdir() or (member.isreg() and len(place.parts) > 1)
    return member.isreg() and member.name in {"manifest.json", "database.dump"}


def _checked(unpacked: Path, archive: Path) -> Manifest:
    try:
        manifest = Manifest.model_validate_json((unpacked / "manifest.json").read_text())
        whole = manifest.format == FORMAT and _sha256(unpacked / "database.dump") == manifest.dump_sha256
        whole = whole and _has_all_files(manifest, unpacked / "files")
    except (OSError, ValidationError, json.JSONDecodeError) as error:
        raise Problem(f"{archive} is not a backup of Tirek.") from error
    if not whole:
        raise Problem(f"{archive} is damaged, or was made by a newer Tirek: its content does not match its manifest.")
    return manifest


def _refuse_full(owner: str) -> None:
    with psycopg.connect(owner, connect_timeout=10) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise Problem(
            "The database is not empty: restore into a new folder or a new database.",
            command="TIREK_VAR=new-folder tirek restore …",
        )


def _restored(owner: str, dump: Path, progress: Progress) -> None:
    with psycopg.connect(owner, connect_timeout=10) as connection:
        major = connection.info.server_version // 10000
        name = connection.info.dbname
    task = progress.add_task("Database", total=None)
    command = [
        _program("pg_restore", major),
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        f"--dbname={name}",
        str(dump),
    ]
    _run(command, owner, lambda _line: None)
    progress.update(task, total=1, completed=1)


def _program(name: str, major: int) -> str:
    """The program of the server's own version where it is installed, else the embedded one, which reads all older
    servers.
    """
    for folder in (f"/usr/lib/postgresql/{major}/bin", *os.environ.get("PATH", "").split(os.pathsep)):
        found = shutil.which(name, path=folder)
        if found is None:
            continue
        said = subprocess.run([found, "--version"], check=False, capture_output=True, text=True)  # noqa: S603 - pg_dump
        if f" {major}." in said.stdout:
            return found
    return str(embedded.programs() / name)


def _run(command: list[str], url: str, heard: Callable[[str], None]) -> None:
    """Runs a program of PostgreSQL; the address goes by the environment, where other users of the machine cannot read
    it.
    """
    known = conninfo_to_dict(url)
    environment = {variable: str(known[key]) for key, variable in _ENVIRONMENT.items() if known.get(key)}
    last: list[str] = []
    whole = {**os.environ, **environment}
    with subprocess.Popen(command, env=whole, stderr=subprocess.PIPE, text=True) as program:  # noqa: S603
        if program.stderr is not None:
            for line in program.stderr:
                heard(line)
                last = [*last[-4:], line.strip()]
    if program.returncode:
        raise Problem(f"{Path(command[0]).name} failed:\n  " + "\n  ".join(last))


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
