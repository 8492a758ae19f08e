"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import named

named(
    {
        "notices.sms_from": _("First minute of the day for text messages"),
        "notices.sms_until": _("Last minute of the day for text messages"),
        "retention.message_addresses": _("Kept: addresses of messages that were sent"),
        "retention.notices": _("Kept: notices in the inbox"),
        "retention.sent_messages": _("Kept: texts of messages that were sent"),
    }
)
