"""What the guards know of files."""

from django.core.files.uploadedfile import SimpleUploadedFile
from tests import pdfs
from tests.kit.declared import Declared, Page, by
from tests.kit.world import World

from tirek.files import actions
from tirek.files.models import StoredFile


def _file(world: World) -> StoredFile:
    upload = SimpleUploadedFile("a.pdf", pdfs.GOOD)
    return actions.store(world.actor, upload, owner_id=world.person.pk)


DECLARED = Declared(
    makes={"file": _file}, pages={"files:download": Page(keys=by("file"))}, small=frozenset({"files_storedfile"})
)
