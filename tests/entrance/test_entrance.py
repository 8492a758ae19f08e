"""The entrance: who acts, refusals as pages, failures that are kept, health, drafts and sessions over HTTP."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests import factories as make
from tests.kit.sign_in import registered, signed_in

from tirek.config import config
from tirek.core import clock, drafts
from tirek.core.drafts import Draft
from tirek.core.service.admission import AdmissionMiddleware
from tirek.core.service.failures import Failure
from tirek.organisations.models import Membership
from tirek.people.models import Person, Representation

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> make.Shop:
    with clock.at(make.MORNING):
        return make.Shop()


@pytest.mark.mission("S0.1", "S2.7", "S2.8")
def test_order__goes_through_at_the_first_attempt_without_scripts(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    offer = client.get(reverse("orders:offer", args=[shop.line.pk, shop.offer.pk]))
    assert offer.status_code == 200
    begun = client.post(reverse("orders:offer", args=[shop.line.pk, shop.offer.pk]), {"quantity": "30"})
    page = client.get(begun.url, follow=True)
    draft = Draft.objects.get()
    for _ in range(4):
        step = page.request["PATH_INFO"].rsplit("/", 1)[-1]
        if step == "check":
            break
        filled = {
            "size": {"waist_cm": "90"},
            "quantity": {"quantity": "30"},
            "delivery": {"address": "Абай 1, 2", "phone": "87011234567"},
        }[step]
        page = client.post(page.request["PATH_INFO"], filled, follow=True)
    assert page.request["PATH_INFO"].endswith("/check"), page.content.decode()[:500]
    done = client.post(reverse("orders:submit", args=[draft.pk]), make.as_shown(draft))
    assert done.url.startswith("/order/done/")
    assert shop.person.orders.count() == 1


def test_submit__without_consent_stays_on_the_page_and_says_so(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    with clock.at(make.MORNING):
        draft = shop.draft(30)
    refused = client.post(reverse("orders:submit", args=[draft.pk]), {})
    assert refused.status_code == 422
    assert "govuk-error-summary" in refused.content.decode()
    assert not shop.person.orders.exists()


@pytest.mark.mission("S0.6")
def test_representative__acts_for_the_child_and_loses_it_when_it_ends(shop: make.Shop) -> None:
    mother = make.person(place=shop.place)
    basis = Representation.objects.create(
        representative=mother,
        represented=shop.person,
        basis="guardian",
        document_number="1",
        since=clock.today() - timedelta(days=9),
    )
    client = registered(mother, language="")
    client.post(reverse("entrance:use-person"), {"person": str(shop.person.pk)})
    page = client.get(reverse("entitlements:recipient-programme"))
    assert shop.programme.number in page.content.decode()
    Representation.objects.filter(pk=basis.pk).update(until=clock.today() - timedelta(days=1))
    page = client.get(reverse("entitlements:recipient-programme"))
    assert shop.programme.number not in page.content.decode()


def test_representative__cannot_choose_a_stranger(shop: make.Shop) -> None:
    client = registered(make.person(), language="")
    assert client.post(reverse("entrance:use-person"), {"person": str(shop.person.pk)}).status_code == 403


def test_pages__of_another_person_are_not_found(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
    client = registered(make.person(), language="")
    for name, key in (
        ("orders:recipient-order", order.number),
        ("orders:receipt", order.number),
        ("entitlements:recipient-line", shop.line.pk),
        ("orders:offers", shop.line.pk),
    ):
        assert client.get(reverse(name, args=[key])).status_code == 404, name


def test_pages__of_another_desk_are_refused_and_without_sign_in_lead_there(shop: make.Shop) -> None:
    assert registered(shop.person, language="").get(reverse("desks:supplier-home")).status_code == 403
    away = Client().get(reverse("desks:recipient-home"))
    assert away.status_code == 302
    assert away.url.startswith("/sign-in/")


def test_officer__sees_only_the_territory(shop: make.Shop) -> None:
    with clock.at(make.MORNING):
        order = shop.order(10)
    here = make.member(make.organisation("local_body_district", shop.place), Membership.Role.OFFICER)
    there = make.member(make.organisation("local_body_district", make.district("311000000")), Membership.Role.OFFICER)
    assert (
        signed_in(here, language="", factor=False).get(reverse("orders:officer-order", args=[order.number])).status_code
        == 200
    )
    assert (
        signed_in(there, language="", factor=False)
        .get(reverse("orders:officer-order", args=[order.number]))
        .status_code
        == 404
    )


def test_role__that_has_ended_opens_no_desk(shop: make.Shop) -> None:
    member = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    client = signed_in(member, language="", factor=False)
    assert client.get(reverse("desks:supplier-home")).status_code == 200
    Membership.objects.filter(pk=member.pk).update(until=clock.today() - timedelta(days=1))
    assert client.get(reverse("desks:supplier-home")).status_code == 403


@pytest.mark.finding("J-minor-roles")
def test_roles__are_offered_only_to_those_who_can_switch(shop: make.Shop) -> None:
    member = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    client = signed_in(member, language="", factor=False)
    roles = f'href="{reverse("entrance:roles")}"'
    home = reverse("desks:supplier-home")
    assert roles not in client.get(home).content.decode()
    assert roles not in registered(shop.person, language="").get(reverse("desks:recipient-home")).content.decode()
    office = make.organisation("local_body_district", shop.place)
    Membership.objects.create(
        user=member.user, organisation=office, role=Membership.Role.OFFICER, since=clock.today() - timedelta(days=1)
    )
    assert client.get(reverse("entrance:roles")).status_code == 200
    # in the menu, and beside the role under the header
    assert client.get(home).content.decode().count(roles) == 2


def test_staff_member__who_has_not_chosen_the_role_yet_is_led_to_it(shop: make.Shop) -> None:
    """Right after the sign-in nobody works in a role: the first page that is opened beside it is no dead end."""
    member = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    client = signed_in(member.user, language="", factor=True)
    roles = f'href="{reverse("entrance:roles")}"'
    assert roles in client.get(reverse("desks:recipient-home"), follow=True).content.decode()
    assert client.post(reverse("entrance:use-role"), {"role": str(member.pk)}).status_code == 302
    assert roles not in client.get(reverse("desks:supplier-home")).content.decode()


@pytest.mark.finding("J-one-role")
def test_staff_member__with_one_role_is_asked_nothing(shop: make.Shop) -> None:
    member = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    client = signed_in(member.user, language="", factor=True)
    before, roles = client.session.session_key, reverse("entrance:roles")
    assert client.get(roles, follow=True).redirect_chain[-1][0] == reverse("desks:supplier-home")
    assert client.session.session_key != before
    # who looks at the own role later is not led away from the page
    assert client.get(roles).status_code == 200


@pytest.mark.finding("J-one-role")
@pytest.mark.parametrize("why", ["another role", "a person too", "no second step"])
def test_staff_member__who_has_a_choice_or_a_step_to_make_chooses(shop: make.Shop, settings: Any, why: str) -> None:
    settings.DEMO = False
    member = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    if why == "another role":
        office = make.organisation("local_body_district", shop.place)
        yesterday = clock.today() - timedelta(days=1)
        Membership.objects.create(user=member.user, organisation=office, role=Membership.Role.OFFICER, since=yesterday)
    if why == "a person too":
        Person.objects.filter(pk=shop.person.pk).update(user=member.user)
    client = signed_in(member.user, language="", factor=why != "no second step")
    assert client.get(reverse("entrance:roles")).status_code == 200
    assert "membership" not in client.session


def test_supplier__does_not_see_the_door_code(shop: make.Shop) -> None:
    from tirek.orders import actions, queries

    with clock.at(make.MORNING):
        order = actions.accept_order(actor=shop.supplier_actor, order=shop.order(10), ready_on=clock.today())
    code = queries.door_code_for(shop.actor, order)
    member = make.member(shop.supplier.organisation, Membership.Role.SUPPLIER_MANAGER)
    for name in ("orders:supplier-order",):
        assert (
            code
            not in signed_in(member, language="", factor=False).get(reverse(name, args=[order.number])).content.decode()
        )
    assert (
        code
        in registered(shop.person, language="")
        .get(reverse("orders:recipient-order", args=[order.number]))
        .content.decode()
    )


def _save(client: Client, key: object, **fields: dict[str, object]) -> tuple[int, dict[str, object]]:
    answer = client.post(
        reverse("draft-fields", args=[key]),
        json.dumps({"fields": fields}),
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    return answer.status_code, answer.json()


@pytest.mark.mission("S0.4")
def test_draft__is_saved_field_by_field_and_a_conflict_shows_both(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    draft = drafts.begin(shop.actor, form="order", form_version=1, subject_id=shop.person.pk)
    status, told = _save(client, draft.pk, address={"value": "А", "base": 0, "age_ms": 5})
    assert (status, told["fields"]) == (200, {"address": 1})
    _save(client, draft.pk, address={"value": "Б", "base": 1})
    status, told = _save(client, draft.pk, address={"value": "В", "base": 1})
    assert status == 409
    assert told["conflicts"] == {"address": {"kept": "В", "other": "Б", "version": 3}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"fields": 1}',
        b'{"fields": {"a": {}}}',
        b'{"fields": {"a": {"value": "x", "base": "y"}}}',
        b'{"fields": {"a": {"value": "x", "base": 0, "age_ms": "nan"}}}',
    ],
)
def test_draft__what_cannot_be_read_is_refused_in_words(shop: make.Shop, body: bytes) -> None:
    client = registered(shop.person, language="")
    draft = drafts.begin(shop.actor, form="order", form_version=1, subject_id=shop.person.pk)
    answer = client.post(
        reverse("draft-fields", args=[draft.pk]),
        body,
        content_type="application/json",
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422


def test_session__tells_its_state_and_is_kept_alive(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    state = client.get(reverse("session-state")).json()
    assert state["authenticated"] is True
    assert 0 < state["seconds_left"] <= 1800
    assert Client().get(reverse("session-state")).json()["authenticated"] is False
    assert client.post(reverse("session-keep")).json()["authenticated"] is True
    assert Client().post(reverse("session-keep")).status_code == 401


@pytest.mark.mission("S0.11")
def test_failure__that_a_person_meets_is_kept_with_step_and_user_group(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    client.get(reverse("desks:supplier-home"))
    failure = Failure.objects.get()
    assert (failure.step, failure.status, failure.code, failure.desk) == (
        "desks:supplier-home",
        403,
        "not_allowed",
        "recipient",
    )
    assert failure.milliseconds >= 0
    assert "iin" not in {field.name for field in Failure._meta.fields}


@pytest.mark.mission("S0.11")
def test_failure__that_nobody_expected_is_kept_with_the_class_of_the_error(
    shop: make.Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = registered(shop.person, language="")
    client.raise_request_exception = False

    def fail(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError(shop.person.iin)

    monkeypatch.setattr("tirek.core.case.registry.CaseType._one", fail)
    with clock.at(make.MORNING):
        assert client.get(reverse("orders:recipient-order", args=["ТС-1"])).status_code == 500
    kept = Failure.objects.values("at", "step", "method", "status", "code", "desk").get()
    assert kept == {
        "at": make.MORNING,
        "step": "orders:recipient-order",
        "method": "GET",
        "status": 500,
        "code": "ZeroDivisionError",
        "desk": "recipient",
    }


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Switches a crowd on and off, before which every read is asked to come back."""
    real = AdmissionMiddleware.__call__

    def switch(on: bool) -> None:
        def admit(self: AdmissionMiddleware, request: HttpRequest) -> HttpResponseBase:
            self._limit = 0 if on else config().reads_in_flight
            return real(self, request)

        monkeypatch.setattr(AdmissionMiddleware, "__call__", admit)

    return switch


