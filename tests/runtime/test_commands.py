"""The commands an operator uses: doctor, backup and restore, journal, reference data, keys."""

import json
import os
import shutil
import socket
import struct
import tarfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rich.progress import Progress
from tests.runtime.installation import Installation

from tirek.cli import backups, mark
from tirek.cli.embedded import APP, OWNER, Embedded, address, home
from tirek.cli.mark import Mark
from tirek.cli.problems import Problem
from tirek.cli.rights import GUARDED, settle_rights

FORGED = """
INSERT INTO core_event (id, case_type, case_id, n, type, at, canonical, hash)
VALUES (gen_random_uuid(), 'order', gen_random_uuid(), 1, 'order.submitted', now(),
        '{"case": [], "n": 1, "type": "order.submitted", "at": "", "actor": null}', '\\x00')
"""
PRODUCTION = {
    "TIREK_DEMO": "0",
    "TIREK_SECRET_KEY": "x" * 60,
    "TIREK_KEYS": Fernet.generate_key().decode(),
    "TIREK_PROXIES": "1",
}


def test_doctor__explains_every_setting_and_hides_secrets(migrated: Installation) -> None:
    told = migrated.tirek("doctor", TIREK_SECRET_KEY="sesame" * 12)
    assert told.returncode == 0, told.stdout
    assert "sesame" not in told.stdout
    assert "TIREK_SECRET_KEY = set, hidden" in told.stdout
    assert f"TIREK_PORT = {migrated.port}\n    Port the web server listens on." in told.stdout
    assert "TIREK_WEB_THREADS = 40 (default)" in told.stdout
    for sentence in (
        "✓ The serving role tirek_app reads and writes rows and cannot change tables.",
        "core_event, core_hourseal, core_seal, entitlements_ledgerentry",
        "can be added and read, nothing else.",
        "✓ Kazakh letters have upper and lower case in the database.",
        "✓ Queries are not compiled by the database (jit is off).",
        "✓ The tables are up to date.",
        "✓ The time zone of the country is known as UTC+5.",
        "! Tirek is not running now.",
    ):
        assert sentence in told.stdout


STUCK = (
    "INSERT INTO core_deadline (id, created_at, case_type, case_id, transition, otherwise, opened_at, due_at, unit, "
    "reference_key, outcome, tries) "
    "VALUES (gen_random_uuid(), now(), 'order', gen_random_uuid(), 'a', 'b', now(), now() - interval '{due}', 'hours', "
    "'', '', {tries})"
)


def test_doctor__finds_what_is_ill(migrated: Installation) -> None:
    with Embedded(migrated.var):
        migrated.sql("GRANT UPDATE ON core_event TO tirek_app")
        migrated.sql("GRANT CREATE ON SCHEMA public TO tirek_app")
        migrated.sql("DELETE FROM django_migrations WHERE app = 'core' AND name = '0001_initial'")
        migrated.sql("ALTER DATABASE tirek SET jit = on")
        for tries, due in ((3, "1 hour"), (0, "1 hour"), (2, "-1 hour")):
            migrated.sql(STUCK.format(tries=tries, due=due))
    told = migrated.tirek("doctor", TIREK_PROT="9")
    assert told.returncode == 1
    assert "! TIREK_PROT is not a setting of Tirek. Did you mean TIREK_PORT?" in told.stdout
    assert "✗ The serving role may UPDATE rows of core_event" in told.stdout
    assert "✗ The serving role tirek_app may make tables" in told.stdout
    assert "! The database compiles long queries (jit is on)" in told.stdout
    assert "ALTER DATABASE tirek SET jit = off;" in told.stdout
    assert "✗ 1 deadlines have passed and could not be carried out." in told.stdout
    assert "✗ 1 migrations wait, the first is core.0001_initial." in told.stdout
    assert "REVOKE UPDATE, DELETE, TRUNCATE ON core_event FROM tirek_app" in told.stdout


@pytest.mark.slow
def test_doctor__sees_that_owner_and_serving_role_are_the_same(migrated: Installation) -> None:
    with Embedded(migrated.var):
        told = migrated.tirek("doctor", TIREK_DATABASE_URL=address(migrated.var, OWNER))
    assert told.returncode == 1
    assert "✗ The serving role tirek_owner may make tables, owns tables" in told.stdout
    assert "✗ No worker lives" in told.stdout


