"""What the guards know of the catalogue: kinds for everybody, the cards of suppliers, and their admission."""

from decimal import Decimal

from tests import factories as make
from tests.catalogue.offering import complete_draft, photo, region_of, sent
from tests.kit.declared import SUPPLIER, THE_CLOCK, Declared, Keys, List, Page, at, by, numbered
from tests.kit.world import World

from tirek.catalogue.actions.admissions import pass_on
from tirek.catalogue.card_imports import CARDS
from tirek.catalogue.models import Admission, Offer, Variant
from tirek.core.actors import Actor, Desk
from tirek.core.imports import Run, begin_file
from tirek.ui.models import SavedFilter

#: The commission is in the region.
OF_REGION = frozenset({"officer of the region"})


def _grow(world: World) -> None:
    """One more offer of the same kind, one more before the commission."""
    make.offer(world.supplier, world.kind, price=Decimal(170 + world.steps), to=f"{world.place.code[:2]}0000000")
    sent(world)


def _draft(world: World) -> Offer:
    return complete_draft(world)


def _size(world: World) -> Variant:
    return world.card_draft.variants.get()


def _at_commission(world: World) -> Admission:
    return pass_on(actor=region_of(world), admission=sent(world))


def _filter(actor: Actor) -> SavedFilter:
    return SavedFilter.objects.create(
        user_id=actor.account, desk=actor.desk, list="admission", name="Mine, too", query=""
    )


def _file(world: World) -> Run:
    """A file of a supplier with a mistake in it."""
    content = "name_ru;label;price;stock\nКостыли;M;dear;1\n".encode()
    return begin_file(actor=world.supplier_actor, file=CARDS, about=world.kind.code, file_name="a.csv", content=content)


def _grow_files(world: World) -> None:
    _grow(world)
    _file(world)


def _of_kind(world: World) -> str:
    return f"kind={world.kind.code}"


def _of_place(world: World) -> str:
    return f"place={world.place.code}"


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


def _verb(attribute: str, verb: str) -> Keys:
    return at(key=lambda world: getattr(world, attribute).pk, verb=lambda _world: verb)


_of_size = at(key=lambda world: world.card_draft.pk, size_key=lambda world: world.card_size.pk)

