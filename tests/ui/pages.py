"""A tiny site that uses everything of ``tirek.ui``: the gallery, a form with every kind of field, a draft with its
steps.

It keeps its state in memory, so that browser tests need no database. The ends that scripts call (``/drafts/…/fields``,
``/session/…``) answer as the real ones do.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from tirek.core.actors import ANYONE, Actor, Desk
from tirek.ui import browser, navigation, text
from tirek.ui.fields import DayField, DayWidget, HintedRadios

AIGUL = UUID("00000000-0000-7000-8000-000000000001")
BOLAT = UUID("00000000-0000-7000-8000-000000000002")
DRAFT = UUID("00000000-0000-7000-8000-00000000000d")


@dataclass
class Cell:
    value: str
    version: int
    typed_at: datetime


@dataclass
class Memory:
    """Everything the test server remembers."""

    cells: dict[str, Cell] = field(default_factory=dict)
    saves: list[dict[str, object]] = field(default_factory=list)
    submissions: list[dict[str, str]] = field(default_factory=list)
    receipts: int = 0
    signed_in: UUID | None = AIGUL
    desk: Desk = Desk.RECIPIENT
    shared: bool = False
    ends_at: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(minutes=30))
    keeps: int = 0
    lock: threading.Condition = field(default_factory=threading.Condition)

    def reset(self) -> None:
        self.__dict__.update(Memory().__dict__)

    def comes_to_hold(self, name: str, value: str) -> bool:
        """Wait until a field is saved with this value; false after ten seconds."""
        with self.lock:
            return self.lock.wait_for(lambda: name in self.cells and self.cells[name].value == value, timeout=10)

    def cell(self, name: str, value: str, *, version: int, typed_at: datetime) -> None:
        """Somebody else saved a field."""
        self.cells[name] = Cell(value, version, typed_at)

    def sign_in_again(self) -> None:
        """The same person, in another tab."""
        self.signed_in, self.ends_at = AIGUL, datetime.now(UTC) + timedelta(minutes=30)

    def sign_in_other(self) -> None:
        """Somebody else, in another tab."""
        self.signed_in, self.ends_at = BOLAT, datetime.now(UTC) + timedelta(minutes=30)

    @property
    def seconds_left(self) -> int:
        return int((self.ends_at - datetime.now(UTC)).total_seconds())

    @property
    def is_over(self) -> bool:
        return self.signed_in is None or self.seconds_left <= 0


MEMORY = Memory()


def actor_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Who is signed in is what the test says."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = ANYONE if MEMORY.is_over else Actor(desk=MEMORY.desk, user_id=MEMORY.signed_in)
        request.session_seconds_left = max(0, MEMORY.seconds_left)
        if MEMORY.shared:
            request.session[browser.SHARED] = True
        return get_response(request)

    return middleware


class EveryField(forms.Form):
    """One of each."""

    name = forms.CharField(
        label=_("Full name"),
        help_text="As in the identity card.",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label="Phone", widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "class": "govuk-input--width-10"})
    )
    email = forms.EmailField(label="E-mail", required=False)
    weight = forms.DecimalField(
        label="Weight, kg",
        min_value=1,
        max_value=300,
        widget=forms.NumberInput({"class": "govuk-input--width-5", "step": "0.1"}),
    )
    steps = forms.IntegerField(
        label="Steps at the entrance",
        min_value=0,
        max_value=50,
        widget=forms.NumberInput({"class": "govuk-input--width-3"}),
    )
    born = DayField(
        label="Date of birth",
        help_text="For example, 27 3 1986",
        widget=DayWidget(birthday=True),
        latest=date(2026, 11, 22),
    )
    way = forms.ChoiceField(
        label="How do you want to receive it?",
        choices=[("home", "At home"), ("point", "At the supplier's place")],
        widget=HintedRadios(hints={"home": "The supplier brings it to your door."}),
    )
    rooms = forms.MultipleChoiceField(
        label="Where do you move about?",
        choices=[("in", "Indoors"), ("out", "Outdoors")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    city = forms.ChoiceField(label="City", choices=[("", "Choose"), ("711110000", "Астана"), ("751110000", "Алматы")])
    story = forms.CharField(label="What should the supplier know?", widget=forms.Textarea({"rows": 4}), required=False)
    paper = forms.FileField(label="Photo of the paper", required=False)
    agree = forms.BooleanField(label="I agree that the supplier sees my measurements")

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("name") == "both":
            raise forms.ValidationError("Give either a phone or an e-mail, not both.")
        return cleaned


class StepForm(forms.Form):
    """One step of a draft."""

    street = forms.CharField(label="Street")
    note = forms.CharField(label="Note for the supplier", widget=forms.Textarea({"rows": 3}), required=False)
    way = forms.ChoiceField(
        label="How?", choices=[("home", "At home"), ("point", "At the supplier's place")], widget=forms.RadioSelect
    )


@dataclass(frozen=True)
class Entry:
    text: str
    at: datetime
    by: str


def gallery(request: HttpRequest) -> HttpResponse:
    if "said" in request.GET:
        messages.success(request, "The order was sent to the supplier.")
    moment = datetime(2026, 11, 22, 9, 2, tzinfo=UTC)
    context = {
        "facts": [
            {"label": "Walking frame", "value": "“Dala” for children", "change_url": "/form"},
            {"label": "Price", "value": text.tenge_text(48500)},
            {"label": "Comment", "value": "", "change_url": "/form"},
        ],
        "tasks": [
            {"label": "Measurements", "url": "/form", "done": True},
            {"label": "Where to bring it", "url": "/step", "hint": "Address and a good time"},
            {"label": "Check your answers", "url": ""},
        ],
        "entries": [
            Entry("The supplier accepted the order and promises it by 2 December.", moment, "Workshop “Tulpar”, Semey"),
            Entry("The order was sent.", moment - timedelta(days=2), ""),
        ],
        "today": date(2026, 11, 22),
        "moment": moment,
        "page_obj": Paginator(range(1, 400), 20).page(int(request.GET.get("page", "7"))),
    }
    return render(request, "try/gallery.html", context)


def every_field(request: HttpRequest) -> HttpResponse:
    form = EveryField(request.POST or None, request.FILES or None)
    if form.is_valid():
        return HttpResponseRedirect("/receipt")
    return render(request, "try/form.html", {"form": form}, status=422 if form.is_bound else 200)


def step(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        for name in ("street", "note", "way"):
            value, before = request.POST.get(name, ""), MEMORY.cells.get(name)
            MEMORY.cells[name] = Cell(
                value, before.version + (before.value != value) if before else 1, datetime.now(UTC)
            )
        return HttpResponseRedirect("/check")
    values = {name: cell.value for name, cell in MEMORY.cells.items()}
    versions = {name: cell.version for name, cell in MEMORY.cells.items()}
    return render(
        request,
        "try/step.html",
        {"form": StepForm(initial=values), "save_url": f"/drafts/{DRAFT}/fields", "versions": versions},
    )


def save_fields(request: HttpRequest, draft: UUID) -> HttpResponse:
    if MEMORY.is_over:
        return HttpResponseRedirect("/sign-in")
    if draft != DRAFT:
        raise Http404
    sent = json.loads(request.body)["fields"]
    now, conflicts = datetime.now(UTC), {}
    with MEMORY.lock:
        MEMORY.saves.append(sent)
        for name, one in sent.items():
            known = MEMORY.cells.get(name)
            typed_at = now - timedelta(milliseconds=one["age_ms"])
            if known is None or known.version == one["base"]:
                MEMORY.cells[name] = Cell(one["value"], (known.version if known else 0) + 1, typed_at)
            elif known.value != one["value"]:
                if known.typed_at <= typed_at:
                    MEMORY.cells[name] = replace(
                        known, value=one["value"], version=known.version + 1, typed_at=typed_at
                    )
                    kept, other = one["value"], known.value
                else:
                    kept, other = known.value, one["value"]
                conflicts[name] = {"kept": kept, "other": other, "version": MEMORY.cells[name].version}
        MEMORY.lock.notify_all()
    answer = {
        "saved_at": now.isoformat(),
        "saved_label": f"Saved {text.time_text(now)}",
        "fields": {name: MEMORY.cells[name].version for name in sent},
    }
    return JsonResponse({**answer, "conflicts": conflicts} if conflicts else answer, status=409 if conflicts else 200)


def check(request: HttpRequest) -> HttpResponse:
    return render(request, "try/check.html", {"draft": DRAFT})


@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    MEMORY.submissions.append(
        {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    )
    if request.POST.get("refuse"):
        return render(
            request,
            "ui/error.html",
            {"message": "The limit is used up.", "next_step": "Wait for the next quarter."},
            status=422,
        )
    return browser.lead_to(request, "/receipt")


def receipt(request: HttpRequest) -> HttpResponse:
    MEMORY.receipts += 1
    return render(request, "try/receipt.html", {"today": date(2026, 12, 2)})


def session_state(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "authenticated": not MEMORY.is_over,
            "who": "" if MEMORY.is_over or MEMORY.signed_in is None else browser.who(MEMORY.signed_in),
            "csrf": get_token(request),
            "seconds_left": 0 if MEMORY.is_over else MEMORY.seconds_left,
            "shared": MEMORY.shared,
        }
    )


@require_POST
def session_keep(request: HttpRequest) -> HttpResponse:
    if MEMORY.is_over:
        return HttpResponse(status=401)
    MEMORY.keeps += 1
    MEMORY.ends_at = datetime.now(UTC) + timedelta(minutes=30)
    return HttpResponse(status=204)


def acts(request: HttpRequest) -> HttpResponse:
    return render(request, "try/acts.html")


def plain(request: HttpRequest) -> HttpResponse:
    return render(request, "try/plain.html", {"wipe_store": "wipe" in request.GET})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    MEMORY.signed_in = None
    return HttpResponseRedirect("/plain?wipe=1")


def confirm(request: HttpRequest) -> HttpResponse:
    context = {
        "question": "Cancel the order?",
        "consequence": "The supplier is told at once.",
        "button": "Cancel the order",
        "back_url": "/",
    }
    return render(request, "ui/confirm.html", context)


def refusal(request: HttpRequest) -> HttpResponse:
    context = {
        "message": "The limit of this quarter is used up.",
        "next_step": "You can order again from 1 January.",
        "back_url": "/",
    }
    return render(request, "ui/error.html", context, status=422)


def contact_sheet(request: HttpRequest) -> HttpResponse:
    return render(request, "try/illustrations.html", {"names": request.GET.get("names", "").split(",")})


def broken(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"{status}.html", status=status)


entrance = (
    [
        path("acts", acts),
        path("help", plain, name="help"),
        path("privacy", plain, name="privacy"),
        path("accessibility", plain, name="accessibility"),
        path("status", plain, name="status"),
        path("", gallery, name="home"),
    ],
    "entrance",
)
accounts = ([path("sign-in", plain, name="sign-in"), path("sign-out", sign_out, name="sign-out")], "accounts")

urlpatterns = [
    path("", include(entrance)),
    path("", include(accounts)),
    path("", include("tirek.ui.urls")),
    path("", include(([path("notices", plain, name="inbox")], "notices"))),
    path("form", every_field, name="form"),
    path("step", step, name="step"),
    path("drafts/<uuid:draft>/fields", save_fields),
    path("check", check, name="check"),
    path("submit", submit),
    path("receipt", receipt, name="receipt"),
    path("session/state", session_state),
    path("session/keep", session_keep),
    path("plain", plain, name="plain"),
    path("confirm", confirm),
    path("refusal", refusal),
    path("illustrations", contact_sheet),
    path("broken/<int:status>", broken),
]


def register_menu() -> None:
    """A recipient's menu as it will be."""
    navigation.register(Desk.RECIPIENT, _("My programme"), "entrance:home", 10)
    navigation.register(Desk.RECIPIENT, _("My orders"), "form", 20, count=lambda _request: 2)
    navigation.register(Desk.RECIPIENT, _("My details"), "step", 30)
    navigation.register_unread_count(lambda _request: 3)
    navigation.register_role_line(lambda _request: navigation.RoleLine("You act for Aiym S.", "/plain", "Change"))
