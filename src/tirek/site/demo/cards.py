"""Offers of the demo that a supplier made itself: one in each state, with documents and a photo."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, cast

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from tirek.catalogue import card_book
from tirek.catalogue.actions import pause_offer
from tirek.catalogue.actions.admissions import admit_offer, enter_admission, pass_on, refuse_offer, send_offer
from tirek.catalogue.actions.changes import change_card
from tirek.catalogue.actions.documents import Paper, add_document
from tirek.catalogue.actions.offers import block_offer, make_draft, write_card, write_size
from tirek.catalogue.actions.photos import Shot, add_photo
from tirek.catalogue.card_imports import CARDS
from tirek.catalogue.documents import NEEDED, with_expired
from tirek.catalogue.file_columns import columns_of
from tirek.catalogue.jobs import documents_end
from tirek.catalogue.models import Admission, Kind, Offer, OfferDocument
from tirek.catalogue.queries import kind_of
from tirek.catalogue.rules import VariantCard
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.imports import begin_file
from tirek.suppliers.models import Supplier
from tirek.ui import documents

_PICTURES: Final = Path(documents.__file__).parent / "static" / "tirek" / "illustrations"
_TEXT: Final = "Демо құжат. Демонстрационный документ."


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the demo: kind, names, words, price, and its parameters."""

    kind: str
    kk: str
    ru: str
    en: str
    text_kk: str
    text_ru: str
    text_en: str
    price: int
    size: str
    parameters: dict[str, str | float | bool] = field(default_factory=dict)


CRUTCHES: Final = Card(
    "PO-11", "«Қадам» шынтақ балдағы", "Костыли локтевые «Қадам»", "Qadam elbow crutches",
    "Биіктігі реттеледі, ұшы тайғанамайды.", "Высота регулируется, наконечник не скользит.",
    "Height adjusts, the tip does not slip.",
    14500, "75–95", {"type": "elbow", "max_load_kg": 120, "adjustable": True},
)  # fmt: skip
CANE: Final = Card(
    "PO-12", "«Қадам» тіреу таяғы", "Трость опорная «Қадам»", "Qadam supporting cane",
    "Ағаш тұтқалы, жеңіл.", "Лёгкая, с деревянной ручкой.",
    "Light, with a wooden handle.",
    6800, "90", {"height_cm": 90, "adjustable": False, "feet": "1"},
)  # fmt: skip
MONITOR: Final = Card(
    "TI-10", "«Дауыс» сөйлейтін тонометрі", "Говорящий тонометр «Дауыс»", "Dauys talking blood-pressure monitor",
    "Нәтижені қазақша және орысша айтады.", "Произносит результат на казахском и русском.",
    "Says the result in Kazakh and Russian.",
    21900, "22–42", {"cuff_min_cm": 22, "cuff_max_cm": 42, "place": "arm"},
)  # fmt: skip
WATCH: Final = Card(
    "SU-06", "«Таң» дірілдейтін оятқышы", "Будильник с вибрацией «Таң»", "Tan vibrating alarm clock",
    "Жастық астына қойылады.", "Кладётся под подушку.",
    "Lies under the pillow.",
    17300, "1", {"form": "pillow", "power": "battery"},
)  # fmt: skip
BANDAGE: Final = Card(
    "PO-08", "«Қадам» бел бандажы", "Бандаж поясничный «Қадам»", "Qadam lumbar bandage",
    "Төрт қатты қабырғасы бар.", "С четырьмя жёсткими рёбрами.",
    "With four stiff ribs.",
    9200, "M", {"zone": "lumbar", "circumference_cm": 90, "width_cm": 24},
)  # fmt: skip
COLLAR: Final = Card(
    "PO-08", "«Қадам» мойын бандажы", "Бандаж на шею «Қадам»", "Qadam neck bandage",
    "Жұмсақ, иекке тіреледі.", "Мягкий, с упором под подбородок.",
    "Soft, with a rest for the chin.",
    7400, "S", {"zone": "neck", "circumference_cm": 36, "width_cm": 9},
)  # fmt: skip
CORRECTOR: Final = Card(
    "PO-07", "«Тік» реклинаторы", "Реклинатор «Тік»", "Tik posture corrector",
    "Балаларға арналған, киім астына киіледі.", "Детский, носится под одеждой.",
    "For children, worn under clothes.",
    8900, "2", {"for": "child", "chest_cm": 68, "height_cm": 125},
)  # fmt: skip
SOCK: Final = Card(
    "PO-14", "«Қадам» тұқыл қабы", "Чехол на культю «Қадам»", "Qadam stump sock",
    "Мақта, тігіссіз.", "Хлопок, без швов.",
    "Cotton, without seams.",
    2300, "3", {"limb": "leg", "material": "cotton"},
)  # fmt: skip


