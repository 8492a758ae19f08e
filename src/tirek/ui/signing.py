"""The one page of signing: a code to the phone, or paper at the counter with the second-officer rule, and the sheet to
print.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from tirek.core import clock, signing
from tirek.core.actors import Actor, Desk
from tirek.core.errors import DomainError, RuleBroken, Text, TooMany
from tirek.core.keys import read_key
from tirek.core.signing import Document, Signature, Signer
from tirek.ui.acts import told_at_field
from tirek.ui.cases import with_query
from tirek.ui.desks import DeskRequest
from tirek.ui.fields import CodeField, DayField, filled_in_by_hand


class CodeForm(forms.Form):
    """Six digits from a message."""

    #: which field a refusal of the rules belongs to
    FIELDS: Final = {"code_wrong": "code", "code_older": "code"}

    code = CodeField(
        label=_lazy("Code from the message"),
        help_text=_lazy("Six digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PaperForm(forms.Form):
    """What the signed sheet says, and where it is kept: asked before a signature on paper is recorded."""

    day = DayField(
        label=_lazy("Day beside the signature"), help_text=_lazy("As it is written on the sheet."), latest=clock.today
    )
    filed = forms.BooleanField(
        label=_lazy("I have compared the name on the sheet with the identity card, and the sheet lies in the file.")
    )

    def __init__(self, *args: Any, since: date, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        """A form for a sheet that cannot have been signed before ``since``."""
        super().__init__(*args, **kwargs)
        self.fields["day"].earliest = since  # type: ignore[attr-defined]  # a DayField
        self.fields["day"].initial = clock.today()


def _anybody(_actor: Actor, _what: Any) -> None:  # noqa: ANN401 - whatever is signed
    return None


def _today(_what: Any) -> date:  # noqa: ANN401 - whatever is signed
    return clock.today()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may sign at the counter.

    Attributes:
        key: of the person.
        name: full name.
        phone: the masked phone that a code would go to; "" when there is none.
        for_another: whether somebody signs who represents the person.
    """

    key: UUID
    name: str
    phone: str
    for_another: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """The person whom a text is about, as far as the page and the printed sheet need it.

    Attributes:
        name: full name.
        iin: masked.
        language: in which the words are shown and signed at the counter: kk, ru or en.
        how: how the officer lets the person know the words, a sentence for each need.
        large: whether the sheet is printed in large letters.
    """

    name: str
    iin: str
    language: str
    how: Sequence[Text]
    large: bool


@dataclass(frozen=True, slots=True)
class Signers:
    """Who signs a text (``tirek.people.signing.signers`` for a person).

    Attributes:
        by_code: by a code to the phone: ``(actor, what, key of who is there) -> Signer``; without a key the first who
            may.
        on_paper: the printed sheet: likewise.
        present: who may sign at the counter: ``what -> candidates``, those with a phone that can sign first.
        reader: whom the text is about: ``what -> reader``.
    """

    by_code: Callable[[Actor, Any, UUID | None], Signer]
    on_paper: Callable[[Actor, Any, UUID | None], Signer]
    present: Callable[[Any], Sequence[Candidate]]
    reader: Callable[[Any], Reader]


def signer_chosen(request: DeskRequest) -> UUID | None:
    """Who is there and signs, as the officer ticked it; ``None`` when nobody was asked."""
    return read_key(request.POST.get("signer", ""))


