"""A supplier's offers as a table: with what open orders hold of them, to be taken along, changed and brought back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Final
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tirek.catalogue.changes import per_cent
from tirek.catalogue.models import Variant
from tirek.catalogue.queries import paid_in_full_up_to, variants_of_supplier
from tirek.catalogue.rules import Change, StockAndPrice
from tirek.core.actors import Actor
from tirek.core.errors import RuleBroken, Text
from tirek.core.keys import read_key
from tirek.core.languages import LANGUAGES
from tirek.core.sheets import Line
from tirek.files.tables import NoTable
from tirek.orders.models import Order
from tirek.suppliers.models import Supplier
from tirek.ui.fields import NumberField, read_whole
from tirek.ui.lists.exports import Cell
from tirek.ui.text import size_text

#: States in which an order holds goods that have not been handed over; while the person answers for a part, the rest of
#: that order is not counted.
HOLDS: Final = Order.CAN_BE_CANCELLED - {Order.State.REPLACING}
MOST_STOCK: Final = 10_000_000
MOST_PRICE: Final = Decimal("9999999999.99")
LONGEST_ARTICLE: Final = 40
#: Characters of a wrong cell that are said again.
LONGEST_TOLD: Final = 40
_AT_ONCE: Final = 500
_SALT: Final = "orders.price_list"
#: How long a checked table can be entered.
_KEPT: Final = 60 * 60

CODE: Final = _("Code (leave as it is)")
ARTICLE: Final = _("Your article number")
PRICE: Final = _("Price of one, tenge")
FREE: Final = _("Free for new orders")
SEEN: Final = _("Free when this table was taken along (leave it as it is)")
HEADS: Final[Sequence[Text]] = (
    CODE,
    ARTICLE,
    _("Goods"),
    _("Size or model"),
    _("State"),
    PRICE,
    FREE,
    _("In open orders"),
    _("The budget pays up to, tenge"),
    SEEN,
)


@dataclass(frozen=True, slots=True)
class Item:
    """A size or model with what its supplier wants to know.

    Attributes:
        variant: with its offer, its kind and its present version.
        price: of one, tenge; nothing where it was never offered.
        limit: what the budget pays for one at most, the least of the places of delivery, tenge; nothing where unknown.
        reserved: units that open orders hold.
    """

    variant: Variant
    price: Decimal | None
    limit: Decimal | None
    reserved: int

    @property
    def person_pays(self) -> Decimal:
        """What a recipient would pay for one, tenge."""
        return max((self.price or Decimal(0)) - self.limit, Decimal(0)) if self.limit is not None else Decimal(0)

    @property
    def together(self) -> int:
        """Units in the house: free ones, and those that open orders hold."""
        return self.variant.stock + self.reserved


def items(keys: Sequence[UUID], *, on: date) -> list[Item]:
    """Sizes by their keys, in this order (two queries)."""
    found = Variant.objects.select_related("offer__kind", "current").in_bulk(keys)
    held = Order.objects.filter(version_of_offer__variant__in=keys, state__in=HOLDS).order_by()
    to_come = Sum(F("quantity") - F("received_so_far"))
    reserved = dict(held.values_list("version_of_offer__variant").annotate(to_come=to_come))
    limits: dict[UUID, Decimal | None] = {}
    made = []
    for variant in (found[key] for key in keys if key in found):
        if variant.offer_id not in limits:
            limits[variant.offer_id] = paid_in_full_up_to(variant.offer, on=on)
        price = variant.current.price if variant.current else None
        made.append(Item(variant, price, limits[variant.offer_id], reserved.get(variant.pk, 0)))
    return made


def pieces(rows: QuerySet[Variant], *, on: date) -> Iterator[list[list[Cell]]]:
    """Sizes as lines under ``HEADS``, some hundreds at once."""
    keys = rows.values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE)
    while piece := list(islice(keys, _AT_ONCE)):
        yield [_line(one) for one in items(piece, on=on)]


def _line(one: Item) -> list[Cell]:
    variant = one.variant
    return [
        str(variant.pk),
        variant.article,
        variant.offer.name,
        variant.label,
        str(variant.offer.get_state_display()),
        one.price,
        variant.stock,
        one.reserved,
        one.limit,
        variant.stock,
    ]


# --- bringing it back


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a line of a table.

    Attributes:
        n: number of the line.
        text: what is wrong.
        goods: the goods with their size or model; "" where the code names none of the supplier's.
        typed: what stands in the wrong cell; "" where it is not one cell.
    """

    n: int
    text: Text
    goods: str = ""
    typed: str = ""

    @property
    def words(self) -> Text:
        """The whole in words: which line, which goods, what is wrong, what was typed."""
        if not self.goods:
            line = _("Line %(line)s: %(text)s") % {"line": self.n, "text": self.text}
        else:
            told = {"line": self.n, "goods": self.goods, "text": self.text}
            line = _("Line %(line)s, %(goods)s: %(text)s") % told
        typed = _("Typed: “%(typed)s”.") % {"typed": self.typed}
        return f"{line} {typed}" if self.typed else line


