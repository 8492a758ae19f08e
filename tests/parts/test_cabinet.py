"""A supplier's list of parts: entered, priced, said what it fits, and changed by a spreadsheet."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests import factories as make
from tests.kit import pages
from tests.kit.world import World
from tests.parts.declared import listed

from tirek.catalogue.models import Variant
from tirek.core.errors import RuleBroken
from tirek.core.sheets import Bounds, lines_of
from tirek.parts import book
from tirek.parts.actions import add_fits
from tirek.parts.models import Part, PartFit

ANSWER: dict[str, Any] = {
    "article": "T-1",
    "sort": "spare",
    "name_kk": "Дөңгелек",
    "name_ru": "Колесо",
    "price": "12 000,50",
    "stock": "4",
    "delivery_days": "10",
    "is_covered": "on",
    "sold_from_day": "1",
    "sold_from_month": "1",
    "sold_from_year": "2026",
}


@pytest.mark.django_db
def test_part__is_entered_priced_anew_and_fits_what_is_ticked() -> None:
    world = World()
    seller = world.client(world.supplier_actor)
    refused = seller.post("/supply/parts/new", ANSWER | {"price": "", "stock": "-1"})
    assert (refused.status_code, len(pages.read(refused).errors)) == (422, 2)
    fits = seller.post("/supply/parts/new", ANSWER).headers["Location"]
    part = Part.objects.select_related("current").get()
    assert (part.name_en, part.current and part.current.price) == ("Колесо", Decimal("12000.50"))
    twice = seller.post("/supply/parts/new", ANSWER)
    assert "has this article number" in " ".join(pages.read(twice).errors)
    size = Variant.objects.get(offer=world.offer)
    foreign = make.offer(make.supplier(), world.kind)
    assert seller.post(fits, {"fits": [f"offer:{foreign.pk}"]}).status_code == 422
    assert seller.post(fits, {"fits": [f"variant:{size.pk}"]}).status_code == 302
    assert "T-1" in pages.text(seller, "/supply/parts?article=T")
    page = f"/supply/parts/{part.pk}"
    # two pieces were ordered since the form was opened: they stay ordered
    Part.objects.filter(pk=part.pk).update(stock=2)
    changed = ANSWER | {"price": "13000", "stock": "10", "seen_stock": "4", "sold_until_day": "31"}
    assert seller.post(f"{page}/edit", changed).status_code == 422
    whole = changed | {"sold_until_month": "12", "sold_until_year": "2030"}
    moved = pages.read(seller.post(f"{page}/edit", whole))
    assert (moved.status, "this page showed 4, now it is 2" in moved.main) == (422, True)
    for hostile in ("-3000000000", "9" * 30):
        assert seller.post(f"{page}/edit", whole | {"seen_stock": hostile}).status_code == 422
    for _press in range(3):
        assert seller.post(f"{page}/edit", whole | {"seen_stock": "2"}).status_code == 302
    assert seller.post(f"{page}/edit", whole | {"stock": "4"}).status_code == 302, "not changed against what was shown"
    part.refresh_from_db()
    assert (part.stock, list(part.prices.order_by("n").values_list("n", flat=True))) == (10, [1, 2])
    assert "13 000" in pages.text(seller, page).replace("\u00a0", " ")
    assert seller.post(f"{page}/fits/{PartFit.objects.get().pk}/off").status_code == 302
    assert not PartFit.objects.exists()
    other = world.client(make.supplier_actor(make.supplier()))
    assert [other.get(page).status_code, other.get(f"{page}/edit").status_code] == [404, 404]


def _file(lines: list[list[object]], name: str = "parts.csv") -> SimpleUploadedFile:
    text = "\n".join(";".join("" if cell is None else str(cell) for cell in line) for line in lines)
    return SimpleUploadedFile(name, text.encode("utf-8-sig"), content_type="text/csv")


@pytest.mark.django_db
def test_list__is_taken_along_changed_and_brought_back_whole_or_not_at_all() -> None:
    world = World()
    seller = world.client(world.supplier_actor)
    part = listed(world, article="T-1")
    Variant.objects.filter(offer=world.offer).update(article="D-M")
    bounds = Bounds(lines=10, columns=20, cell=200, unpacked=1_000_000)
    book = lines_of(seller.get("/supply/parts/book").content, bounds)
    words, names, first = [list(line.values) for line in book][:3]
    assert (len(words), names[0], first[0]) == (len(names), "article", "T-1")
    row = dict(zip(names, first, strict=True)) | {"stock": 12, "seen_stock": 10, "price": "1700", "fits": "D-M"}
    new = row | {"article": "T-2", "sort": "Accessory", "seen_stock": "", "is_covered": "yes"}
    both = [list(names), [row[name] for name in names], [new[name] for name in names]]
    wrong = [*both, [(row | {"article": "T-3", "price": "0", "sort": "wheel"})[name] for name in names]]
    refused = seller.post("/supply/parts/file", {"file": _file(wrong)})
    assert refused.status_code == 422
    assert "Line 4:" in pages.read(refused).main
    assert Part.objects.count() == 1
    unknown = [*both, [(new | {"article": "T-4", "fits": "X"})[name] for name in names]]
    assert "X" in pages.read(seller.post("/supply/parts/file", {"file": _file(unknown)})).main
    assert Part.objects.count() == 1
    # one piece was ordered while the list was away
    Part.objects.filter(pk=part.pk).update(stock=9)
    assert "now it is 9" in pages.read(seller.post("/supply/parts/file", {"file": _file(both)})).main
    both[1] = [(row | {"stock": 11, "seen_stock": 9})[name] for name in names]
    for _time in range(2):
        assert seller.post("/supply/parts/file", {"file": _file(both)}).status_code == 302
    part.refresh_from_db()
    made = Part.objects.select_related("current").get(article="T-2")
    assert (part.stock, made.is_covered, made.sort) == (11, True, "accessory")
    assert part.current is not None
    assert (part.current.price, part.current.n, PartFit.objects.filter(variant__isnull=False).count()) == (1700, 2, 2)
    none = seller.post("/supply/parts/file", {"file": _file([["a", "b"], [1, 2]])})
    assert (none.status_code, "codes of the columns" in pages.read(none).main) == (422, True)
    assert "T-2" in seller.get("/supply/parts/book?format=csv").content.decode()


@pytest.mark.django_db
def test_part__fits_the_suppliers_own_goods_alone() -> None:
    world = World()
    part, foreign = listed(world), make.offer(make.supplier(), world.kind)
    strange = Variant.objects.filter(offer=foreign)
    strange.update(article="F-1")
    for fits in (f"offer:{foreign.pk}", *(f"variant:{one.pk}" for one in strange)):
        with pytest.raises(RuleBroken, match="fits"):
            add_fits(actor=world.supplier_actor, part=part, fits=[fits])
    row = [part.article, "spare", "а", "а", "1700", "1", "5", "2026-01-01", "F-1"]
    names = ["article", "sort", "name_kk", "name_ru", "price", "stock", "delivery_days", "sold_from", "fits"]
    refused = world.client(world.supplier_actor).post("/supply/parts/file", {"file": _file([names, row])})
    assert (refused.status_code, "F-1" in pages.read(refused).main) == (422, True)
    assert [one.offer_id for one in PartFit.objects.all()] == [world.offer.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(("bound", "said"), [("MOST_LINES", "more than 1 lines"), ("MOST_BYTES", "larger than 2 MB")])
def test_list_that_is_too_long__is_refused_in_words(monkeypatch: pytest.MonkeyPatch, bound: str, said: str) -> None:
    world = World()
    seller = world.client(world.supplier_actor)
    listed(world)
    listed(world)
    content = seller.get("/supply/parts/book?format=csv").content
    monkeypatch.setattr(book, bound, 1)
    refused = seller.post("/supply/parts/file", {"file": SimpleUploadedFile("parts.csv", content)})
    assert (refused.status_code, said in pages.read(refused).main) == (422, True)
