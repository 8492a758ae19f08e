"""The page of a case at each desk, and what can be done there: declared once per case type, for all desks alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from tirek.core.acting import OtherPerson
from tirek.core.actors import Actor, Desk
from tirek.core.case.registry import CaseType
from tirek.core.case.words import view_of
from tirek.core.errors import DomainError, NotAllowed, NotFound, RuleBroken, StaleState, Text, TooMany
from tirek.core.numbers import in_our_letters
from tirek.core.tables import CaseRow
from tirek.ui import panels, ways
from tirek.ui.acts import Act, told_at_field, words_for
from tirek.ui.desks import DeskRequest, Wrapped, desk
from tirek.ui.lists import CaseList

if TYPE_CHECKING:
    from tirek.ui.signing import SigningPage

Context = Callable[[Actor, Any], Mapping[str, object]]


def _nothing(_actor: Actor, _case: Any) -> Mapping[str, object]:  # noqa: ANN401 - any case
    return {}


@dataclass(frozen=True, slots=True)
class Offered:
    """An act that the reader can do now, with its form and its address; whether something was typed into it."""

    act: Act
    form: forms.Form
    url: str
    is_begun: bool = False


@dataclass(frozen=True)
class CasePages:
    """Pages of a case type.

    Attributes:
        case: the case type.
        name: name of the routes: ``order`` for ``orders:officer-order`` and ``orders:officer-order-act``.
        app: namespace of the routes.
        heading: what the page is about, by the case.
        noun: the case by its number: "Order ТС-2026-0000042".
        facts_title: heading over the facts, where the page has one.
        facts: template of its facts; knows ``case``, ``actor`` and what ``context`` gives.
        acts: what can be done, by desk, in the order of the page.
        context: further values for the templates, by desk.
        extra: template between the next step and the acts, by desk.
        below: template between the acts and what has happened, by desk.
        lists: the list that the page was opened from, by desk.
        back: the page before, where there is no list.
    """

    case: CaseType[Any]
    app: str
    name: str
    heading: Callable[[Any, Desk], Text]
    noun: Callable[[Any], Text]
    facts: str
    acts: Mapping[Desk, Sequence[Act]]
    context: Mapping[Desk, Context] = field(default_factory=dict)
    extra: Mapping[Desk, str] = field(default_factory=dict)
    below: Mapping[Desk, str] = field(default_factory=dict)
    lists: Mapping[Desk, CaseList] = field(default_factory=dict)
    back: Callable[[Actor, Any], str] | None = None
    facts_title: Text = ""

    # --- what is offered

    def act(self, at: Desk, name: str) -> Act:
        """The act of this name at a desk.

        Raises:
            NotFound: there is none.
        """
        found = next((one for one in self.acts.get(at, ()) if one.transition == name), None)
        if found is None:
            raise NotFound
        return found

    def _check_may(self, actor: Actor, case: CaseRow, act: Act) -> None:
        if case.state not in self.case.process.transition(act.transition).source:
            raise StaleState(state=case.state)
        if act.transition not in self.case.process.open_to(actor, case):
            raise NotAllowed
        if not act.offered(actor, case):
            raise StaleState(state=case.state)

    def address(self, request: DeskRequest, case: CaseRow, act: Act | None = None) -> str:
        """The page of a case, or of an act, that remembers the filter of the list it was opened from."""
        at = request.actor.desk
        if act is None:
            base = self.case.url(case, at)
        else:
            base = reverse(f"{self.app}:{at.value}-{self.name}-act", args=[case.number, act.transition])
        return base + self._suffix(request)

    def _suffix(self, request: DeskRequest) -> str:
        one = self.lists.get(request.actor.desk)
        return one.chosen(request.actor, request.GET).suffix if one else ""

    # --- pages

    def show(
        self,
        request: DeskRequest,
        case: CaseRow,
        *,
        filled: tuple[Act, forms.Form] | None = None,
        refusal: DomainError | None = None,
    ) -> HttpResponse:
        """The page of a case with all that can be done now; ``filled`` is a form that was refused."""
        actor, view = request.actor, view_of(self.case, request.actor, case)
        possible = [
            one for one in self.acts.get(actor.desk, ()) if one.transition in view.actions and one.offered(actor, case)
        ]
        offered = [self._offered(request, case, one, filled) for one in possible]
        wrong = filled[1] if filled and filled[1].errors else None
        one_list = self.lists.get(actor.desk)
        place = (
            one_list.place_of(request, case)
            if one_list
            else {"suffix": "", "back": self.back(actor, case) if self.back else ""}
        )
        context = {
            "case": case,
            "actor": actor,
            "desk": actor.desk.value,
            "view": view,
            "heading": self.heading(case, actor.desk),
            "noun": self.noun(case),
            "facts": self.facts,
            "facts_title": self.facts_title,
            "extra": self.extra.get(actor.desk, ""),
            "below": self.below.get(actor.desk, ""),
            # one form on the page is told by its button; several are told apart by their headings
            "has_one_form": sum(bool(one.form.fields) and not one.act.has_page for one in offered) == 1,
            "main": [one for one in offered if one.act.main],
            "others": [one for one in offered if not one.act.main],
            "wrong_form": wrong,
            "refusal": refusal,
            "has_errors": wrong is not None or refusal is not None,
            "panels": panels.shown(request, "case", case),
            "write": self._write(actor, case),
        }
        context |= place | dict(self.context.get(actor.desk, _nothing)(actor, case))
        status = refusal.status if isinstance(refusal, StaleState) else 422 if context["has_errors"] else 200
        return render(request, "ui/cases/case.html", context, status=status)

    def _offered(self, request: DeskRequest, case: CaseRow, act: Act, filled: tuple[Act, forms.Form] | None) -> Offered:
        """An act as the page offers it; where another one was refused, what was typed for it stands there still."""
        address = self.address(request, case, act)
        if filled and filled[0] is act:
            return Offered(act, filled[1], address, is_begun=True)
        begun = act.begun(case, request.POST)
        return Offered(act, begun or act.form_for(case), address, is_begun=begun is not None)

    def _takes_part(self, actor: Actor, case: CaseRow) -> bool:
        """Whether the actor is more than somebody who still follows the case of a child who has come of age."""
        return actor.desk is not Desk.RECIPIENT or self.case.scope.person_of(case) == actor.subject_id

    def _write(self, actor: Actor, case: CaseRow) -> str:
        """Where one writes about the case: where nobody writes about such cases, person and office to each other."""
        if not self._takes_part(actor, case):
            return ""
        person = self.case.scope.person_of(case) if actor.desk in {Desk.RECIPIENT, Desk.OFFICER} else None
        about = ways.way("write", self.case.code, case.pk)
        return about or (ways.way("write", "person", person) if person else "")

    def view(self, at: Desk) -> Wrapped[[str]]:
        """One case with all that can be done now; a stranger's look is recorded."""

        @desk(at.value)
        @require_GET
        def one(request: DeskRequest, number: str) -> HttpResponse:
            try:
                case = self.case.opened(request.actor, number)
            except OtherPerson:
                raise
            except NotFound:
                # nobody sees whether a letter is Latin: the number was typed on another keyboard
                if number == (meant := in_our_letters(number)):
                    raise
                self.case.find(request.actor, meant)
                return redirect(f"{self.app}:{at.value}-{self.name}", meant)
            return self.show(request, case)

        return one

    def _asking(
        self, request: DeskRequest, case: CaseRow, act: Act, form: forms.Form, refusal: DomainError | None
    ) -> HttpResponse:
        if act.ask is None:
            return self.show(request, case, filled=(act, form), refusal=refusal)
        context = {
            "question": words_for(act.ask.question, case),
            "consequence": words_for(act.ask.consequence, case),
            "button": act.button,
            "calm": not act.ask.warns,
            "back_url": self.address(request, case),
            "form": form,
            "refusal": refusal,
            "has_errors": refusal is not None,
        }
        return render(request, "ui/confirm.html", context, status=422 if form.errors or refusal else 200)

    def _sign(self, request: DeskRequest, case: CaseRow, act: Act, page: "SigningPage") -> HttpResponse:
        instead = self.act(request.actor.desk, act.instead) if act.instead else None
        return page.answer(
            request,
            case,
            here=self.address(request, case, act),
            back=self.address(request, case),
            other=instead.title if instead else "",
            other_url=self.address(request, case, instead) if instead else "",
        )

    def act_view(self, at: Desk) -> Wrapped[[str, str]]:
        """Carry out one act, after asking where it says so; what was typed stays when something is wrong."""

        @desk(at.value)
        @require_http_methods(["GET", "POST"])
        def carry_out(request: DeskRequest, number: str, verb: str) -> HttpResponse:
            try:
                return self._carry_out(request, number, self.act(at, verb))
            except StaleState as moved:
                # what can be done now stands on the page of the case, not on one that leads home only
                return self.show(request, self.case.opened(request.actor, number), refusal=moved)

        return carry_out

    def _carry_out(self, request: DeskRequest, number: str, act: Act) -> HttpResponse:
        case = self.case.opened(request.actor, number)
        if request.method == "GET" and not act.has_page:
            return redirect(self.address(request, case))
        self._check_may(request.actor, case, act)
        if act.signing is not None:
            return self._sign(request, case, act, act.signing)
        if request.method == "GET":
            return self._asking(request, case, act, act.form_for(case), None)
        form = act.form_for(case, request.POST, request.FILES)
        refusal: DomainError | None = None
        if form.is_valid():
            try:
                act(request.actor, case, form.cleaned_data)
            except (RuleBroken, TooMany) as refused:
                refusal = None if told_at_field(form, refused, act.fields) else refused
        if form.errors or refusal is not None:
            return self._asking(request, case, act, form, refusal)
        messages.success(request, words_for(act.done, case))
        return redirect(self.address(request, case))

    def urls(self, at: Desk, prefix: str) -> list[URLPattern]:
        """The addresses of the pages at a desk, below ``prefix`` (``office/orders``)."""
        found = [path(f"{prefix}/<str:number>", self.view(at), name=f"{at.value}-{self.name}")]
        if self.acts.get(at):
            name = f"{at.value}-{self.name}-act"
            found.append(path(f"{prefix}/<str:number>/<slug:verb>", self.act_view(at), name=name))
        return found


def with_query(address: str, **values: object) -> str:
    """An address with further values in its query."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode(values)}"
