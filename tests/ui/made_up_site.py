"""The made-up cases with pages: a list at two desks, acts, a form over a draft, a page of signing.

It is the URLconf of the tests that use it: the product's addresses, and theirs.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path, reverse
from tests import factories as make
from tests.core import made_up
from tests.core.made_up import MadeUp, Visit, Well

from tirek import settings as product
from tirek.core import clock, drafts, signing
from tirek.core.actors import Actor, Desk
from tirek.core.case import registry
from tirek.core.case.registry import route
from tirek.core.drafts import Draft
from tirek.core.drafts import forms as draft_forms
from tirek.core.errors import NotFound, RuleBroken, TooMany
from tirek.core.keys import uuid7
from tirek.core.numbers import Series
from tirek.people.models import Person
from tirek.people.signing import signers
from tirek.people.telling import account_at_home
from tirek.ui.acts import Act, Ask
from tirek.ui.cases import CasePages
from tirek.ui.desks import DeskRequest, desk
from tirek.ui.draftform import DraftForm, Step, answers
from tirek.ui.lists import Bulk, CaseList, Column, Export, Sorting
from tirek.ui.signing import SigningPage

HERE: Final = Path(__file__).parent
app_name = "made_up"
FORM: Final = "made-up-visit"
STAFF: Final = (Desk.SUPPLIER, Desk.OFFICER)

VISITS = replace(
    made_up.TYPES[Visit],
    pages={at: route(f"made_up:{at.value}-visit") for at in (Desk.RECIPIENT, Desk.SUPPLIER, Desk.OFFICER)},
)
WELLS = replace(made_up.TYPES[Well], pages={Desk.OFFICER: route("made_up:officer-well")})


# --- acts


class RemarkForm(forms.Form):
    """A remark."""

    remark = forms.CharField(label="Remark", max_length=20)


def remark(*, actor: Actor, case: MadeUp, remark: str) -> MadeUp:
    """Refuses three remarks: at the field, over the page, as too many."""
    if remark == "rude":
        raise RuleBroken("Nothing rude.", next_step="Be kind.", code="rude")
    if remark == "full":
        raise RuleBroken("There is no room for a remark.", next_step="Come tomorrow.", code="full")
    if remark == "often":
        raise TooMany(retry_after=9, message="You remark too often.")
    return made_up.act(case, "remark", actor=actor, remark=remark)


def finish(*, actor: Actor, case: MadeUp) -> MadeUp:
    """Refuses one case."""
    if case.remark == "stuck":
        raise RuleBroken("The door is stuck.", code="stuck")
    return made_up.act(case, "finish", actor=actor)


REMARK: Final = Act(
    "remark",
    title="Write a remark",
    button="Keep the remark",
    done=lambda case: f"Kept with {case.number}.",
    run=remark,
    form=RemarkForm,
    fields={"rude": "remark"},
    main=True,
    hint="Be short.",
)
FINISH: Final = Act(
    "finish",
    title="Finish the visit",
    button="Finish",
    done="It is finished.",
    run=finish,
    ask=Ask(question=lambda case: f"Finish {case.number}?", consequence="Nobody comes again."),
    offered=lambda _actor, case: case.remark != "not yet",
)
PASS: Final = Act("pass", title="End it for the clock", button="End it", run=finish)
CLOSE: Final = Act("finish", title="Close the well", button="Close it", done="It is closed.", run=finish)


# --- lists

SERIES: Final = Series("ВЗ", "made_up_visit")
BY_REMARK: Final = Sorting("remark", "remark", "remark, first letter first", "remark, last letter first")
BY_LAST_DAY: Final = Sorting("last", "last_day", "first last day first", "latest last day first")


def _finish_of_many(*, actor: Actor, case: MadeUp) -> MadeUp:
    return finish(actor=actor, case=case)


def _check_finish(*, actor: Actor, case: MadeUp) -> None:
    if case.remark == "stuck":
        raise RuleBroken("The door is stuck.", code="stuck")


LIST: Final = CaseList(
    case=VISITS,
    title={Desk.SUPPLIER: "Our visits", Desk.OFFICER: "Visits here"},
    routes="made_up:visits",
    columns=(
        Column("Remark", lambda case: case.remark, sorting=BY_REMARK),
        Column("Last day", lambda case: case.last_day, sorting=BY_LAST_DAY, desks=frozenset({Desk.OFFICER})),
    ),
    counted=lambda count: f"{count} visits in the list",
    series=SERIES,
    places=lambda actor, _known: (
        [("101810000", "Kurchatov"), ("101010000", "Semey")] if actor.desk is Desk.OFFICER else []
    ),
    export=Export(
        "visits",
        fields=(
            ("Number", lambda _actor, one: one.case.number),
            ("State", lambda _actor, one: str(one.state)),
            ("Remark", lambda _actor, one: one.case.remark),
            ("Day", lambda _actor, one: one.case.last_day),
            ("Price", lambda _actor, _one: Decimal("12.50")),
            ("Pieces", lambda _actor, _one: 3),
            ("By", lambda _actor, one: one.deadline.last_day if one.deadline else None),
        ),
        desks=frozenset({Desk.OFFICER}),
    ),
    bulk={
        Desk.OFFICER: (
            Bulk(
                act=replace(FINISH, run=_finish_of_many, ask=None),
                title="Finish what is ticked",
                check=_check_finish,
                told="They are finished.",
                limit=("Until", lambda case: str(case.last_day or "-")),
                describe=lambda case: f"visit of {case.remark or 'nobody'}",
            ),
        )
    },
    per_page=3,
)


# --- pages of cases

PAGES: Final = CasePages(
    case=VISITS,
    app=app_name,
    name="visit",
    heading=lambda _case, at: f"A visit as the {at.value} reads it",
    noun=lambda case: f"Visit {case.number}",
    facts="made_up/facts.html",
    acts={Desk.OFFICER: (REMARK, FINISH, PASS)},
    context={Desk.OFFICER: lambda _actor, case: {"said": f"officer of {case.number}"}},
    lists={Desk.OFFICER: LIST, Desk.SUPPLIER: LIST},
    back=lambda _actor, _case: "/back-of-the-person",
)
WELL_PAGES: Final = CasePages(
    case=WELLS,
    app=app_name,
    name="well",
    heading=lambda _case, _at: "A well",
    noun=lambda case: f"Well {case.number}",
    facts="made_up/facts.html",
    acts={Desk.OFFICER: (CLOSE,)},
)


# --- the page of signing


def document(case: Visit) -> signing.Document:
    """What is signed, with the remark of the case."""
    return signing.Document("visit.signed", "visit", case.pk, f"I was visited. {case.remark}", "1", "en")


def _second_officer(actor: Actor, case: Visit) -> None:
    if case.remark == f"{actor.account}"[-12:]:
        raise RuleBroken("You entered it yourself.", next_step="Ask a colleague.", code="second_officer")


def _then(actor: Actor, case: Visit, key: UUID) -> None:
    signing.signed(key, purpose="visit.signed", case_id=case.pk)
    if case.remark == "stuck" and not Visit._default_manager.filter(pk=case.pk, last_day__isnull=False).exists():
        raise RuleBroken("The door is stuck.", next_step="Knock again.", code="stuck")
    Visit._default_manager.filter(pk=case.pk).update(state="done")


SIGNING: Final = SigningPage(
    title="Sign the visit",
    lead="You sign:",
    lead_at_counter="The person signs:",
    button="Sign",
    paper_button="It was signed on paper",
    send_button="Go on with what was signed",
    document=lambda _actor, case: document(case),
    signers=signers(lambda case: case.person_id),
    then=_then,
    done="Signed by a code.",
    done_on_paper="Signed on paper.",
    second_officer=_second_officer,
)


@desk("officer", "recipient")
def sign(request: DeskRequest, number: str) -> HttpResponse:
    """The page of signing of a visit."""
    case = VISITS.find(request.actor, number)
    here = reverse("made_up:sign", args=[number])
    return SIGNING.answer(request, case, here=here, back=VISITS.url(case, request.actor.desk))


#: Pages on which the visit is finished by a signature; a remark is what one does instead.
SIGNED_PAGES: Final = CasePages(
    case=VISITS,
    app=app_name,
    name="signed",
    heading=lambda _case, _at: "A visit that is signed",
    noun=lambda case: f"Visit {case.number}",
    facts="made_up/facts.html",
    acts={Desk.OFFICER: (Act("finish", "Sign it", "Sign it", signing=SIGNING, instead="remark", main=True), REMARK)},
    lists={Desk.OFFICER: LIST},
)

# --- the form


class TimesForm(forms.Form):
    """How often."""

    times = forms.IntegerField(label="Times", min_value=1, max_value=9)
    comment = forms.CharField(label="Comment", required=False, max_length=20)


class WhyForm(forms.Form):
    """Asked of more than three times only."""

    why = forms.CharField(label="Why so often", max_length=20)


class FinalForm(forms.Form):
    """The tick of the check page."""

    agreed = forms.BooleanField(label="I agree")


@dataclass(frozen=True, slots=True)
class Filled:
    """The form with the person it is about."""

    draft: Draft
    person: Person

    @property
    def often(self) -> bool:
        """Whether the second page is asked."""
        typed = self.draft.values().get("times", "")
        return typed.isdecimal() and int(typed) > 3


def _filled(actor: Actor, draft: Draft) -> Filled:
    person = Person.objects.filter(pk=draft.subject_id).first()
    if person is None:
        raise NotFound
    return Filled(draft, person)


def _keep(_request: DeskRequest, _filled: Filled, form: forms.Form) -> None:
    if form.cleaned_data["comment"] == "rude":
        form.add_error("comment", "Nothing rude.")


STEPS: Final = (
    Step[Filled](
        "times", lambda _one: "How many times", lambda _one, data, typed: TimesForm(data, initial=typed), keep=_keep
    ),
    Step[Filled](
        "why",
        lambda _one: "Why",
        lambda _one, data, typed: WhyForm(data, initial=typed),
        intro=lambda _one: "More than three times is often.",
        asked=lambda one: one.often,
    ),
)


def submit(
    *, actor: Actor, draft_key: UUID, final: Mapping[str, str] | None = None, signature_id: UUID | None = None
) -> Visit:
    """A visit of what was answered, checked by the forms of the pages."""
    with transaction.atomic():
        draft = drafts.lock_for_submit(actor, draft_key, form=FORM)
        if draft.case_id is not None:
            return Visit._default_manager.get(pk=draft.case_id)
        drafts.check_version(draft.form_version, present=VISIT_FORM.version)
        filled = _filled(actor, draft)
        values = draft.values()
        given = answers((one.name, one.form(filled, values, {})) for one in STEPS if one.asked(filled))
        if (final or {}).get("agreed") != "yes":
            raise RuleBroken("Agree first.", code="agree")
        case = Visit(
            number=f"{uuid7()}"[:32],
            territory_code=filled.person.territory_id,
            person=filled.person,
            organisation=make.organisation(),
            remark=f"{given['times']} times{' signed' if signature_id else ''}",
        )
        office = Actor(desk=Desk.OFFICER, user_id=actor.user_id, territory=case.territory_code)
        made = made_up.act(case, "begin", actor=office)
        drafts.mark_submitted(draft, made)
    assert isinstance(made, Visit)
    return made


def _draft_document(draft: Draft) -> signing.Document:
    values = draft.values()
    filled = Filled(draft, Person.objects.get(pk=draft.subject_id))
    answers((one.name, one.form(filled, values, {})) for one in STEPS if one.asked(filled))
    return signing.Document("visit.agreed", "draft", draft.pk, f"Visit me {values.get('times')} times.", "1", "en")


AGREEMENT: Final = replace(
    SIGNING,
    title="The person agrees",
    document=lambda _actor, what: _draft_document(what[0]),
    signers=signers(lambda what: what[0].subject_id),
    then=lambda _actor, _what, _key: None,
    second_officer=lambda _actor, _what: None,
)

VISIT_FORM: Final = DraftForm[Filled](
    code=FORM,
    version=2,
    title="Ask for a visit",
    app=app_name,
    prefix="ask-",
    desks=frozenset({Desk.RECIPIENT, Desk.OFFICER}),
    steps=STEPS,
    filled=_filled,
    submit=submit,
    case=VISITS,
    done="It was sent.",
    back=lambda _actor, _filled: "/before-the-form",
    check="made_up/check.html",
    button="Send it",
    final=lambda _filled, data: FinalForm(data),
    final_answers=lambda form: {"agreed": "yes"} if form.cleaned_data["agreed"] else {},
    signing=AGREEMENT,
    agreed=lambda _filled: {"agreed": "yes"},
    about=lambda some: {one.pk: f"visit {one.values().get('times', '')} times" for one in some},
    queued=True,
    can_be_handed_over=True,
    account_of=account_at_home,
    territory_of=lambda filled: filled.person.territory_id,
)
#: A form that only officers fill in, and nobody signs or hands over.
PLAIN_FORM: Final = replace(
    VISIT_FORM,
    code="made-up-plain",
    title="A plain form",
    prefix="plain-",
    desks=frozenset({Desk.OFFICER}),
    signing=None,
    can_be_handed_over=False,
)

_own = [
    *LIST.urls(Desk.OFFICER, "office/visits"),
    *LIST.urls(Desk.SUPPLIER, "supply/visits"),
    *PAGES.urls(Desk.OFFICER, "office/visits"),
    *PAGES.urls(Desk.SUPPLIER, "supply/visits"),
    *PAGES.urls(Desk.RECIPIENT, "visits"),
    *WELL_PAGES.urls(Desk.OFFICER, "office/wells"),
    *SIGNED_PAGES.urls(Desk.OFFICER, "office/signed"),
    *VISIT_FORM.urls("ask"),
    *PLAIN_FORM.urls("plain"),
    path("sign/<str:number>", sign, name="sign"),
]
handler400 = "tirek.site.views.public.unreadable"
urlpatterns = [path("made-up/", include((_own, app_name))), path("", include("tirek.urls"))]


@contextmanager
def opened() -> Iterator[Actor]:
    """The site runs on a Monday morning; an officer works in the district of its cases."""
    templates = [{**product.TEMPLATES[0], "DIRS": [HERE / "templates"]}]
    with (
        clock.at(make.MORNING),
        made_up.tables(),
        made_up.known(),
        override_settings(ROOT_URLCONF="tests.ui.made_up_site", TEMPLATES=templates),
        pytest.MonkeyPatch.context() as patch,
    ):
        for kind in (VISITS, WELLS):
            patch.setitem(registry._types, kind.code, kind)
        patch.setattr(draft_forms, "_forms", dict(draft_forms._forms))
        VISIT_FORM.declare()
        PLAIN_FORM.declare()
        yield make.officer()


def visit(officer: Actor, **columns: Any) -> Visit:
    """A visit that waits in the officer's district; the person has come to the counter."""
    case = made_up.begun(Visit, officer, last_day=columns.pop("last_day", None))
    if columns:
        Visit._default_manager.filter(pk=case.pk).update(**columns)
        case.refresh_from_db()
    assert isinstance(case, Visit)
    make.came(officer, case.person)
    return case