def _png(source: str) -> bytes:
    # the stubs want the source and the folder to be of one type
    made = typst.compile(source.encode(), root=str(_PICTURES), format="png", ppi=96.0)  # type: ignore[call-overload]
    return bytes(made)


@cache
def _scanned() -> bytes:
    return _png(f"#set page(width: 12cm, height: 6cm)\n{_TEXT}")


def scan() -> SimpleUploadedFile:
    """A paper of the demo."""
    return SimpleUploadedFile("demo.png", _scanned(), "image/png")


def _shot(picture: str, kk: str, ru: str) -> Shot:
    page = f'#set page(width: auto, height: auto, margin: 8pt, fill: white)\n#image("/{picture}", width: 18cm)'
    return Shot(SimpleUploadedFile("photo.png", _png(page), "image/png"), kk, ru)


@dataclass(frozen=True, slots=True)
class Maker:
    """A supplier of the demo with somebody who acts for it, and an officer of its region."""

    supplier: Supplier
    seller: Actor
    region: Actor

    def draft(self, card: Card, *, papers: bool = True) -> Offer:
        """A card that the supplier has filled in."""
        offer = make_draft(actor=self.seller, supplier=self.supplier, kind=Kind.objects.get(code=card.kind))
        words = {"name_kk": card.kk, "name_ru": card.ru, "name_en": card.en, "description_kk": card.text_kk}
        terms = {"maker": "Qadam", "country": "KZ", "warranty_months": 12, "delivery_days": 6}
        given = (
            words
            | terms
            | {"description_ru": card.text_ru, "description_en": card.text_en, "delivers_to": ["100000000"]}
        )
        write_card(actor=self.seller, offer=offer, given=given)
        size = VariantCard(card.size, Decimal(card.price), 25, card.parameters)
        write_size(actor=self.seller, offer=offer, card=size)
        for n, sort in enumerate(NEEDED if papers else (), start=1):
            self.document(offer, sort, f"{card.kind}-{n}", None)
        return Offer.objects.get(pk=offer.pk)

    def document(self, offer: Offer, sort: OfferDocument.Sort, number: str, until: date | None) -> None:
        """A document of an offer."""
        paper = Paper(sort, number, clock.today() - timedelta(days=90), until)
        add_document(actor=self.seller, offer=offer, paper=paper, upload=scan())

    def at_commission(self, offer: Offer) -> Admission:
        """What the supplier sent, checked by the region."""
        return pass_on(actor=self.region, admission=send_offer(actor=self.seller, offer=offer))

    def admitted(self, offer: Offer, number: str) -> Offer:
        """The offer on sale."""
        case = self.at_commission(offer)
        admit_offer(actor=self.region, admission=case, conclusion_number=number, conclusion_on=clock.today())
        return Offer.objects.get(pk=offer.pk)


def admit_of_file(*, offer: Offer, seller: Actor, administrator: Actor, number: str) -> None:
    """An offer that came before the portal: the conclusion on it, and the documents that every offer has."""
    enter_admission(actor=administrator, offer=offer, conclusion_number=number, conclusion_on=clock.today())
    for n, sort in enumerate(NEEDED, start=1):
        paper = Paper(sort, f"{number}-{n}", clock.today(), None)
        add_document(actor=seller, offer=offer, paper=paper, upload=scan())


