"""Offers for everybody, on a page and on paper: one, and those of a kind that reach a place."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from tirek.accounts.limits import net_of
from tirek.accounts.sessions import origin_of
from tirek.catalogue import photos
from tirek.catalogue.cards import told_of
from tirek.catalogue.forms import NarrowForm
from tirek.catalogue.models import Kind
from tirek.catalogue.paper_sheets import list_sheet, offer_sheet
from tirek.catalogue.queries import kind_of
from tirek.catalogue.sheets import MOST_COMPARED
from tirek.catalogue.showing import list_shown, offer_shown, own_part, price_history, side_by_side_shown
from tirek.catalogue.words import Words
from tirek.core.database.ratelimit import Limit, hit
from tirek.core.errors import NotFound
from tirek.territory.fields import PlaceField
from tirek.territory.queries import FoundPlace, has_places, names, places_beginning
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.documents import answer
from tirek.ui.fields import short_text
from tirek.ui.text import tenge_text

#: Papers for one place of the net: an office prints its shelf, a loop does not.
_LIMITS: Final = (Limit(60, timedelta(minutes=10)), Limit(600, timedelta(days=1)))


def _not_too_many(request: DeskRequest) -> None:
    hit("catalogue.paper", net_of(origin_of(request).address), limits=_LIMITS)


class _PlaceForm(forms.Form):
    """Which place, or the beginning of the name of a town or village in it; it stands in the address."""

    place = PlaceField(label=_lazy("Region, district or city"), required=False)
    village = short_text(_lazy("Or a town or village: the first letters of its name"), longest=60, required=False)

    # Django's own arguments
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        if not has_places():
            del self.fields["village"]


@desk("public")
@require_GET
def offer(request: DeskRequest, key: UUID) -> HttpResponse:
    """One offer: what it is, what its sizes cost a person at most, who brings it; whether it can be ordered now."""
    shown = offer_shown(key)
    context = {
        "shown": shown,
        "offer": shown.offer,
        "photos": photos.seen(shown.offer),
        "told": told_of(shown.offer),
        "prices": price_history(key, request.GET.get("prices", "")),
        "sizes": [
            (one, own_part(one.own, tenge_text(one.own or 0)), list(zip(shown.chart, one.chart, strict=True)))
            for one in shown.sizes
        ],
        "tells_more": any(one.more for one in shown.sizes),
    }
    return render(request, "catalogue/things/offer.html", context)


@desk("public")
@require_GET
def offer_paper(request: DeskRequest, key: UUID) -> HttpResponse:
    """The same as a sheet of A4; in large print by ``large``.

    Raises:
        TooMany: too many papers were made for one place of the net.
    """
    _not_too_many(request)
    return answer(offer_sheet(offer_shown(key), large="large" in request.GET), f"{str(key)[-12:]}.pdf")


def _asked(request: DeskRequest) -> tuple[_PlaceForm, str]:
    """The place that the address names, "" where it names none; and the form that asks for one."""
    is_asked = request.GET.get("place") or request.GET.get("village")
    form = _PlaceForm(request.GET if is_asked else None, auto_id="place_%s")
    return form, str(form.cleaned_data["place"]) if form.is_valid() else ""


def _villages(form: _PlaceForm) -> list[FoundPlace] | None:
    """Towns and villages that the form names instead of a place; ``None`` where it names none."""
    typed = form.cleaned_data.get("village", "") if form.is_valid() and not form.cleaned_data["place"] else ""
    return places_beginning(typed) if typed else None


def _of_place(kind: Kind, place: str) -> str:
    return f"{reverse('catalogue:offers', args=[kind.code])}?{urlencode({'place': place})}"


@desk("public")
@require_GET
def offers(request: DeskRequest, code: str) -> HttpResponse:
    """Offers of a kind that reach a place, as the address narrows them; those first that cost a person nothing."""
    kind = kind_of(code)
    form, place = _asked(request)
    villages = _villages(form)
    if villages and len({one.territory_code for one in villages}) == 1:
        return redirect(_of_place(kind, villages[0].territory_code))
    narrow = NarrowForm(request.GET, Words(kind.code), at_counter=True, asked=None)
    narrowed = narrow.narrowed
    shown = list_shown(kind, place, narrowed) if place else None
    context = {
        "kind": kind,
        "form": form,
        "place": place,
        "villages": None if villages is None else [(one, _of_place(kind, one.territory_code)) for one in villages],
        "shown": shown,
        "rows": [(one, own_part(one.own, tenge_text(one.own or 0))) for one in shown.offers] if shown else [],
        "narrow": narrow,
        "narrowed": narrowed,
        "told": list(narrow.told()),
        "found": len(shown.offers) + shown.left_out if shown else 0,
        "too_many": "too-many" in request.GET,
        "has_errors": bool(form.errors) or "too-many" in request.GET,
    }
    return render(request, "catalogue/things/offers.html", context, status=422 if form.errors else 200)


@desk("public")
@require_GET
def compare(request: DeskRequest, code: str) -> HttpResponse:
    """Up to four offers of a place side by side; on request only the rows in which they differ.

    Raises:
        NotFound: no place is named, or there is none.
    """
    kind = kind_of(code)
    _form, place = _asked(request)
    if not place:
        raise NotFound
    chosen = request.GET.getlist("offer")
    back = _of_place(kind, place)
    if len(chosen) > MOST_COMPARED:
        return redirect(f"{back}&too-many=1")
    listed, facts = side_by_side_shown(kind, place, chosen)
    only_differences = "differences" in request.GET
    context = {
        "kind": kind,
        "place": names([place])[place],
        "back": back,
        "columns": [(one.offer, "", reverse("catalogue:offer", args=[one.offer.pk])) for one in listed],
        "facts": [one for one in facts if one.differs or not only_differences],
        "only_differences": only_differences,
        "same_query": urlencode([("place", place), *(("offer", one) for one in chosen)]),
    }
    return render(request, "catalogue/things/compare.html", context)


@desk("public")
@require_GET
def offers_paper(request: DeskRequest, code: str) -> HttpResponse:
    """The same as a list on paper; in large print by ``large``.

    Raises:
        NotFound: no place is named, or there is none.
        TooMany: too many papers were made for one place of the net.
    """
    _not_too_many(request)
    kind: Kind = kind_of(code)
    _form, place = _asked(request)
    if not place:
        raise NotFound
    large = "large" in request.GET
    return answer(list_sheet(list_shown(kind, place), place, names([place])[place], large=large), f"{kind.code}.pdf")