@dataclass(frozen=True, slots=True)
class Told:
    """What will change: a size before, and as the table wants it."""

    item: Variant
    change: Change

    @property
    def per_cent(self) -> str:
        """By how much the price changes; "" where it does not."""
        before, after = self.change.shown.price, self.change.wanted.price
        return per_cent(before, after) if before and after and before != after else ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A table that was sent, read.

    Attributes:
        changes: what it changes.
        wrong: what has to be put right before anything is entered.
        same: lines that change nothing.
    """

    changes: Sequence[Told]
    wrong: Sequence[Wrong]
    same: int


def _places(heads: Line) -> dict[str, int]:
    """Where the columns that are read stand, by their heads in any language.

    Raises:
        NoTable: one is missing.
    """
    written = [heads.text(place).casefold() for place in range(len(heads.values))]
    found = {}
    for name, head in (("code", CODE), ("article", ARTICLE), ("price", PRICE), ("free", FREE), ("seen", SEEN)):
        for language in LANGUAGES:
            with override(language):
                words = str(head).casefold()
            if words in written:
                found[name] = written.index(words)
    for name, head in (("code", CODE), ("price", PRICE), ("free", FREE)):
        if name not in found:
            raise NoTable(_("The column “%(head)s” is missing.") % {"head": head}, code="no_column")
    return found


def _price(line: Line, place: int) -> Decimal | None:
    value = line.values[place] if place < len(line.values) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            found: Decimal | None = Decimal(str(value)).quantize(Decimal("0.01"))
        except InvalidOperation:
            return None
    else:
        field = NumberField(max_digits=12, decimal_places=2)
        try:
            found = field.clean(line.text(place))
        except ValidationError:
            return None
    return found if found is not None and 0 < found <= MOST_PRICE else None


def read(supplier: Supplier, lines: Sequence[Line]) -> Reading:
    """What a table would change of a supplier's offers; nothing is changed (a query for some hundreds of lines).

    Raises:
        NoTable: a column is missing.
    """
    heads, *body = lines
    places = _places(heads)
    keys = {line.n: read_key(line.text(places["code"])) for line in body}
    own: dict[UUID, Variant] = {}
    wanted = [key for key in keys.values() if key]
    for first in range(0, len(wanted), _AT_ONCE):
        rows = variants_of_supplier(supplier.pk).filter(pk__in=wanted[first : first + _AT_ONCE])
        own |= {one.pk: one for one in rows.select_related("offer", "current")}
    changes: list[Told] = []
    wrong: list[Wrong] = []
    seen: dict[UUID, int] = {}
    same = 0
    for line in body:
        key = keys[line.n]
        variant = own.get(key) if key else None
        problem = _problem(line, places, variant, seen)
        if problem or variant is None:
            wrong += [problem] if problem else []
            continue
        seen[variant.pk] = line.n
        change = _change(line, places, variant)
        if change.shown == change.wanted and change.article == variant.article:
            same += 1
        else:
            changes.append(Told(variant, change))
    return Reading(changes, wrong, same)


def _problem(line: Line, places: Mapping[str, int], variant: Variant | None, seen: Mapping[UUID, int]) -> Wrong | None:
    """What is wrong with a line; nothing when all is right."""
    goods = f"{variant.offer.name}, {size_text(variant.label)}" if variant is not None else ""
    if line.formulas & set(places.values()):
        return Wrong(line.n, _("There is a formula here. Put the number or the word in its place."), goods)
    if variant is None:
        typed = line.text(places["code"])[:LONGEST_TOLD]
        return Wrong(line.n, _("There are no goods of yours with this code."), typed=typed)
    if variant.pk in seen:
        return Wrong(line.n, _("The same goods are in line %(line)s already.") % {"line": seen[variant.pk]}, goods)
    name, text = _wrong_value(line, places)
    return Wrong(line.n, text, goods, line.text(places[name])[:LONGEST_TOLD]) if name else None


def _wrong_value(line: Line, places: Mapping[str, int]) -> tuple[str, Text]:
    """The first column with a wrong value, and what is wrong with it; nothing where all are right."""
    free = read_whole(line.text(places["free"]))
    if free is None or not 0 <= free <= MOST_STOCK:
        return "free", _("“%(head)s” must be a whole number that is not below zero.") % {"head": FREE}
    if _price(line, places["price"]) is None:
        words = _("“%(head)s” must be a number above zero with at most two digits after the mark.")
        return "price", words % {"head": PRICE}
    if "article" in places and len(line.text(places["article"])) > LONGEST_ARTICLE:
        words = _("“%(head)s” must be %(most)s characters or fewer.")
        return "article", words % {"head": ARTICLE, "most": LONGEST_ARTICLE}
    return "", ""


def _change(line: Line, places: Mapping[str, int], variant: Variant) -> Change:
    free = read_whole(line.text(places["free"])) or 0
    # goods that were ordered since the table was taken along are not free again
    seen = read_whole(line.text(places["seen"])) if "seen" in places else None
    stock = variant.stock if seen is None or free == seen else seen
    shown = StockAndPrice(stock, variant.current.price if variant.current else None)
    wanted = StockAndPrice(variant.stock if free == seen else free, _price(line, places["price"]))
    article = line.text(places["article"]) if "article" in places else variant.article
    return Change(variant.pk, shown, wanted, article)


def sealed(actor: Actor, changes: Sequence[Told]) -> str:
    """Changes that were checked, for the page that enters them: nobody else can, and nothing of them can be altered."""
    told = [
        (
            str(one.change.variant),
            one.change.shown.stock,
            str(one.change.shown.price or ""),
            one.change.wanted.stock,
            str(one.change.wanted.price or ""),
            one.change.article,
        )
        for one in changes
    ]
    return signing.dumps([str(actor.organisation_id), told], salt=_SALT, compress=True)


def opened(actor: Actor, seal: str) -> list[Change]:
    """The changes of a seal.

    Raises:
        RuleBroken: it is older than an hour, of another supplier, or none.
    """
    try:
        organisation, told = signing.loads(seal, salt=_SALT, max_age=_KEPT)
    except signing.BadSignature:
        organisation, told = "", []
    if organisation != str(actor.organisation_id):
        raise RuleBroken(_("The check of this table is over."), next_step=_("Send the table once more."), code="seal")
    return [
        Change(
            UUID(key),
            StockAndPrice(shown, Decimal(shown_price) if shown_price else None),
            StockAndPrice(stock, Decimal(price) if price else None),
            article,
        )
        for key, shown, shown_price, stock, price, article in told
    ]
