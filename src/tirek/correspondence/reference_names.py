"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import named

named({"retention.messages": _("Kept: messages between people, departments and suppliers")})
