"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import named

named(
    {
        "people.majority": _("Age of majority"),
        "people.measured_within": _("Age of a measurement after which it is asked again"),
    }
)
