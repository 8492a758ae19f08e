"""A production start by the docs alone: an own PostgreSQL, documented settings, a proxy's headers, a mail server."""

import http.client
import json
import os
import re
import secrets
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest
from allauth.mfa.totp.internal import auth as totp
from tests.kit.pages import words
from tests.runtime.installation import Installation, free_port, wait_for

from tirek.cli import embedded

pytestmark = [pytest.mark.slow, pytest.mark.finding("A-A6"), pytest.mark.finding("A-A3", "A-operator")]
DOCS: Final = Path(__file__).resolve().parents[2] / "docs" / "howto" / "operate"
HOST: Final = "portal.example.kz"
PASSWORD: Final = "four words put together"


def block(page: str, language: str, holds: str) -> str:
    """The example of a page of the docs that holds a text."""
    found = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    return next(one for one in found if holds in one)


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a letter needs."""

    letters: list[bytes] = []

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.say("220 mail")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return


@pytest.fixture
def mail() -> Iterator[int]:
    """Port of a mail server that keeps what it gets in ``_Mail.letters``."""
    _Mail.letters.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


@pytest.fixture
def database(folder: Path) -> Iterator[tuple[str, str]]:
    """Addresses of the owner and the serving role at a PostgreSQL of its own, made by the SQL of the docs."""
    programs, data, port = embedded.programs(), folder / "postgresql", free_port()
    as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    data.mkdir()
    (data / "word").write_text("postgres-word")
    if as_user:
        shutil.chown(data, "nobody")
        shutil.chown(data / "word", "nobody")
    place = data / "data"

    def run(*arguments: str) -> None:
        subprocess.run([*as_user, *arguments], check=True, cwd=data, stdout=subprocess.DEVNULL)

    run(
        str(programs / "initdb"),
        "-D",
        str(place),
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        "--pwfile",
        str(data / "word"),
    )
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(str(programs / "pg_ctl"), "-D", str(place), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        at = f"127.0.0.1:{port}"
        made = block("database.md", "sql", "CREATE ROLE").replace("'…'", "'role-word'")
        with psycopg.connect(f"postgresql://postgres:postgres-word@{at}/postgres", autocommit=True) as server:
            for statement in made.split(";"):
                if statement.strip():
                    server.execute(statement.encode())
        yield f"postgresql://tirek_owner:role-word@{at}/tirek", f"postgresql://tirek_app:role-word@{at}/tirek"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(place), "-m", "immediate", "stop")


@pytest.fixture
def production(folder: Path, database: tuple[str, str], mail: int) -> Iterator[Installation]:
    """An installation with the settings of the docs; only addresses and secrets are our own."""
    documented = dict(line.split("=", 1) for line in block("index.md", "sh", "TIREK_VAR=").splitlines() if "=" in line)
    settings = {name: value.partition("  #")[0].strip() for name, value in documented.items()}
    del settings["TIREK_VAR"], settings["TIREK_NOTICE_CHANNELS"]
    settings |= {
        "TIREK_DEMO": "0",
        "TIREK_SECRET_KEY": secrets.token_urlsafe(60),
        "TIREK_KEYS": urlsafe_b64encode(os.urandom(32)).decode(),
        "TIREK_DATABASE_URL": database[1],
        "TIREK_SMTP_HOST": "127.0.0.1",
        "TIREK_SMTP_PORT": str(mail),
        "TIREK_SMTP_SECURITY": "none",
        "TIREK_SMTP_USER": "",
        "TIREK_SMTP_PASSWORD": "",
    }
    assert settings["TIREK_PUBLIC_URL"] == f"https://{HOST}"
    made = Installation(folder / "var", settings=settings)
    yield made
    made.remove()


class Browser:
    """Somebody behind the documented proxy: HTTPS ends there, cookies are kept."""

    def __init__(self, port: int, *, host: str = HOST) -> None:
        self._port, self._host, self._cookies, self.page = port, host, dict[str, str](), ""

    def text(self) -> str:
        """The words of the page that is open."""
        return words(self.page)

    def send(self, path: str, given: dict[str, str] | None = None) -> int:
        """Open an address, or press a button of the page that is open; follows where it leads."""
        headers = {
            "Host": self._host,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Accept-Language": "en",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
        }
        body = None
        if given is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
            body = urlencode({**given, "csrfmiddlewaretoken": token[1] if token else ""})
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}/"}
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)) as connection:
            connection.request("GET" if given is None else "POST", path, body, headers)
            answer = connection.getresponse()
            self.page = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _is, kept = value.partition(";")[0].partition("=")
                self._cookies[key] = kept
        if answer.status in {302, 303}:
            led = urlsplit(answer.headers["Location"])
            return self.send(f"{led.path}?{led.query}" if led.query else led.path)
        return answer.status


def test_production__starts_by_the_docs_and_its_first_letter_opens_behind_the_proxy(
    production: Installation, database: tuple[str, str]
) -> None:
    prepared(production, database[0])
    asked = block("index.md", "sh", "tirek admin create").split("tirek admin create ", 1)[1].splitlines()[0]
    email, number = asked.split()[0], re.findall(r"--bin (\d{12})", asked)[0]
    made = production.tirek("admin", "create", email, "--bin", number, "--name", "Centre")
    assert made.returncode == 0, made.stdout
    link = re.search(rf"https://{HOST}(/\S+)", made.stdout)
    assert link is not None, made.stdout
    production.start_and_wait()
    with closing(http.client.HTTPConnection("127.0.0.1", production.port, timeout=30)) as monitor:
        monitor.request("GET", "/health")
        answer = monitor.getresponse()
        assert (answer.status, json.loads(answer.read())["ready"]) == (200, True), "by address, over plain HTTP"
    boss = Browser(production.port)
    assert boss.send("/") == 200
    signed_in_with_an_app(boss, link[1], email)
    assert "What waits" in boss.page, boss.text()
    # a colleague is invited, and the letter leaves by the documented mail settings
    boss.send("/manage/organisations")
    place = re.search(r'href="(/manage/organisations/[0-9a-f-]{36})"', boss.page)
    assert place is not None, boss.text()
    boss.send(f"{place[1]}/invite")
    since = {f"since_{name}": value for name, value in (("day", "1"), ("month", "1"), ("year", "2026"))}
    given = {"name": "Сынақова Айгүл", "email": "second@example.kz", "language": "kk", "role": "admin", **since}
    assert boss.send(f"{place[1]}/invite", given) == 200
    wait_for(lambda: _Mail.letters)
    letter = message_from_bytes(_Mail.letters[0], policy=policy.default)
    assert (letter["To"], letter["From"]) == ("second@example.kz", "Tirek <no-reply@example.kz>")
    text = letter.get_body(("plain",))
    assert text is not None
    invited = re.search(rf"https://{HOST}(/\S+)", text.get_content())
    assert invited is not None, text.get_content()
    colleague = Browser(production.port)
    signed_in_with_an_app(colleague, invited[1], "second@example.kz")
    assert "What waits" in colleague.page, colleague.text()
    # another name is not served, whatever the link says
    stranger = Browser(production.port, host="evil.example.kz")
    assert stranger.send("/") == 400
    looked = production.tirek("doctor", TIREK_DATABASE_OWNER_URL=database[0])
    ill = [line for line in looked.stdout.splitlines() if "✗" in line]
    # a machine on which tests run as root is told so, rightly
    assert [line for line in ill if os.geteuid() != 0 or "runs as root" not in line] == []
    assert "✓" in looked.stdout


def prepared(production: Installation, owner: str) -> None:
    """Tables and reference data, as the docs say."""
    for command in (("migrate",), ("reference", "load")):
        done = production.tirek(*command, TIREK_DATABASE_OWNER_URL=owner)
        assert done.returncode == 0, done.stdout


def signed_in_with_an_app(somebody: Browser, link: str, login: str) -> None:
    """Set the password by the link of a letter, sign in, and connect an app as the second step."""
    assert somebody.send(link) == 200
    assert somebody.send(link, {"password": PASSWORD, "again": PASSWORD}) == 200, somebody.text()
    somebody.send("/sign-in/staff")
    somebody.send("/sign-in/staff", {"name": login, "password": PASSWORD})
    shown = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", somebody.page)
    assert shown is not None, somebody.text()
    secret = shown[1].replace(" ", "")
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert somebody.send("/sign-in/connect", {"way": "totp", "code": code}) == 200, somebody.text()
    assert 'name="role"' not in somebody.page, "whoever has one role chooses none"


def test_proxy__of_the_docs_leads_to_the_pages(
    folder: Path, production: Installation, database: tuple[str, str]
) -> None:
    """The example for nginx as it stands, but for addresses and the certificate."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        pytest.skip("nginx and openssl are not installed: the example of the docs is not tried here")
    prepared(production, database[0])
    production.start_and_wait()
    port, (key, certificate) = free_port(), self_signed(folder)
    example = block("proxy.md", "nginx", "upstream tirek")
    example = re.sub(r"    server 10\.0\.0\.12[^\n]*\n", "", example)
    for before, after in {
        "10.0.0.11:8000": f"127.0.0.1:{production.port}",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "/etc/ssl/portal.pem": str(certificate),
        "/etc/ssl/portal.key": str(key),
    }.items():
        assert before in example, before
        example = example.replace(before, after)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{example}\n}}\n"
    )
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        leads_to_the_pages(port, certificate)
    finally:
        server.terminate()
        server.wait(30)