@pytest.mark.slow
def test_doctor__refuses_demo_data_in_production_and_the_other_way_round(migrated: Installation) -> None:
    told = migrated.tirek("doctor", **PRODUCTION, TIREK_PUBLIC_URL="https://tirek.kz")
    assert told.returncode == 1
    assert "✗ This database holds demo data: it is not for production." in told.stdout
    assert migrated.tirek("serve", **PRODUCTION).returncode == 2
    with Embedded(migrated.var):
        mark.write(address(migrated.var, OWNER), Mark.PRODUCTION)
    for command in ("serve", "migrate", "demo"):
        refused = migrated.tirek(command)
        assert refused.returncode == 2
        assert "This database was made for production: demo mode does not touch it." in refused.stdout


@pytest.mark.slow
def test_demo__is_for_demo_mode_only(migrated: Installation) -> None:
    told = migrated.tirek("demo", **PRODUCTION)
    assert told.returncode == 2
    assert "Demo data are for demo mode only." in told.stdout


@pytest.mark.slow
def test_an_outside_database__needs_the_owner_for_its_tables(migrated: Installation) -> None:
    with Embedded(migrated.var):
        told = migrated.tirek("migrate", TIREK_DATABASE_URL=address(migrated.var, APP))
        assert told.returncode == 2
        assert "TIREK_DATABASE_OWNER_URL=" in told.stdout
        both = {
            "TIREK_DATABASE_URL": address(migrated.var, APP),
            "TIREK_DATABASE_OWNER_URL": address(migrated.var, OWNER),
        }
        assert migrated.tirek("migrate", **both).returncode == 0


def rows(installation: Installation) -> dict[str, tuple[object, ...]]:
    """Number and checksum of the rows of every table."""
    found = {}
    for (table,) in installation.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"):
        # our tables
        rows = "coalesce(string_agg(t::text, '|' ORDER BY t::text), '')"
        query = f"SELECT count(*), md5({rows}) FROM {table} t"  # noqa: S608
        found[str(table)] = installation.sql(query)[0]
    return found


def rights(installation: Installation) -> list[tuple[object, ...]]:
    return installation.sql(
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )


def test_a_backup__restored_into_a_fresh_folder_is_the_same_installation(migrated: Installation, folder: Path) -> None:
    with Embedded(migrated.var):
        migrated.sql(
            "CREATE TABLE letter AS SELECT n, 'Ә' || n AS text FROM generate_series(1, 1000) n; GRANT SELECT ON letter "
            "TO tirek_app"
        )
        before, allowed = rows(migrated), rights(migrated)
    (migrated.var / "files" / "2026").mkdir(parents=True)
    (migrated.var / "files" / "2026" / "scan.bin").write_bytes(os.urandom(100_000))
    archive = folder / "backup.tar"
    made = migrated.tirek("backup", str(archive))
    assert made.returncode == 0, made.stdout
    assert archive.stat().st_mode & 0o777 == 0o600

    fresh = Installation(folder / "fresh var")
    try:
        done = fresh.tirek("restore", str(archive))
        assert done.returncode == 0, done.stdout
        with Embedded(fresh.var):
            assert rows(fresh) == before
            assert rights(fresh) == allowed
            assert mark.read(address(fresh.var)) is Mark.DEMO
            assert fresh.sql("SELECT tableowner FROM pg_tables WHERE tablename = 'letter'") == [(OWNER,)]
        assert (fresh.var / "files/2026/scan.bin").read_bytes() == (migrated.var / "files/2026/scan.bin").read_bytes()
        assert fresh.tirek("doctor").returncode == 0
        again = fresh.tirek("restore", str(archive))
        assert again.returncode == 2
        assert "not empty" in again.stdout
    finally:
        fresh.remove()


def test_a_backup__overwrites_nothing(migrated: Installation, folder: Path) -> None:
    archive = folder / "backup.tar"
    archive.write_text("precious")
    told = migrated.tirek("backup", str(archive))
    assert told.returncode == 2
    assert archive.read_text() == "precious"