DECLARED = Declared(
    makes={
        "card_draft": _draft,
        "card_size": _size,
        "card_document": lambda world: world.card_draft.documents.first(),
        "card_photo": lambda world: photo(world.card_draft, world.supplier_actor),
        "card_file": _file,
        "admission": sent,
        "concluding": _at_commission,
        "admissions_filter": lambda world: _filter(world.supplier_actor),
        "admissions_filter_of_officer": lambda world: _filter(world.officer),
    },
    cases={"admission": lambda world: world.admission},
    may={
        "admission": {
            "send": SUPPLIER,
            "enter": frozenset(),
            "pass_on": OF_REGION,
            "admit": OF_REGION,
            "refuse": OF_REGION,
            "give_back": OF_REGION,
            "take_back": SUPPLIER,
            "remind": THE_CLOCK,
        }
    },
    grow=_grow_files,
    pages={
        "catalogue:things": Page(),
        "catalogue:thing": Page(keys=at(code=lambda world: world.kind.code), nobodys=True),
        "catalogue:offers": Page(keys=at(code=lambda world: world.kind.code), query=_of_place, nobodys=True),
        "catalogue:offers-compare": Page(keys=at(code=lambda world: world.kind.code), query=_of_place, nobodys=True),
        "catalogue:offers-paper": Page(keys=at(code=lambda world: world.kind.code), query=_of_place, nobodys=True),
        "catalogue:offer": Page(keys=by("offer"), nobodys=True),
        "catalogue:offer-paper": Page(keys=by("offer"), nobodys=True),
        "catalogue:supplier-cards": Page(),
        "catalogue:supplier-card-table": Page(query=_of_kind),
        "catalogue:supplier-card-book": Page(query=_of_kind),
        "catalogue:supplier-card-files": Page(query=_of_kind),
        "catalogue:supplier-card-file": Page(keys=by("card_file")),
        "catalogue:supplier-card-file-wrong": Page(keys=by("card_file")),
        "catalogue:supplier-kind": Page(),
        "catalogue:supplier-begin": Page(post=True),
        "catalogue:supplier-card": Page(keys=by("card_draft")),
        "catalogue:supplier-card-part": Page(keys=at(key=lambda world: world.card_draft.pk, name=lambda _w: "places")),
        "catalogue:supplier-card-size": Page(keys=by("card_draft")),
        "catalogue:supplier-card-size-edit": Page(keys=_of_size),
        "catalogue:supplier-card-size-off": Page(keys=_of_size),
        "catalogue:supplier-card-document": Page(keys=by("card_draft")),
        "catalogue:supplier-card-document-off": Page(
            keys=at(key=lambda world: world.card_draft.pk, document_key=lambda world: world.card_document.pk)
        ),
        "catalogue:supplier-card-photo": Page(keys=by("card_draft")),
        "catalogue:supplier-card-photo-off": Page(
            keys=at(key=lambda world: world.card_draft.pk, photo_key=lambda world: world.card_photo.pk)
        ),
        "catalogue:photo": Page(keys=by("card_photo")),
        "catalogue:supplier-card-act": Page(keys=_verb("card_draft", "send")),
        "catalogue:supplier-admissions": Page(),
        "catalogue:supplier-admissions-filters": Page(post=True),
        "catalogue:supplier-admissions-filter": Page(keys=by("admissions_filter")),
        "catalogue:supplier-admission": Page(keys=numbered("admission")),
        "catalogue:supplier-admission-act": Page(keys=_act("admission", "take_back")),
        "catalogue:officer-cards": Page(),
        "catalogue:officer-card": Page(keys=by("offer")),
        "catalogue:officer-card-act": Page(keys=_verb("offer", "block")),
        "catalogue:officer-admissions": Page(),
        "catalogue:officer-tasks": Page(),
        "catalogue:officer-admissions-filters": Page(post=True),
        "catalogue:officer-admissions-filter": Page(keys=by("admissions_filter_of_officer")),
        "catalogue:officer-admission": Page(keys=numbered("admission")),
        "catalogue:officer-admission-act": Page(keys=_act("admission", "pass_on")),
    },
    lists=(
        List("what can be ordered", Desk.RECIPIENT, "/things"),
        List("what is called so", Desk.RECIPIENT, "/things?text=подгузники"),
        List("offers of a kind in a place", Desk.RECIPIENT, "/things/GI-01/offers?place=100000000"),
        List("supplier's cards", Desk.SUPPLIER, "/supply/cards"),
        List("sizes of a kind", Desk.SUPPLIER, "/supply/cards/table?kind=GI-01"),
        List("files of a supplier", Desk.SUPPLIER, "/supply/cards/files?kind=GI-01"),
        List("kinds to offer", Desk.SUPPLIER, "/supply/cards/new"),
        List("supplier's admissions", Desk.SUPPLIER, "/supply/admissions"),
        List("officer's cards", Desk.OFFICER, "/office/cards"),
        List("offers that wait for the commission", Desk.OFFICER, "/office/admissions-waiting"),
        List("officer's admissions", Desk.OFFICER, "/office/admissions?state=checking&sort=deadline"),
    ),
    big=frozenset({"catalogue_admission"}),
    small=frozenset(
        {
            "catalogue_choice",
            "catalogue_fitrule",
            "catalogue_guaranteedamount",
            "catalogue_kind",
            "catalogue_kindname",
            "catalogue_kindprovision",
            "catalogue_kindterms",
            "catalogue_offer",
            "catalogue_offerdocument",
            "catalogue_offerevent",
            "catalogue_offerphoto",
            "catalogue_offerplace",
            "catalogue_offerversion",
            "catalogue_offerwords",
            "catalogue_parameter",
            "catalogue_proposal",
            "catalogue_variant",
        }
    ),
)
