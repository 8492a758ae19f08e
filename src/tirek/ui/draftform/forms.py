"""Forms over drafts: kept as they are typed, checked on one page, sent once; handed over, taken up, thrown away. Each
is declared once with its steps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.datastructures import MultiValueDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core import drafts
from tirek.core.acting import OtherPerson, check_subject
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType
from tirek.core.case.words import view_of
from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.core.drafts.forms import asked_of
from tirek.core.errors import DomainError, NotFound, RuleBroken, Text, TooMany
from tirek.core.personal import viewlog
from tirek.core.tables import CaseRow
from tirek.ui.acts import told_at_field
from tirek.ui.browser import is_script, lead_to
from tirek.ui.cases import with_query
from tirek.ui.desks import DeskRequest, Wrapped, desk, only_post
from tirek.ui.draftform import steps
from tirek.ui.draftform.steps import Begins, F, ReasonForm, Refused, Step, no_context, no_fields, nobody, nowhere
from tirek.ui.fields import filled_in_by_hand, inputs_of
from tirek.ui.signing import CodeForm, PaperForm, SigningPage, signer_chosen
from tirek.ui.ways import way

CHECK: Final = "check"
#: Part of a page's address that says it was opened from the check page, and leads back to it.
FROM: Final = "from"
CHECK_ANSWERS: Final = _lazy("Check your answers")
CHECK_AT_COUNTER: Final = _lazy("Check the answers")


@dataclass(frozen=True)
class DraftForm(Generic[F]):
    """A form over a draft, with its pages.

    Attributes:
        code: as in ``Draft.form``.
        version: of its questions; raise it when a field is added or changes its meaning.
        title: name for lists.
        app: namespace of its routes.
        prefix: beginning of the names of its routes: ``request-`` for ``request-form``, ``request-step`` and so on.
        desks: where it is filled in.
        steps: its pages.
        filled: opens what a draft refers to, for who may see it.
        submit: the action: ``(*, actor, draft_key, final, signature_id)``.
        case: the type of case that a sent form becomes.
        receipt: template of the page to which a sent form leads; without one that is the page of the case.
        done: said over the page of the case.
        back: the page before the first step.
        check: template of the check page's facts.
        check_title: heading of the check page.
        button: sends it.
        final: the fields of the check page: ``(filled, data)``; ``filled`` is None where it was sent and not read yet.
        final_answers: what of them is part of what is sent.
        seen: what the check page shows and the person sends with it, by name: the action gets each as ``seen_<name>``
            ("" where the press did not bring it) and refuses what was not seen or has changed (``drafts.check_shown``).
        renewed: where a refusal says that something has changed meanwhile, brings the draft to what holds now:
            ``(actor, filled, refusal)`` gives both back, as they are to be shown.
        noted: is told of each refusal of what was sent, after it was taken back whole: ``(actor, key of the draft,
            refusal)``.
        context: further values for the templates.
        lead: template over the form of every step: what it is about.
        beside: template under the buttons of the check page: what else can be done with it.
        signing: how the person agrees at the counter, before an officer sends it; ``what`` is ``(draft, final)``.
        agreed: the final answers that a person gives at the counter with the words of the page.
        about: what drafts are about, in words, for lists.
        begins: what a press on another page begins the form with: ``(actor, what was sent) -> values, person``; one
            that was begun with the same values goes on.
        queued: whether a press without a link waits in the browser.
        can_be_handed_over: between person and office.
        account_of: the account that gets it from the office (``people.telling.account_at_home``).
        territory_of: the district whose office gets it.
    """

    code: str
    version: int
    title: Text
    app: str
    prefix: str
    desks: frozenset[Desk]
    steps: Sequence[Step[F]]
    filled: Callable[[Actor, Draft], F]
    submit: Callable[..., CaseRow]
    case: CaseType[Any]
    back: Callable[[Actor, F], str]
    check: str
    button: Text
    check_title: Text = CHECK_ANSWERS
    final: Callable[[F | None, Mapping[str, Any] | None], forms.Form] = no_fields
    final_answers: Callable[[forms.Form], dict[str, str]] = lambda _form: {}
    seen: Sequence[tuple[str, Callable[[F], str]]] = ()
    renewed: Callable[[Actor, F, Refused], tuple[F, Refused]] = lambda _actor, filled, refused: (filled, refused)
    noted: Callable[[Actor, UUID, DomainError], None] = lambda _actor, _key, _refused: None
    context: Callable[[DeskRequest, F], Mapping[str, object]] = no_context
    lead: str = ""
    beside: str = ""
    receipt: str = ""
    done: Text = ""
    signing: SigningPage | None = None
    agreed: Callable[[F], dict[str, str]] = lambda _filled: {}
    about: Callable[[Sequence[Draft]], dict[UUID, str]] = lambda _drafts: {}
    begins: Begins | None = None
    queued: bool = False
    can_be_handed_over: bool = False
    account_of: Callable[[Draft], UUID | None] = nobody
    territory_of: Callable[[F], str] = nowhere

    # --- addresses

    def url(self, part: str, *args: object) -> str:
        """One of the form's addresses: begin, form, step, submit, receipt, discard, hand, take, sign."""
        return reverse(f"{self.app}:{self.prefix}{part}", args=args)

    def declare(self) -> "DraftForm[F]":
        """Make the form known to lists and reminders; from the app's room ``draft_forms``."""
        draft_forms.register(
            draft_forms.FormType(
                code=self.code,
                title=self.title,
                url=lambda key: self.url("form", key),
                discard_url=lambda key: self.url("discard", key),
                take_url=lambda key: self.url("take", key),
                desks=self.desks,
                about=self.about,
                asks=self.asks,
            )
        )
        return self

    def begin(
        self, actor: Actor, values: Mapping[str, str], *, subject_id: UUID | None = None, again: bool = False
    ) -> Draft:
        """A new draft of this form; ``again`` goes on with the actor's open one about the same values."""
        if again:
            about = {f"fields__{name}__value": value for name, value in values.items()}
            same = drafts.open_of(actor).filter(
                form=self.code, state=Draft.State.OPEN, holder_id=actor.user_id, subject_id=subject_id, **about
            )
            found = same.first()
            if found is not None:
                return found
        return drafts.begin(
            actor,
            form=self.code,
            form_version=self.version,
            subject_id=subject_id,
            values=values,
            step=self.steps[0].name,
        )

    # --- steps

    def asks(self, actor: Actor, draft: Draft) -> frozenset[str]:
        """Under which names a draft keeps answers to what its pages ask, whether a page is asked now or not."""
        filled = self.filled(actor, draft)
        pages = [one.form(filled, None, dict(draft.values())) for one in self.steps]
        return frozenset(
            name for page in pages for field_name, field in page.fields.items() for name in inputs_of(field_name, field)
        )

    def _asked(self, filled: F) -> list[Step[F]]:
        return [one for one in self.steps if one.asked(filled)]

    def _around(self, filled: F, name: str) -> tuple[str, str]:
        """Names of the pages before and after a page, which itself may not be asked any more; "" before the first."""
        names = [one.name for one in self.steps]
        place = names.index(name) if name in names else len(names)
        asked = {one.name for one in self._asked(filled) if not one.known(filled)}
        before = next((one for one in reversed(names[:place]) if one in asked), "")
        return before, next((one for one in names[place + 1 :] if one in asked), CHECK)

    def _left(self, filled: F) -> str:
        """The page on which somebody goes on: where the form was left, or the next whose answer is not known."""
        if filled.draft.step == CHECK:
            return CHECK
        asked = self._asked(filled)
        names = [one.name for one in asked]
        at = names.index(filled.draft.step) if filled.draft.step in names else 0
        return next((one.name for one in asked[at:] if not one.known(filled)), CHECK)

    def _change(self, key: UUID, name: str) -> str:
        """The address of a page from which one comes back to the check page."""
        return with_query(self.url("step", key, name), **{FROM: CHECK})

    def opened(self, actor: Actor, key: UUID) -> F:
        """The form with what it refers to; a stranger's look at a form about a person is recorded.

        Raises:
            OtherPerson: it is about somebody whom the human behind the actor represents, but does not act for now.
            NotFound: the form, or what it refers to, is not the actor's to see.
            ReasonNeeded: nothing of the person waits for the officer, who has given no reason.
        """
        draft = drafts.draft_for(actor, key, form=self.code)
        if actor.desk is Desk.RECIPIENT and draft.subject_id is not None:
            check_subject(actor, draft.subject_id)
        filled = self.filled(actor, draft)
        if draft.subject_id is not None:
            viewlog.look(actor, draft.subject_id)
        return filled

    def _is_sent(self, actor: Actor, key: UUID) -> bool:
        """Whether the form was sent before, also when what was typed has been forgotten since."""
        return drafts.draft_for(actor, key, form=self.code).state == Draft.State.SUBMITTED

    def _list_of(self, request: DeskRequest) -> str:
        return way(f"{request.actor.desk.value}-forms")

    def _check_of(self, _request: DeskRequest, key: UUID) -> str:
        return self.url("step", key, CHECK)

    def _to_receipt(self, request: DeskRequest, key: UUID) -> HttpResponse:
        case = self.submit(actor=request.actor, draft_key=key)
        return self._lead_to_receipt(request, case)

    def _sent(self, request: DeskRequest, case: CaseRow) -> HttpResponse:
        if self.done:
            messages.success(request, str(self.done))
        return self._lead_to_receipt(request, case)

    def _lead_to_receipt(self, request: DeskRequest, case: CaseRow) -> HttpResponse:
        own_page = self.url("receipt", case.number) if self.receipt else ""
        return lead_to(request, own_page or self.case.url(case, request.actor.desk))

    def _receipt(self) -> Wrapped[[str]]:
        @desk(*self.desks)
        @require_GET
        def receipt(request: DeskRequest, number: str) -> HttpResponse:
            """The receipt: number, what happens next, by when, whom to call."""
            case = self.case.opened(request.actor, number)
            context = {
                "case": case,
                "page": view_of(self.case, request.actor, case),
                "case_url": self.case.url(case, request.actor.desk),
            }
            return render(request, self.receipt, context)

        return receipt

    def _begin(self, begins: Begins) -> Wrapped[[]]:
        @desk(*self.desks)
        @only_post(lambda request: way(f"{request.actor.desk.value}-home"))
        def begin(request: DeskRequest) -> HttpResponse:
            """Begin the form, or go on with the one that was begun."""
            values, person_id = begins(request.actor, request.POST)
            return redirect(self.url("form", self.begin(request.actor, values, subject_id=person_id, again=True).pk))

        return begin

    def _resume(self) -> Wrapped[[UUID]]:
        @desk(*self.desks)
        @require_GET
        def resume(request: DeskRequest, key: UUID) -> HttpResponse:
            """Go on where the form was left; a form that was sent shows its receipt."""
            if self._is_sent(request.actor, key):
                return self._to_receipt(request, key)
            return redirect(self.url("step", key, self._left(self.opened(request.actor, key))))

        return resume

    def _step(self) -> Wrapped[[UUID, str]]:
        @desk(*self.desks)
        @require_http_methods(["GET", "POST"])
        def step(request: DeskRequest, key: UUID, step: str) -> HttpResponse:
            """One page of the form; what was typed is kept before it is checked."""
            if self._is_sent(request.actor, key):
                return self._to_receipt(request, key)
            try:
                filled = self.opened(request.actor, key)
            except OtherPerson:
                self._keep_unseen(request, key, step)
                raise
            if step == CHECK:
                if request.method == "POST" and request.actor.desk in self._senders():
                    return self._send(request, key)
                return self.check_page(request, filled, self.final(filled, None))
            if request.method == "GET" and not drafts.is_held_by(filled.draft, request.actor):
                return redirect(self.url("step", key, CHECK))
            one = next((each for each in self._asked(filled) if each.name == step), None)
            if one is None:
                raise NotFound
            return self._one_step(request, filled, one)

        return step

    def _keep_unseen(self, request: DeskRequest, key: UUID, step: str) -> None:
        """Keep what a page sends whose form is about another person than the one acted for now, before that is said."""
        if typed := steps.typed_unseen(request):
            drafts.save_fields(request.actor, key, typed, step=step, asks=lambda draft: asked_of(request.actor, draft))

    def _one_step(self, request: DeskRequest, filled: F, one: Step[F]) -> HttpResponse:
        key, data = filled.draft.pk, request.POST if request.method == "POST" else None
        form = self._form_of(filled, one, data)
        if request.actor.desk is Desk.OFFICER:
            filled_in_by_hand(form)
        before, _after = self._around(filled, one.name)
        if request.GET.get(FROM) == CHECK:
            before = CHECK
        conflicts: dict[str, drafts.Conflict] = {}
        if data is not None:
            typed = steps.that_can_be_kept(form, steps.typed_in(request, filled.draft.versions(), form))
            saved = drafts.save_fields(request.actor, key, typed, step=one.name)
            conflicts = saved.conflicts
            # which pages are asked next depends on what was typed here
            filled.draft.refresh_from_db()
            if form.is_valid() and not conflicts:
                one.keep(request, filled, form)
                if not form.errors:
                    after = CHECK if before == CHECK else self._around(filled, one.name)[1]
                    drafts.save_fields(request.actor, key, {}, step=after)
                    return redirect(self.url("step", key, after))
            elif form.errors:
                one.refused(request, filled, form)
        context = {
            "form": form,
            "filled": filled,
            "draft": filled.draft,
            "title": one.title(filled),
            "intro": one.intro(filled),
            "lead": self.lead,
            "below": one.below,
            "conflicts": [
                (field.label, conflicts[name])
                for field_name, field in form.fields.items()
                for name in inputs_of(field_name, field)
                if name in conflicts
            ],
            "autosave_url": way("autosave", key),
            "versions": filled.draft.versions(),
            "back": self.url("step", key, before) if before else self.back(request.actor, filled),
            "at_counter": request.actor.desk is Desk.OFFICER,
        }
        context |= self.context(request, filled)
        status = 422 if form.errors else 409 if conflicts else 200
        return render(request, "ui/draftform/step.html", context, status=status)

    def _form_of(self, filled: F, one: Step[F], data: Mapping[str, Any] | None) -> forms.Form:
        typed = dict(filled.draft.values())
        form = one.form(filled, data, typed)
        for name, field in form.fields.items():
            if isinstance(field.widget, forms.MultiWidget):
                # a draft keeps the parts
                kept = field.widget.value_from_datadict(typed, MultiValueDict(), name)
                form.initial = {**form.initial, **({name: kept} if kept else {})}
        return form

    def missing(self, filled: F) -> list[Step[F]]:
        """The pages on which something that is needed has not been answered."""
        found = []
        for one in self._asked(filled):
            form = one.form(filled, filled.draft.values(), {})
            errors = (error for some in form.errors.as_data().values() for error in some)
            if any(error.code == "required" for error in errors):
                found.append(one)
        return found

    # --- the check page

    def check_page(
        self, request: DeskRequest, filled: F, form: forms.Form, refusal: DomainError | None = None
    ) -> HttpResponse:
        """The last page: all answers, each with its way to change it; at the counter the words that the person agrees
        to.
        """
        key, is_held = filled.draft.pk, drafts.is_held_by(filled.draft, request.actor)
        before, _after = self._around(filled, CHECK)
        at_counter = request.actor.desk is Desk.OFFICER
        missing = self.missing(filled)
        context: dict[str, object] = {
            "filled": filled,
            "draft": filled.draft,
            "form": form,
            "values": filled.draft.values(),
            "seen": {} if missing else drafts.marks(filled.draft) | {name: shown(filled) for name, shown in self.seen},
            "facts": self.check,
            "beside": self.beside if is_held and not missing else "",
            "title": CHECK_AT_COUNTER if at_counter and self.check_title is CHECK_ANSWERS else self.check_title,
            "button": self.button,
            "queued": self.queued,
            "missing": [(one.title(filled), self._change(key, one.name)) for one in missing],
            "is_held": is_held,
            "change": {one.name: self._change(key, one.name) for one in self._asked(filled)} if is_held else {},
            "in_family": drafts.is_at_home(filled.draft),
            "take_url": self.url("take", key),
            "send_url": self.url("submit", key),
            "back": self.url("step", key, before) if is_held and before else self._list_of(request),
            "hand_url": self.url("hand", key) if self.can_be_handed_over else "",
            "at_counter": at_counter,
            "refusal": refusal,
            "has_errors": refusal is not None,
        }
        context |= self.context(request, filled)
        if self.signing is not None and request.actor.desk is Desk.OFFICER and not missing and is_held:
            context |= self._signing_part(request, filled, form, refusal, self.signing)
        status = refusal.status if refusal else 422 if form.errors else 200
        return render(request, "ui/draftform/check.html", context, status=status)

    def _signing_part(
        self, request: DeskRequest, filled: F, form: forms.Form, refusal: DomainError | None, page: SigningPage
    ) -> dict[str, object]:
        self._look_anew(request.actor, filled)
        final = self.agreed(filled)
        what, key = (filled.draft, final), filled.draft.pk
        code = form if isinstance(form, CodeForm | PaperForm) else page.form(request, what)
        try:
            shown = page.context(
                request,
                what,
                form=code,
                refusal=refusal,
                here=self.url("sign", key),
                shown_at=self.url("step", key, CHECK),
            )
        except RuleBroken as incomplete:
            return {"incomplete": incomplete}
        return shown | {"signing": page}

    def _look_anew(self, actor: Actor, filled: F) -> None:
        """The page shows all answers to their holder: that is the look that a form which was changed asks for."""
        if filled.draft.form_version != self.version:
            drafts.shown_anew(actor, filled.draft.pk, form_version=self.version)
            filled.draft.form_version = self.version

    def _submit(self) -> Wrapped[[UUID]]:
        @desk(*self._senders())
        @only_post(self._check_of)
        def submit(request: DeskRequest, key: UUID) -> HttpResponse:
            """Send the form. Pressed five times, or replayed after a lost link, it is one case."""
            return self._send(request, key)

        return submit

    def _senders(self) -> frozenset[Desk]:
        """Desks that send the form by a press; at the counter the person agrees first."""
        return self.desks - {Desk.OFFICER} if self.signing else self.desks

    def _send(self, request: DeskRequest, key: UUID) -> HttpResponse:
        # what the form refers to is read by the action alone; only a page shown again reads it for the page
        form, refused = self.final(None, request.POST), None
        if form.is_valid():
            try:
                seen = drafts.told(request.POST, [name for name, _shown in self.seen])
                case = self.submit(actor=request.actor, draft_key=key, final=seen | self.final_answers(form))
            except RuleBroken as broken:
                refused = broken
                self.noted(request.actor, key, broken)
            else:
                return self._sent(request, case)
        elif self._is_sent(request.actor, key):
            return self._to_receipt(request, key)
        if refused is not None and is_script(request):
            raise refused
        if isinstance(refused, drafts.FormChanged):
            drafts.shown_anew(request.actor, key, form_version=self.version)
        filled, told = self.renewed(request.actor, self.opened(request.actor, key), refused)
        form = self.final(filled, request.POST)
        # what the fields of the page say of themselves is said there, once
        return self.check_page(request, filled, form, told if form.is_valid() else None)

    def _sign(self, page: SigningPage) -> Wrapped[[UUID]]:
        @desk(Desk.OFFICER)
        @only_post(self._check_of)
        def sign(request: DeskRequest, key: UUID) -> HttpResponse:
            """At the counter: ask for a code, take it, the paper, or what was agreed before, and send the form."""
            if self._is_sent(request.actor, key):
                return self._to_receipt(request, key)
            filled = self.opened(request.actor, key)
            drafts.check_held_by(filled.draft, request.actor)
            final = self.agreed(filled)
            step, form = request.POST.get("step", ""), page.form(request, (filled.draft, final))
            if form.is_bound and not form.is_valid():
                return self.check_page(request, filled, form)
            try:
                if step == "ask":
                    asked = page.ask(request.actor, (filled.draft, final), signer_chosen(request))
                    return redirect(with_query(self.url("step", key, CHECK), asked=asked.pk))
                given = page.sign(request, (filled.draft, final), step)
                case = self.submit(actor=request.actor, draft_key=key, final=final, signature_id=given.pk)
            except (RuleBroken, TooMany) as refused:
                self.noted(request.actor, key, refused)
                at_field = form.is_bound and told_at_field(form, refused, page.fields)
                filled, told = self.renewed(request.actor, self.opened(request.actor, key), refused)
                return self.check_page(request, filled, form, None if at_field else told)
            return self._sent(request, case)

        return sign

    # --- handing over, taking up, throwing away

    def _hand(self) -> Wrapped[[UUID]]:
        @desk(*self.desks)
        @only_post(self._check_of)
        def hand(request: DeskRequest, key: UUID) -> HttpResponse:
            """Hand the unfinished form over: the person to the office, the officer to the person."""
            if self._is_sent(request.actor, key):
                return self._to_receipt(request, key)
            filled = self.opened(request.actor, key)
            if request.actor.desk is not Desk.OFFICER:
                drafts.hand_to_office(request.actor, key, territory_code=self.territory_of(filled))
                told = _("The form was handed to your office. An officer will finish it, and we will tell you.")
                messages.success(request, told)
                return redirect(self._list_of(request))
            account = self.account_of(filled.draft)
            if account is None:
                raise RuleBroken(
                    _("Nobody can finish it at home: neither the person nor who represents the person can sign in."),
                    next_step=_("Keep the form here, or give one of them a phone on file first."),
                    code="nobody_at_home",
                )
            drafts.hand_to_person(request.actor, key, user_id=account)
            told = _("The form was handed to the person, who has been told. It waits under “Unfinished forms”.")
            messages.success(request, told)
            # nothing waits for the officer in the person's file any more
            return redirect(self._list_of(request))

        return hand

    def _take(self) -> Wrapped[[UUID]]:
        @desk(*self.desks)
        @only_post(lambda request, **_key: self._list_of(request))
        def take(request: DeskRequest, key: UUID) -> HttpResponse:
            """Take a form up that waits."""
            drafts.draft_for(request.actor, key, form=self.code)
            drafts.take(request.actor, key)
            return redirect(self.url("form", key))

        return take

    def _discard(self) -> Wrapped[[UUID]]:
        @desk(*self.desks)
        @require_http_methods(["GET", "POST"])
        def discard(request: DeskRequest, key: UUID) -> HttpResponse:
            """Throw an unfinished form away, after asking."""
            draft = drafts.draft_for(request.actor, key, form=self.code)
            if request.actor.desk is Desk.RECIPIENT and draft.subject_id is not None:
                check_subject(request.actor, draft.subject_id)
            asks = drafts.needs_reason(draft, request.actor)
            data = request.POST if request.method == "POST" else None
            form = ReasonForm(data) if asks else forms.Form(data)
            if request.method == "POST" and form.is_valid():
                drafts.archive(request.actor, draft.pk, reason=form.cleaned_data.get("reason", ""))
                messages.success(request, _("The form was deleted."))
                return redirect(self._list_of(request))
            told = [str(self.about([draft]).get(draft.pk, "")), str(self.title)]
            context = {
                "question": _("Delete this form?"),
                "subject": capfirst(", ".join(one for one in told if one)),
                "person_id": draft.subject_id,
                "consequence": _("What the person typed will be gone. We will tell the person, with your reason.")
                if asks
                else _("What you typed will be gone. Nothing was sent."),
                "button": _("Delete"),
                "back_url": self._list_of(request),
                "form": form if asks else None,
            }
            return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)

        return discard

    def urls(self, place: str) -> list[URLPattern]:
        """The addresses of the form, below ``place`` (``order/form``); its beginning and its receipt stand beside that
        (``order/begin``, ``order/done/...``).
        """
        key, beside = f"{place}/<uuid:key>", place.rpartition("/")[0]
        views: list[tuple[str, str, Wrapped[...,]]] = [
            ("form", key, self._resume()),
            ("submit", f"{key}/submit", self._submit()),
            ("discard", f"{key}/discard", self._discard()),
            ("take", f"{key}/take", self._take()),
        ]
        if self.begins is not None:
            views.append(("begin", f"{beside}/begin", self._begin(self.begins)))
        if self.receipt:
            views.append(("receipt", f"{beside}/done/<str:number>", self._receipt()))
        if self.can_be_handed_over:
            views.append(("hand", f"{key}/hand", self._hand()))
        if self.signing is not None:
            views.append(("sign", f"{key}/sign", self._sign(self.signing)))
        views.append(("step", f"{key}/<slug:step>", self._step()))
        return [path(route, view, name=f"{self.prefix}{name}") for name, route, view in views]
