"""The supplier's desk: cards of offers, made part by part, sent for admission, paused and archived."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tirek.catalogue import changes, documents, finding, offers, photos
from tirek.catalogue.actions import pause_offer, resume_offer
from tirek.catalogue.actions.admissions import send_offer
from tirek.catalogue.actions.changes import change_card, change_size, drop_proposal
from tirek.catalogue.actions.offers import archive_offer, make_draft, take_off, write_card, write_size
from tirek.catalogue.card_forms import CardsForm, PlacesForm, SizeForm, TermsForm, WordsForm
from tirek.catalogue.cards import card_of, title_of
from tirek.catalogue.models import Offer, Variant
from tirek.catalogue.queries import kind_of
from tirek.catalogue.rules import VariantCard
from tirek.catalogue.words import Words
from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import DomainError, NotFound, RuleBroken, Text
from tirek.suppliers.queries import supplier_of
from tirek.ui.acts import told_at_field
from tirek.ui.desks import DeskRequest, desk, only_post
from tirek.ui.lists.paging import BoundedPaginator
from tirek.ui.text import day_text

PER_PAGE: Final = 50
#: Longest text that is looked for.
_LONGEST: Final = 100
State = Offer.State


@desk("supplier")
@require_GET
def cards(request: DeskRequest) -> HttpResponse:
    """The supplier's cards, newest first."""
    supplier_of(request.actor)
    narrowing = CardsForm(request.GET, states=list(State.values))
    wanted = narrowing.narrowed()
    rows = offers.narrowed(offers.visible_to(request.actor), **wanted).order_by("-pk")
    page = BoundedPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowing,
        "is_narrowed": any(wanted.values()),
        "page_obj": page,
        "rows": [(one, title_of(one), reverse("catalogue:supplier-card", args=[one.pk])) for one in page.object_list],
        "is_officer": False,
    }
    return render(request, "catalogue/cards/list.html", context)


@desk("supplier")
@require_GET
def choose_kind(request: DeskRequest) -> HttpResponse:
    """What is offered: a kind of the classifier, found by the words people use."""
    offers.check_may_offer(supplier_of(request.actor))
    text = request.GET.get("text", "").strip()[:_LONGEST]
    found = finding.found(text) if finding.words_of(text) else None
    context = {
        "text": text,
        "found": [*found.sure, *found.perhaps] if found else [],
        "groups": finding.by_group(finding.all_kinds()) if not found else [],
        "is_asked": found is not None,
    }
    return render(request, "catalogue/cards/kind.html", context)


@desk("supplier")
@only_post(lambda _request: reverse("catalogue:supplier-kind"))
def begin(request: DeskRequest) -> HttpResponse:
    """Begin an empty card of a kind."""
    kind = kind_of(request.POST.get("kind", "")[:_LONGEST])
    made = make_draft(actor=request.actor, supplier=supplier_of(request.actor), kind=kind)
    return redirect("catalogue:supplier-card", made.pk)