@pytest.mark.mission("S0.2", "S0.11")
def test_reads_asked_to_come_back__are_kept_by_step_and_user_group_in_one_write_a_minute(
    shop: make.Shop, crowded: Callable[[bool], None]
) -> None:
    client = registered(shop.person, language="")
    order = reverse("orders:recipient-order", args=["ТС-1"])
    clerks = reverse("desks:officer-home")
    crowded(True)
    with clock.at(make.MORNING), CaptureQueriesContext(connection) as seen:
        statuses = [client.get(path).status_code for path in (order, order, order, clerks, "/900101300017")]
    assert statuses == [503] * 5
    assert len(seen) == 0
    crowded(False)
    with clock.at(make.MORNING + timedelta(seconds=59)):
        assert client.get(reverse("desks:recipient-home")).status_code == 200
        assert not Failure.objects.exists()
    with clock.at(make.MORNING + timedelta(seconds=60)):
        with CaptureQueriesContext(connection) as seen:
            assert [client.get("/session/state").status_code for _ in range(2)] == [200, 200]
        assert sum("INSERT INTO" in one["sql"] and "core_failure" in one["sql"] for one in seen) == 1
    kept = Failure.objects.values_list("at", "step", "method", "status", "code", "desk", "times")
    assert set(kept) == {
        (make.MORNING, "orders:recipient-order", "GET", 503, "asked_to_come_back", "recipient", 3),
        (make.MORNING, "desks:officer-home", "GET", 503, "asked_to_come_back", "officer", 1),
        (make.MORNING, "", "GET", 503, "asked_to_come_back", "", 1),
    }


