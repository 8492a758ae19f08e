"""What stands behind the pages: the log, the demo mode, the journal's tail, files that pretend, and settings that must
hold.
"""

import io
import json
import logging
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from PIL import Image
from pydantic import ValidationError
from tests import factories as make
from tests import pdfs
from tests.security.attack import World, signed_in

from tirek.accounts.models import OneTimeSecret, User
from tirek.config import Config
from tirek.core import clock
from tirek.core.actors import Desk
from tirek.core.case import proof
from tirek.core.keys import uuid7
from tirek.core.service.logs import MaskingFormatter, masked
from tirek.core.signing import codes
from tirek.files import actions as files
from tirek.files import rules
from tirek.orders import actions

_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING):
        yield


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, as the product writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


class TestLog:
    def test_formatter_of_the_product__masks(self) -> None:
        assert settings.LOGGING["formatters"]["line"]["()"] == "tirek.core.service.logs.MaskingFormatter"
        assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} == {"line"}

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("Not Found: /orders/900101300017", "Not Found: /orders/…"),
            ("Key (iin)=(900101300017) already exists.", "Key (iin)=(…) already exists."),
            ("/orders/none-900101300017/x", "/orders/none-…/x"),
            ("to +77011234567", "to +7…"),
            ("to +7 (701) 123-45-67", "to +7…"),
            (
                f"422: /sign-in/password/{'a' * 8}-aaaa-7aaa-aaaa-{'a' * 12}/s3cr-et_",
                f"422: /sign-in/password/{'a' * 8}-aaaa-7aaa-aaaa-{'a' * 12}/…",
            ),
            ("draft 019aa0e7-0000-7000-8000-123456789012", "draft 019aa0e7-0000-7000-8000-123456789012"),
            ("12 rows in 1500 ms", "12 rows in 1500 ms"),
        ],
    )
    def test_masked(self, text: str, told: str) -> None:
        assert masked(text) == told

    @pytest.mark.django_db
    def test_link_to_set_a_password__is_never_written_while_it_lives(self, log: io.StringIO) -> None:
        user = User.objects.create_user(email="staff@example.kz", password="four words put together")
        key, secret = uuid7(), "live-secret_of-a-link"
        OneTimeSecret.objects.create(
            id=key,
            kind="link",
            user=user,
            identifier="x",
            secret_hash=codes.hash_of("accounts.link", key, secret),
            expires_at=clock.now() + _HOUR,
        )
        address = f"/sign-in/password/{key}/{secret}"
        assert Client().post(address, {"password": "short"}).status_code == 422
        assert Client(enforce_csrf_checks=True).post(address, {"password": "short"}).status_code == 403
        assert secret not in log.getvalue()
        assert "/sign-in/password/" in log.getvalue(), "the control: the refusals are in the log"

    @pytest.mark.django_db
    def test_the_way_of_an_order__leaves_no_personal_number_name_phone_or_code(self, log: io.StringIO) -> None:
        world = World()
        browser = Client()
        browser.post("/sign-in/", {"iin": world.person.iin})
        browser.post("/sign-in/code", {"code": "000000"})
        signed_in(world.officer).post("/office/people", {"what": world.person.iin})
        signed_in(world.admin).post("/manage/users", {"login": world.person.iin, "reason": "x"})
        signed_in(world.actor).post(f"/orders/{world.delivered.number}/confirm", {"step": "ask"})
        browser.get(f"/orders/{world.person.iin}")
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(iin=world.person.iin)
        logging.getLogger("tirek").error(
            "kept", exc_info=IntegrityError(f"Key (iin)=({world.person.iin}) already exists.")
        )
        for told in (world.person.iin, world.person.given_name, "7011234567", "7654321"):
            assert told not in log.getvalue()
        assert "kept" in log.getvalue()


