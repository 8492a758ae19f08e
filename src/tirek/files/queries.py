"""Reads of private files: only through the case they belong to, or by the person whose they are."""

import os
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage

from tirek.core import crypto
from tirek.core.actors import Actor
from tirek.core.case import registry
from tirek.core.errors import NotFound
from tirek.files.models import StoredFile


def can_keep() -> bool:
    """Whether a file could be written where files lie: the folder is there, or can be made, and is ours to write."""
    folder = Path(default_storage.path(""))
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def file_for(actor: Actor, key: UUID) -> StoredFile:
    """A file, for somebody who may see its case; a file without a case only for its owner.

    Raises:
        NotFound: there is no such file, or not for this actor.
    """
    stored = StoredFile.objects.filter(pk=key).first()
    if stored is None:
        raise NotFound
    _require(actor, stored)
    return stored


def _require(actor: Actor, stored: StoredFile) -> None:
    if stored.case_type and stored.case_id is not None:
        try:
            registry.address_of(stored.case_type, actor, stored.case_id)
        except KeyError as error:
            raise NotFound from error
    elif actor.subject_id is None or actor.subject_id != stored.owner_id:
        raise NotFound


def may_see(actor: Actor, stored: StoredFile) -> bool:
    """Whether ``file_for`` would give a file to this actor."""
    try:
        _require(actor, stored)
    except NotFound:
        return False
    return True


def content_of(stored: StoredFile) -> bytes:
    """The content of a file.

    Raises:
        FileNotFoundError: the store has lost it.
        crypto.Undecipherable: its key is gone from the ring, or it was changed.
    """
    with default_storage.open(stored.place) as stream:
        return crypto.decrypt(stream.read())
