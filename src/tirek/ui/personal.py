"""Personal data of the common pages: filters that somebody named."""

from django.utils.translation import gettext_lazy as _

from tirek.core.personal import export, retention
from tirek.core.personal.export import Entry, Subject
from tirek.ui.models import SavedFilter

export.titles("ui", name=_("Name"), query=_("Filter"))


@export.section("saved_filters", "ui.SavedFilter", title=_("Saved filters of lists"), place=88)
def _saved_filters(subject: Subject) -> list[Entry]:
    rows = SavedFilter.objects.filter(user_id__in=subject.accounts).order_by("desk", "list", "name")
    return [export.entry(one, "desk", "name", "query") for one in rows]


retention.keeps("Named filters of lists: as long as the account; who named one deletes it.", "ui.SavedFilter")
