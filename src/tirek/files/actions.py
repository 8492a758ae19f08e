"""Storing and deleting private files."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from tirek.core import clock, crypto
from tirek.core.actors import CLOCK, Actor
from tirek.core.case import registry
from tirek.core.case.registry import code_of
from tirek.core.errors import NotAllowed
from tirek.core.keys import uuid7
from tirek.core.tables import Row
from tirek.files import rules
from tirek.files.models import StoredFile

#: For how long content without a row is left alone: a database that was brought back to an earlier day may come back.
LEFT_FOR: Final = timedelta(days=7)
#: Where content lies, whole or half written.
_PLACE: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(\.new)?")

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from tirek.files.storage import PrivateStorage


def _check_actor(actor: Actor, case: Row | None, owner_id: UUID) -> None:
    if case is not None:
        registry.address_of(code_of(type(case)), actor, case.pk)
    elif actor != CLOCK and actor.subject_id != owner_id:
        raise NotAllowed


def store(actor: Actor, upload: "UploadedFile[bytes]", *, owner_id: UUID, case: Row | None = None) -> StoredFile:
    """Take a file that somebody sent.

    Args:
        actor: who sends it; must be able to see the case.
        upload: the file as the form received it; neither its name nor its type is believed.
        owner_id: person whose file it is.
        case: the case (or message) it belongs to; ``None`` keeps it for its owner alone.

    Raises:
        NotFound: the case is not this actor's.
        NotAllowed: a file without a case is somebody else's.
        rules.Unsuitable: size, kind or content do not allow it.
    """
    _check_actor(actor, case, owner_id)
    rules.check_size(upload.size or 0)
    return _kept(actor, upload.name or "", rules.clean(upload.read()), owner_id=owner_id, case=case)


def store_photo(
    actor: Actor, upload: "UploadedFile[bytes]", *, owner_id: UUID, case: Row, longest: int
) -> tuple[StoredFile, int, int]:
    """Take a photo that pages will show; returns it with its width and height in pixels.

    Args:
        actor: who sends it; must be able to see what it belongs to.
        upload: the file as the form received it; neither its name nor its type is believed.
        owner_id: whose it is.
        case: what it belongs to.
        longest: pixels of its longer side, at most.

    Raises:
        NotFound: what it belongs to is not this actor's.
        rules.Unsuitable: size, kind or content do not allow it.
    """
    _check_actor(actor, case, owner_id)
    rules.check_size(upload.size or 0)
    clean = rules.clean_photo(upload.read(), longest=longest)
    width, height = rules.size_of(clean.content)
    return _kept(actor, upload.name or "", clean, owner_id=owner_id, case=case), width, height


def _kept(actor: Actor, name: str, clean: rules.Clean, *, owner_id: UUID, case: Row | None) -> StoredFile:
    key = uuid7()
    place = default_storage.save(f"{key.hex[-2:]}/{key.hex}", ContentFile(crypto.encrypt(clean.content)))
    try:
        return StoredFile.objects.create(
            id=key,
            owner_id=owner_id,
            uploaded_by=actor.user_id,
            case_type="" if case is None else code_of(type(case)),
            case_id=None if case is None else case.pk,
            name=rules.safe_name(name, clean.content_type),
            content_type=clean.content_type,
            size=len(clean.content),
            sha256=hashlib.sha256(clean.content).hexdigest(),
            place=place,
        )
    except BaseException:
        default_storage.delete(place)
        raise


@dataclass
class Resealing:
    """How far the writing anew of the stored files has come."""

    seen: int = 0
    written: int = 0
    missing: int = 0


def reseal_everything(batch: int = 100) -> Iterator[Resealing]:
    """Write every stored file anew with the newest key; yields after each file.

    It may be broken off and begun again: files under the newest key already are read, not written. At most ``batch``
    rows are held at once. A file that the store has lost is counted and passed over.

    Raises:
        crypto.Undecipherable: no key of the ring opens a file.
    """
    done, after = Resealing(), UUID(int=0)
    while places := list(StoredFile.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "place")[:batch]):
        after = places[-1][0]
        for _key, place in places:
            done.seen += 1
            try:
                with default_storage.open(place) as stream:
                    sealed = stream.read()
            except FileNotFoundError:
                done.missing += 1
            else:
                if not crypto.is_newest(sealed):
                    cast("PrivateStorage", default_storage).replace(place, crypto.resealed(sealed))
                    done.written += 1
            yield done


def sweep() -> int:
    """Take away content that no row knows any more: what was stored in a transaction that failed in the end, what a
    broken server left half written. What is younger than ``LEFT_FOR`` may still be in somebody's hands.

    Returns:
        How many were taken away.
    """
    oldest, swept = clock.now() - LEFT_FOR, 0
    if not default_storage.exists(""):
        return 0
    for folder in default_storage.listdir("")[0]:
        names = (f"{folder}/{name}" for name in default_storage.listdir(folder)[1])
        left = [one for one in names if _PLACE.fullmatch(one) and default_storage.get_modified_time(one) < oldest]
        known = set(StoredFile.objects.filter(place__in=left).values_list("place", flat=True)) if left else set()
        for place in left:
            if place not in known:
                default_storage.delete(place)
                swept += 1
    return swept


def delete(actor: Actor, stored: StoredFile) -> None:
    """Take a file away again; the content goes when the transaction is through.

    Raises:
        NotAllowed: somebody else sent it.
    """
    if actor != CLOCK and (actor.user_id is None or actor.user_id != stored.uploaded_by):
        raise NotAllowed
    place = stored.place
    with transaction.atomic():
        stored.delete()
        transaction.on_commit(lambda: default_storage.delete(place))
