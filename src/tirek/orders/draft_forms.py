"""The form of an order: size, quantity, delivery, check; at the counter the person agrees before it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tirek.accounts.queries import phone_of
from tirek.catalogue import queries as catalogue
from tirek.catalogue.models import GuaranteedAmount, OfferVersion
from tirek.catalogue.rules import Fit, Verdict
from tirek.catalogue.sheets import Size, sheet
from tirek.catalogue.units import units_text
from tirek.catalogue.words import Words, told_price
from tirek.core import clock, drafts
from tirek.core.actors import Actor, Desk
from tirek.core.drafts import Draft
from tirek.core.errors import DomainError, NotFound, RuleBroken
from tirek.core.keys import read_key
from tirek.demand.actions import note_shortage
from tirek.entitlements import queries as entitlements
from tirek.entitlements.models import Line
from tirek.entitlements.reasons import Answer, Reader, of_split
from tirek.entitlements.rules import PriceSplit, split_price
from tirek.orders import items, together
from tirek.orders.actions import submit_order
from tirek.orders.case_types import ORDERS
from tirek.orders.forms.person import (
    CONSENT_VERSION,
    CheckForm,
    ChooseForm,
    DeliveryForm,
    MeasurementsForm,
    QuantityForm,
)
from tirek.orders.queries import lines_of_drafts
from tirek.orders.repeats import AGAIN, Again, last_of_person, since_last
from tirek.orders.requests import FORM, FORM_VERSION, changed_quantity
from tirek.orders.rules import most_parts, parts_again
from tirek.orders.signing import AGREEMENT
from tirek.people.actions import record_measurement
from tirek.people.models import Measurement
from tirek.people.queries import is_fresh, measurements, moved_at
from tirek.people.telling import account_at_home
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest
from tirek.ui.draftform import DraftForm, Step
from tirek.ui.fields import read_whole
from tirek.ui.text import paid_text, size_text, tenge_text
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
    def batches_kept_back(self) -> list[str]:
        """Numbers of batches of these goods that are checked or come back now: others are brought (one query)."""
        return items.batches_kept_back(self.version.variant.offer)

    @property
    def does_not_fit(self) -> bool:
        """Whether the comparison says no to what may be ordered all the same."""
        return self.fit.verdict is Verdict.DOES_NOT_FIT and self.fit.barred is None

    @property
    def barred(self) -> str:
        """Why it cannot be ordered for this line, in a sentence: what the programme requires; "" where it can."""
        return self.words.sentence(self.fit.barred) if self.fit.barred else ""

    @property
    def goods(self) -> str:
        """The goods with their size or model."""
        return f"{self.version.variant.offer.name}, {size_text(self.version.variant.label)}"

    @property
    def quantity(self) -> int:
        """What was typed, as a number; 0 when it is none."""
        return max(read_whole(self.draft.values().get("quantity", "")) or 0, 0)

    @property
    def parts(self) -> int:
        """In how many parts, one a month, the goods are wanted."""
        wanted = read_whole(self.draft.values().get("parts", "")) or 1
        return max(min(wanted, self.most_parts), 1)

    @property
    def most_parts(self) -> int:
        """In how many parts the goods can come: one, where they are not used up."""
        return most_parts(self.line.window, self.quantity) if self.line.kind.consumable else 1

    @property
    def units(self) -> str:
        """How many, with the unit of the kind."""
        return units_text(self.quantity, self.line.kind.unit)

    @property
    def limit(self) -> GuaranteedAmount:
        """The guaranteed amount that counts today."""
        return catalogue.guaranteed_amount(
            self.line.kind_id, territory_code=self.line.person.territory_id, on=clock.today()
        )

    @property
    def split(self) -> PriceSplit:
        """Who pays what."""
        return split_price(price=self.version.price, quantity=self.quantity, guaranteed=self.limit.amount)

    @property
    def why(self) -> Answer:
        """Why who pays what, as the person reads it."""
        return of_split(self.split, self.limit)

    @property
    def why_for_office(self) -> Answer:
        """The same as an officer reads it."""
        return of_split(self.split, self.limit, reader=Reader.OFFICE)


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
    fit = catalogue.fit_for(line.person, line.asked, version.parameters, on=clock.today())
    words = Words(line.kind_id)
    needed = words.measurements([reason.measurement for reason in fit.reasons])
    return Filled(draft, line, version, fit, words, needed)


def filled_of_person(actor: Actor, begun: Sequence[Draft]) -> list[Filled]:
    """Begun orders of one person with what they refer to, in a fixed number of statements; those whose line or offer is
    gone are left out. A stranger's look at the person is recorded.

    Raises:
        NotFound: the person's programme is not the actor's to see.
    """
    lines = lines_of_drafts(begun)
    if not lines:
        return []
    person = entitlements.opened_line(actor, next(iter(lines.values())).pk).person
    named = {one.pk: read_key(one.values().get("version", "")) for one in begun}
    versions = OfferVersion.objects.select_related(
        "variant__offer__supplier__organisation", "variant__offer__kind"
    ).in_bulk([key for key in named.values() if key])
    measured = catalogue.measured_values(person, on=clock.today())
    found = []
    for draft in begun:
        line, version = lines.get(draft.pk), versions.get(cast("UUID", named[draft.pk]))
        if line is not None and version is not None:
            fit = catalogue.fit_of(measured, line.asked, version.parameters)
            found.append(Filled(draft, line, version, fit, Words(line.kind_id), {}))
    return found


def _measurements(filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    newest = measurements(filled.line.person)
    known = {code: newest[code].number for code in filled.needed if code in newest}
    said = {code: typed[code] for code in filled.needed if typed.get(code)}
    return MeasurementsForm(data, initial={**known, **said}, measurements=filled.needed)


def _measured(filled: Filled) -> bool:
    """Whether every measurement that the kind needs is on file and fresh."""
    newest, day = measurements(filled.line.person), clock.today()
    return all(code in newest and is_fresh(newest[code], filled.line.person, day) for code in filled.needed)


def _sizes(filled: Filled) -> list[Size]:
    """Sizes of the offer that can be chosen now, the chosen one first; none when the offer is gone."""
    try:
        shown = sheet(
            filled.version.variant.offer_id, filled.line.person, filled.line.asked, quantity=1, at_counter=False
        )
    except NotFound:
        return []
    return sorted(shown.sizes, key=lambda one: one.version.variant_id != filled.version.variant_id)


def _choice(filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    most, sizes = entitlements.status_of(filled.line).availability.most, _sizes(filled)
    if not sizes:
        # nothing to choose: the order itself is refused, with the reason and the way out
        return QuantityForm(data, initial=typed, most=most, unit=filled.words.unit)
    chosen = {"version": str(sizes[0].version.pk)}
    held = filled.draft.values()
    return ChooseForm(data, initial=typed | chosen, sizes=sizes, most=most, unit=filled.words.unit, held=held)


def _note_short(filled: Filled) -> None:
    """Keep for the supplier that there are fewer than were wanted, where that is so."""
    note_shortage(line=filled.line, version_id=filled.version.pk, wanted=filled.quantity)


def note_short(actor: Actor, key: UUID, refused: DomainError) -> None:
    """Keep for the supplier that an order was refused because there are fewer than were wanted."""
    if refused.code == "stock":
        _note_short(FORM_OF_ORDER.opened(actor, key))


def _delivery(filled: Filled, data: Mapping[str, Any] | None, typed: dict[str, Any]) -> forms.Form:
    return DeliveryForm(data, initial=typed, most_parts=filled.most_parts)


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
    return {"consent": CONSENT_VERSION, "fit_acknowledged": "yes" if filled.does_not_fit else ""}


def _final(filled: Filled | None, data: Mapping[str, Any] | None) -> CheckForm:
    acknowledged = data is not None and bool(data.get("fit_acknowledged"))
    return CheckForm(data, does_not_fit=acknowledged or (filled is not None and filled.does_not_fit))


def _final_answers(form: forms.Form) -> dict[str, str]:
    return form.answers() if isinstance(form, CheckForm) else {}


def _context(request: DeskRequest, filled: Filled) -> Mapping[str, object]:
    at_counter, each = request.actor.desk is Desk.OFFICER, max(filled.version.price - filled.limit.amount, Decimal(0))
    return {
        "line": filled.line,
        "for_another": request.actor.on_behalf_of is not None,
        "reasons": filled.words.reasons(filled.fit),
        "price": told_price(each, filled.quantity, at_counter=at_counter, unit=filled.line.kind.unit),
        "free": told_price(Decimal(0), 1, at_counter=at_counter).text,
        "parts": filled.parts,
        "each": each,
        "others": lambda: together.of_person(request.actor, filled.line.person_id).exclude(pk=filled.draft.pk).exists(),
        "home": home_of(request.actor, filled.line),
        "changed": since_last(filled.line, filled.version, filled.quantity, each, filled.draft.values().get(AGAIN, "")),
    }


def _renewed(actor: Actor, filled: Filled, refused: DomainError | None) -> tuple[Filled, DomainError | None]:
    """Where the supplier has changed the offer meanwhile, the form goes on with what is offered now, and both are told;
    any other refusal stays as it is.
    """
    if refused is not None and refused.code == "quantity":
        return _fewer(actor, filled, refused)
    before, now = filled.version, filled.version.variant.current
    if refused is None or refused.code != "offer_changed" or now is None:
        return filled, refused
    held = filled.draft.versions().get("version", 0)
    drafts.save_fields(actor, filled.draft.pk, {"version": drafts.Typed(str(now.pk), held)})
    filled.draft.refresh_from_db()
    fresh, told = _filled(actor, filled.draft), [str(refused.message)]
    if now.price != before.price:
        amounts = {"old": tenge_text(before.price), "new": tenge_text(now.price)}
        told.append(_("The price of one was %(old)s and is now %(new)s.") % amounts)
    if fresh.split.person != filled.split.person:
        amounts = {"old": paid_text(filled.split.person), "new": paid_text(fresh.split.person)}
        told.append(_("What is to be paid has changed: it was %(old)s, now it is %(new)s.") % amounts)
    if now.delivery_days != before.delivery_days:
        days = {"old": str(before.delivery_days), "new": str(now.delivery_days)}
        told.append(_("Days to deliver: %(old)s then, %(new)s now.") % days)
    next_step = _("Look at the amounts below, then send again. Nothing was sent yet.")
    return fresh, RuleBroken(" ".join(told), next_step=next_step, code=refused.code)


def _fewer(actor: Actor, filled: Filled, refused: DomainError) -> tuple[Filled, DomainError]:
    """The form with as many as can be ordered now, where fewer are left than the page said; old and new are told."""
    most = entitlements.status_of(filled.line).availability.most
    if not 0 < most < filled.quantity:
        return filled, refused
    held, before = filled.draft.versions().get("quantity", 0), filled.quantity
    drafts.save_fields(actor, filled.draft.pk, {"quantity": drafts.Typed(str(most), held)})
    filled.draft.refresh_from_db()
    fresh, told = _filled(actor, filled.draft), [str(refused.message), changed_quantity(before, most)]
    if fresh.split.person != filled.split.person:
        amounts = {"old": paid_text(filled.split.person), "new": paid_text(fresh.split.person)}
        told.append(_("What is to be paid has changed: it was %(old)s, now it is %(new)s.") % amounts)
    next_step = _("Look at the amounts below, then send again. Nothing was sent yet.")
    return fresh, RuleBroken(" ".join(told), next_step=next_step, code=refused.code)


def _about(drafts: Sequence[Draft]) -> dict[UUID, str]:
    return {key: line.kind.name for key, line in lines_of_drafts(drafts).items()}


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
            _measurements,
            intro=lambda _filled: _(
                "Change what has changed. Leave empty what you do not know: then we cannot say whether it fits."
            ),
            asked=lambda filled: bool(filled.needed),
            known=_measured,
            keep=_keep_measurements,
        ),
        Step(
            "quantity",
            lambda _filled: _("Size and quantity"),
            _choice,
            known=lambda filled: _choice(filled, filled.draft.values(), {}).is_valid(),
            below="orders/ordering/total.html",
            refused=lambda _request, filled, _form: _note_short(filled),
        ),
        Step(
            "delivery",
            lambda _filled: _("Delivery"),
            _delivery,
            known=lambda filled: DeliveryForm(filled.draft.values()).is_valid(),
        ),
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
    seen=(
        ("person_part", lambda filled: str(filled.split.person)),
        ("quantity", lambda filled: str(filled.quantity)),
    ),
    renewed=_renewed,
    noted=note_short,
    context=_context,
    lead="orders/ordering/lead.html",
    beside="orders/ordering/beside.html",
    signing=AGREEMENT,
    agreed=_agreed,
    about=_about,
    queued=True,
    can_be_handed_over=True,
    account_of=account_at_home,
    territory_of=lambda filled: filled.line.person.territory_id,
).declare()


def _begun_of(actor: Actor, line: Line) -> QuerySet[Draft]:
    """Forms of orders for a line that their holder has begun."""
    return drafts.open_of(actor).filter(
        form=FORM,
        state=Draft.State.OPEN,
        holder_id=actor.user_id,
        subject_id=line.person_id,
        fields__line__value=str(line.pk),
    )


def begun(actor: Actor, line: Line, chosen: Mapping[str, str]) -> Draft:
    """The form of an order for a line: the one that its holder has begun, with what is chosen now, or a new one with
    address and phone of the last order, else of the person.

    Args:
        actor: who fills it in.
        line: of the programme.
        chosen: ``version`` and ``quantity``.
    """
    found = _begun_of(actor, line).first()
    if found is not None:
        versions = found.versions()
        typed = {name: drafts.Typed(value, versions.get(name, 0)) for name, value in chosen.items()}
        drafts.save_fields(actor, found.pk, typed)
        return found
    values = {"line": str(line.pk), **reached(actor, line, _quantity(chosen)), **chosen}
    return FORM_OF_ORDER.begin(actor, values, subject_id=line.person_id)


def begun_beside(actor: Actor, line: Line, chosen: Mapping[str, str]) -> Draft:
    """A form of an order for a line with exactly what is chosen: one that is begun and says otherwise stays as it is.

    The same choice again goes on with the same form. ``chosen`` as for ``begun``.
    """
    found = _begun_of(actor, line).filter(**{f"fields__{name}__value": value for name, value in chosen.items()}).first()
    values = {"line": str(line.pk), **chosen}
    return found or FORM_OF_ORDER.begin(
        actor, values | reached(actor, line, _quantity(chosen)), subject_id=line.person_id
    )


def _quantity(chosen: Mapping[str, str]) -> int:
    return read_whole(chosen.get("quantity", "")) or 0


def reached(actor: Actor, line: Line, quantity: int) -> dict[str, str]:
    """Where and whom to reach, and in how many monthly parts a quantity of the same item comes: as in the last order,
    else the person's address and the phone of who orders.
    """
    person, last = line.person, last_of_person(line.person)
    if last is not None:
        moved = moved_at(person)
        if moved is not None and moved > last.created_at:
            return {"address": person.address, "phone": last.phone}
        again = 1
        if last.line_id == line.pk:
            again = parts_again(quantity, before=last.quantity, parts=last.monthly_parts)
        parts = {"parts": str(again)} if again > 1 else {}
        return {"address": last.address, "phone": last.phone, "comment": last.comment, **parts}
    own = phone_of(person.user_id) if person.user_id else ""
    other = phone_of(actor.user_id) if actor.user_id and actor.desk is Desk.RECIPIENT else ""
    return {"address": person.address, "phone": other or own}


def begun_otherwise(actor: Actor, line: Line, again: Again) -> list[Filled]:
    """Begun orders of a line with other goods or another quantity than what would be ordered again, newest first; none
    where one says just that.
    """
    found = filled_of_person(actor, list(_begun_of(actor, line).order_by("-updated_at")))
    if any(_says(one.draft, again) for one in found):
        return []
    return found


def _says(draft: Draft, again: Again) -> bool:
    """Whether a begun order is of the goods and as many of them as would be ordered again."""
    values = draft.values()
    return all(values.get(name) == again.chosen[name] for name in ("version", "quantity"))


def begun_again(actor: Actor, line: Line, again: Again) -> Draft:
    """The form that orders the same again, with the address of the last order. A form that is begun and says just that
    goes on; one that says otherwise stays as it is.
    """
    note_shortage(line=line, version_id=again.version.pk, wanted=again.last.quantity)
    same = next((one for one in _begun_of(actor, line) if _says(one, again)), None)
    if same is not None:
        return same
    return FORM_OF_ORDER.begin(
        actor, {"line": str(line.pk), **reached(actor, line, again.quantity), **again.chosen}, subject_id=line.person_id
    )


def home_of(actor: Actor, line: Line) -> str:
    """Where somebody who orders came from: the person's file at the counter, else the programme."""
    return way("person", line.person_id) if actor.desk is Desk.OFFICER else way("programme")
