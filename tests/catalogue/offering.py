"""Offers on their way to the catalogue, for tests."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests import factories as make

from tirek.catalogue.actions.admissions import admit_offer, pass_on, send_offer
from tirek.catalogue.actions.changes import propose_photo
from tirek.catalogue.actions.documents import Paper, add_document
from tirek.catalogue.actions.offers import make_draft, write_card, write_size
from tirek.catalogue.actions.photos import Shot, add_photo
from tirek.catalogue.documents import NEEDED
from tirek.catalogue.models import Admission, Offer, OfferDocument, OfferPhoto
from tirek.catalogue.rules import VariantCard
from tirek.core import clock
from tirek.core.actors import Actor

_serial = count(1)
WORDS = {
    "name_kk": "Арба",
    "name_ru": "Коляска",
    "name_en": "",
    "description_kk": "Жеңіл арба",
    "description_ru": "Лёгкая коляска",
    "description_en": "",
}
TERMS = {"maker": "Ertis", "country": "KZ", "warranty_months": 12, "delivery_days": 7}
SIZE = VariantCard("M", Decimal(180), 40, {"waist_min_cm": 70, "waist_max_cm": 110, "type": "tabs"})


def region_of(shop: make.Shop) -> Actor:
    """An officer of the region where the shop's supplier stands."""
    return make.officer(make.district(f"{shop.place.code[:2]}0000000"))


def upload(name: str = "paper.png", *, pixels: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    """A picture as a form receives it."""
    out = BytesIO()
    Image.new("RGB", pixels, "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def document(
    offer: Offer,
    actor: Actor,
    sort: OfferDocument.Sort = OfferDocument.Sort.CERTIFICATE,
    *,
    until: date | None = None,
    number: str = "KZ-1",
) -> OfferDocument:
    """A document of an offer, added by its supplier."""
    paper = Paper(sort, number, date(2026, 1, 12), until)
    return add_document(actor=actor, offer=offer, paper=paper, upload=upload())


def photo(offer: Offer, actor: Actor) -> OfferPhoto:
    """A photo of an offer, added by its supplier."""
    shot = Shot(upload("photo.png"), "Көк арба", "Синяя коляска")
    take = add_photo if offer.state == Offer.State.DRAFT else propose_photo
    return take(actor=actor, offer=offer, shot=shot)


def empty_draft(shop: make.Shop) -> Offer:
    """A card with its kind alone."""
    return make_draft(actor=shop.supplier_actor, supplier=shop.supplier, kind=shop.kind)


def complete_draft(shop: make.Shop) -> Offer:
    """A card that can be sent for admission."""
    offer, actor = empty_draft(shop), shop.supplier_actor
    named = WORDS | {"name_ru": f"Коляска {next(_serial)}"}
    write_card(actor=actor, offer=offer, given=named | TERMS | {"delivers_to": [f"{shop.place.code[:2]}0000000"]})
    write_size(actor=actor, offer=offer, card=replace(SIZE))
    for sort in NEEDED:
        document(offer, actor, sort)
    offer.refresh_from_db()
    return offer


def sent(shop: make.Shop) -> Admission:
    """An offer that is checked by the region."""
    return send_offer(actor=shop.supplier_actor, offer=complete_draft(shop))


def before_commission(shop: make.Shop) -> Admission:
    """An offer on which the commission concludes."""
    return pass_on(actor=region_of(shop), admission=sent(shop))


def admitted(shop: make.Shop) -> Offer:
    """An offer that came to sale by the commission."""
    case = before_commission(shop)
    admit_offer(actor=region_of(shop), admission=case, conclusion_number="17", conclusion_on=clock.today())
    return Offer.objects.get(pk=case.offer_id)
