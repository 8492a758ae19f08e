"""The command that explains every setting and looks at the health of an installation."""

import difflib
import os
import re
import shutil
import smtplib
import ssl
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, cast
from urllib.parse import urlsplit

import click
import psycopg
from cryptography.fernet import Fernet, MultiFernet
from django.utils.module_loading import import_string
from pydantic import SecretStr, ValidationError

from tirek.cli import addresses, mark
from tirek.cli.embedded import Embedded, home
from tirek.cli.problems import Problem, newer_tables, old_zone_data
from tirek.cli.progress import CONSOLE
from tirek.cli.ready import ready
from tirek.cli.rights import GUARDED, GUARDED_WHOLE
from tirek.cli.supervisor import served
from tirek.config import Config, config, explain
from tirek.core import clock

OLDEST_POSTGRESQL: Final = 15
LITTLE_SPACE: Final = 1_000_000_000  # bytes
NO_SPACE: Final = 200_000_000  # bytes
WORKER_SILENCE: Final = 60.0  # seconds
MOST_NAMED: Final = 5
#: as on the administrator's page (``accounts.limits``)
MANY_WRONG: Final = 300
STUCK_DEADLINES: Final = (
    "SELECT count(*) FROM core_deadline WHERE closed_at IS NULL AND paused_at IS NULL AND due_at <= now() AND tries > 0"
)
MAIL_SECONDS: Final = 10
#: What a gateway of text messages answers to a message without address and text.
REFUSED_AS_EMPTY: Final = frozenset({400, 422})
CLOCKS_APART: Final = timedelta(seconds=5)
WORK_TABLES: Final = (
    "procrastinate_workers",
    "procrastinate_jobs",
    "core_event",
    "core_seal",
    "core_effect",
    "core_deadline",
    "accounts_signinevent",
)
#: rows that may only be added, whatever else the migrations guard in the same way
APPEND_ONLY: Final = frozenset({"core_event", "core_hourseal", "core_seal"})
_UNREADABLE: Final = (
    b"SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
    b"AND NOT has_table_privilege(current_user, oid, 'SELECT') ORDER BY relname"
)


