"""An organisation from the first word to its desk: the verbs of an application, and what each refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.suppliers import joining

from tirek.core import clock, drafts, reference
from tirek.core.actors import Actor
from tirek.core.case.workflow import sweep
from tirek.core.errors import NotAllowed, NotFound, RuleBroken, StaleState
from tirek.files.rules import Unsuitable
from tirek.notices.models import Notice
from tirek.organisations.models import Membership, Organisation
from tirek.suppliers import checks
from tirek.suppliers.actions import remove_supplier
from tirek.suppliers.actions.registrations import (
    accept_offer,
    amend_registration,
    begin_registration,
    conclude,
    examine,
    give_back,
    pass_on,
    provide_document,
    refuse_registration,
    reject_registration,
    send_again,
    send_registration,
    withdraw_registration,
)
from tirek.suppliers.case_types import REGISTRATIONS
from tirek.suppliers.models import (
    Agreement,
    Check,
    PublicOffer,
    RegisterEvent,
    Registration,
    Requirement,
    Supplier,
)
from tirek.suppliers.queries import may_take_orders

pytestmark = pytest.mark.django_db
State, What = Registration.State, RegisterEvent.What


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.at(make.MORNING), translation.override("en"):
        yield


@pytest.fixture
def who() -> Actor:
    return joining.somebody()[1]


def told(who: Actor) -> list[str]:
    return list(
        Notice.objects.filter(user_id=who.account).order_by("created_at", "pk").values_list("template", flat=True)
    )


@contextmanager
def refuses(words: str) -> Iterator[None]:
    """What is inside is refused by a rule that says so."""
    with pytest.raises(RuleBroken) as refused:
        yield
    assert words in str(refused.value.message)


@pytest.mark.mission("S2.2")
def test_application__leads_into_the_register_and_to_the_suppliers_desk(who: Actor) -> None:
    clerk = joining.region()
    case = joining.begun(who)
    assert (case.state, case.territory_code) == (State.PREPARING, "")
    assert [one.requirement.pk for one in checks.missing(checks.items_of(case))] == ["authority"]
    with pytest.raises(NotFound):
        REGISTRATIONS.find(clerk, case.number)
    case = send_registration(actor=who, registration=joining.provided(who, case))
    assert REGISTRATIONS.find(clerk, case.number) == case
    case = pass_on(actor=clerk, registration=joining.found(case, clerk))
    case = conclude(actor=clerk, registration=case, conclusion_number="12", conclusion_on=clock.today())
    assert not Supplier.objects.exists()
    case = accept_offer(actor=who, registration=case, signature_id=joining.signature(who, case).pk)
    entry = Supplier.objects.select_related("organisation").get()
    assert (entry.organisation.bin, entry.conclusion_number, entry.supplies) == (case.bin, "12", ["goods"])
    assert entry.organisation.name_en == "ТОО «Тирек Мед»"
    assert may_take_orders(entry, clock.today())
    membership = Membership.objects.get(organisation=entry.organisation)
    assert (membership.user_id, membership.role) == (who.user_id, Membership.Role.SUPPLIER_MANAGER)
    assert Agreement.objects.get(supplier=entry).offer.version == "1"
    assert list(entry.events.order_by("at", "pk").values_list("what", flat=True)) == [What.ENTERED, What.ACCEPTED]
    held = {one.requirement_id: one for one in Check.objects.filter(supplier=entry, replaced_at=None)}
    assert set(held) == {"authority", "debts", "bankruptcy", "procurement", "welfare_fund"}
    assert held["procurement"].due_on == clock.today() + timedelta(days=7)
    assert held["debts"].due_on == date(2027, 11, 9)
    assert held["authority"].due_on is None
    assert told(who) == ["registration.passed_on", "registration.concluded", "registration.registered"]


def test_owner_without_an_account_name__is_named_on_the_page_of_the_organisation() -> None:
    person, who = joining.somebody()
    entry = joining.joined(who)
    admin = signed_in(make.member(make.organisation("centre"), "admin"))
    page = open_page(admin, f"/manage/organisations/{entry.organisation_id}")
    (owner,) = (one.text for one in page.links if one.address == f"/manage/users/{who.user_id}")
    assert owner == f"{person.full_name} ТОО «Тирек Мед», {entry.organisation.bin}"


def test_individual__applies_by_the_iin_that_nobody_types(who: Actor) -> None:
    entry = joining.joined(who, who="individual", bin="")
    case = Registration.objects.get()
    assert entry.is_individual
    assert case.bin == case.applicant.iin == entry.organisation.bin
    assert "authority" not in {one.requirement.pk for one in checks.items_of(case)}
    assert case.bin not in case.number_shown


@pytest.mark.parametrize(
    ("supplies", "asked"),
    [
        ("sign_language", {"authority", "qualification"}),
        ("special_services\nsign_language", {"authority", "licence", "qualification"}),
        ("assistant", {"authority"}),
    ],
)
def test_documents__are_asked_by_what_is_supplied(who: Actor, supplies: str, asked: set[str]) -> None:
    items = checks.items_of(joining.begun(who, supplies=supplies))
    assert {one.requirement.pk for one in items if one.is_document} == asked
    registers = {one.requirement.pk for one in items if one.requirement.asked == "register"}
    assert registers == (set() if supplies == "assistant" else {"debts", "bankruptcy", "procurement", "welfare_fund"})


def test_form__sent_twice_gives_one_application(who: Actor) -> None:
    draft = joining.draft(who)
    first, second = (begin_registration(actor=who, draft_key=draft.pk) for _press in range(2))
    assert first == second
    assert Registration.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"bin": "210140000001"}, "bin"),
        ({"bin": "12"}, "bin"),
        ({"who": ""}, "who"),
        ({"name_ru": " "}, "names"),
        ({"place_code": "999999999"}, "place"),
        ({"contact_phone": "7"}, "place"),
        ({"supplies": ""}, "supplies"),
        ({"supplies": "weapons"}, "supplies"),
    ],
)
def test_form__with_something_wrong_is_refused_at_its_step(who: Actor, changes: dict[str, str], step: str) -> None:
    number = changes.pop("bin", "")
    with pytest.raises(RuleBroken) as refused:
        joining.begun(who, number, **changes)
    assert refused.value.code == f"incomplete_{step}"
    assert not Registration.objects.exists()


def test_draft_of_somebody_else__is_not_sent(who: Actor) -> None:
    draft = joining.draft(who)
    with pytest.raises(drafts.DraftLost):
        begin_registration(actor=joining.somebody()[1], draft_key=draft.pk)


def test_who_acts_for_another__does_not_apply(who: Actor) -> None:
    draft = joining.draft(who)
    with pytest.raises(NotAllowed):
        begin_registration(actor=who.behalf(make.person().pk), draft_key=draft.pk)


def test_minor__does_not_apply() -> None:
    child = make.person(born=date(2012, 1, 1))
    with pytest.raises(RuleBroken) as refused:
        joining.begun(make.recipient_of(child))
    assert refused.value.code == "minor"


def test_organisation_in_the_register__is_told_so(who: Actor) -> None:
    number = joining.a_bin()
    joining.joined(who, number)
    with pytest.raises(RuleBroken) as refused:
        joining.begun(joining.somebody()[1], number)
    assert refused.value.code == "bin"
    assert "in the register" in str(refused.value.message)
    assert "role" in str(refused.value.next_step)


def test_body_of_the_state__is_no_supplier(who: Actor) -> None:
    body, number = make.organisation("ministry"), joining.a_bin()
    Organisation.objects.filter(pk=body.pk).update(bin=number)
    with refuses("body of the state"):
        joining.begun(who, number)


def test_organisation_where_others_work__is_not_taken_over(who: Actor) -> None:
    known, number = make.organisation(), joining.a_bin()
    Organisation.objects.filter(pk=known.pk).update(bin=number)
    colleague = make.member(known, Membership.Role.SUPPLIER_MANAGER)
    with refuses("Other people work"):
        joining.begun(who, number)
    Membership.objects.filter(pk=colleague.pk).update(user=who.account)
    entry = joining.joined(who, number)
    assert entry.organisation_id == known.pk
    assert Membership.objects.filter(organisation=known).count() == 1


def test_one_bin__has_one_open_application(who: Actor) -> None:
    number, other = joining.a_bin(), joining.somebody()[1]
    late = joining.provided(other, joining.begun(other, number))
    case = joining.sent(who, number)
    with refuses("open already"):
        send_registration(actor=other, registration=late)
    with refuses("open already"):
        joining.begun(joining.somebody()[1], number)
    withdraw_registration(actor=who, registration=case)
    assert send_registration(actor=other, registration=late).state == State.CHECKING


def test_application__is_not_sent_without_its_documents(who: Actor) -> None:
    case = joining.begun(who)
    with pytest.raises(RuleBroken) as refused:
        send_registration(actor=who, registration=case)
    assert refused.value.code == "missing_document"
    joining.provided(who, case, until=clock.today() + timedelta(days=2))
    with clock.at(make.MORNING + timedelta(days=3)), refuses("has expired"):
        send_registration(actor=who, registration=case)


@pytest.mark.parametrize(
    ("until", "issued"),
    [(date(2026, 11, 8), date(2026, 1, 1)), (date(2026, 11, 20), date(2026, 11, 21))],
)
def test_document__whose_days_do_not_agree_is_refused(who: Actor, until: date, issued: date) -> None:
    case = joining.begun(who)
    given = joining.paper(until) | {"issued_on": issued}
    with pytest.raises(RuleBroken) as refused:
        provide_document(actor=who, registration=case, requirement="authority", **given)
    assert refused.value.code == "valid_until"


def test_document__that_nobody_asks_or_that_is_no_file_is_refused(who: Actor) -> None:
    case = joining.begun(who)
    for code in ("licence", "debts", "nothing"):
        with pytest.raises(NotFound):
            provide_document(actor=who, registration=case, requirement=code, **joining.paper())
    hostile = joining.upload("evil.pdf")
    hostile.file.seek(0)
    hostile.file.write(b"MZ\x90" * 20)
    hostile.file.seek(0)
    with pytest.raises(Unsuitable):
        provide_document(actor=who, registration=case, requirement="authority", **(joining.paper() | {"file": hostile}))
    assert not Check.objects.exists()


def test_returned__opens_only_what_was_not_in_order(who: Actor) -> None:
    clerk = joining.region()
    case = joining.returned(
        who,
        {"licence": "The licence is of another firm.", "debts": "A debt of 200 tenge."},
        supplies="special_services",
    )
    assert told(who)[-1] == "registration.returned"
    with refuses("was in order"):
        provide_document(actor=who, registration=case, requirement="authority", **joining.paper())
    given = joining.answers()
    with refuses("were in order"):
        amend_registration(actor=who, registration=case, given=given)
    with pytest.raises(RuleBroken) as refused:
        send_again(actor=who, registration=case)
    assert refused.value.code == "missing_document"
    case = provide_document(actor=who, registration=case, requirement="licence", **joining.paper())
    case = send_again(actor=who, registration=case)
    items = {one.requirement.pk: one for one in checks.items_of(case)}
    assert items["authority"].is_in_order
    assert items["debts"].check is None, "the register is asked anew"
    assert items["licence"].check is not None
    assert items["licence"].check.finding == ""
    assert Check.objects.filter(registration=case, requirement="licence").count() == 2
    with pytest.raises(RuleBroken):
        pass_on(actor=clerk, registration=case)
    assert pass_on(actor=clerk, registration=joining.found(case, clerk)).state == State.COMMISSION


def test_data__that_were_wrong_are_corrected(who: Actor) -> None:
    clerk, case = joining.region(), joining.sent(who)
    case = examine(actor=clerk, registration=case, requirement="data", finding="not", words="The name is shorter.")
    case = give_back(actor=clerk, registration=case, reason="See the certificate")
    with pytest.raises(RuleBroken) as refused:
        send_again(actor=who, registration=case)
    assert refused.value.code == "missing_data"
    given = joining.answers(name_ru="ТОО «Мед»") | {"supplies": ["goods"]}
    case = amend_registration(actor=who, registration=case, given=given)
    case = send_again(actor=who, registration=case)
    assert (case.name_ru, case.data_remark, case.reason, case.state) == ("ТОО «Мед»", "", "", State.CHECKING)


def test_finding__needs_its_words_its_day_and_its_document(who: Actor) -> None:
    clerk, case = joining.region(), joining.sent(who, supplies="special_services")
    for code, given, said in (
        ("debts", {"finding": "in_order"}, "answered_on"),
        ("debts", {"finding": "in_order", "answered_on": clock.today() + timedelta(days=1)}, "answered_on"),
        ("debts", {"finding": "in_order", "answered_on": date(2019, 2, 1)}, "answered_on"),
        ("debts", {"finding": "not", "answered_on": clock.today(), "words": "  "}, "words"),
        ("licence", {"finding": "perhaps"}, "finding"),
        ("data", {"finding": "not"}, "words"),
    ):
        with pytest.raises(RuleBroken) as refused:
            examine(actor=clerk, registration=case, requirement=code, **given)
        assert refused.value.code == said
    with pytest.raises(NotFound):
        examine(actor=clerk, registration=case, requirement="conformity", finding="in_order")


def test_earliest_answer__has_a_term_in_force_for_every_register() -> None:
    terms = {one.term_key for one in Requirement.objects.filter(renewed=Requirement.Renewed.TERM)}
    assert terms
    for key in terms:
        assert reference.term(key, at=checks.earliest_answer()).amount > 0


def test_conclusion__needs_its_number_and_a_day_and_everything_in_order(who: Actor) -> None:
    clerk, case = joining.region(), joining.before_commission(who)
    for number, day, said in (
        (" ", clock.today(), "conclusion_number"),
        ("1", clock.today() - timedelta(days=1), "conclusion_on"),
        ("1", clock.today() + timedelta(days=1), "conclusion_on"),
    ):
        with pytest.raises(RuleBroken) as refused:
            conclude(actor=clerk, registration=case, conclusion_number=number, conclusion_on=day)
        assert refused.value.code == said
    with pytest.raises(RuleBroken) as unsaid:
        refuse_registration(
            actor=clerk, registration=case, conclusion_number="1", conclusion_on=clock.today(), reason=" "
        )
    assert unsaid.value.code == "reason"
    case = examine(
        actor=clerk, registration=case, requirement="debts", finding="not", words="A debt", answered_on=clock.today()
    )
    with pytest.raises(RuleBroken) as wrong:
        conclude(actor=clerk, registration=case, conclusion_number="1", conclusion_on=clock.today())
    assert wrong.value.code == "not_in_order"
    case = refuse_registration(
        actor=clerk, registration=case, conclusion_number="1", conclusion_on=clock.today(), reason="Debts"
    )
    assert (case.state, told(who)[-1]) == (State.REFUSED, "registration.refused")
    assert joining.begun(who, case.bin).state == State.PREPARING


def test_nothing_wrong__is_not_returned(who: Actor) -> None:
    clerk = joining.region()
    with pytest.raises(RuleBroken) as refused:
        give_back(actor=clerk, registration=joining.found(joining.sent(who), clerk), reason="Just so")
    assert refused.value.code == "nothing_wrong"


def test_offices_of_elsewhere__and_other_applicants_see_and_decide_nothing(who: Actor) -> None:
    case = joining.sent(who)
    abroad, district, other = make.officer(make.district("310000000")), make.officer(), joining.somebody()[1]
    for actor in (abroad, other):
        with pytest.raises(NotFound):
            REGISTRATIONS.find(actor, case.number)
    assert REGISTRATIONS.find(district, case.number) == case
    for actor in (abroad, district, other, who):
        with pytest.raises(NotAllowed):
            pass_on(actor=actor, registration=case)
    with pytest.raises(NotAllowed):
        withdraw_registration(actor=other, registration=case)


def test_silence_of_the_office__is_told_and_admits_nobody(who: Actor) -> None:
    clerk, case = joining.region(), joining.sent(who)
    with clock.at(make.MORNING + timedelta(days=30)):
        sweep()
        case.refresh_from_db()
        assert case.state == State.CHECKING
        assert case.due_at is not None
        assert case.due_at < clock.now()
    case = pass_on(actor=clerk, registration=joining.found(case, clerk))
    with clock.at(make.MORNING + timedelta(days=60)):
        sweep()
        case.refresh_from_db()
        assert case.state == State.COMMISSION
    templates = Notice.objects.filter(template="registration.late").values_list("case_id", flat=True)
    assert set(templates) == {case.pk}


@pytest.mark.parametrize("make_case", [joining.begun, joining.returned, joining.concluded])
def test_applicant_who_does_nothing__lets_it_lapse(who: Actor, make_case: object) -> None:
    assert callable(make_case)
    case = make_case(who)
    with clock.at(make.MORNING + timedelta(days=300)):
        sweep()
        case.refresh_from_db()
        assert (case.state, told(who)[-1]) == (State.LAPSED, "registration.lapsed")
        assert not Supplier.objects.exists()
        with pytest.raises(StaleState):
            withdraw_registration(actor=who, registration=case)


def test_signature__under_another_offer_or_of_another_case_does_not_count(who: Actor) -> None:
    case, other = joining.concluded(who), joining.concluded(joining.somebody()[1])
    foreign = joining.signature(who, other)
    with pytest.raises(RuleBroken):
        accept_offer(actor=who, registration=case, signature_id=foreign.pk)
    given = joining.signature(who, case)
    PublicOffer.objects.create(
        version="2",
        effective_from=clock.today(),
        text_kk="Жаңа",
        text_ru="Новый",
        text_en="New",
        citation="test",
        status="demo",
    )
    with pytest.raises(RuleBroken) as refused:
        accept_offer(actor=who, registration=case, signature_id=given.pk)
    assert refused.value.code == "offer_changed"
    done = accept_offer(actor=who, registration=case, signature_id=joining.signature(who, case).pk)
    assert done.state == State.REGISTERED


def test_return_after_a_removal_by_the_commission__waits_a_year(who: Actor) -> None:
    number = joining.a_bin()
    entry = joining.joined(who, number)
    removed = remove_supplier(actor=joining.region(), supplier=entry, ground="commission", basis="№ 5")
    assert removed.may_return_on == date(2027, 11, 9)
    with refuses("may apply again from 9\u00a0November\u00a02027"):
        joining.begun(who, number)
    with clock.at(make.MORNING + timedelta(days=366)):
        back = joining.joined(who, number)
        assert back.pk == entry.pk
        assert (back.removed_on, back.removal_ground, back.registered_on) == (None, "", clock.today())
        assert may_take_orders(back, clock.today())
        assert Check.objects.filter(supplier=back, replaced_at=None).count() == 5
        assert back.events.filter(what=What.RETURNED).exists()


def test_commission__concludes_on_nothing_that_has_ended_meanwhile(who: Actor) -> None:
    clerk = joining.region()
    case = joining.provided(who, joining.begun(who), until=clock.today() + timedelta(days=2))
    case = joining.found(send_registration(actor=who, registration=case), clerk)
    with clock.at(make.MORNING + timedelta(days=3)), refuses("Not found in order yet"):
        pass_on(actor=clerk, registration=case)
    # what a register said must be asked again after its term, before the commission concludes
    other = joining.before_commission(joining.somebody()[1])
    with clock.at(make.MORNING + timedelta(days=8)):
        with refuses("Not found in order yet"):
            conclude(actor=clerk, registration=other, conclusion_number="12", conclusion_on=clock.today())
        other = joining.found(other, clerk)
        done = conclude(actor=clerk, registration=other, conclusion_number="12", conclusion_on=clock.today())
    assert done.state == State.ACCEPTING


def test_false_application__is_ended_by_the_office_and_the_organisation_itself_can_apply(who: Actor) -> None:
    number = joining.a_bin()
    false = joining.sent(who, number)
    clerk = joining.region()
    with refuses("Choose a ground"):
        reject_registration(actor=clerk, registration=false, ground="other", reason="x")
    with refuses("Say why"):
        reject_registration(actor=clerk, registration=false, ground="not_theirs", reason=" ")
    false = reject_registration(
        actor=clerk, registration=false, ground="not_theirs", reason="The director has never heard of it."
    )
    assert (false.state, told(who)[-1]) == (State.REFUSED, "registration.rejected")
    assert false.conclusion_number == ""
    owner = joining.somebody()[1]
    assert joining.sent(owner, number).state == State.CHECKING
    # before the commission its conclusion alone refuses
    other = joining.before_commission(joining.somebody()[1])
    with pytest.raises(StaleState):
        reject_registration(actor=clerk, registration=other, ground="not_theirs", reason="x")