def _ends_soon(by: Maker) -> None:
    offer = by.draft(CRUTCHES)
    by.document(offer, OfferDocument.Sort.CERTIFICATE, "KZ.7100.11", clock.today() + timedelta(days=60))
    add_photo(
        actor=by.seller,
        offer=offer,
        shot=_shot("crutches.svg", "Бір жұп шынтақ балдағы", "Пара локтевых костылей"),
    )
    by.admitted(offer, "41-2026")


def _changed(by: Maker) -> None:
    offer = by.admitted(by.draft(CANE), "42-2026")
    change_card(actor=by.seller, offer=offer, given={"maker": "Qadam Plus", "warranty_months": 18})
    by.at_commission(offer)


def _expired(by: Maker) -> None:
    offer = by.draft(MONITOR)
    by.document(offer, OfferDocument.Sort.MEDICAL, "ҚР-МБ-0217", clock.today() + timedelta(days=20))
    by.admitted(offer, "43-2026")


def _paused(by: Maker) -> None:
    pause_offer(actor=by.seller, offer=by.admitted(by.draft(WATCH), "44-2026"))


def _blocked(by: Maker) -> None:
    offer = by.admitted(by.draft(BANDAGE), "45-2026")
    block_offer(actor=by.region, offer=offer, reason="№ 12-ө, 03.09.2026: қабырғасы сынады / ломается ребро жёсткости")


def _refused(by: Maker) -> None:
    refuse_offer(
        actor=by.region,
        admission=by.at_commission(by.draft(COLLAR)),
        conclusion_number="46-2026",
        conclusion_on=clock.today(),
        reason="Жіктеуішке сай емес / Не соответствует классификатору",
    )


def _file(by: Maker, name: str, lines: Sequence[Mapping[str, object]]) -> None:
    """A workbook of canes that the supplier has brought and not taken yet."""
    columns = columns_of(kind_of(CANE.kind))
    rows = [[cast("card_book.Value", line.get(one.name)) for one in columns] for line in lines]
    with translation.override("ru"):
        book = card_book.as_workbook(columns, rows, kind_of(CANE.kind))
        begin_file(actor=by.seller, file=CARDS, about=CANE.kind, file_name=name, content=book)


def _files(by: Maker) -> None:
    """A file that waits to be taken: a price and a new card; and one with mistakes."""
    sold = Offer.objects.get(supplier=by.supplier, name_ru=CANE.ru)
    size = sold.variants.get()
    dearer = {"code": str(size.pk), "name_ru": CANE.ru, "price": 7100, "stock": 40}
    new = {
        "name_kk": "«Қадам» жиналмалы таяғы", "name_ru": "Трость складная «Қадам»", "name_en": "Qadam folding cane",
        "description_kk": "Жиналады, сөмкеге сыяды.", "description_ru": "Складывается, помещается в сумку.",
        "maker": "Qadam", "country": "KZ", "warranty_months": 12, "delivery_days": 6, "delivers_to": "100000000",
        "price": 8200, "stock": 15,
    }  # fmt: skip
    _file(by, "canes-prices.xlsx", [dearer, new | {"label": "85"}, new | {"label": "95"}])
    _file(by, "canes-new.xlsx", [new | {"label": "100", "price": "7 000 тг"}, new | {"label": ""}])


#: How many days ago each came to be, and how.
STORY: Final[tuple[tuple[int, Callable[[Maker], object]], ...]] = (
    (35, _ends_soon),
    (34, _expired),
    (33, _paused),
    (32, _blocked),
    (31, _refused),
    (6, _changed),
    (3, lambda by: send_offer(actor=by.seller, offer=by.draft(CORRECTOR))),
    (1, lambda by: by.draft(SOCK, papers=False)),
    (0, _files),
)


def make_cards(*, supplier: Supplier, seller: Actor, region: Actor) -> int:
    """Make the cards in the order of time, and let the clock do its work; returns how many."""
    by = Maker(supplier, seller, region)
    for days, tell in STORY:
        with clock.at(clock.now() - timedelta(days=days)):
            tell(by)
    documents_end(0)
    assert not with_expired(clock.today())  # noqa: S101 - nothing expired is left on sale
    return len(STORY)