@dataclass(frozen=True)
class SigningPage:
    """How one kind of text is signed.

    Attributes:
        title: heading.
        lead: said over the text; at the counter ``lead_at_counter``.
        button: carries the code; ``paper_button`` says that the sheet was signed, ``send_button`` goes on with what was
            signed before.
        document: the text for a reader, exactly as it is signed: ``(actor, what) -> Document``.
        signers: who signs.
        second_officer: raises when this officer may not record the signature on paper: said in the place of its button.
        since: the first day on which the sheet can have been signed: ``what -> day``.
        then: what follows from a signature: ``(actor, what, key of the signature)``.
        done: said afterwards, by a code and on paper.
        queued: whether the form waits in the browser when there is no link.
        template: of the page.
    """

    title: Text
    lead: Text
    lead_at_counter: Text
    button: Text
    paper_button: Text
    document: Callable[[Actor, Any], Document]
    signers: Signers
    then: Callable[[Actor, Any, UUID], object]
    done: Text
    done_on_paper: Text
    send_button: Text = ""
    second_officer: Callable[[Actor, Any], None] = _anybody
    since: Callable[[Any], date] = _today
    queued: bool = False
    template: str = "ui/signing.html"

    def asked(self, what: Any, document: Document, key: str) -> Signature | None:  # noqa: ANN401 - whatever is signed
        """The request for a code that still waits, if it is for exactly this text and who was asked may still sign."""
        wanted = read_key(key)
        if wanted is None:
            return None
        rows = Signature.objects.filter(pk=wanted, case_id=document.case_id, purpose=document.purpose)
        found = rows.filter(state=Signature.State.REQUESTED, expires_at__gt=clock.now()).first()
        if found is None or bytes(found.text_hash) != signing.digest(document.text):
            return None
        return found if self._may_still_sign(what, found) else None

    def given(self, what: Any, document: Document) -> Signature | None:  # noqa: ANN401 - whatever is signed
        """A signature that was given for exactly this text before, by somebody who may still sign."""
        rows = Signature.objects.filter(
            purpose=document.purpose, case_type=document.case_type, case_id=document.case_id
        )
        signed = rows.filter(state=Signature.State.SIGNED, text_hash=signing.digest(document.text)).order_by("pk")
        return next((one for one in signed if self._may_still_sign(what, one)), None)

    def _may_still_sign(self, what: Any, signature: Signature) -> bool:  # noqa: ANN401 - whatever is signed
        """A representation may have ended, or a child come of age, since the code was asked for or the text signed."""
        return signature.signer_person_id in {one.key for one in self.signers.present(what)}

    @property
    def fields(self) -> Mapping[str, str]:
        """Which field of the code's form a refusal speaks of."""
        return CodeForm.FIELDS

    def words(self, actor: Actor, what: Any) -> Document:  # noqa: ANN401 - whatever is signed
        """The text that is shown and signed: at the counter in the language of the person, who signs it."""
        if actor.desk is not Desk.OFFICER:
            return self.document(actor, what)
        try:
            with translation.override(self.signers.reader(what).language):
                return self.document(actor, what)
        except RuleBroken:
            # what is missing is said to the officer, in the officer's language
            return self.document(actor, what)

    def form(self, request: DeskRequest, what: Any) -> CodeForm | PaperForm:  # noqa: ANN401 - whatever is signed
        """The form of what was pressed, bound: the code that was typed, or what the sheet says; else the code's."""
        step, at_counter = request.POST.get("step"), request.actor.desk is Desk.OFFICER
        if at_counter and (step == "paper" or "paper" in request.GET):
            return PaperForm(request.POST if step == "paper" else None, since=self.since(what))
        form = CodeForm(request.POST if step == "sign" else None)
        if not form.is_bound:
            # who asked for the code has read the words above it; after a refusal the summary of errors has the focus
            form.fields["code"].widget.attrs["autofocus"] = True
        if at_counter:
            filled_in_by_hand(form)
        return form

    def ask(
        self,
        actor: Actor,
        what: Any,  # noqa: ANN401 - whatever is signed
        signer: UUID | None = None,
    ) -> Signature:
        """Send the code that signs; ``signer`` is who is at the counter.

        Raises:
            NotAllowed: the officer is close to the person, or that one may not sign.
            RuleBroken: nobody may sign; there is no phone that may sign now; the message could not leave.
            TooMany: too many codes were asked for.
        """
        return signing.request_code(actor, self.words(actor, what), self.signers.by_code(actor, what, signer))

    def sign(self, request: DeskRequest, what: Any, step: str) -> Signature:  # noqa: ANN401 - whatever is signed
        """The signature of this text by what was pressed: sign (a code), paper, or send (what was signed before).

        Raises:
            RuleBroken: the code is wrong or no longer valid; this officer may not record the paper.
            NotAllowed: the officer is close to the person.
        """
        actor, document = request.actor, self.words(request.actor, what)
        before = self.given(what, document)
        if before is not None:
            # signed a moment ago, and what follows did not go through then
            return before
        if step == "paper":
            if actor.desk is not Desk.OFFICER:
                raise RuleBroken(_("Only an officer records a signature on paper."), code="paper")
            form = self.form(request, what)
            if not form.is_valid():
                raise RuleBroken(_("Say what the sheet says before it is recorded."), code="paper_unsaid")
            return self.on_paper(actor, what, signer_chosen(request), day=form.cleaned_data["day"])
        waiting = self.asked(what, document, request.POST.get("asked", ""))
        if step != "sign" or waiting is None:
            raise RuleBroken(_("The code is no longer valid."), next_step=_("Ask for a new code."), code="code_expired")
        return signing.confirm(
            actor,
            waiting.pk,
            request.POST.get("code", ""),
            purpose=document.purpose,
            case_type=document.case_type,
            case_id=document.case_id,
        )

    def answer(
        self,
        request: DeskRequest,
        what: Any,  # noqa: ANN401 - whatever is signed
        *,
        here: str,
        back: str,
        **shown: object,
    ) -> HttpResponse:
        """The page, and what is pressed on it: ``step`` ask (a code), sign, paper, or send (what was signed before).

        Args:
            request: of the reader.
            what: what the functions of the page take.
            here: address of this page.
            back: where to go afterwards, and by the link.
            shown: further values for the template.
        """
        form, refusal = self.form(request, what), None
        if request.method == "POST" and not (form.is_bound and not form.is_valid()):
            step = request.POST.get("step", "ask")
            try:
                if step == "ask":
                    asked = self.ask(request.actor, what, signer_chosen(request))
                    return redirect(with_query(here, asked=asked.pk))
                self.then(request.actor, what, self.sign(request, what, step).pk)
            except (RuleBroken, TooMany) as refused:
                refusal = None if form.is_bound and told_at_field(form, refused, self.fields) else refused
            else:
                messages.success(request, str(self.done_on_paper if step == "paper" else self.done))
                return redirect(back)
        context = self.context(request, what, form=form, refusal=refusal, here=here)
        context |= {"back": back, **shown}
        return render(
            request, self.template, context, status=refusal.status if refusal else 422 if form.errors else 200
        )

    def on_paper(
        self,
        actor: Actor,
        what: Any,  # noqa: ANN401 - whatever is signed
        signer: UUID | None = None,
        *,
        day: date | None = None,
    ) -> Signature:
        """Record at the counter that the printed sheet was signed, by ``signer``, on the ``day`` that it names.

        Raises:
            NotAllowed: the officer is close to the person, or that one may not sign.
            RuleBroken: this officer may not record it; nobody may sign; there is no account.
        """
        self.second_officer(actor, what)
        signer_on_paper = self.signers.on_paper(actor, what, signer)
        return signing.record_paper(actor, self.words(actor, what), signer_on_paper, day=day)

    def context(
        self,
        request: DeskRequest,
        what: Any,  # noqa: ANN401 - whatever is signed
        *,
        form: forms.Form,
        refusal: DomainError | None,
        here: str,
        shown_at: str = "",
    ) -> dict[str, object]:
        """What the part ``ui/signing_part.html`` shows; ``shown_at`` is the address of its page, where it is another
        than that to which it sends (``here``).
        """
        document = self.words(request.actor, what)
        at_counter = request.actor.desk is Desk.OFFICER
        present = list(self.signers.present(what)) if at_counter else []
        return {
            "page": self,
            "words": document.text,
            "spoken": document.language,
            "reader": self.signers.reader(what) if at_counter else None,
            "not_on_paper": self._not_on_paper(request.actor, what) if at_counter else None,
            "asks_paper": isinstance(form, PaperForm),
            "shown_at": shown_at or here,
            "paper_url": with_query(shown_at or here, paper=1),
            "asked": self.asked(what, document, request.GET.get("asked", request.POST.get("asked", ""))),
            "present": present,
            "by_code": [one for one in present if one.phone],
            "chosen": signer_chosen(request),
            "has_signed": self.given(what, document) is not None,
            "form": form,
            "refusal": refusal,
            "has_errors": refusal is not None,
            "here": here,
            "at_counter": at_counter,
        }

    def _not_on_paper(self, actor: Actor, what: Any) -> RuleBroken | None:  # noqa: ANN401 - whatever is signed
        """Why this officer may not record the signature on paper; nothing when it is allowed."""
        try:
            self.second_officer(actor, what)
        except RuleBroken as refused:
            return refused
        return None
