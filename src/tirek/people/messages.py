"""How notices speak of people to others: by the given name; what the family is told of coming of age."""

from django.utils.translation import gettext_lazy as _

from tirek.notices.templates import ask_easy_readers_of, name_people_by, register
from tirek.people.queries import easy_readers, given_names_for

name_people_by(given_names_for)
ask_easy_readers_of(easy_readers)
register(
    "person.soon_of_age",
    title=_("Of age from {day:day}"),
    body=_(
        "From this day a parent's right to act ends: the adult orders and signs in person. Who cannot do so needs a "
        "guardian by a court's decision, or gives a power of attorney: bring the document to the office in time. "
        "Signing in needs an own phone: have it put on file at the office. Orders that run on that day go on."
    ),
    sms=_("Tirek: of age from {day:day}. A parent's right to act ends on that day. Read in Tirek what to prepare."),
)
register(
    "person.of_age",
    title=_("Of age today"),
    body=_(
        "From today the adult orders and signs in person. Orders that run go on: parents still see them and get "
        "messages about them. The adult signs the receipt of goods, at home or at the office. Who cannot do so "
        "needs a guardian or an attorney: bring the document to the office."
    ),
    sms=_("Tirek: of age today. Orders that run go on. From now on the adult orders and signs in person."),
)