@pytest.mark.slow
def test_a_damaged_backup__is_refused_before_anything_is_touched(migrated: Installation, folder: Path) -> None:
    whole = folder / "backup.tar"
    (migrated.var / "files" / "2026").mkdir(parents=True, exist_ok=True)
    (migrated.var / "files" / "2026" / "scan.bin").write_bytes(b"this scan")
    assert migrated.tirek("backup", str(whole)).returncode == 0
    (folder / "unpacked").mkdir()
    with Progress(disable=True) as progress:
        backups._unpack(whole, folder / "unpacked", progress)
    shutil.copytree(folder / "unpacked", folder / "whole")
    dump = folder / "unpacked" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")
    with tarfile.open(folder / "damaged.tar", "w") as tar:
        for name in ("manifest.json", "database.dump"):
            tar.add(folder / "unpacked" / name, name)
    added = folder / "unpacked" / "files" / "2026" / "scan.bin"
    for archive, content in (("changed.tar", b"another scan"), ("missing.tar", None), ("unknown.tar", b"this scan")):
        added.unlink()
        if content is not None:
            added.write_bytes(content)
        if archive == "unknown.tar":
            added.with_name("more.bin").write_bytes(b"x")
        with tarfile.open(folder / archive, "w") as tar:
            for one in sorted((folder / "whole").iterdir()):
                tar.add(one, one.name) if one.name != "files" else tar.add(added.parents[1], "files")
        added.write_bytes(b"this scan")
    (folder / "other.tar").write_bytes(b"not a tar file")
    (folder / "cut.tar").write_bytes(whole.read_bytes()[:20_000])
    fresh = Installation(folder / "fresh")
    try:
        for archive, sentence in (
            ("damaged.tar", "is damaged"),
            ("changed.tar", "is damaged"),
            ("missing.tar", "is damaged"),
            ("unknown.tar", "is damaged"),
            ("other.tar", "is not a backup of Tirek"),
            ("cut.tar", "is not a backup of Tirek"),
        ):
            told = fresh.tirek("restore", str(folder / archive))
            assert told.returncode == 2, told.stdout
            assert sentence in told.stdout
            assert "Traceback" not in told.stdout
        with Embedded(fresh.var):
            assert fresh.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    finally:
        fresh.remove()
    assert json.loads((folder / "unpacked" / "manifest.json").read_text())["purpose"] == "Tirek: demo"


def _member(name: str, kind: bytes = tarfile.REGTYPE, leads_to: str = "") -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, leads_to
    return made


@pytest.mark.parametrize(
    "member",
    [
        _member("../outside"),
        _member("files/../../outside"),
        _member("/tmp/outside"),
        _member("files/door", tarfile.SYMTYPE, "/etc"),
        _member("files/door", tarfile.LNKTYPE, "manifest.json"),
        _member("files/pipe", tarfile.FIFOTYPE),
        _member("database.dump", tarfile.SYMTYPE, "/etc/passwd"),
        _member("files"),
        _member("other"),
    ],
    ids=lambda member: f"{member.name} {member.type.decode()}",
)
def test_an_archive__with_what_no_backup_holds_writes_nothing(tmp_path: Path, member: tarfile.TarInfo) -> None:
    archive, place = tmp_path / "hostile.tar", tmp_path / "a" / "b"
    place.mkdir(parents=True)
    with tarfile.open(archive, "w") as tar:
        tar.addfile(member)
    with Progress(disable=True) as progress, pytest.raises(Problem, match="is not a backup of Tirek"):
        backups._unpack(archive, place, progress)
    assert not list(place.iterdir())
    assert {path.name for path in tmp_path.rglob("*")} == {"hostile.tar", "a", "b"}


