"""From the programme's line to a sent order: for the person, a representative, or an officer at the counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tirek.catalogue import queries as catalogue
from tirek.catalogue.models import OfferVersion
from tirek.catalogue.rules import Fit, Verdict
from tirek.catalogue.words import Words
from tirek.core import clock, drafts, viewlog
from tirek.core.actors import Desk
from tirek.core.drafts import Draft
from tirek.core.errors import DomainError, NotFound, RuleBroken
from tirek.core.signing import digest
from tirek.entitlements import queries as entitlements
from tirek.entitlements.models import Line
from tirek.orders import rules, signing
from tirek.orders.actions import submit_order, words_to_agree_to
from tirek.orders.forms import CheckForm, CodeForm, DeliveryForm, MeasurementsForm, QuantityForm, told_at_field
from tirek.orders.pages import order_page
from tirek.orders.queries import order_opened
from tirek.orders.requests import CONSENT_VERSION, FORM, FORM_VERSION, LONGEST_NUMBER
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement, Person
from tirek.people.queries import measurements
from tirek.ui.browser import lead_to
from tirek.ui.desks import DeskRequest, desk

MOST_COMPARED: Final = 4
STEPS: Final = ("size", "quantity", "delivery", "check")


def _line(request: DeskRequest, key: UUID) -> Line:
    line = entitlements.line_for(request.actor, key)
    viewlog.look(request.actor, line.person_id)
    return line


def _asked(line: Line) -> catalogue.Asked:
    return catalogue.Asked(line.kind_id, line.recommended)


def _at_counter(request: DeskRequest) -> bool:
    """Whether an officer orders for a person who is present: the words speak of the person."""
    return request.actor.desk is Desk.OFFICER


def _home(request: DeskRequest, line: Line) -> str:
    if request.actor.desk is Desk.OFFICER:
        return reverse("orders:officer-person", args=[line.person_id])
    return reverse("entitlements:recipient-programme")


@desk("recipient", "officer")
@require_GET
def offers(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Offers for a line: those that fit first, with the reasons, and what the person pays. Never cheapest first."""
    line = _line(request, line_key)
    listed = catalogue.offers_that_fit(line.person, _asked(line))
    words = Words(line.kind_id)
    context = {
        "line": line,
        "at_counter": _at_counter(request),
        "status": entitlements.status_of(line),
        "rows": [(one, words.reasons(one.fit)) for one in listed],
        "back": _home(request, line),
        "too_many": "too-many" in request.GET,
        "has_errors": "too-many" in request.GET,
    }
    return render(request, "orders/ordering/offers.html", context)


@desk("recipient", "officer")
@require_GET
def compare(request: DeskRequest, line_key: UUID) -> HttpResponse:
    """Up to four offers side by side."""
    line = _line(request, line_key)
    chosen = request.GET.getlist("offer")
    if len(chosen) > MOST_COMPARED:
        return redirect(f"{reverse('orders:offers', args=[line.pk])}?too-many=1")
    listed = [one for one in catalogue.offers_that_fit(line.person, _asked(line)) if str(one.offer.pk) in chosen]
    words = Words(line.kind_id)
    rows = [(words.parameter(code), [words.value(code, one.version.parameters.get(code)) for one in listed]) for code in words.parameters]
    context = {
        "line": line,
        "at_counter": _at_counter(request),
        "listed": [(one, words.reasons(one.fit)) for one in listed],
        "rows": [(name, values) for name, values in rows if any(values)],
    }
    return render(request, "orders/ordering/compare.html", context)


