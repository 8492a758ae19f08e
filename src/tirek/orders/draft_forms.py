"""The form of an order: size, quantity, delivery, check; at the counter the person agrees before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import queries as catalogue
from tirek.catalogue.models import GuaranteedAmount, OfferVersion
from tirek.catalogue.rules import Fit, Verdict
from tirek.catalogue.words import Words, told_price
from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import NotFound, RuleBroken
from tirek.entitlements import queries as entitlements
from tirek.entitlements.models import Line
from tirek.orders import rules
from tirek.orders.actions import submit_order
from tirek.orders.case_types import ORDERS
from tirek.orders.forms import CONSENT_VERSION, CheckForm, DeliveryForm, MeasurementsForm, QuantityForm
from tirek.orders.queries import lines_of_drafts
from tirek.orders.requests import FORM, FORM_VERSION
from tirek.orders.signing import AGREEMENT
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement
from tirek.people.queries import measurements
from tirek.people.telling import account_at_home
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import DraftForm, Step
from tirek.ui.fields import read_whole
from tirek.ui.ways import way


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
    def does_not_fit(self) -> bool:
        """Whether the comparison says no."""
        return self.fit.verdict is Verdict.DOES_NOT_FIT

    @property
    def goods(self) -> str:
        """The goods with their size or model."""
        return f"{self.version.variant.offer.name}, {self.version.variant.label}"

    @property
    def quantity(self) -> int:
        """What was typed, as a number; 0 when it is none."""
        return max(read_whole(self.draft.values().get("quantity", "")) or 0, 0)

    @property
    def limit(self) -> GuaranteedAmount:
        """The guaranteed amount that counts today."""
        return catalogue.guaranteed_amount(
            self.line.kind_id, territory_code=self.line.person.territory_id, on=clock.today()
        )

    @property
    def split(self) -> rules.PriceSplit:
        """Who pays what."""
        return rules.split_price(price=self.version.price, quantity=self.quantity, guaranteed=self.limit.amount)


def _filled(actor: Actor, draft: Draft) -> Filled:
    values = draft.values()
    try:
        line = entitlements.line_for(actor, UUID(values.get("line", "")))
        version = OfferVersion.objects.select_related(
            "variant__offer__supplier__organisation", "variant__offer__kind"
        ).get(pk=UUID(values.get("version", "")))
    except (ValueError, OfferVersion.DoesNotExist) as error:
        raise NotFound from error
    if draft.subject_id != line.person_id:
        raise NotFound
    fit = catalogue.fit_for(line.person, line.recommended, version.parameters, on=clock.today())
    words = Words(line.kind_id)
    needed = words.measurements([reason.measurement for reason in fit.reasons])
    return Filled(draft, line, version, fit, words, needed)


def _size(filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    newest = measurements(filled.line.person)
    known = {code: newest[code].number for code in filled.needed if code in newest}
    said = {code: typed[code] for code in filled.needed if typed.get(code)}
    return MeasurementsForm(data, initial={**known, **said}, measurements=filled.needed)


def _quantity(filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    most = entitlements.status_of(filled.line).availability.quantity
    return QuantityForm(data, initial=typed, most=min(most, filled.version.variant.stock), unit=filled.words.unit)


def _delivery(_filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    return DeliveryForm(data, initial=typed)


def _keep_measurements(request: DeskRequest, filled: Filled, form: forms.Form) -> None:
    """Record what has changed; a rule that refuses a value says so at its field."""
    newest = measurements(filled.line.person)
    source = Measurement.Source.OFFICER if request.actor.desk is Desk.OFFICER else Measurement.Source.SELF
    for code, value in list(form.cleaned_data.items()):
        known = newest.get(code)
        if value is None or (known is not None and known.number == value):
            continue
        try:
            record_measurement(
                actor=request.actor,
                person=filled.line.person,
                parameter=code,
                value=value,
                measured_on=clock.today(),
                source=source,
            )
        except RuleBroken as refused:
            told_at_field(form, refused, {refused.code: code})


def _agreed(filled: Filled) -> dict[str, str]:
    """What a person agrees to with the words of the page: the consent, and that it does not fit where it does not."""
    return {"consent": CONSENT_VERSION} | ({"fit_acknowledged": "yes"} if filled.does_not_fit else {})


def _final(filled: Filled | None, data: Mapping[str, Any] | None) -> CheckForm:
    acknowledged = data is not None and bool(data.get("fit_acknowledged"))
    return CheckForm(data, does_not_fit=acknowledged or (filled is not None and filled.does_not_fit))


def _final_answers(form: forms.Form) -> dict[str, str]:
    return form.answers() if isinstance(form, CheckForm) else {}


def _context(request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    at_counter, each = request.actor.desk is Desk.OFFICER, max(filled.version.price - filled.limit.amount, Decimal(0))
    return {
        "line": filled.line,
        "reasons": filled.words.reasons(filled.fit),
        "price": told_price(each, filled.quantity, at_counter=at_counter),
        "each": each,
    }


def _about(drafts: Sequence[Draft]) -> dict[UUID, str]:
    return {key: capfirst(line.kind.name) for key, line in lines_of_drafts(drafts).items()}


FORM_OF_ORDER: Final = DraftForm(
    code=FORM,
    version=FORM_VERSION,
    title=_("Order form"),
    app="orders",
    prefix="",
    desks=frozenset({Desk.RECIPIENT, Desk.OFFICER}),
    steps=(
        Step(
            "size",
            lambda _filled: _("Are these measurements still right?"),
            _size,
            intro=lambda _filled: _(
                "Change what has changed. Leave empty what you do not know: then we cannot say whether it fits."
            ),
            asked=lambda filled: bool(filled.needed),
            keep=_keep_measurements,
        ),
        Step("quantity", lambda _filled: _("How many"), _quantity, below="orders/ordering/total.html"),
        Step("delivery", lambda _filled: _("Delivery"), _delivery),
    ),
    filled=_filled,
    submit=submit_order,
    case=ORDERS,
    receipt="orders/ordering/receipt.html",
    back=lambda _actor, filled: reverse("orders:offer", args=[filled.line.pk, filled.version.variant.offer_id]),
    check="orders/ordering/check.html",
    button=_("Send the order"),
    final=_final,
    final_answers=_final_answers,
    seen=lambda filled: {"person_part": str(filled.split.person)},
    context=_context,
    lead="orders/ordering/lead.html",
    signing=AGREEMENT,
    agreed=_agreed,
    about=_about,
    queued=True,
    can_be_handed_over=True,
    account_of=account_at_home,
    territory_of=lambda filled: filled.line.person.territory_id,
).declare()


def home_of(actor: Actor, line: Line) -> str:
    """Where somebody who orders came from: the person's file at the counter, else the programme."""
    return way("person", line.person_id) if actor.desk is Desk.OFFICER else way("programme")
