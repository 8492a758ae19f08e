"""Personal data of files: what a person sees of them, and why they are kept."""

from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor, Desk
from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.files.models import StoredFile
from tirek.files.queries import may_see

export.titles(
    "files", name=_("Name"), content_type=_("Type"), size=_("Size in bytes"), sha256=_("Fingerprint (SHA-256)")
)


@export.section("files", "files.StoredFile", title=_("Files"), place=75)
def _files(subject: Subject) -> list[Entry]:
    rows = StoredFile.objects.filter(owner_id=subject.person_id).order_by("created_at", "pk")
    # what the person has sent is the person's; what others have sent to one another about the person is theirs
    person = Actor(desk=Desk.RECIPIENT, user_id=subject.user_id, person_id=subject.person_id)
    seen = [one for one in rows if (one.uploaded_by and one.uploaded_by == subject.user_id) or may_see(person, one)]
    return export.entries(seen, "name", "content_type", "size", "sha256", "created_at")


retention.keeps(
    "Files belong to a case and are deleted with it, or by who sent them; orders have none.", "files.StoredFile"
)
