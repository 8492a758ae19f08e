"""Forms of claims, and by what the supplier's page of payments is narrowed."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tirek.core import clock
from tirek.reimbursements.models import Claim
from tirek.reimbursements.words import named_for_supplier
from tirek.ui.fields import DayField, long_text, short_text


class InvoiceForm(forms.Form):
    """The electronic invoice of one claim, or of several that go into one invoice."""

    invoice_number = short_text(
        _("Number of the electronic invoice"),
        _("As the system of electronic invoices shows it. One invoice may hold several hand-overs."),
        longest=60,
    )
    invoice_on = DayField(label=_("Day of the electronic invoice"), latest=clock.today)

    # Django's own arguments
    def __init__(self, *args: Any, before: Claim | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        """``before`` is the claim as it was sent the last time: what was typed then is proposed again."""
        if before is not None and before.invoice_number:
            typed = {"invoice_number": before.invoice_number, "invoice_on": before.invoice_on}
            kwargs["initial"] = typed | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class ReturnForm(forms.Form):
    """Why a claim goes back."""

    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Claim.ReturnReason.choices, widget=forms.RadioSelect)
    words = long_text(
        _("What does the supplier have to mend?"),
        _("The supplier reads it. Write no names of people."),
        longest=500,
        required=False,
    )


class PaymentForm(forms.Form):
    """The payment order of one claim, or of several that were paid by one."""

    payment_number = short_text(
        _("Number of the payment order"),
        _("As the treasury gave it. One payment order may pay several hand-overs of one supplier."),
        longest=60,
    )
    paid_on = DayField(label=_("Day of the payment"), latest=clock.today)


class NarrowForm(forms.Form):
    """State, period and kind of payments, in the address."""

    hide_optional = True

    state = forms.ChoiceField(label=_("State"), required=False)
    period = forms.ChoiceField(label=_("Received in"), required=False)
    kind = forms.ChoiceField(label=_("Kind of goods"), required=False)

    def __init__(
        self, sent: Mapping[str, Any], *, periods: Sequence[tuple[str, str]], kinds: Sequence[tuple[str, str]]
    ) -> None:
        """``periods`` and ``kinds`` are code and name of what can be chosen."""
        super().__init__(sent, auto_id="filter_%s")
        for name, choices in (
            ("state", [("", _("all")), ("late", _("late: not paid in time")), *named_for_supplier()]),
            ("period", [("", _("the whole time")), *periods]),
            ("kind", [("", _("all")), *kinds]),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = choices