class Level(StrEnum):
    """How a finding looks in the list."""

    WELL = "✓"
    NOTE = "!"
    ILL = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: a sentence and the command that helps."""

    level: Level
    text: str
    command: str = ""


@click.command()
def doctor() -> None:
    """Explains every setting, secrets masked, and looks at database, roles, keys, disk, clock and worker. Ends with
    status 1 when ill.
    """
    try:
        known = config()
    except ValidationError as error:
        _explain_settings(None)
        for line in explain(error).splitlines():
            _show(Finding(Level.ILL, line))
        sys.exit(1)
    _explain_settings(known)
    findings = list(_here(known))
    try:
        findings += _database(known)
    except Problem as problem:
        findings.append(Finding(Level.ILL, problem.message, problem.command))
    for finding in findings:
        _show(finding)
    ill = sum(finding.level is Level.ILL for finding in findings)
    click.echo(
        f"\n{ill} of {len(findings)} checks need a hand." if ill else f"\nAll {len(findings)} checks are passed."
    )
    sys.exit(1 if ill else 0)


def _show(finding: Finding) -> None:
    click.echo(f"{finding.level} {finding.text}" + (f"\n      {finding.command}" if finding.command else ""))


def _explain_settings(known: Config | None) -> None:
    for name, field in Config.model_fields.items():
        variable = f"TIREK_{name.upper()}"
        told = os.environ.get(variable)
        value = getattr(known, name) if known else told
        if value and (isinstance(value, SecretStr) or field.annotation is SecretStr):
            shown = "set, hidden" if told else "the demo value"
        else:
            shown = "not set" if value is None or str(value) == "" else str(value)
        click.echo(f"{variable} = {shown}{'' if told is not None else ' (default)'}\n    {field.description}")
    click.echo()


def _here(known: Config) -> Iterator[Finding]:
    """What can be seen without the database."""
    names = {f"TIREK_{name.upper()}" for name in Config.model_fields}
    for name in sorted(os.environ):
        if name.startswith("TIREK_") and not name.startswith(("TIREK_TEST_", "TIREK_PART_OF")) and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            yield Finding(
                Level.NOTE, f"{name} is not a setting of Tirek." + (f" Did you mean {near[0]}?" if near else "")
            )
    try:
        known.var.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=known.var):
            yield Finding(Level.WELL, f"{known.var} can be written to.")
        free = shutil.disk_usage(known.var).free
        level = Level.ILL if free < NO_SPACE else Level.NOTE if free < LITTLE_SPACE else Level.WELL
        yield Finding(
            level, f"{free / 1e9:.1f} GB are free there.", "" if level is Level.WELL else f"df -h '{known.var}'"
        )
    except OSError as error:
        yield Finding(Level.ILL, f"{known.var} cannot be written to: {error.strerror}.", f"ls -ld '{known.var}'")
    if (known.var / "static" / ".sources").exists():
        yield Finding(Level.WELL, "Scripts, styles and pictures of the pages are gathered.")
    else:
        yield Finding(Level.NOTE, "Scripts, styles and pictures of the pages are not gathered yet.", "tirek prepare")
    keys = [Fernet(key.strip()) for key in known.keys.get_secret_value().split(",") if key.strip()]
    opened = MultiFernet(keys).decrypt(MultiFernet(keys).encrypt(b"tirek"))
    yield Finding(Level.WELL if opened == b"tirek" else Level.ILL, f"The key ring seals and opens ({len(keys)} keys).")
    if clock.knows_the_country():
        yield Finding(Level.WELL, "The time zone of the country is known as UTC+5.")
    else:
        problem = old_zone_data()
        yield Finding(Level.ILL, problem.message, problem.command)
    yield from _exposure(known)
    yield from _embedded_log(known)
    yield from _mail(known)


def _exposure(known: Config) -> Iterator[Finding]:
    """Under which name and as which user it is reached."""
    if known.demo:
        yield Finding(Level.NOTE, f"Demo mode: demo secrets and the persona picker, on {known.host} only.")
    elif not known.public_url.startswith("https://"):
        yield Finding(Level.ILL, "Links in notices need the address people type.", "export TIREK_PUBLIC_URL=https://…")
    elif (name := urlsplit(known.public_url).hostname) and not any(_serves(host, name) for host in known.hosts):
        yield Finding(
            Level.ILL,
            f"TIREK_ALLOWED_HOSTS does not name {name}, the host of TIREK_PUBLIC_URL: every page there is a 400.",
            f"export TIREK_ALLOWED_HOSTS={','.join([*known.hosts, name])}",
        )
    if os.geteuid() == 0 and not known.demo:
        yield Finding(
            Level.ILL,
            "Tirek runs as root: whoever finds a way into a page owns the machine. Give it a user of its own.",
            "useradd --system tirek && chown -R tirek /var/lib/tirek   # User=tirek in the unit",
        )
    if not known.demo and not known.database_url.get_secret_value():
        yield Finding(
            Level.NOTE,
            "Pages, worker and the embedded database run as one system user: whoever breaks into a page may also "
            "change the journal. Repairs of PostgreSQL come with releases of Tirek only. In production use a "
            "PostgreSQL of its own.",
            "export TIREK_DATABASE_URL=postgresql://tirek_app:…@db.internal/tirek",
        )


def _serves(host: str, name: str) -> bool:
    return host in {"*", name} or (host.startswith(".") and (name.endswith(host) or name == host[1:]))


#: What PostgreSQL says where it starts from damaged files: rows may be gone though everything looks well.
DAMAGED: Final = re.compile(
    r"incorrect resource manager data checksum|invalid page in block|page verification failed|could not read block|"
    r"invalid record length at .+ wanted|PANIC:"
)
_LOG_BYTES: Final = 2_000_000


def _embedded_log(known: Config) -> Iterator[Finding]:
    log = home(known.var) / "postgresql.log"
    log = log if log.exists() else known.var / "db" / "postgresql.log"
    if known.database_url.get_secret_value() or not log.exists():
        return
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - _LOG_BYTES))
        found = [line for line in stream.read().decode(errors="replace").splitlines() if DAMAGED.search(line)]
    if found:
        yield Finding(
            Level.ILL,
            f"The database has met damaged files; rows may be missing. Its log says: {found[-1][:200]}",
            "tirek journal verify --seal --against SEALS   # then compare with the last backup",
        )
    else:
        yield Finding(Level.WELL, "The log of the database tells of no damaged files.")


def _mail(known: Config) -> Iterator[Finding]:
    """Can e-mail leave, and is there a box for what people write? The server is asked, nothing is sent."""
    if not known.demo and not known.contact_email:
        yield Finding(
            Level.NOTE,
            "No mail box stands beside 1414: who cannot call and cannot sign in has to come to an office.",
            "export TIREK_CONTACT_EMAIL=help@example.kz",
        )
    if known.demo or "email" in known.notice_channels:
        return
    if not known.smtp_host:
        yield Finding(
            Level.ILL,
            "No mail server is set: invitations and new passwords of staff do not arrive.",
            "export TIREK_SMTP_HOST=mail.example.kz TIREK_MAIL_FROM='Tirek <no-reply@example.kz>'",
        )
        return
    try:
        make = smtplib.SMTP_SSL if known.smtp_security == "tls" else smtplib.SMTP
        with make(known.smtp_host, known.smtp_port, timeout=MAIL_SECONDS) as server:
            if known.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if known.smtp_user:
                server.login(known.smtp_user, known.smtp_password.get_secret_value())
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        reason = type(error).__name__
        yield Finding(
            Level.ILL,
            f"The mail server {known.smtp_host}:{known.smtp_port} does not let us in ({reason}).",
            "env | grep TIREK_SMTP | grep -v PASSWORD",
        )
    else:
        yield Finding(Level.WELL, f"The mail server {known.smtp_host} takes our mail, as {known.mail_from}.")


def _database(known: Config) -> Iterator[Finding]:
    outside = bool(known.database_url.get_secret_value())
    runs = outside or Embedded(known.var).running()
    with served(known, waiting=CONSOLE.print):
        url = addresses.serving(known)
        with psycopg.connect(url, connect_timeout=10) as connection:
            yield from _server(connection)
            yield from _roles(connection)
            yield from _purpose(known, url)
            whole = all(_one(connection, "SELECT to_regclass(%s) IS NOT NULL", table) for table in WORK_TABLES)
            if whole:
                yield from _rights(connection)
                yield from _append_only(connection)
            yield from _migrations()
            yield from _channels(known)
            if whole:
                yield from _work(connection, runs=runs)
            else:
                yield Finding(Level.ILL, "The tables are not made, or only in part.", "tirek migrate")


def _one(connection: psycopg.Connection, query: str, *parameters: object) -> object:
    row = connection.execute(query.encode(), parameters).fetchone()
    return row[0] if row else None


def _server(connection: psycopg.Connection) -> Iterator[Finding]:
    major = connection.info.server_version // 10000
    yield Finding(
        Level.WELL if major >= OLDEST_POSTGRESQL else Level.ILL,
        f"The database answers: PostgreSQL {major} (15 or newer is needed).",
    )
    knows_kazakh = _one(
        connection, "SELECT lower('ӘҒҚҢӨҰҮҺІ') = 'әғқңөұүһі' AND current_setting('server_encoding') = 'UTF8'"
    )
    yield Finding(
        Level.WELL if knows_kazakh else Level.ILL,
        "Kazakh letters have upper and lower case in the database."
        if knows_kazakh
        else "The database does not know the case of Kazakh letters: searches would miss names. Make it with the "
        "locale C.UTF-8.",
        ""
        if knows_kazakh
        else "createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 --owner=tirek_owner tirek",
    )
    there = cast("datetime", _one(connection, "SELECT clock_timestamp()"))
    apart = abs(there - clock.now())
    yield Finding(
        Level.WELL if apart <= CLOCKS_APART else Level.ILL,
        f"The clocks of this machine and of the database are {apart.total_seconds():.1f} s apart.",
        "" if apart <= CLOCKS_APART else "timedatectl set-ntp true",
    )

    without_jit = _one(connection, "SELECT NOT current_setting('jit')::boolean")
    yield Finding(
        Level.WELL if without_jit else Level.NOTE,
        "Queries are not compiled by the database (jit is off)."
        if without_jit
        else "The database compiles long queries (jit is on): lists of many rows take several times as long.",
        "" if without_jit else f"ALTER DATABASE {connection.info.dbname} SET jit = off;  -- as the owner",
    )


def _roles(connection: psycopg.Connection) -> Iterator[Finding]:
    role = connection.info.user
    powers = {
        "is a superuser": "SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
        "may make tables": "SELECT has_schema_privilege(current_user, 'public', 'CREATE')",
        "owns tables": "SELECT count(*) > 0 FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, "
        "tableowner, 'MEMBER')",
    }
    found = [what for what, query in powers.items() if _one(connection, query)]
    if found:
        yield Finding(
            Level.ILL,
            f"The serving role {role} {', '.join(found)}: it must be another one than the owner.",
            "CREATE ROLE tirek_app LOGIN PASSWORD '…';  -- and name it in TIREK_DATABASE_URL",
        )
    else:
        yield Finding(Level.WELL, f"The serving role {role} reads and writes rows and cannot change tables.")


def _purpose(known: Config, url: str) -> Iterator[Finding]:
    found = mark.read(url)
    try:
        mark.refuse_mixing(known, found)
    except Problem as problem:
        yield Finding(Level.ILL, problem.message, problem.command)
    else:
        yield Finding(Level.WELL, f"The database is marked “{found or 'new'}”.")


def _rights(connection: psycopg.Connection) -> Iterator[Finding]:
    without = [str(name) for (name,) in connection.execute(_UNREADABLE)]
    if without:
        some = ", ".join(without[:MOST_NAMED]) + (" …" if len(without) > MOST_NAMED else "")
        yield Finding(Level.ILL, f"The serving role cannot read rows of {some}.", "tirek migrate")
    else:
        yield Finding(Level.WELL, "The serving role reads every table.")


def _append_only(connection: psycopg.Connection) -> Iterator[Finding]:
    guarded = {str(name) for (name,) in connection.execute(GUARDED)}
    for table in sorted(APPEND_ONLY - guarded):
        yield Finding(
            Level.ILL,
            f"The trigger that guards {table} against changes is gone.",
            "tirek restore …  -- or ask who took it away",
        )
    whole = {str(name) for (name,) in connection.execute(GUARDED_WHOLE)}
    if missing := sorted(guarded - whole):
        yield Finding(Level.ILL, f"Nothing keeps the owner from emptying {', '.join(missing)}.", "tirek migrate")
    well = []
    for table in sorted(APPEND_ONLY | guarded):
        rights = ("UPDATE", "DELETE", "TRUNCATE")
        loose = [
            right
            for right in rights
            if _one(connection, "SELECT has_table_privilege(current_user, %s, %s)", table, right)
        ]
        if loose:
            yield Finding(
                Level.ILL,
                f"The serving role may {' and '.join(loose)} rows of {table}, which may only grow.",
                f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {connection.info.user};  -- as the owner",
            )
        else:
            well.append(table)
    yield Finding(Level.WELL, f"Rows of {', '.join(well)} can be added and read, nothing else.")


def _channels(known: Config) -> Iterator[Finding]:
    for route, path in sorted(known.notice_channels.items()):
        try:
            import_string(path)
        except ImportError as error:
            yield Finding(
                Level.ILL, f"The channel of {route} messages cannot be loaded: {error}", "echo $TIREK_NOTICE_CHANNELS"
            )
        else:
            yield Finding(Level.WELL, f"{route} messages go by {path}.")
    if not known.demo and "sms" not in known.notice_channels:
        yield from _gateway(known)


def _gateway(known: Config) -> Iterator[Finding]:
    """Is the gateway of text messages reached? Nothing is sent: a message without a text is refused by its contract."""
    if not known.sms_url:
        yield Finding(
            Level.NOTE,
            "No gateway takes text messages: codes for sign-in do not arrive.",
            "export TIREK_SMS_URL=https://sms.example.kz/messages TIREK_SMS_TOKEN=…",
        )
        return
    ready()
    status = cast("Callable[[], int]", import_string("tirek.notices.gateway.answer_to_nothing"))()
    host, ask = urlsplit(known.sms_url).hostname, f"curl -sS -o /dev/null -w '%{{http_code}}' {known.sms_url}"
    if status in REFUSED_AS_EMPTY:
        yield Finding(Level.WELL, f"The gateway {host} takes text messages.")
    elif not status:
        yield Finding(Level.ILL, f"The gateway {host} of text messages does not answer.", ask)
    else:
        yield Finding(
            Level.ILL,
            f"The gateway {host} answers {status} to a message without a text, where its contract says 400 or 422: "
            "the address or the token is wrong.",
            ask,
        )


def _health(name: str) -> list[tuple[str, str]]:
    # its models can be read only after ready()
    return cast("Callable[[], list[tuple[str, str]]]", import_string(f"tirek.core.service.health.{name}"))()


def _migrations() -> Iterator[Finding]:
    ready()
    pending = _health("pending_migrations")
    if pending:
        yield Finding(
            Level.ILL, f"{len(pending)} migrations wait, the first is {'.'.join(pending[0])}.", "tirek migrate"
        )
    elif unknown := _health("unknown_migrations"):
        problem = newer_tables(len(unknown))
        yield Finding(Level.ILL, problem.message, problem.command)
    else:
        yield Finding(Level.WELL, "The tables are up to date.")


def _work(connection: psycopg.Connection, *, runs: bool) -> Iterator[Finding]:
    silence = _one(
        connection, "SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers"
    )
    if isinstance(silence, float) and silence <= WORKER_SILENCE:
        yield Finding(Level.WELL, f"A worker lives: its last sign came {silence:.0f} s ago.")
    elif runs:
        yield Finding(Level.ILL, "No worker lives: deadlines, notices and effects stand still.", "tirek worker")
    else:
        yield Finding(Level.NOTE, "Tirek is not running now.", "tirek serve")
    failed = _one(connection, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
    yield Finding(Level.NOTE if failed else Level.WELL, f"{failed} periodic jobs of the last two weeks failed.")
    given_up = _one(connection, "SELECT count(*) FROM core_effect WHERE state = 'failed'")
    yield Finding(Level.ILL if given_up else Level.WELL, f"{given_up} effects were given up after repeated failures.")
    wrong = cast(
        "int",
        _one(
            connection,
            "SELECT count(*) FROM accounts_signinevent "
            "WHERE outcome IN ('code_wrong', 'password_wrong') AND at >= now() - interval '1 hour'",
        ),
    )
    yield Finding(
        Level.NOTE if wrong >= MANY_WRONG else Level.WELL,
        f"{wrong} wrong codes and passwords in the last hour."
        + (
            " Somebody may be guessing: look for many requests to /sign-in/ at the proxy."
            if wrong >= MANY_WRONG
            else ""
        ),
    )
    stuck = _one(connection, STUCK_DEADLINES)
    yield Finding(
        Level.ILL if stuck else Level.WELL,
        f"{stuck} deadlines have passed and could not be carried out.",
        "grep deadline …  -- in the worker's log: it names the cases and why" if stuck else "",
    )
