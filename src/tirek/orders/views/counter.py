"""The end of an order at the counter: the person agrees to the words of the order, by a code or on paper, and the officer sends it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tirek.core.drafts import Draft
from tirek.core.errors import RuleBroken, TooMany
from tirek.core.signing import Signature
from tirek.orders import signing
from tirek.orders.actions import submit_order, words_to_agree_to
from tirek.orders.forms import CodeForm, told_at_field
from tirek.orders.views.ordering import Filled, agreed_answers, check_page, filled_form, to_order
from tirek.ui.browser import lead_to
from tirek.ui.desks import DeskRequest, desk


@desk("officer")
@require_POST
def agree(request: DeskRequest, key: UUID) -> HttpResponse:
    """Ask for a code (``step`` ask); or take the code (sign), the paper (paper) or what was agreed before (send), and send the order."""
    filled, step = filled_form(request, key), request.POST.get("step", "")
    if filled.draft.state == Draft.State.SUBMITTED:
        return to_order(request, filled.draft)
    form = CodeForm(request.POST if step == "sign" else None)
    if form.is_bound and not form.is_valid():
        return check_page(request, filled, form)
    final = agreed_answers(filled)
    try:
        if step == "ask":
            asked = signing.ask_to_order(request.actor, filled.draft, final)
            return redirect(f"{reverse('orders:step', args=[key, 'check'])}?asked={asked.pk}")
        given = _given(request, filled, step, final)
        order = submit_order(actor=request.actor, draft_key=key, final=final, signature_id=given.pk)
    except (RuleBroken, TooMany) as refused:
        at_field = form.is_bound and told_at_field(form, refused, CodeForm.FIELDS)
        return check_page(request, filled_form(request, key), form, None if at_field else refused)
    return lead_to(request, reverse("orders:receipt", args=[order.number]))


def _given(request: DeskRequest, filled: Filled, step: str, final: dict[str, str]) -> Signature:
    draft = filled.draft
    before = signing.agreement_of(draft, words_to_agree_to(draft, final))
    if before is not None:
        # agreed a moment ago, and the order did not go through then
        return before
    if step == "paper":
        return signing.agree_on_paper(request.actor, draft, final)
    waiting = signing.asked(draft.pk, request.POST.get("asked", ""))
    if step != "sign" or waiting is None:
        raise RuleBroken(_("The code is no longer valid."), next_step=_("Ask for a new code."), code="code_expired")
    return signing.agree_by_code(request.actor, draft, waiting.pk, request.POST.get("code", ""))
