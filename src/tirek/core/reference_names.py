"""What the reference values of this app are, in words."""

from django.utils.translation import gettext_lazy as _

from tirek.core.reference import Bounds, bounded, named

named(
    {
        "drafts.keep": _("Time for which an unfinished form is kept"),
        "drafts.remind_before": _("Reminder before an unfinished form is archived"),
        "drafts.take_back_after": _("Time after which a form left lying at the office can be taken back"),
        "retention.drafts": _("Kept: archived forms"),
        "retention.effects": _("Kept: what followed from events"),
        "retention.failures": _("Kept: failures that people met"),
        "retention.imports": _("Kept: files that were chosen for import and not imported"),
        "retention.notes": _("Kept: notes beside events"),
        "retention.rate_windows": _("Kept: counts of repeated tries"),
        "retention.sessions": _("Kept: sessions that have ended"),
        "retention.signed": _("Kept: texts that were signed"),
        "retention.unsigned": _("Kept: requests for a signature that were not signed"),
        "retention.views": _("Kept: who looked at a file"),
    }
)

bounded(
    {
        "drafts.keep": Bounds(7, 730),
        "drafts.remind_before": Bounds(1, 60),
        "drafts.take_back_after": Bounds(1, 60),
    }
)
