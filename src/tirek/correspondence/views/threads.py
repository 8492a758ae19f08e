"""Pages of messages, the same at every desk that takes part."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core.actors import Desk
from tirek.core.errors import NotFound, RuleBroken, TooMany
from tirek.correspondence import actions, queries
from tirek.correspondence.forms import MessageForm
from tirek.correspondence.talks import PERSON, talk
from tirek.files.rules import Unsuitable
from tirek.people.queries import needs_of
from tirek.people.words import needs_in_words, reach_in_words
from tirek.ui.acts import told_at_field
from tirek.ui.cases import with_query
from tirek.ui.desks import DeskRequest, desk

PER_PAGE = 20
#: Messages of a page of one thread; it opens at the newest.
PER_THREAD = 50
#: What an address may propose for the form.
ASKED = ("topic", "text")


@desk("recipient", "supplier", "officer")
@require_GET
def received(request: DeskRequest) -> HttpResponse:
    """Messages for the reader's desk, newest first; those that nobody has read yet are marked in words. A person finds
    below what this person wrote.
    """
    rows = queries.of_desk(request.actor)
    if request.actor.desk is Desk.OFFICER:
        # an office works off what nobody has read; what was read stands at its case
        rows = rows.filter(read_at__isnull=True)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    listed = queries.received(request.actor, page.object_list)  # type: ignore[arg-type]  # a QuerySet's slice
    sent = queries.sent(request.actor) if page.number == 1 else []
    return render(request, "correspondence/list.html", {"page": page, "listed": listed, "sent": sent})


@desk("recipient", "supplier", "officer")
@require_http_methods(["GET", "POST"])
def thread(request: DeskRequest, about: str, key: UUID) -> HttpResponse:
    """All messages about one thing that are for the reader's desk, and the form of a new one. Opening it reads them."""
    kind, actor = talk(about), request.actor
    it = kind.find(actor, key)
    if actor.desk not in kind.desks:
        raise NotFound
    names, others = queries.party_names(actor, kind, it), kind.others(actor, it)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    asked = {name: request.GET[name] for name in ASKED if name in request.GET}
    readers = request.GET.getlist("reader")
    initial = asked | {"readers": readers or [one.value for one in others[:1]]}
    form = MessageForm(*bound, initial=initial, about=kind, others=others, names=names)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.write(
                actor=actor,
                talk=kind,
                key=key,
                text=given["text"],
                readers=form.chosen(),
                topic=given.get("topic", ""),
                upload=given["file"],
                once=given["once"],
            )
        except Unsuitable as refused:
            form.add_error("file", str(refused.message))
        except (RuleBroken, TooMany) as refused:
            if not told_at_field(form, refused, {"text": "text", "readers": "readers"}):
                form.add_error("text", str(refused.message))
        else:
            messages.success(request, _("Your message was sent."))
            return redirect("correspondence:thread", about, key)
    pages = Paginator(queries.thread(actor, kind, key), PER_THREAD)
    page = pages.get_page(request.GET.get("page", pages.num_pages))
    found = list(page.object_list)
    actions.mark_read(actor, [one.pk for one in found])
    is_named = kind.names_person(actor, it)
    needs = needs_of(kind.person_of(it))
    words = {Desk.OFFICER: needs_in_words, Desk.SUPPLIER: reach_in_words}.get(actor.desk) if is_named else None
    context = {
        "title": kind.title(it),
        # what is about no case is called a correspondence by its own title
        "is_whole_title": kind.code == PERSON,
        "back": kind.url(it, actor.desk),
        "listed": queries.in_words(actor, kind, it, found),
        "page": page,
        "form": form,
        "reader": names.get(others[0], "") if len(others) == 1 else "",
        "needed": words(needs) if words else [],
        "person": kind.person_of(it),
        "at_staff": actor.desk is not Desk.RECIPIENT and is_named,
    }
    return render(request, "correspondence/thread.html", context, status=422 if form.errors else 200)


@desk("recipient")
@require_GET
def office(request: DeskRequest) -> HttpResponse:
    """Write to the department: the messages between the person and the office of the place where the person lives."""
    if request.actor.subject_id is None:
        raise NotFound
    address = reverse("correspondence:thread", args=[PERSON, request.actor.subject_id])
    return redirect(with_query(address, **{name: request.GET[name] for name in ASKED if name in request.GET}))