# --- one card


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a card that is filled in on a page of its own."""

    title: Text
    form: Callable[..., Any]


PARTS: Final[Mapping[str, Part]] = {
    "words": Part(gettext_lazy("Name and description"), WordsForm),
    "terms": Part(gettext_lazy("Maker, delivery and warranty"), TermsForm),
    "places": Part(gettext_lazy("Where it is delivered"), PlacesForm),
}
#: Parts that are made of several things, with the route by which one is added.
_MANY: Final[Mapping[str, tuple[Text, str]]] = {
    "sizes": (gettext_lazy("Sizes and models"), "catalogue:supplier-card-size"),
    "documents": (gettext_lazy("Documents"), "catalogue:supplier-card-document"),
    "photos": (gettext_lazy("Photos"), "catalogue:supplier-card-photo"),
}


def _ways(offer: Offer) -> list[tuple[str, Text, str]]:
    """The parts of a card: name, title, and where it is filled in."""
    one_by_one = [
        (name, one.title, reverse("catalogue:supplier-card-part", args=[offer.pk, name])) for name, one in PARTS.items()
    ]
    return one_by_one + [(name, title, reverse(route, args=[offer.pk])) for name, (title, route) in _MANY.items()]


def _tasks(offer: Offer) -> list[dict[str, object]]:
    """The parts of a draft as a task list."""
    missing = {one.part: str(one.text) for one in offers.gaps(offer)}
    tasks: list[dict[str, object]] = [
        {"label": title, "url": url, "hint": missing.get(name, ""), "done": name not in missing}
        for name, title, url in _ways(offer)
    ]
    if not photos.kept(offer):
        tasks[-1] |= {"state": _("Optional"), "tone": "quiet", "done": False}
    return tasks


@desk("supplier")
@require_GET
def card(request: DeskRequest, key: UUID) -> HttpResponse:
    """A card: where it stands, what is missing, all that it says, what can be done, what was done."""
    return _show(request, offers.offer_for(request.actor, key))


def _show(request: DeskRequest, offer: Offer, *, refusal: DomainError | None = None) -> HttpResponse:
    case = offers.open_admission(offer)
    is_draft, shots = offer.state == State.DRAFT, photos.kept(offer)
    proposal = changes.open_proposal(offer) if offer.state in _SOLD else None
    papers = documents.shown(offer)
    ends_on = (
        documents.ends_on((one.document for one in papers), clock.today()) if offer.state == State.ACTIVE else None
    )
    has_expired = offer.state == State.PAUSED and offer.paused_by_clock
    context = {
        "offer": offer,
        "card": card_of(offer),
        "state": State,
        "tone": TONES[offer.state],
        "next_text": _EXPIRED if has_expired else _ENDS % {"day": day_text(ends_on)} if ends_on else NEXT[offer.state],
        "wants_document": has_expired or ends_on is not None,
        "tasks": _tasks(offer) if is_draft else [],
        "documents": papers,
        "absent": documents.absent(offer) if offer.state in _SOLD else [],
        "photos": shots,
        "proposal": proposal,
        "differences": changes.of_proposal(offer, proposal, shots) if proposal else [],
        "beside": photos.beside(shots) if proposal else None,
        "parts": _ways(offer) if offer.state in _SOLD else [],
        "is_open": is_draft or offer.state in _SOLD,
        "is_draft": is_draft,
        "can_add": offer.state in _TAKES_DOCUMENTS,
        "admission": case,
        "events": offers.history(offer, request.actor),
        "refusal": refusal,
        "has_errors": refusal is not None,
        "is_officer": False,
    }
    return render(request, "catalogue/cards/card.html", context, status=422 if refusal else 200)


_EXPIRED: Final = gettext_lazy(
    "A document has expired, so people do not see it. Add a valid document: then it is on sale again right away."
)
_ENDS: Final = gettext_lazy(
    "A document expires soon. Last day: %(day)s. Add the new one by then, or people will no longer see the offer."
)
_TAKES_DOCUMENTS: Final = frozenset({State.DRAFT, State.ACTIVE, State.PAUSED, State.BLOCKED})
TONES: Final[Mapping[str, str]] = {
    State.DRAFT: "quiet",
    State.ON_ADMISSION: "waiting",
    State.ACTIVE: "done",
    State.PAUSED: "stopped",
    State.BLOCKED: "stopped",
    State.ARCHIVED: "quiet",
}
NEXT: Final[Mapping[str, Text]] = {
    State.DRAFT: gettext_lazy("Only you see it. Fill in every part, then send it for admission."),
    State.ON_ADMISSION: gettext_lazy(
        "The regional department checks it. People do not see it yet. To change it, take it back."
    ),
    State.ACTIVE: gettext_lazy("People see it and can order it."),
    State.PAUSED: gettext_lazy("People do not see it and cannot order it. Orders that are open go on."),
    State.BLOCKED: gettext_lazy("The regional department took it off sale. The basis is in the history below."),
    State.ARCHIVED: gettext_lazy("It has come to its end. Orders that are open go on."),
}


_SOLD: Final = (State.ACTIVE, State.PAUSED)


def _editable(actor: Actor, key: UUID) -> Offer:
    """A card that can be filled in, or changed, now.

    Raises:
        NotFound: there is none, or it is another supplier's.
        RuleBroken: it is in another state.
    """
    found = offers.offer_for(actor, key)
    if found.state not in {State.DRAFT, *_SOLD}:
        raise RuleBroken(
            _("This offer is in another state meanwhile: %(state)s.") % {"state": found.get_state_display()},
            next_step=_("Open its page again to see what can be done now."),
            code="offer_state",
        )
    return found


def _wanted(offer: Offer) -> Offer:
    """The card as its supplier wants it: with what is proposed; only for a page, never written."""
    proposal = changes.open_proposal(offer) if offer.state in _SOLD else None
    shown = copy(offer)
    for name, value in (proposal.card if proposal else {}).items():
        setattr(shown, name, value)
    return shown


@desk("supplier")
@require_http_methods(["GET", "POST"])
def part(request: DeskRequest, key: UUID, name: str) -> HttpResponse:
    """One part of a card: of a draft, what is there is saved, whatever is still missing; of an offer on sale, the
    difference is shown first.
    """
    if name not in PARTS:
        raise NotFound
    offer, one = _editable(request.actor, key), PARTS[name]
    is_draft, step = offer.state == State.DRAFT, request.POST.get("step", "")
    form = one.form(request.POST if request.method == "POST" else None, offer=_wanted(offer))
    refusal: DomainError | None = None
    if form.is_valid() and step != EDIT:
        given = form.given()
        differ = [] if is_draft else changes.of_card({column: getattr(offer, column) for column in given}, given)
        if differ and step != DO:
            return check_page(request, title_of(offer), differ, back_url=_page_of(offer))
        try:
            (write_card if is_draft else change_card)(actor=request.actor, offer=offer, given=given)
        except RuleBroken as refused:
            refusal = None if told_at_field(form, refused, {column: column for column in given}) else refused
        else:
            messages.success(request, _saved(differ, is_draft=is_draft))
            return redirect("catalogue:supplier-card", offer.pk)
    return form_page(request, offer, form, one.title, refusal)


#: What the page that shows a difference sends: save it, or go back to the form.
DO: Final = "do"
EDIT: Final = "edit"


def _page_of(offer: Offer) -> str:
    return reverse("catalogue:supplier-card", args=[offer.pk])


def _saved(differ: Sequence[changes.Difference], *, is_draft: bool) -> str:
    """What has become of a change."""
    if is_draft:
        return _("Saved.")
    if not differ:
        return _("Nothing was changed.")
    waits = any(not one.at_once for one in differ)
    return (
        _("Saved. Send the change for admission when it is complete.") if waits else _("Saved. It holds from now on.")
    )


def check_page(
    request: DeskRequest,
    about: str,
    differ: Sequence[changes.Difference],
    *,
    back_url: str,
    lead: str = "",
    button: str = "",
    refusal: DomainError | None = None,
) -> HttpResponse:
    """The difference that a change makes, before it is saved; what was typed goes along."""
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {
        "about": about,
        "differences": differ,
        "waits": any(not one.at_once for one in differ),
        "hidden": [pair for pair in sent if pair[0] not in {"csrfmiddlewaretoken", "step"}],
        "back_url": back_url,
        "lead": lead,
        "button": button,
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "catalogue/cards/check.html", context, status=422 if refusal else 200)


def form_page(
    request: DeskRequest, offer: Offer, form: forms.Form, title: Text, refusal: DomainError | None, **more: object
) -> HttpResponse:
    """A page with one form of a card."""
    context = {
        "form": form,
        "title": title,
        "about": title_of(offer),
        "back_url": reverse("catalogue:supplier-card", args=[offer.pk]),
        "refusal": refusal,
        "has_errors": bool(form.errors) or refusal is not None,
        **more,
    }
    return render(request, "catalogue/cards/form.html", context, status=422 if context["has_errors"] else 200)


def _size_of(offer: Offer, key: UUID) -> Variant:
    found = offer.variants.select_related("current").filter(pk=key, active=True).first()
    if found is None:
        raise NotFound
    return found


@desk("supplier")
@require_http_methods(["GET", "POST"])
def size(request: DeskRequest, key: UUID, size_key: UUID | None = None) -> HttpResponse:
    """A size or model of a card: a new one, or one that is there; of an offer on sale the difference is shown first."""
    offer = _editable(request.actor, key)
    known, words = _size_of(offer, size_key) if size_key else None, Words(offer.kind_id)
    is_draft, step = offer.state == State.DRAFT, request.POST.get("step", "")
    sent = request.POST if request.method == "POST" else None
    form = SizeForm(sent, words=words, known=_wanted_size(offer, known) if known else None)
    refusal: DomainError | None = None
    if form.is_valid() and step != EDIT:
        made = form.card()
        before = changes.as_told(changes.as_card(known)) if known else {}
        differ = [] if is_draft else changes.of_size(words, before, changes.as_told(made))
        if differ and step != DO:
            return check_page(request, title_of(offer), differ, back_url=_page_of(offer))
        try:
            if is_draft:
                write_size(actor=request.actor, offer=offer, card=made, variant=known)
            else:
                change_size(actor=request.actor, offer=offer, card=made, variant=known, shown=form.shown)
        except RuleBroken as refused:
            fields = {"label": "label", "price": "price", "stock_moved": "stock", "price_moved": "price"}
            refusal = None if told_at_field(form, refused, fields) else refused
        else:
            messages.success(request, _saved(differ, is_draft=is_draft))
            return redirect("catalogue:supplier-card", offer.pk)
    title = _("Size or model: %(label)s") % {"label": known.label} if known else _("A size or model")
    hint = _("Parameters say to whom it fits: people see only what you fill in here.")
    return form_page(request, offer, form, title, refusal, hint=hint)


def _wanted_size(offer: Offer, known: Variant) -> VariantCard:
    """A size as its supplier wants it: with what is proposed."""
    proposal = changes.open_proposal(offer) if offer.state in _SOLD else None
    wanted = proposal.sizes.get(str(known.pk)) if proposal else None
    return replace(changes.as_card(known), **wanted) if wanted else changes.as_card(known)


@desk("supplier")
@require_http_methods(["GET", "POST"])
def drop_size(request: DeskRequest, key: UUID, size_key: UUID) -> HttpResponse:
    """Take a size off, after asking."""
    offer = offers.offer_for(request.actor, key)
    known = _size_of(offer, size_key)
    return asked(
        request,
        offer,
        question=_("Take this size off? %(label)s") % {"label": known.label},
        consequence=_("It can no longer be ordered. Orders that are open go on."),
        button=_("Take it off"),
        done=_("The size was taken off."),
        act=lambda: take_off(actor=request.actor, offer=offer, variant=known),
    )


def asked(
    request: DeskRequest,
    offer: Offer,
    *,
    question: str,
    consequence: str,
    button: str,
    done: str,
    act: Callable[[], object],
    calm: bool = False,
) -> HttpResponse:
    """Ask, then do it, and come back to the card."""
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            act()
        except RuleBroken as refused:
            refusal = refused
        else:
            messages.success(request, done)
            return redirect("catalogue:supplier-card", offer.pk)
    context = {
        "question": question,
        "subject": title_of(offer),
        "consequence": consequence,
        "button": button,
        "calm": calm,
        "back_url": reverse("catalogue:supplier-card", args=[offer.pk]),
        "refusal": refusal,
        "has_errors": refusal is not None,
    }
    return render(request, "ui/confirm.html", context, status=422 if refusal else 200)


@dataclass(frozen=True, slots=True)
class Verb:
    """What a supplier can do with an offer as a whole."""

    run: Callable[..., object]
    question: Text
    consequence: Text
    button: Text
    done: Text
    calm: bool = False


VERBS: Final[Mapping[str, Verb]] = {
    "send": Verb(
        send_offer,
        gettext_lazy("Send the offer for admission?"),
        gettext_lazy(
            "The regional department checks it and the commission concludes. Until then nothing of it can be changed."
        ),
        gettext_lazy("Send"),
        gettext_lazy("It was sent. We will tell you what the commission concludes."),
        calm=True,
    ),
    "pause": Verb(
        pause_offer,
        gettext_lazy("Pause the offer?"),
        gettext_lazy(
            "People do not see it and cannot order it. Orders that are open go on. You can sell it again at any time."
        ),
        gettext_lazy("Pause the offer"),
        gettext_lazy("The offer is paused."),
    ),
    "resume": Verb(
        resume_offer,
        gettext_lazy("Sell the offer again?"),
        gettext_lazy("People see it again and can order it. Check the stock and the price."),
        gettext_lazy("Sell it again"),
        gettext_lazy("The offer is on sale again."),
        calm=True,
    ),
    "drop": Verb(
        drop_proposal,
        gettext_lazy("Give the change up?"),
        gettext_lazy("What you have prepared will be gone. The offer stays as people see it."),
        gettext_lazy("Give the change up"),
        gettext_lazy("The change was given up."),
    ),
    "archive": Verb(
        archive_offer,
        gettext_lazy("Archive the offer?"),
        gettext_lazy("It ends for good and cannot be sold again. Orders that are open go on."),
        gettext_lazy("Archive the offer"),
        gettext_lazy("The offer is in the archive."),
    ),
}


@desk("supplier")
@require_http_methods(["GET", "POST"])
def act(request: DeskRequest, key: UUID, verb: str) -> HttpResponse:
    """Send, pause, sell again or archive an offer, after asking."""
    if verb not in VERBS:
        raise NotFound
    offer, one = offers.offer_for(request.actor, key), VERBS[verb]
    if verb == "send" and offer.state in _SOLD:
        return _send_change(request, offer)
    if verb == "send" and request.method == "GET" and offer.state == State.DRAFT and (missing := offers.gaps(offer)):
        told = _("Something is missing: %(what)s.") % {"what": missing[0].text}
        return _show(request, offer, refusal=RuleBroken(told, next_step=_("Fill it in, then send the offer.")))
    return asked(
        request,
        offer,
        question=str(one.question),
        consequence=str(one.consequence),
        button=str(one.button),
        done=str(one.done),
        act=lambda: one.run(actor=request.actor, offer=offer),
        calm=one.calm,
    )


def _send_change(request: DeskRequest, offer: Offer) -> HttpResponse:
    """Send what is proposed of an offer on sale, after its difference was shown."""
    refusal: DomainError | None = None
    if request.method == "POST":
        try:
            send_offer(actor=request.actor, offer=offer)
        except RuleBroken as refused:
            refusal = refused
        else:
            messages.success(request, str(VERBS["send"].done))
            return redirect("catalogue:supplier-card", offer.pk)
    proposal = changes.open_proposal(offer)
    differ = changes.of_proposal(offer, proposal, photos.kept(offer)) if proposal else []
    lead = _(
        "The regional department and the commission see this difference. Until the admission people see the card as it "
        "is."
    )
    return check_page(
        request,
        title_of(offer),
        differ,
        back_url=_page_of(offer),
        lead=lead,
        button=_("Send for admission"),
        refusal=refusal,
    )