def test_proxy__of_the_docs_leads_to_the_pages_with_caddy_too(
    folder: Path, production: Installation, database: tuple[str, str]
) -> None:
    """The example for Caddy as it stands, but for addresses and the certificate, which Caddy would fetch."""
    if shutil.which("caddy") is None or shutil.which("openssl") is None:
        pytest.skip("caddy and openssl are not installed: the example of the docs is not tried here")
    prepared(production, database[0])
    production.start_and_wait()
    port, (key, certificate) = free_port(), self_signed(folder)
    example = block("proxy.md", "caddy", "reverse_proxy")
    for before, after in {
        "{\n    servers {": f"{{\n    admin off\n    auto_https off\n    https_port {port}\n    servers {{",
        "portal.example.kz {": f"portal.example.kz {{\n    bind 127.0.0.1\n    tls {certificate} {key}",
        "10.0.0.11:8000 10.0.0.12:8000": f"127.0.0.1:{production.port}",
    }.items():
        assert before in example, before
        example = example.replace(before, after)
    (folder / "Caddyfile").write_text(example)
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    with (folder / "caddy.log").open("w") as log:
        server = subprocess.Popen(
            command, stderr=log, env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        )
        try:
            leads_to_the_pages(port, certificate)
        finally:
            server.terminate()
            server.wait(30)


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A key and a certificate of the host."""
    key, certificate = folder / "portal.key", folder / "portal.pem"
    asked = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}")
    written = ("-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate))
    subprocess.run(["openssl", "req", *asked, *written], check=True, stderr=subprocess.DEVNULL)
    return key, certificate


def leads_to_the_pages(port: int, certificate: Path) -> None:
    """A proxy serves pages by HTTPS, takes no body that is too large, and does not believe a visitor's own words."""
    wait_for(lambda: asked_by_https(port, certificate)[0] == 200)
    status, page = asked_by_https(port, certificate)
    assert status == 200
    assert "Tirek" in page
    # Caddy 2.6 gives up while it gathers the body; either way nothing of it comes through
    assert asked_by_https(port, certificate, body=b"x" * 13_000_000)[0] in {413, 502}, "the proxy bounds a body"
    # who says that the visit came over plain HTTP is not led round in a circle
    said = {"X-Forwarded-Proto": "http", "X_Forwarded_Proto": "http", "X-Forwarded-For": "10.9.8.7"}
    assert asked_by_https(port, certificate, said=said)[0] == 200


def asked_by_https(
    port: int, certificate: Path, *, body: bytes | None = None, said: dict[str, str] | None = None
) -> tuple[int, str]:
    """Status and text of the first page, asked through the proxy; 0 while nobody listens."""
    trusted = ssl.create_default_context(cafile=str(certificate))
    try:
        plain = socket.create_connection(("127.0.0.1", port), timeout=30)
        with closing(http.client.HTTPSConnection(HOST, port)) as visitor:
            visitor.sock = trusted.wrap_socket(plain, server_hostname=HOST)
            visitor.request(
                "POST" if body else "GET", "/", body, {"Host": HOST, "Accept-Language": "en", **(said or {})}
            )
            answer = visitor.getresponse()
            return answer.status, answer.read().decode()
    except ConnectionError:
        return 0, ""
