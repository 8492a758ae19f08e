"""Where private files lie: under ``TIREK_VAR/files``, never below an address of the site."""

import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.utils.deconstruct import deconstructible

_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


@deconstructible
class PrivateStorage(FileSystemStorage):
    """A folder that only the server's own user can read. Its files have no address."""

    def __init__(self, location: Path | None = None) -> None:
        super().__init__(
            location=location or Path(settings.CONFIG.var) / "files",
            file_permissions_mode=_FILE_MODE,
            directory_permissions_mode=_FOLDER_MODE,
        )

    def url(self, name: str | None) -> str:  # noqa: ARG002 - as Django calls it
        """Private files have no address.

        Raises:
            ValueError: always.
        """
        raise ValueError("A private file is given out by files:download only.")

    def replace(self, name: str, content: bytes) -> None:
        """Put ``content`` in the place of a file that is there; whoever reads meanwhile gets the old or the new one,
        whole.
        """
        place = Path(self.path(name))
        owner = place.stat()
        new = place.with_name(f"{place.name}.new")
        new.touch(mode=_FILE_MODE)
        with new.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if os.geteuid() == 0:
            os.chown(new, owner.st_uid, owner.st_gid)
        new.replace(place)
