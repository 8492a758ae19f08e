import io
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from PIL import Image
from pydantic import SecretStr
from tests import factories as make
from tests import pdfs
from tests.kit.sign_in import sign_in

from tirek.config import Config
from tirek.core import clock, crypto
from tirek.core.actors import CLOCK, Actor, Desk
from tirek.core.case import registry
from tirek.core.errors import NotAllowed, NotFound
from tirek.core.keys import uuid7
from tirek.files import actions, queries, rules
from tirek.files.models import StoredFile
from tirek.files.storage import PrivateStorage
from tirek.people.models import Person

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
PDF = pdfs.GOOD


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(default_storage, "_wrapped", PrivateStorage(tmp_path / "files"))
    with clock.at(make.MORNING):
        yield


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode in "LP" else tuple([120] * len(mode))).save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/x-anything")


def noted(kind: str, notes: bytes) -> bytes:
    """A picture with notes of a camera that end too soon."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(made, kind, exif=notes)
    return made.getvalue()


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    exif[0x010F] = "SecretCamera"
    return picture(exif=exif, comment=b"hidden words")


class TestContent:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (PDF, "application/pdf"),
            (picture(), "image/jpeg"),
            (picture("PNG"), "image/png"),
            (picture("WEBP"), "image/webp"),
        ],
    )
    def test_kind__is_told_by_the_content(self, content: bytes, kind: str) -> None:
        assert rules.clean(content).content_type == kind

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "empty"),
            (b"x" * (rules.MAX_BYTES + 1), "too_large"),
            (b"MZ\x90\x00" + b"\x00" * 200, "kind"),
            (b"<html><script>alert(1)</script>", "kind"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"),
            (picture("GIF", mode="P"), "kind"),
            (b"just words", "kind"),
            (PDF[:-7], "broken"),
            (picture()[:200], "broken"),
            (b"\xff\xd8\xff\xe0" + b"\x00" * 500, "broken"),
            (noted("PNG", b"II*\x00"), "broken"),
            (noted("WEBP", b"II*\x00"), "broken"),
        ],
    )
    def test_unsuitable_content__is_refused_with_the_reason(self, content: bytes, why: str) -> None:
        with pytest.raises(rules.Unsuitable) as refused:
            rules.clean(content)
        assert refused.value.code == why

    def test_picture__is_drawn_anew_without_what_the_camera_wrote(self) -> None:
        clean = rules.clean(with_position())
        assert b"SecretCamera" not in clean.content
        assert b"hidden words" not in clean.content
        with Image.open(io.BytesIO(clean.content)) as fresh:
            assert not fresh.getexif()
            assert fresh.size == (40, 60)

    def test_bomb__of_too_many_pixels_is_refused_before_it_is_unpacked(self) -> None:
        bomb = picture("PNG", (9000, 5000), "L", compress_level=9)
        assert len(bomb) < 200_000
        with pytest.raises(rules.Unsuitable) as refused:
            rules.clean(bomb)
        assert refused.value.code == "too_many_pixels"
        with pytest.raises(rules.Unsuitable) as refused:
            rules.clean(picture("PNG", (20000, 20000), "1", compress_level=9))
        assert refused.value.code == "too_many_pixels"

    @pytest.mark.finding("R-M6")
    def test_picture__that_must_be_unpacked_whole_has_fewer_pixels(self) -> None:
        """6300 x 6300 in a PNG of 116 kB cost 626 MB."""
        with pytest.raises(rules.Unsuitable) as refused:
            rules.clean(picture("PNG", (6300, 6300), "L", compress_level=9))
        assert refused.value.code == "too_many_pixels"
        with Image.open(io.BytesIO(rules.clean(picture("PNG", (4100, 3800), "L")).content)) as fresh:
            assert max(fresh.size) == 4000

    @pytest.mark.finding("R-M6")
    def test_pictures__are_drawn_one_at_a_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        guard, at_once, most = threading.Lock(), 0, 0
        real = rules._clean_picture

        def counted(content: bytes, kind: str, longest: int) -> bytes:
            nonlocal at_once, most
            with guard:
                at_once += 1
                most = max(most, at_once)
            try:
                return real(content, kind, longest)
            finally:
                with guard:
                    at_once -= 1

        monkeypatch.setattr(rules, "_clean_picture", counted)
        content = picture(size=(1500, 1500))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _n: rules.clean(content), range(8)))
        assert most == 1

    def test_large_photo__is_made_smaller(self) -> None:
        with Image.open(io.BytesIO(rules.clean(picture(size=(5000, 1000))).content)) as fresh:
            assert fresh.size == (4000, 800)

    def test_words_after_the_picture__are_gone(self) -> None:
        assert b"<script>" not in rules.clean(picture("PNG") + b"<script>alert(1)</script>").content

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
    def test_every_kind_of_colours__is_taken(self, mode: str) -> None:
        out = io.BytesIO()
        Image.new(mode, (10, 10)).save(out, "JPEG" if mode == "CMYK" else "PNG")
        assert rules.clean(out.getvalue()).content

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("справка.PDF", "справка.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\A\\құжат.docx", "құжат.pdf"),
            ('a"; filename="b.exe', "a_; filename=_b.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
            ("\u202efdp.exe", "fdp.pdf"),
            ("", "file.pdf"),
            ("...", "file.pdf"),
            ("я" * 300 + ".pdf", "я" * 116 + ".pdf"),
        ],
    )
    def test_name__is_made_safe_and_tells_the_real_kind(self, name: str, safe: str) -> None:
        assert rules.safe_name(name, "application/pdf") == safe


@pytest.fixture
def shop(db: None) -> make.Shop:
    return make.Shop()


@pytest.fixture
def person(db: None) -> Person:
    return make.person()


@pytest.mark.django_db
class TestStoring:
    def test_stored_file__lies_sealed_where_only_the_server_reads(self, person: Person) -> None:
        stored = actions.store(make.recipient_of(person), upload(PDF, "справка.pdf"), owner_id=person.pk)
        path = Path(default_storage.path(stored.place))
        assert PDF not in path.read_bytes()
        assert "справка" not in str(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert (stored.name, stored.size, stored.content_type) == ("справка.pdf", len(PDF), "application/pdf")
        assert queries.content_of(stored) == PDF

    def test_private_file__has_no_address(self) -> None:
        with pytest.raises(ValueError, match="download"):
            default_storage.url("x")

    def test_refused_file__leaves_nothing(self, person: Person) -> None:
        with pytest.raises(rules.Unsuitable):
            actions.store(make.recipient_of(person), upload(b"MZ" * 100), owner_id=person.pk)
        assert not StoredFile.objects.exists()
        assert not Path(default_storage.location).exists()

    def test_row_that_cannot_be_written__leaves_no_content(
        self, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**_columns: object) -> None:
            raise RuntimeError("database gone")

        monkeypatch.setattr(StoredFile.objects, "create", fail)
        with pytest.raises(RuntimeError):
            actions.store(make.recipient_of(person), upload(PDF), owner_id=person.pk)
        assert [path for path in Path(default_storage.location).rglob("*") if path.is_file()] == []

    def test_file_without_a_case__is_the_owners_alone(self, person: Person) -> None:
        stored = actions.store(make.recipient_of(person), upload(PDF), owner_id=person.pk)
        assert queries.file_for(make.recipient_of(person), stored.pk) == stored
        for actor in (
            make.recipient_of(make.person()),
            make.officer(),
            Actor(desk=Desk.PUBLIC),
            Actor(desk=Desk.ADMIN),
        ):
            with pytest.raises(NotFound):
                queries.file_for(actor, stored.pk)
            with pytest.raises(NotAllowed):
                actions.store(actor, upload(PDF), owner_id=person.pk)

    def test_file_of_a_case__is_seen_by_those_who_see_the_case(self, shop: make.Shop) -> None:
        order = shop.order()
        stored = actions.store(shop.actor, upload(PDF), owner_id=shop.person.pk, case=order)
        for actor in (shop.actor, shop.supplier_actor):
            assert queries.file_for(actor, stored.pk) == stored
        stranger = make.recipient_of(make.person())
        with pytest.raises(NotFound):
            queries.file_for(stranger, stored.pk)
        with pytest.raises(NotFound):
            actions.store(stranger, upload(PDF), owner_id=shop.person.pk, case=order)

    def test_every_reading__asks_the_accessor_of_the_case(
        self, shop: make.Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order = shop.order()
        stored = actions.store(shop.actor, upload(PDF), owner_id=shop.person.pk, case=order)
        known = registry.case_type("order")
        asked: list[UUID] = []

        def refused(actor: Actor) -> Q:
            asked.append(actor.account)
            return Q(pk__in=[])

        spied = replace(known, scope=replace(known.scope, only=refused))
        monkeypatch.setitem(registry._types, "order", spied)
        with pytest.raises(NotFound):
            queries.file_for(shop.actor, stored.pk)
        assert set(asked) == {shop.actor.account}

    def test_case_type_nobody_knows__shows_no_file(self, person: Person) -> None:
        stored = actions.store(CLOCK, upload(PDF), owner_id=person.pk)
        StoredFile.objects.update(case_type="gone", case_id=uuid7())
        with pytest.raises(NotFound):
            queries.file_for(make.recipient_of(person), stored.pk)

    def test_who_sent_it__takes_it_away_with_its_content(
        self, person: Person, django_capture_on_commit_callbacks: Callable[..., Iterator[None]]
    ) -> None:
        stored = actions.store(make.recipient_of(person), upload(PDF), owner_id=person.pk)
        with pytest.raises(NotAllowed):
            actions.delete(make.officer(), stored)
        place = stored.place
        with django_capture_on_commit_callbacks(execute=True):
            actions.delete(make.recipient_of(person), stored)
        assert not default_storage.exists(place)
        assert not StoredFile.objects.exists()


@pytest.mark.django_db
class TestDownload:
    def test_download__is_an_attachment_in_which_a_browser_runs_nothing(self, client: Client, person: Person) -> None:
        stored = actions.store(make.recipient_of(person), upload(PDF, "құжат.pdf"), owner_id=person.pk)
        sign_in(client, person, factor=False)
        answer = client.get(f"/files/{stored.pk}")
        assert answer.content == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%D2%9B")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_stranger_and_nobody__get_nothing(self, client: Client, person: Person) -> None:
        stored = actions.store(make.recipient_of(person), upload(PDF), owner_id=person.pk)
        assert client.get(f"/files/{stored.pk}").headers["Location"].startswith("/sign-in/")
        other = make.person()
        sign_in(client, other, factor=False)
        assert client.get(f"/files/{stored.pk}").status_code == 404
        assert client.get(f"/files/{uuid7()}").status_code == 404


class TestNewKey:
    """``tirek keys rotate`` for files."""

    @pytest.fixture
    def files(self, monkeypatch: pytest.MonkeyPatch) -> list[StoredFile]:
        person = make.person()
        monkeypatch.setattr(crypto, "ring", lambda: crypto._ring(OLD))
        return [actions.store(make.recipient_of(person), upload(PDF, f"{n}.pdf"), owner_id=person.pk) for n in range(5)]

    @pytest.fixture
    def new_key(self, files: list[StoredFile], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crypto, "ring", lambda: crypto._ring(f"{NEW},{OLD}"))
        monkeypatch.setattr(crypto, "config", lambda: Config(demo=True, keys=SecretStr(f"{NEW},{OLD}")))

    @pytest.mark.django_db
    def test_every_file__opens_without_the_old_key_afterwards(
        self, files: list[StoredFile], new_key: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        *_, done = actions.reseal_everything(batch=2)
        assert (done.seen, done.written, done.missing) == (5, 5, 0)
        monkeypatch.setattr(crypto, "ring", lambda: crypto._ring(NEW))
        assert {queries.content_of(one) for one in files} == {PDF}
        assert stat.S_IMODE(Path(default_storage.path(files[0].place)).stat().st_mode) == 0o600

    @pytest.mark.django_db
    def test_what_was_broken_off__goes_on_and_writes_nothing_twice(
        self, files: list[StoredFile], new_key: None
    ) -> None:
        first = actions.reseal_everything(batch=2)
        for _ in range(3):
            next(first)
        *_, done = actions.reseal_everything(batch=2)
        assert (done.seen, done.written) == (5, 2)

    @pytest.mark.django_db
    def test_a_file_that_the_store_has_lost__is_counted(self, files: list[StoredFile], new_key: None) -> None:
        default_storage.delete(files[1].place)
        *_, done = actions.reseal_everything()
        assert (done.seen, done.written, done.missing) == (5, 4, 1)
