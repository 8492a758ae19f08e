"""The parts of a thing, and a thing by its number: for who holds it, at the counter, and for who handed it over."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tirek.core.actors import Desk
from tirek.core.errors import NotFound
from tirek.orders import items
from tirek.orders.models import Item
from tirek.parts import queries
from tirek.parts.draft_forms import page_of
from tirek.parts.forms import FindForm
from tirek.people.models import Person
from tirek.people.queries import person_for
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.ways import way

#: Parts of a page.
PER_PAGE: Final = 20


def _parts(request: DeskRequest, key: UUID) -> HttpResponse:
    item, at = queries.thing_for(request.actor, key), request.actor.desk
    page = Paginator(queries.fitting(item).order_by("article", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "thing": queries.parts_of(item, list(page.object_list)),
        "page_obj": page,
        "person": item.person,
        "at_counter": at is Desk.OFFICER,
        "orders_route": f"parts:{at.value}-order",
        "back_url": way("my-things") if at is Desk.RECIPIENT else reverse("aftercare:things-of", args=[item.person_id]),
    }
    return render(request, "parts/of.html", context)


@desk("recipient")
@require_GET
def of(request: DeskRequest, key: UUID) -> HttpResponse:
    """The parts of a thing that the person holds, with what each costs today."""
    return _parts(request, key)


@desk("officer")
@require_GET
def of_thing(request: DeskRequest, key: UUID) -> HttpResponse:
    """The parts of a thing of a person of the territory."""
    return _parts(request, key)


def _find(request: DeskRequest, person: Person) -> HttpResponse:
    form = FindForm(request.GET) if "number" in request.GET else FindForm()
    found = queries.of_person_by_number(person.pk, form.cleaned_data["number"]) if form.is_valid() else []
    held = [one for one in found if one.ended_on is None]
    if len(held) == 1:
        return redirect(page_of(request.actor.desk, held[0]))
    at_counter = request.actor.desk is Desk.OFFICER
    back = reverse("aftercare:things-of", args=[person.pk]) if at_counter else way("my-things")
    shown = held or found
    return _found(request, form, _rows(shown, request.actor.desk), person=person, at_counter=at_counter, back_url=back)


def _rows(found: Sequence[Item], at: Desk) -> list[dict[str, object]]:
    """Things that were found, in words; where there are several of a number, the day tells them apart."""
    return [
        {
            "goods": items.goods(one),
            "number": items.number_words(one),
            "item": one,
            "url": page_of(at, one) if at is not Desk.SUPPLIER and one.ended_on is None else "",
        }
        for one in found
    ]


def _found(request: DeskRequest, form: FindForm, rows: Sequence[object], **more: object) -> HttpResponse:
    context = {"form": form, "rows": rows, "is_asked": form.is_bound, "has_errors": bool(form.errors), **more}
    return render(request, "parts/find.html", context, status=422 if form.errors else 200)


@desk("recipient")
@require_GET
def find(request: DeskRequest) -> HttpResponse:
    """A thing of the person by its number: exactly one leads to its parts."""
    if request.actor.subject_id is None:
        raise NotFound
    return _find(request, person_for(request.actor, request.actor.subject_id))


@desk("officer")
@require_GET
def find_of(request: DeskRequest, person_key: UUID) -> HttpResponse:
    """A thing of a person of the territory by its number."""
    return _find(request, person_for(request.actor, person_key))


@desk("supplier")
@require_GET
def find_handed_over(request: DeskRequest) -> HttpResponse:
    """A thing that the supplier has handed over, by its number, with its parts; who holds it is not said."""
    form = FindForm(request.GET) if "number" in request.GET else FindForm()
    found = queries.of_supplier_by_number(request.actor, form.cleaned_data["number"]) if form.is_valid() else []
    parts = list(queries.fitting(found[0]).order_by("article")[: queries.MOST_PARTS]) if len(found) == 1 else []
    return _found(
        request,
        form,
        _rows(found, Desk.SUPPLIER),
        thing=queries.parts_of(found[0], parts) if len(found) == 1 else None,
        at_supplier=True,
        back_url=reverse("parts:supplier-parts"),
    )
