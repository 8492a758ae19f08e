"""Verbs of the catalogue: offers, versions, stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, TextField, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from tirek.catalogue import documents
from tirek.catalogue.changes import is_safe
from tirek.catalogue.finding_offers import forms_of, words_told
from tirek.catalogue.models import Kind, KindName, Offer, OfferEvent, OfferVersion, OfferWords, Parameter, Variant
from tirek.catalogue.offers import check_may_offer, moved
from tirek.catalogue.rules import Change, StockAndPrice, VariantCard, as_number, search_words
from tirek.catalogue.spans import spans_of, turned
from tirek.core import clock, vectors
from tirek.core.actors import Actor, Desk
from tirek.core.database import locks
from tirek.core.errors import NotAllowed, RuleBroken
from tirek.suppliers.models import Supplier


@dataclass(frozen=True, slots=True)
class Texts:
    """A text in the three languages."""

    kk: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class OfferCard:
    """An offer as the supplier describes it.

    Attributes:
        name: short name.
        description: what it is and for whom.
        included: what is in the box.
        maker: maker's name.
        country: ISO 3166-1 alpha-2 code.
        warranty_months: months.
        delivery_days: days from acceptance to the door.
        delivers_to: КАТО codes of regions and districts.
        illustration: name of a picture of the house.
    """

    name: Texts
    description: Texts
    maker: str
    country: str
    delivery_days: int
    delivers_to: Sequence[str]
    variants: Sequence[VariantCard]
    included: Texts = field(default=Texts("", "", ""))
    warranty_months: int = 0
    illustration: str = ""


#: Sizes that get their words in one go.
_KEYS_AT_ONCE: Final = 5_000
_MEANINGS_AT_ONCE: Final = 400
_LINE: Final = Value("\n", output_field=TextField())


def search_key(offer: Offer, *, label: str, article: str) -> str:
    """The words by which a supplier finds a size: names in the three languages, maker, label, own number."""
    told = (offer.name_kk, offer.name_ru, offer.name_en, offer.maker, label, article)
    return " ".join(dict.fromkeys(search_words(" ".join(told))))


def acts_for(actor: Actor, supplier: Supplier) -> None:
    """Whether the actor keeps this supplier's offers.

    Raises:
        NotAllowed: the actor does not act for the supplier.
    """
    if not actor.is_service and not (actor.desk is Desk.SUPPLIER and actor.organisation_id == supplier.organisation_id):
        raise NotAllowed


def check_parameters(kind: Kind, given: Mapping[str, object]) -> None:
    """Check an offer's parameters against those of its kind.

    Raises:
        RuleBroken: a parameter is unknown, its value is not of its type, or a span begins behind its end.
    """
    known = {row.code: row for row in kind.parameters.all()}
    for code, value in given.items():
        parameter = known.get(code)
        if parameter is None:
            raise RuleBroken(_("This kind has no parameter “%(code)s”.") % {"code": code}, code="parameter")
        valid = {
            Parameter.Type.NUMBER: as_number(value) is not None and not isinstance(value, bool),
            Parameter.Type.TEXT: isinstance(value, str),
            Parameter.Type.BOOL: isinstance(value, bool),
            Parameter.Type.CHOICE: value in parameter.choices,
        }[Parameter.Type(parameter.type)]
        if not valid:
            raise RuleBroken(
                _("“%(name)s” has a value that is not possible.") % {"name": parameter.name}, code="parameter"
            )
    for span in spans_of(known):
        if span.is_turned(given):
            raise RuleBroken(turned(known[span.low].name, known[span.high].name), code="span")


def publish_offer(*, actor: Actor, supplier: Supplier, kind: Kind, card: OfferCard) -> Offer:
    """Put an offer with its variants into the catalogue.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the supplier is suspended or removed, there is no variant, or a parameter that the kind does not
            have.
    """
    acts_for(actor, supplier)
    check_may_offer(supplier)
    if not card.variants:
        raise RuleBroken(_("An offer has at least one size or model."), code="variants")
    with transaction.atomic():
        offer = Offer.objects.create(
            supplier=supplier,
            kind=kind,
            state=Offer.State.ACTIVE,
            name_kk=card.name.kk,
            name_ru=card.name.ru,
            name_en=card.name.en,
            description_kk=card.description.kk,
            description_ru=card.description.ru,
            description_en=card.description.en,
            included_kk=card.included.kk,
            included_ru=card.included.ru,
            included_en=card.included.en,
            maker=card.maker,
            country=card.country,
            warranty_months=card.warranty_months,
            delivery_days=card.delivery_days,
            delivers_to=list(card.delivers_to),
            illustration=card.illustration,
        )
        add_sizes(actor=actor, offer=offer, cards=card.variants)
    return offer


def add_sizes(*, actor: Actor, offer: Offer, cards: Sequence[VariantCard]) -> None:
    """Put further sizes or models of an offer into the catalogue.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the supplier is suspended or removed, or a parameter that the kind does not have.
    """
    acts_for(actor, offer.supplier)
    if cards:
        check_may_offer(offer.supplier)
    put_sizes(offer, cards)


def put_sizes(offer: Offer, cards: Sequence[VariantCard]) -> None:
    """Write new sizes of an offer, whoever has decided that.

    Raises:
        RuleBroken: a parameter that the kind does not have.
    """
    for one in cards:
        check_parameters(offer.kind, one.parameters)
    with transaction.atomic():
        for one in cards:
            key = search_key(offer, label=one.label, article=one.article)
            variant = Variant.objects.create(
                offer=offer, label=one.label, stock=one.stock, article=one.article, search_key=key
            )
            new_version(variant, n=1, price=one.price, parameters=one.parameters)


def new_version(variant: Variant, *, n: int, price: Decimal, parameters: Mapping[str, object]) -> OfferVersion:
    """The next version of a size, with what its offer says now; it holds from now on."""
    version = OfferVersion.objects.create(
        variant=variant,
        n=n,
        price=price,
        parameters=dict(parameters),
        warranty_months=variant.offer.warranty_months,
        delivery_days=variant.offer.delivery_days,
    )
    Variant.objects.filter(pk=variant.pk).update(current=version)
    variant.current = version
    return version


def change_price(*, actor: Actor, variant: Variant, price: Decimal) -> OfferVersion:
    """A new version with another price, for new orders only; orders keep the version they were placed on.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the price is not above zero.
    """
    acts_for(actor, variant.offer.supplier)
    if price <= 0:
        raise RuleBroken(_("A price is more than zero."), code="price")
    with transaction.atomic():
        locked = locks.lock_rows(Variant, [variant.pk])[variant.pk]
        last = locked.versions.order_by("-n").first()
        if last is None:
            raise RuleBroken(_("This offer is no longer in the catalogue."), code="offer_gone")
        return new_version(locked, n=last.n + 1, price=price, parameters=last.parameters)


def set_stock(*, actor: Actor, variant: Variant, stock: int) -> None:
    """The supplier counts the stock.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: less than nothing.
    """
    acts_for(actor, variant.offer.supplier)
    if stock < 0:
        raise RuleBroken(_("Stock cannot be below zero."), code="stock")
    Variant.objects.filter(pk=variant.pk).update(stock=stock)


def write_search_keys() -> int:
    """Write the words by which sizes are found, where there are none; returns of how many. Some thousands at once."""
    rows = list(Variant.objects.filter(search_key="").select_related("offer")[:_KEYS_AT_ONCE])
    for one in rows:
        one.search_key = search_key(one.offer, label=one.label, article=one.article)
    Variant.objects.bulk_update(rows, ["search_key"], batch_size=500)
    return len(rows)


def write_offer_words() -> int:
    """Write the words by which people find offers, where there are none or a name or the maker is another one; returns
    of how many. Some thousands at once.
    """
    told = Concat("name_kk", _LINE, "name_ru", _LINE, "name_en", _LINE, "maker", output_field=TextField())
    known = OfferWords.objects.filter(offer=OuterRef("pk"))
    rows = Offer.objects.exclude(state__in=Offer.BEFORE).annotate(now=told)
    new = list(rows.filter(~Exists(known.filter(told=OuterRef("now"))))[:_KEYS_AT_ONCE])
    words = [OfferWords(offer=one, told=words_told(one), forms=forms_of(words_told(one))) for one in new]
    OfferWords.objects.bulk_create(
        words, batch_size=500, update_conflicts=True, unique_fields=["offer"], update_fields=["told", "forms"]
    )
    return len(words)


def tell_meanings() -> int:
    """Write what the names of kinds mean, where it is not told and can be on this machine; returns of how many. Some
    hundreds at once: about 7 ms of a processor each.
    """
    if not vectors.available():
        return 0
    rows = list(KindName.objects.filter(vector=None).order_by("pk")[:_MEANINGS_AT_ONCE])
    for one, vector in zip(rows, vectors.of_texts([one.text for one in rows]), strict=True):
        one.vector = vector
    KindName.objects.bulk_update(rows, ["vector"], batch_size=500)
    return len(rows)


def _require_safe(column: str) -> None:
    """What is not safe by the reference data is proposed on the card and admitted.

    Raises:
        RuleBroken: it is not.
    """
    if not is_safe(column):
        raise RuleBroken(
            _("This needs the approval of the commission now."),
            next_step=_("Change it on the card of the offer, then send the change for admission."),
            code="not_safe",
        )


def update_variant(*, actor: Actor, variant: Variant, shown: StockAndPrice, wanted: StockAndPrice) -> None:
    """Write what was changed against what the page showed, and nothing else.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: what was to be changed has changed meanwhile (``stock_moved``, ``price_moved``): both are told; or
            the stock does not hold without approval (``not_safe``).
    """
    acts_for(actor, variant.offer.supplier)
    with transaction.atomic():
        now = locks.lock_rows(Variant, [variant.pk])[variant.pk]
        price = now.current.price if now.current else None
        if wanted.stock not in {shown.stock, now.stock}:
            _require_safe("stock")
            if now.stock != shown.stock:
                raise moved(_("in stock"), shown.stock, now.stock, wanted.stock, code="stock_moved")
            set_stock(actor=actor, variant=variant, stock=wanted.stock)
        if wanted.price is not None and wanted.price not in {shown.price, price}:
            if price != shown.price:
                raise moved(_("price"), shown.price, price, wanted.price, code="price_moved")
            change_price(actor=actor, variant=variant, price=wanted.price)


def _set_selling(
    actor: Actor, offer: Offer, *, before: Offer.State, after: Offer.State, what: OfferEvent.What
) -> Offer:
    acts_for(actor, offer.supplier)
    with transaction.atomic():
        locked = locks.lock_rows(Offer, [offer.pk])[offer.pk]
        if locked.state != before:
            raise RuleBroken(
                _("This offer is in another state meanwhile: %(state)s.") % {"state": locked.get_state_display()},
                code="offer_state",
            )
        if after == Offer.State.ACTIVE and not documents.is_covered(locked, clock.today()):
            raise RuleBroken(
                _("A document of this offer has expired."),
                next_step=_("Add a valid document first."),
                code="expired",
            )
        locked.state, locked.paused_by_clock = after, False
        locked.save(update_fields=["state", "paused_by_clock"])
        OfferEvent.objects.create(offer=locked, what=what, by=actor.user_id, desk=actor.desk.value)
    return locked


def pause_offer(*, actor: Actor, offer: Offer) -> Offer:
    """The supplier takes no new orders of these goods for a while; orders that are open go on.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the offer is not on sale.
    """
    state, what = Offer.State, OfferEvent.What.PAUSED
    return _set_selling(actor, offer, before=state.ACTIVE, after=state.PAUSED, what=what)


def resume_offer(*, actor: Actor, offer: Offer) -> Offer:
    """A paused offer is on sale again.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: the offer is not paused, or a document has expired.
    """
    state, what = Offer.State, OfferEvent.What.RESUMED
    return _set_selling(actor, offer, before=state.PAUSED, after=state.ACTIVE, what=what)


def set_article(*, actor: Actor, variant: Variant, article: str) -> None:
    """The supplier's own number of a size.

    Raises:
        NotAllowed: the actor does not act for the supplier.
    """
    acts_for(actor, variant.offer.supplier)
    key = search_key(variant.offer, label=variant.label, article=article)
    Variant.objects.filter(pk=variant.pk).update(article=article, search_key=key)


def update_many(*, actor: Actor, supplier: Supplier, changes: Sequence[Change]) -> int:
    """Write changes of many sizes, all or none; returns how many sizes have changed.

    Raises:
        NotAllowed: the actor does not act for the supplier.
        RuleBroken: one of them has changed meanwhile, or is none of the supplier's; nothing is written.
    """
    acts_for(actor, supplier)
    rows = Variant.objects.filter(offer__supplier=supplier, pk__in=[one.variant for one in changes])
    with transaction.atomic():
        found = {one.pk: one for one in rows.select_related("offer__supplier", "current")}
        # in the order of the keys, as everybody locks them
        for one in sorted(changes, key=lambda change: change.variant):
            variant = found.get(one.variant)
            if variant is None:
                raise RuleBroken(_("A line names goods that are not yours."), code="not_yours")
            try:
                update_variant(actor=actor, variant=variant, shown=one.shown, wanted=one.wanted)
            except RuleBroken as refused:
                named = f"{variant.offer.name}, {variant.label}: {refused.message}"
                raise RuleBroken(named, next_step=refused.next_step, code=refused.code) from refused
            if one.article != variant.article:
                _require_safe("article")
                set_article(actor=actor, variant=variant, article=one.article)
    return len(changes)


_TAKE: Final = "UPDATE catalogue_variant SET stock = stock - %s WHERE id = %s AND active AND stock >= %s"


def take_stock(variant_id: UUID, quantity: int) -> None:
    """Take units of a variant for an order, in one conditional statement: never below zero.

    Raises:
        RuleBroken: fewer are left.
    """
    with locks.bounded(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [quantity, variant_id, quantity])
        taken = cursor.rowcount
    if taken != 1:
        left = Variant.objects.filter(pk=variant_id, active=True).values_list("stock", flat=True).first() or 0
        raise RuleBroken(
            _("The supplier has only %(left)s left.") % {"left": left},
            next_step=_("Order fewer, or choose another offer: what you typed is kept."),
            code="stock",
        )


def return_stock(variant_id: UUID, quantity: int) -> None:
    """Give units back that an ended order had taken."""
    with locks.bounded():
        Variant.objects.filter(pk=variant_id).update(stock=F("stock") + quantity)