def test_an_archive__comes_back_as_it_was_written(tmp_path: Path) -> None:
    content = {"manifest.json": b"{}", "files/2026/scan.bin": os.urandom(70_000)}
    with tarfile.open(tmp_path / "made.tar", "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in content.items():
            written = tmp_path / "data"
            written.write_bytes(data)
            tar.add(written, name)
    place = tmp_path / "place"
    place.mkdir()
    with Progress(disable=True) as progress:
        backups._unpack(tmp_path / "made.tar", place, progress)
    assert {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()} == content


@pytest.mark.slow
def test_the_journal__is_verified_and_a_changed_event_is_found(migrated: Installation) -> None:
    assert "The journal holds." in migrated.tirek("journal", "verify", "--seal").stdout
    with Embedded(migrated.var):
        migrated.sql(FORGED)
    told = migrated.tirek("journal", "verify")
    assert told.returncode == 1
    assert "places do not hold" in told.stdout


@pytest.mark.slow
@pytest.mark.finding("J-O7")
def test_figures__are_checked_against_a_recount_and_mended(migrated: Installation) -> None:
    assert "Every figure is right." in migrated.tirek("figures", "check").stdout
    with Embedded(migrated.var):
        migrated.sql(
            "INSERT INTO core_figure (case_type, what, territory_code, state, count) "
            "VALUES ('order', 'open', '101810000', 'submitted', 3)"
        )
    told = migrated.tirek("figures", "check")
    assert told.returncode == 1
    assert "order 101810000 submitted open: kept 3, counted 0" in told.stdout
    assert migrated.tirek("figures", "count").returncode == 0
    assert migrated.tirek("figures", "check").returncode == 0


@pytest.mark.slow
@pytest.mark.mission("S2.10")
def test_waits__are_told_anew_from_the_journal_by_the_command(migrated: Installation) -> None:
    assert migrated.tirek("reference", "load").returncode == 0
    told = migrated.tirek("waiting", "check")
    assert told.returncode == 1
    assert "Nothing has been counted yet" in told.stdout
    assert "0 waits: counted." in migrated.tirek("waiting", "count").stdout
    assert "Every wait is right." in migrated.tirek("waiting", "check").stdout


@pytest.mark.slow
def test_reference_data__are_checked_without_a_database_and_loaded_repeatedly(migrated: Installation) -> None:
    told = migrated.tirek("reference", "check", "--files", TIREK_VAR="/nonexistent")
    assert told.returncode == 0, told.stdout
    assert "scenarios are in order" in told.stdout
    for _ in range(2):
        assert migrated.tirek("reference", "load").returncode == 0
    told = migrated.tirek("reference", "check")
    assert told.returncode == 0, told.stdout
    assert "scenarios come out as they say" in told.stdout
    with Embedded(migrated.var):
        [(count,)] = migrated.sql("SELECT count(*) FROM core_referencevalue")
        assert isinstance(count, int)
        assert count > 0


@pytest.mark.slow
def test_keys__are_rotated_by_the_command(migrated: Installation) -> None:
    told = migrated.tirek("keys", "rotate")
    assert told.returncode == 0, told.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", [["journal"], ["reference"], ["keys"], ["backup", "--help"], ["restore", "--help"]])
def test_each_command__explains_itself(migrated: Installation, command: list[str]) -> None:
    assert "Usage: " in migrated.tirek(*command).stdout


def test_rights__follow_the_serving_role_of_the_address_whatever_its_name(migrated: Installation) -> None:
    with Embedded(migrated.var):
        owner, other = address(migrated.var, OWNER), "someone_else"
        migrated.sql(f"CREATE ROLE {other}", role="postgres")
        settle_rights(owner, other)
        asked = "SELECT has_table_privilege('someone_else', '{}', '{}')"
        tables = [str(name) for (name,) in migrated.sql(GUARDED.decode())]
        assert {"core_event", "core_seal", "core_amendment", "entitlements_ledgerentry"} <= set(tables)
        for table in tables:
            assert migrated.sql(asked.format(table, "INSERT")) == [(True,)]
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                assert migrated.sql(asked.format(table, right)) == [(False,)], f"{right} {table}"
        assert migrated.sql(asked.format("core_draft", "UPDATE")) == [(True,)]
        migrated.sql("REVOKE SELECT ON core_draft FROM tirek_app; GRANT DELETE ON core_amendment TO tirek_app")
        told = migrated.tirek("doctor").stdout
        assert "✗ The serving role cannot read rows of core_draft." in told
        assert "✗ The serving role may DELETE rows of core_amendment" in told
        assert migrated.tirek("migrate").returncode == 0
        told = migrated.tirek("doctor").stdout
        assert "✓ The serving role reads every table." in told
        assert "rows of core_amendment, which may only grow" not in told


def test_web_alone__says_how_its_files_are_gathered(migrated: Installation) -> None:
    assert not (migrated.var / "static" / "staticfiles.json").exists()
    told = migrated.tirek("web")
    assert told.returncode == 2
    assert "tirek gather" in told.stdout


@pytest.mark.finding("R-L6")
def test_an_empty_folder__is_told_with_the_first_steps_and_a_half_made_one_is_looked_at(
    installation: Installation,
) -> None:
    told = installation.tirek("serve")
    assert told.returncode == 2
    assert "tirek migrate && tirek reference load && tirek admin create" in told.stdout
    assert not installation.processes()
    with Embedded(installation.var):
        installation.sql("CREATE TABLE core_event (id int); GRANT SELECT ON core_event TO tirek_app")
    told = installation.tirek("doctor")
    assert told.returncode == 1
    assert "✗ The tables are not made, or only in part." in told.stdout
    assert "Traceback" not in told.stdout


@pytest.mark.finding("R-L6")
def test_first_administrator__is_made_by_a_command_and_a_link(migrated: Installation) -> None:
    with Embedded(migrated.var):
        command = ("admin", "create", "first@example.kz", "--bin", "000740000113", "--name", "Centre")
        migrated.sql("DELETE FROM core_referencevalue WHERE key = 'accounts.invitation'")
        early = migrated.tirek(*command)
        assert early.returncode == 2, early.stdout
        assert "tirek reference load" in early.stdout
        assert migrated.tirek("reference", "load").returncode == 0
        told = migrated.tirek(*command)
        assert told.returncode == 0, told.stdout
        assert f"http://127.0.0.1:{migrated.port}/sign-in/password/" in told.stdout
        [(email, role)] = migrated.sql(
            "SELECT email, role FROM organisations_membership JOIN accounts_user u ON u.id = user_id"
        )
        assert (email, role) == ("first@example.kz", "admin")
        again = migrated.tirek("administrator", *command[2:])  # the other name of the same command
        assert again.returncode == 2
        assert "There is an administrator already" in again.stdout
        assert "tirek admin create first@example.kz --again" in again.stdout


@pytest.mark.finding("A-A12")
def test_tables_of_a_newer_release__are_not_worked_on(migrated: Installation) -> None:
    with Embedded(migrated.var):
        migrated.sql("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())")
        for command in (("migrate",), ("reference", "load")):
            told = migrated.tirek(*command)
            assert told.returncode == 2, told.stdout
            assert "1 migrations that this release does not know" in told.stdout
    told = migrated.tirek("doctor")
    assert "✗ The database has 1 migrations that this release does not know" in told.stdout
    told = migrated.tirek("serve")
    assert told.returncode == 2
    assert "this release does not know" in told.stdout
    assert not migrated.processes()


@pytest.mark.finding("I-27")
def test_zone_data_of_before_2024__are_refused_and_told(migrated: Installation, tmp_path: Path) -> None:
    """Asia/Almaty of before: +06 all year round."""
    (tmp_path / "Asia").mkdir()
    header = b"TZif2" + bytes(15)
    body = struct.pack(">6l", 0, 0, 0, 0, 1, 4) + struct.pack(">lbb", 21600, 0, 0) + b"+06\0"
    (tmp_path / "Asia" / "Almaty").write_bytes(header + body + header + body + b"\n<+06>-6\n")
    told = migrated.tirek("serve", PYTHONTZPATH=str(tmp_path))
    assert told.returncode == 2
    assert "older than March 2024" in told.stdout
    assert str(tmp_path) in told.stdout
    told = migrated.tirek("doctor", PYTHONTZPATH=str(tmp_path))
    assert "✗ The time zone data of this machine" in told.stdout
    assert "apt-get install --only-upgrade tzdata" in told.stdout


@pytest.mark.finding("A-A6", "A-A8", "R-M8", "R-L8", "R-L11")
def test_doctor__looks_at_names_mail_walls_and_the_log_of_the_database(migrated: Installation) -> None:
    (migrated.var / "db").mkdir(exist_ok=True)
    log = home(migrated.var) / "postgresql.log"
    with log.open("a") as stream:
        stream.write("LOG:  incorrect resource manager data checksum in record at 0/1\n")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        told = migrated.tirek(
            "doctor",
            **PRODUCTION,
            TIREK_PUBLIC_URL="https://portal.example.kz",
            TIREK_ALLOWED_HOSTS="other.kz",
            TIREK_SMTP_HOST="127.0.0.1",
            TIREK_SMTP_PORT=str(nobody.getsockname()[1]),
            TIREK_MAIL_FROM="a@example.kz",
        ).stdout
    assert "✗ TIREK_ALLOWED_HOSTS does not name portal.example.kz" in told
    assert "✗ The mail server 127.0.0.1" in told
    assert "! Pages, worker and the embedded database run as one system user" in told
    assert "Repairs of PostgreSQL come with releases of Tirek only." in told
    assert "✗ The database has met damaged files" in told
    told = migrated.tirek("doctor", **PRODUCTION, TIREK_PUBLIC_URL="https://portal.example.kz").stdout
    assert "ALLOWED_HOSTS does not name" not in told
    assert "✗ No mail server is set" in told
    assert "! No mail box stands beside 1414" in told
    assert "! No gateway takes text messages" in told
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        given = {**PRODUCTION, "TIREK_PUBLIC_URL": "https://portal.example.kz", "TIREK_SMS_URL": url}
        told = migrated.tirek("doctor", **given).stdout
    assert "✗ The gateway 127.0.0.1 of text messages does not answer." in told