def test_reads_asked_to_come_back__are_not_written_by_a_submission(
    shop: make.Shop, crowded: Callable[[bool], None]
) -> None:
    client = registered(shop.person, language="")
    with clock.at(make.MORNING):
        crowded(True)
        assert client.get(reverse("desks:recipient-home")).status_code == 503
        crowded(False)
    with clock.at(make.MORNING + timedelta(minutes=2)):
        client.post(reverse("session-keep"))
        assert not Failure.objects.exists()
        client.get(reverse("session-state"))
        assert Failure.objects.get().times == 1


def test_failure__an_ordinary_answer_to_a_form_is_none(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    with clock.at(make.MORNING):
        draft = shop.draft(30)
    client.post(reverse("orders:submit", args=[draft.pk]), {})
    client.get("/orders/nothing")
    assert not Failure.objects.exists()


def test_refusal__is_problem_json_for_a_script(shop: make.Shop) -> None:
    answer = registered(shop.person, language="").get(
        reverse("desks:supplier-home"), headers={"Accept": "application/json"}
    )
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_allowed"


def test_my_data__shows_who_looked_and_can_be_downloaded(shop: make.Shop) -> None:
    clerk = make.member(make.organisation("local_body_district", shop.place), Membership.Role.OFFICER)
    desk = signed_in(clerk, language="", factor=False)
    desk.post(reverse("desks:officer-find"), {"what": shop.person.iin})
    assert desk.get(reverse("desks:officer-person", args=[shop.person.pk])).status_code == 200
    client = registered(shop.person, language="")
    assert clerk.organisation.name_kk in client.get(reverse("entrance:my-data")).content.decode()
    export = client.get(reverse("entrance:export"))
    assert export.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(export.content)


def test_health__says_what_is_missing() -> None:
    answer = Client().get("/health")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "missing"


def test_pages__of_a_signed_in_person_are_not_stored_by_the_browser(shop: make.Shop) -> None:
    assert (
        registered(shop.person, language="").get(reverse("desks:recipient-home")).headers["Cache-Control"] == "no-store"
    )


def test_session__that_has_ended_is_nobodys(shop: make.Shop) -> None:
    client = registered(shop.person, language="")
    assert client.get(reverse("session-state")).json()["authenticated"] is True
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    assert client.get(reverse("session-state")).json()["authenticated"] is False
