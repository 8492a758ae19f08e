"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import named

named(
    {
        "people.after_majority": _("Time for which a parent still follows what ran when a child came of age"),
        "people.majority": _("Age of majority"),
        "people.measured_within": _("Age of a measurement after which it is asked again"),
        "people.warn_of_majority": _("How long before a child comes of age we tell the family"),
    }
)