class VariantForm(forms.Form):
    """Which size or model."""

    version = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, str] | None, *, choices: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["version"].label = _("Which size or model?")
        self.fields["version"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if len(choices) == 1:
            self.fields["version"].initial = choices[0][0]


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def offer(request: DeskRequest, line_key: UUID, offer_key: UUID) -> HttpResponse:
    """One offer with its sizes; choosing one begins the form."""
    line = _line(request, line_key)
    found = catalogue.offer_for_order(offer_key, territory_code=line.person.territory_id)
    rated = catalogue.rated_variants(found, line.person, _asked(line))
    limit = catalogue.guaranteed_amount(line.kind_id, territory_code=line.person.territory_id, on=clock.today()).amount
    words = Words(line.kind_id)
    in_stock = [(variant, version, fit) for variant, version, fit in rated if variant.stock > 0]
    choices = [(str(version.pk), f"{variant.label}: {words.verdict(fit)}") for variant, version, fit in in_stock]
    form = VariantForm(request.POST or None, choices=choices)
    status = entitlements.status_of(line)
    if request.method == "POST" and form.is_valid():
        if not status.can_order:
            raise RuleBroken(status.explanation)
        draft = _begin(request, line, form.cleaned_data["version"])
        return redirect("orders:form", draft.pk)
    best = min(rated, key=lambda one: (one[0].stock == 0, one[2].verdict is not Verdict.FITS), default=None)
    context = {
        "line": line,
        "at_counter": _at_counter(request),
        "offer": found,
        "status": status,
        "form": form,
        "variants": [(variant, version, words.reasons(fit), words.facts(version.parameters)) for variant, version, fit in rated],
        "best": best[1] if best else None,
        "person_pays": max(best[1].price - limit, Decimal(0)) if best else None,
        "limit": limit,
    }
    return render(request, "orders/ordering/offer.html", context, status=422 if form.errors else 200)


def _begin(request: DeskRequest, line: Line, version: str) -> Draft:
    person = line.person
    values = {
        "line": str(line.pk),
        "version": version,
        "address": person.address,
        "phone": person.user.phone if person.user else "",
    }
    return drafts.begin(request.actor, form=FORM, form_version=FORM_VERSION, subject_id=person.pk, values=values, step=STEPS[0])


@dataclass(frozen=True, slots=True)
class Filled:
    """A draft with what it refers to."""

    draft: Draft
    line: Line
    version: OfferVersion
    fit: Fit
    words: Words
    needed: dict[str, str]

    @property
    def steps(self) -> tuple[str, ...]:
        """The pages of this form, in order; without measurements to check there is no page for them."""
        return STEPS if self.needed else STEPS[1:]

    def after(self, step: str) -> str:
        """The page that follows."""
        place = self.steps.index(step) if step in self.steps else -1
        return self.steps[min(place + 1, len(self.steps) - 1)]

    def before(self, step: str) -> str:
        """The page before; "" on the first."""
        place = self.steps.index(step)
        return self.steps[place - 1] if place else ""


def filled_form(request: DeskRequest, key: UUID) -> Filled:
    """A form with what it refers to.

    Raises:
        NotFound: the form, its line or its offer is not the actor's to see.
    """
    draft = drafts.draft_for(request.actor, key, form=FORM)
    values = draft.values()
    try:
        line = entitlements.line_for(request.actor, UUID(values.get("line", "")))
        version = OfferVersion.objects.select_related("variant__offer__supplier__organisation", "variant__offer__kind").get(
            pk=UUID(values.get("version", ""))
        )
    except (ValueError, OfferVersion.DoesNotExist) as error:
        raise NotFound from error
    if draft.subject_id != line.person_id:
        raise NotFound
    viewlog.look(request.actor, line.person_id)
    fit = catalogue.fit_for(line.person, line.recommended, version.parameters, on=clock.today())
    words = Words(line.kind_id)
    needed = words.measurements([reason.measurement for reason in fit.reasons])
    return Filled(draft, line, version, fit, words, needed)


@desk("recipient", "officer")
@require_GET
def resume(request: DeskRequest, key: UUID) -> HttpResponse:
    """Go on where the form was left; a form that was sent shows its order."""
    draft = drafts.draft_for(request.actor, key, form=FORM)
    if draft.state == Draft.State.SUBMITTED:
        return to_order(request, draft)
    filled = filled_form(request, key)
    return redirect("orders:step", key, draft.step if draft.step in filled.steps else filled.steps[0])


def to_order(request: DeskRequest, draft: Draft) -> HttpResponse:
    """Lead on to the order that was made of a form."""
    from_draft = submit_order(actor=request.actor, draft_key=draft.pk)
    return lead_to(request, reverse("orders:receipt", args=[from_draft.number]))


def _step_form(request: DeskRequest, filled: Filled, step: str) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    values = filled.draft.values()
    if step == "size":
        newest = measurements(filled.line.person)
        known = {code: newest[code].number for code in filled.needed if code in newest}
        typed = {code: values[code] for code in filled.needed if values.get(code)}
        return MeasurementsForm(data, initial={**known, **typed}, measurements=filled.needed)
    if step == "quantity":
        most = entitlements.status_of(filled.line).availability.quantity
        unit = filled.words.unit
        return QuantityForm(data, initial=values, most=min(most, filled.version.variant.stock), unit=unit)
    if step == "delivery":
        return DeliveryForm(data, initial=values)
    raise NotFound


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def step(request: DeskRequest, key: UUID, step: str) -> HttpResponse:
    """One page of the form; what was typed is kept before it is checked."""
    filled = filled_form(request, key)
    if filled.draft.state == Draft.State.SUBMITTED:
        return to_order(request, filled.draft)
    if step not in filled.steps:
        raise NotFound
    if step == "check":
        return check_page(request, filled, CheckForm(None, does_not_fit=filled.fit.verdict is Verdict.DOES_NOT_FIT))
    form = _step_form(request, filled, step)
    conflicts: dict[str, drafts.Conflict] = {}
    if request.method == "POST":
        saved = drafts.save_fields(request.actor, key, _typed(request, filled, form), step=step)
        conflicts = saved.conflicts
        if form.is_valid() and not conflicts and (step != "size" or _keep_measurements(request, filled.line.person, form)):
            return redirect("orders:step", key, filled.after(step))
        filled.draft.refresh_from_db()
    context = {
        "form": form,
        "filled": filled,
        "at_counter": _at_counter(request),
        "draft": filled.draft,
        "step": step,
        "conflicts": [(form.fields[name].label, conflict) for name, conflict in conflicts.items()],
        "autosave_url": reverse("draft-fields", args=[key]),
        "versions": filled.draft.versions(),
        "back": reverse("orders:step", args=[key, filled.before(step)]) if filled.before(step) else _offer_url(filled),
    }
    return render(request, f"orders/ordering/{step}.html", context, status=422 if form.errors else 409 if conflicts else 200)


def _offer_url(filled: Filled) -> str:
    return reverse("orders:offer", args=[filled.line.pk, filled.version.variant.offer_id])


def _typed(request: DeskRequest, filled: Filled, form: forms.Form) -> dict[str, drafts.Typed]:
    """What the page sends, each field on the version the page showed (hidden ``v_<field>``)."""
    stored = filled.draft.versions()
    typed = {}
    for name in form.fields:
        base = request.POST.get(f"v_{name}", "")
        is_number = base.isdecimal() and len(base) < LONGEST_NUMBER
        typed[name] = drafts.Typed(request.POST.get(name, ""), int(base) if is_number else stored.get(name, 0))
    return typed


def _keep_measurements(request: DeskRequest, person: Person, form: forms.Form) -> bool:
    """Record what has changed; False when a rule refuses a value, which the form then says at its field."""
    newest = measurements(person)
    source = Measurement.Source.OFFICER if request.actor.desk is Desk.OFFICER else Measurement.Source.SELF
    for code, value in list(form.cleaned_data.items()):
        known = newest.get(code)
        if value is None or (known is not None and known.number == value):
            continue
        try:
            record_measurement(actor=request.actor, person=person, parameter=code, value=value, measured_on=clock.today(), source=source)
        except RuleBroken as refused:
            told_at_field(form, refused, {refused.code: code})
    return not form.errors


def check_page(
    request: DeskRequest,
    filled: Filled,
    form: CheckForm | CodeForm,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The last page of a form; at the counter with the words that the person agrees to (see ``views.counter``)."""
    values = filled.draft.values()
    typed = values.get("quantity", "")
    quantity = int(typed) if typed.isdecimal() and len(typed) < LONGEST_NUMBER else 0
    limit = catalogue.guaranteed_amount(filled.line.kind_id, territory_code=filled.line.person.territory_id, on=clock.today())
    missing = [name for name in filled.steps if name != "check" and _incomplete(filled, name, quantity)]
    context = {
        "filled": filled,
        "draft": filled.draft,
        "form": form,
        "values": values,
        "quantity": quantity,
        "split": rules.split_price(price=filled.version.price, quantity=quantity, guaranteed=limit.amount),
        "limit": limit,
        "missing": missing,
        "refusal": refusal,
        "reasons": filled.words.reasons(filled.fit),
        "back": reverse("orders:step", args=[filled.draft.pk, filled.before("check")]),
        "has_errors": refusal is not None,
        "at_counter": _at_counter(request),
    }
    if _at_counter(request) and not missing:
        context |= _to_agree_to(request, filled, form)
    return render(request, "orders/ordering/check.html", context, status=refusal.status if refusal else 422 if form.errors else 200)


def _incomplete(filled: Filled, step: str, quantity: int) -> bool:
    values = filled.draft.values()
    if step == "quantity":
        return quantity < 1
    return step == "delivery" and not (values.get("address", "").strip() and values.get("phone", "").strip())


def agreed_answers(filled: Filled) -> dict[str, str]:
    """What a person agrees to with the words of the page: the consent, and that it does not fit where it does not."""
    does_not_fit = filled.fit.verdict is Verdict.DOES_NOT_FIT
    return {"consent": CONSENT_VERSION} | ({"fit_acknowledged": "yes"} if does_not_fit else {})


def _to_agree_to(request: DeskRequest, filled: Filled, form: CheckForm | CodeForm) -> dict[str, object]:
    if filled.draft.form_version != FORM_VERSION and filled.draft.holder_id == request.actor.user_id:
        # the page shows all answers and the person agrees to their words: that is the look that a changed form asks for
        drafts.shown_anew(request.actor, filled.draft.pk, form_version=FORM_VERSION)
        filled.draft.form_version = FORM_VERSION
    try:
        text = words_to_agree_to(filled.draft, agreed_answers(filled))
    except RuleBroken as incomplete:
        return {"incomplete": incomplete}
    waiting = signing.asked(filled.draft.pk, request.GET.get("asked", request.POST.get("asked", "")))
    return {
        "agreement": text,
        "has_agreed": signing.agreement_of(filled.draft, text) is not None,
        "asked": waiting if waiting is not None and bytes(waiting.text_hash) == digest(text) else None,
        "form": form if isinstance(form, CodeForm) else CodeForm(),
        "phone": signing.phone_of(request.actor, filled.line.person_id),
    }


@desk("recipient")
@require_POST
def submit(request: DeskRequest, key: UUID) -> HttpResponse:
    """Send the order. Pressed five times, or replayed after a lost link, it is one order."""
    agreed = {
        "consent": request.POST.get("consent", ""),
        "fit_acknowledged": request.POST.get("fit_acknowledged", ""),
    }
    form = CheckForm(request.POST, does_not_fit=bool(agreed["fit_acknowledged"]))
    if not form.is_valid():
        filled = filled_form(request, key)
        return to_order(request, filled.draft) if filled.draft.state == Draft.State.SUBMITTED else check_page(request, filled, form)
    try:
        order = submit_order(actor=request.actor, draft_key=key, final=form.answers())
    except RuleBroken as refused:
        if isinstance(refused, drafts.FormChanged):
            drafts.shown_anew(request.actor, key, form_version=FORM_VERSION)
        filled = filled_form(request, key)
        again = CheckForm(request.POST, does_not_fit=filled.fit.verdict is Verdict.DOES_NOT_FIT)
        return check_page(request, filled, again, refused)
    return lead_to(request, reverse("orders:receipt", args=[order.number]))


@desk("recipient", "officer")
@require_GET
def receipt(request: DeskRequest, number: str) -> HttpResponse:
    """The receipt: number, what happens next, by when, whom to call."""
    order = order_opened(request.actor, number)
    return render(request, "orders/ordering/receipt.html", {"order": order, "page": order_page(request.actor, order)})


@desk("recipient", "officer")
@require_POST
def hand_over_draft(request: DeskRequest, key: UUID) -> HttpResponse:
    """Hand the unfinished form over: the person to the office, the officer to the person."""
    draft = drafts.draft_for(request.actor, key, form=FORM)
    if draft.state == Draft.State.SUBMITTED:
        return to_order(request, draft)
    line = filled_form(request, key).line
    if request.actor.desk is Desk.OFFICER:
        user = line.person.user
        if user is None:
            raise RuleBroken(_("This person has no account yet. Keep the form here, or give the person a phone on file first."))
        drafts.hand_to_person(request.actor, key, user_id=user.pk)
        messages.success(request, _("The form was handed to the person. It waits under “Unfinished forms”."))
        return redirect("orders:officer-person", line.person_id)
    drafts.hand_to_office(request.actor, key, territory_code=line.person.territory_id)
    messages.success(request, _("The form was handed to your office. An officer will finish it, and you will be told."))
    return redirect("orders:recipient-drafts")


@desk("recipient", "officer")
@require_POST
def take_draft(request: DeskRequest, key: UUID) -> HttpResponse:
    """Take a form up that waits."""
    drafts.take(request.actor, key)
    return redirect("orders:form", key)


@desk("recipient", "officer")
@require_http_methods(["GET", "POST"])
def discard(request: DeskRequest, key: UUID) -> HttpResponse:
    """Throw an unfinished form away, after asking."""
    draft = drafts.draft_for(request.actor, key, form=FORM)
    back = "orders:officer-drafts" if request.actor.desk is Desk.OFFICER else "orders:recipient-drafts"
    if request.method == "POST":
        drafts.archive(request.actor, draft.pk)
        messages.success(request, _("The form was deleted."))
        return redirect(back)
    context = {
        "question": _("Delete this form?"),
        "consequence": _("What you typed will be gone. Nothing was ordered."),
        "button": _("Delete"),
        "back_url": reverse(back),
    }
    return render(request, "ui/confirm.html", context)
