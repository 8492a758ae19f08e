"""What can be ordered, for everybody: the list of kinds with a search, and a page for each kind."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tirek.catalogue import finding
from tirek.catalogue.finding_offers import meant, offers_found
from tirek.catalogue.models import Kind
from tirek.catalogue.provision import by_region, can_be_ordered, provided
from tirek.catalogue.queries import kind_of, offered_of, paid_for
from tirek.catalogue.terms import TERMS
from tirek.catalogue.words import provided_in_words, terms_in_words
from tirek.core import clock
from tirek.ui.desks import DeskRequest, desk

#: As much of what is looked for is read.
LONGEST = 100


@desk("public")
@require_GET
def kinds(request: DeskRequest) -> HttpResponse:
    """Every kind under its group, or those that ``text`` names, the best first, those that it may mean, and the offers
    that have its words in their names.
    """
    text = request.GET.get("text", "").strip()[:LONGEST]
    today = clock.today()

    def told(listed: list[Kind]) -> list[tuple[Kind, str]]:
        return [(one, _where(one, today)) for one in listed]

    offers = offers_found(text, on=today)
    found = meant(text, finding.found(text), offers) if finding.words_of(text) else None
    context = {
        "text": text,
        "offers": offers.offers,
        "are_many": offers.are_many,
        "found": told(found.sure) if found else None,
        "perhaps": told(found.perhaps) if found else [],
        "groups": [(group, told(listed)) for group, listed in finding.by_group(finding.all_kinds())],
    }
    return render(request, "catalogue/things/list.html", context)


@desk("public")
@require_GET
def kind(request: DeskRequest, code: str) -> HttpResponse:
    """One kind: how one gets it, what it is chosen by, what the state pays, how soon it comes."""
    one = kind_of(code)
    today = clock.today()
    country, elsewhere = provided(one, territory_code="", on=today), by_region(one, on=today)
    context = {
        "kind": one,
        "where": _where(one, today),
        "country": provided_in_words(country),
        "elsewhere": [(place.name, provided_in_words(place.here)) for place in elsewhere],
        "parameters": list(one.parameters.all()),
        "paid": paid_for(one.code, on=today),
        "offered": offered_of(one.code, on=today),
        "terms": _terms(one, today),
    }
    return render(request, "catalogue/things/kind.html", context)


def _where(kind: Kind, day: date) -> str:
    """Where people choose and order a kind on a day: "everywhere" unless a region says otherwise, in "some" regions
    alone, or nowhere ("").
    """
    if provided(kind, territory_code="", on=day).can_be_ordered(day):
        return "everywhere"
    return "some" if can_be_ordered(kind, on=day) else ""


def _terms(kind: Kind, day: date) -> list[str]:
    """What holds of a kind in the whole country on a day, in words; what differs by region a programme tells."""
    known = [row for row in TERMS.present(kind.code, on=day) if not row.region_code]
    return terms_in_words(known[0], kind.unit).all if known else []