def production_settings(*names: str, **environment: str) -> dict[str, object]:
    """These settings in a process whose environment is that of production."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("TIREK_")}
    outside |= {"TIREK_SECRET_KEY": "x" * 60, "TIREK_KEYS": Fernet.generate_key().decode()}
    outside |= {"TIREK_PROXIES": "1", "TIREK_PUBLIC_URL": "https://tirek.example.kz"} | environment
    program = (
        "import json, sys; from tirek import settings; "
        "print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, *names], env=outside, capture_output=True, text=True, check=True
    )
    found: dict[str, object] = json.loads(told.stdout)
    return found


class TestDemo:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"host": "0.0.0.0"},  # noqa: S104 - refused
            {"allowed_hosts": "tirek.kz"},
            {"allowed_hosts": "*"},
            {"proxies": 1},
            {"public_url": "https://tirek.kz"},
        ],
    )
    def test_demo_mode__has_no_way_from_outside(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValidationError, match="TIREK_DEMO"):
            Config(demo=True, **wrong)  # type: ignore[arg-type]  # as the environment gives it
        assert Config(demo=True, allowed_hosts="localhost,127.0.0.1").demo  # type: ignore[arg-type]  # as above

    def test_word_of_https__is_believed_only_behind_a_proxy_of_ours(self) -> None:
        asked = RequestFactory().get("/", headers={"x-forwarded-proto": "https"})
        assert not asked.is_secure()
        assert production_settings("SECURE_PROXY_SSL_HEADER") == {
            "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]
        }

    def test_outside_demo_mode__cookies_travel_by_https_alone_and_no_other_name_is_answered(self) -> None:
        wanted: dict[str, object] = {
            "DEMO": False,
            "DEBUG": False,
            "ALLOWED_HOSTS": ["tirek.example.kz"],
            "SESSION_COOKIE_SECURE": True,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "CSRF_COOKIE_SECURE": True,
            "SECURE_SSL_REDIRECT": True,
            "SECURE_REDIRECT_EXEMPT": ["^health(/web)?$"],
            "SECURE_HSTS_SECONDS": 31_536_000,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
            "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        }
        assert production_settings(*wanted, TIREK_ALLOWED_HOSTS="tirek.example.kz") == wanted

    def test_outside_demo_mode__whoever_names_no_host_serves_this_machine_alone(self) -> None:
        assert production_settings("ALLOWED_HOSTS", TIREK_PUBLIC_URL="") == {
            "ALLOWED_HOSTS": ["127.0.0.1", "localhost", "[::1]"]
        }

    @pytest.mark.django_db
    def test_outside_demo_mode__nobody_is_chosen_from_a_list_and_no_message_is_shown(self) -> None:
        world = World()
        with override_settings(DEMO=False):
            for address in ("/sign-in/demo", "/notices/sent"):
                assert Client().get(address).status_code == 404
            assert Client().post("/sign-in/demo", {"user": str(world.person.user_id)}).status_code == 404

    @pytest.mark.django_db
    def test_outside_demo_mode__no_desk_of_staff_opens_without_the_second_step(self) -> None:
        world = World()
        for actor, address in (
            (world.officer, "/office"),
            (world.supplier_actor, "/supply"),
            (world.admin, "/manage/"),
        ):
            client = signed_in(actor)
            assert client.get(address).status_code == 200
            session = client.session
            session["second_factor"] = False
            session.save()
            with override_settings(DEMO=False):
                assert client.get(address).status_code in {302, 403}


@pytest.mark.django_db
class TestJournal:
    @pytest.mark.parametrize("cut", ["n = (SELECT max(n) FROM core_event WHERE case_id = %(case)s)", "true"])
    def test_tail_cut_off__is_missed_by_its_case_and_by_the_seal_of_its_day(self, cut: str) -> None:
        world = World()
        order = actions.cancel_order(actor=world.actor, order=world.placed)
        with clock.at(make.MORNING + timedelta(days=2)):
            assert proof.seal()
        assert not list(proof.verify())
        assert not list(proof.verify_seals())
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE core_event DISABLE TRIGGER core_event_append_only")
            # of the list above
            statement = f"DELETE FROM core_event WHERE case_id = %(case)s AND {cut}"  # noqa: S608
            cursor.execute(statement, {"case": order.pk})
            cursor.execute("ALTER TABLE core_event ENABLE TRIGGER core_event_append_only")
        assert (order.pk, "tail") in [(found.case_id, found.problem) for found in proof.verify()]
        assert list(proof.verify_seals())


class TestFiles:
    def test_pictures__are_drawn_anew_without_what_was_hidden_behind_them(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(out, "PNG")
        evil = out.getvalue() + b"<script>alert(1)</script>PK\x03\x04"
        assert b"script" not in rules.clean(evil).content
        assert b"PK\x03\x04" not in rules.clean(evil).content

    @pytest.mark.parametrize(
        "content",
        [
            b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            b"<!DOCTYPE html><script>alert(1)</script>",
            b"GIF89a<script>",
            b"PK\x03\x04" + b"\0" * 60,
            b"MZ" + b"\0" * 200,
            pdfs.plain(b"/OpenAction << /S /JavaScript /JS (x) >>"),
            pdfs.plain(b"/A<</S /J#61vaScript>>"),
            pdfs.plain(b"/A<</#4c#61unch 1>>"),
            b"<html>" + pdfs.GOOD,
        ],
    )
    def test_what_pretends_or_does_something_by_itself__is_not_taken(self, content: bytes) -> None:
        with pytest.raises(rules.Unsuitable):
            rules.clean(content)

    def test_picture_that_would_fill_the_memory__is_refused_before_it_is_opened(self) -> None:
        def chunk(kind: bytes, data: bytes) -> bytes:
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
        bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)) + chunk(b"IEND", b"")
        with pytest.raises(rules.Unsuitable) as refused:
            rules.clean(bomb)
        assert refused.value.code == "too_many_pixels"

    @pytest.mark.parametrize(
        "name",
        [
            "../../etc/passwd",
            "..\\..\\x.exe",
            "/etc/passwd",
            "a\r\nSet-Cookie: x=y",
            'a";x="b',
            "\u202egpj.exe",
            "a\0b",
            "...",
            "x" * 500,
        ],
    )
    @pytest.mark.django_db
    def test_name__leads_nowhere_and_splits_no_header(self, name: str) -> None:
        world = World()
        upload = SimpleUploadedFile("x", pdfs.GOOD)
        upload._name = name
        stored = files.store(world.actor, upload, owner_id=world.person.pk)
        assert not set(stored.name) & set('/\\:*?"<>|\r\n\0\u202e')
        assert ".." not in stored.place
        answer = signed_in(world.actor).get(reverse("files:download", args=[stored.pk]), headers={"Range": "bytes=0-3"})
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content == pdfs.GOOD
        assert (
            signed_in(world.strangers()[Desk.RECIPIENT]).get(reverse("files:download", args=[stored.pk])).status_code
            == 404
        )
