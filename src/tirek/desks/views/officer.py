"""The officer's desk: home, finding a person, the person's file, and forms at the office."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tirek.accounts.actions import parse_phone
from tirek.catalogue.words import measured_in_words
from tirek.core.actors import Actor
from tirek.core.crypto import Undecipherable, decrypt, encrypt
from tirek.core.errors import DomainError, NotFound
from tirek.core.identifiers import InvalidIdentifier
from tirek.core.places import region_of
from tirek.desks import finding, queries
from tirek.desks.finding import Findings
from tirek.desks.forms import FindForm, ReasonForm
from tirek.people.queries import (
    give_reason,
    is_in_reach,
    measurements,
    names_of,
    names_of_users,
    needs_of,
    person_for,
    representatives_of,
)
from tirek.people.words import needs_in_words
from tirek.ui import panels
from tirek.ui.cases import with_query
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.finding import cases_found
from tirek.ui.views.public import safe_next


@desk("officer")
@require_GET
def home(request: DeskRequest) -> HttpResponse:
    """What waits: people to call, refusals, forms handed to the office."""
    here = request.actor.territory
    context = {"form": FindForm(), "is_region": here == region_of(here), "panels": panels.shown(request, "home")}
    return render(request, "desks/officer/home.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def find(request: DeskRequest) -> HttpResponse:
    """Find people and cases of the territory. What was typed is sent by POST and never stands in an address: the answer
    has it sealed in its own, so that it can be opened again and gone back to.
    """
    form = FindForm(request.POST or _sought(request))
    refusal: DomainError | None = None
    findings = Findings()
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["what"]
        try:
            if request.method == "POST":
                return redirect(_leads_to(request.actor, text))
            findings = finding.find(request.actor, text, read_phone=parse_phone)
        except InvalidIdentifier as refused:
            form.add_error("what", f"{refused.message} {refused.next_step}")
        except DomainError as refused:
            refusal = refused
    context = {"form": form, "findings": findings, "refusal": refusal, "has_errors": refusal is not None}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "desks/officer/find.html", context, status=status)


def _leads_to(actor: Actor, text: str) -> str:
    """Where a search leads: to the file of the person whose IIN it is, to the one case, else to what is found."""
    person = finding.person_with_iin(actor, text)
    if person is not None:
        return reverse("desks:officer-person", args=[person])
    found = cases_found(actor, text)
    if len(found) == 1:
        return found[0].url
    return with_query(reverse("desks:officer-find"), sought=encrypt(text.encode()).decode())


def _sought(request: DeskRequest) -> dict[str, str] | None:
    """What was typed, out of the address of the answer."""
    sealed = request.GET.get("sought", "")
    try:
        return {"what": decrypt(sealed.encode()).decode()} if sealed else None
    except Undecipherable:
        return None


@desk("officer")
@require_GET
def person(request: DeskRequest, key: UUID) -> HttpResponse:
    """A person's file on one page; the look is recorded."""
    found = person_for(request.actor, key)
    measured, needs = list(measurements(found).values()), needs_of(found)
    context = {
        "person": found,
        "representatives": representatives_of(found),
        "measurements": measured_in_words(
            measured, names_of_users(one.measured_by for one in measured if one.measured_by)
        ),
        "needs": needs,
        "needed": needs_in_words(needs),
        "panels": panels.shown(request, "person", found),
    }
    return render(request, "desks/officer/person.html", context)


@desk("officer")
@require_http_methods(["GET", "POST"])
def reason(request: DeskRequest, key: UUID) -> HttpResponse:
    """Why a file is opened in which nothing waits; the person sees it among those who looked."""
    if not is_in_reach(request.actor, key):
        raise NotFound
    file = reverse("desks:officer-person", args=[key])
    form, leads_to = ReasonForm(request.POST or None), safe_next(request, request.GET.get("next") or file)
    if request.method == "POST" and form.is_valid():
        give_reason(request.actor, key, form.cleaned_data["reason"])
        return redirect(leads_to)
    return render(request, "desks/officer/reason.html", {"form": form}, status=422 if form.errors else 200)


@desk("officer")
@require_GET
def forms(request: DeskRequest) -> HttpResponse:
    """Forms handed to the office, oldest first, and those the officer has begun."""
    waiting, mine = queries.waiting(request.actor), queries.begun(request.actor)
    names = names_of(one.draft.subject_id for one in [*waiting, *mine] if one.draft.subject_id)
    context = {
        "waiting": [(one, names.get(one.draft.subject_id or one.draft.pk, "")) for one in waiting],
        "mine": [(one, names.get(one.draft.subject_id or one.draft.pk, "")) for one in mine],
        # counted only where not all of them may stand on the page
        "all_waiting": queries.count_waiting(request.actor) if len(waiting) == queries.MOST_FORMS else len(waiting),
        "all_mine": queries.count_begun(request.actor) if len(mine) == queries.MOST_FORMS else len(mine),
    }
    return render(request, "desks/officer/forms.html", context)
