"""Notices by post: who gets them, what stands in them, and what becomes of an envelope."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import open_page, read
from tests.kit.sign_in import for_years
from tests.kit.together import at_once
from tests.kit.world import World

from tirek.core import clock
from tirek.core.actors import Actor
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.personal.viewlog import View
from tirek.entitlements.models import OrderingTerm
from tirek.letters import actions, jobs, queries
from tirek.letters.models import ByPost, Envelope, Letter
from tirek.letters.paper_sheets import as_csv, index_of, letters, pages_of, words_of
from tirek.notices.actions import notify
from tirek.notices.models import ContactPoint, Notice
from tirek.orders import actions as ordering
from tirek.organisations.queries import local_body_of
from tirek.people.actions import NeedsEntered, add_representation, record_death, set_needs
from tirek.people.models import Person, Representation

pytestmark = pytest.mark.django_db
State, Reason = Envelope.State, Envelope.Reason


@pytest.fixture
def world() -> Iterator[World]:
    """A person without phone and e-mail, who needs large print and lives at an address."""
    with clock.at(make.MORNING):
        shop = World()
        without_contact(shop)
        needs = NeedsEntered(
            no_voice_calls=False, large_print=True, easy_read=False, sign_language=False, contact_language="ru"
        )
        set_needs(actor=shop.officer, person=shop.person, needs=needs)
        yield shop


def without_contact(world: World) -> None:
    """The person has an address, and no phone or e-mail on file."""
    Person.objects.filter(pk=world.person.pk).update(address="ул. Абая 1, кв. 2, 071400")
    ContactPoint.objects.filter(user_id=world.person.user_id).delete()
    Notice.objects.all().delete()


def tell(world: World, template: str = "demand.offer", **facts: object) -> None:
    """Tell the person something."""
    assert world.person.user_id is not None
    notify(user_ids=[world.person.user_id], template=template, context={"kind": "GI-01"} | facts, about=world.person.pk)


def gather() -> None:
    jobs.gather(timestamp=0)


def _clerk(world: World) -> Actor:
    make.came(world.officer, world.person)
    return world.officer


def _post_all(world: World, day: date) -> int:
    """Every print of a day goes to the post office; how many envelopes that are."""
    return sum(
        actions.mark_posted(actor=world.officer, day=day, batch=one.key, shown=one.shown)
        for one in queries.day_of(world.officer, day).batches
    )


def test_notices_of_a_day__go_in_one_envelope_and_none_twice(world: World) -> None:
    tell(world)
    tell(world)
    gather()
    gather()
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.language, envelope.is_large) == (State.QUEUED, "ru", True)
    assert (envelope.address, envelope.territory_code) == ("ул. Абая 1, кв. 2, 071400", world.place.code)
    assert Letter.objects.count() == 2
    tell(world)
    gather()
    assert (Envelope.objects.count(), Letter.objects.count()) == (1, 3), "until it is printed, the day's own joins it"
    actions.print_day(actor=world.officer, day=clock.today())
    tell(world)
    gather()
    assert Letter.objects.count() == 3, "nothing is put into what is printed"
    with clock.at(make.MORNING + timedelta(days=1)):
        gather()
        assert (Envelope.objects.count(), Letter.objects.count()) == (2, 4)


def test_who_has_a_phone__gets_letters_only_when_asked_for_and_from_then_on(world: World) -> None:
    ContactPoint.objects.create(user_id=world.person.user_id, channel="sms", address="+77010000001", language="ru")
    tell(world)
    gather()
    assert not Envelope.objects.exists()
    page = reverse("letters:by-post", args=[world.person.pk])
    client = for_years(_clerk(world))
    with clock.at(make.MORNING + timedelta(minutes=30)):
        assert client.post(page, {"wanted": "yes"}).status_code == 302
    with clock.at(make.MORNING + timedelta(hours=1)):
        tell(world)
        gather()
        assert Letter.objects.count() == 1
    file = open_page(client, reverse("desks:officer-person", args=[world.person.pk])).main
    assert "The recipient wants each notice by post" in file
    client.post(page, {"wanted": "no"})
    assert not ByPost.objects.exists()
    with pytest.raises(NotAllowed):
        actions.set_by_post(actor=make.officer(make.district("751010000")), person=world.person, wanted=True)


def test_the_dead_and_staff__get_no_letters(world: World) -> None:
    tell(world)
    notify(user_ids=[world.person.user_id], template="demand.offer", context={"kind": "GI-01"})
    record_death(actor=world.officer, person=world.person, deceased_on=clock.today())
    gather()
    assert not Envelope.objects.exists()


def test_letter__has_the_address_in_the_window_large_print_and_no_code(world: World) -> None:
    tell(world)
    tell(world, "order.on_the_way", number="ТС-2026-0000001")
    gather()
    found = list(Envelope.objects.select_related("person"))
    first, second = pages_of(found)
    assert (first["name"], first["address"]) == (world.person.full_name, "ул. Абая 1, кв. 2, 071400")
    assert (first["is_first"], second["is_first"], first["size"], first["language"]) == (True, False, 18, "ru")
    assert "1414" in first["help"]
    content = letters(found)
    assert content.startswith(b"%PDF")
    assert b"StructTreeRoot" in content or b"ObjStm" in content


def test_codes__never_stand_in_a_letter(world: World) -> None:
    tell(world, "order.on_the_way", number="ТС-2026-0000001", code="482913")
    with translation.override("en"):
        ((_title, body),) = words_of(list(Notice.objects.all()))
    assert "not sent by post" in body
    assert "482913" not in body


def test_office__prints_posts_and_hears_what_came_back(world: World) -> None:
    tell(world)
    gather()
    client, today = for_years(_clerk(world)), clock.today()
    page = open_page(client, reverse("letters:day")).main
    assert world.person.full_name in page
    assert "Print the letters (PDF)" in page
    sent = {"day": today.isoformat()}
    answer = client.post(reverse("letters:print"), sent)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert View.objects.filter(subject_id=world.person.pk, basis=View.Basis.TASK).exists()
    nothing = read(client.post(reverse("letters:print"), sent))
    assert (nothing.status, "nothing to print" in nothing.text) == (422, True)
    (batch,) = queries.day_of(world.officer, today).batches
    sent |= {"batch": str(batch.key)}
    again = client.post(reverse("letters:print"), sent)
    assert again.status_code == 200, "printed again, when the printer has failed"
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("letters:envelopes")).content.decode("utf-8-sig"))))
    address = "ул. Абая 1, кв. 2, 071400"
    assert rows == [{"name": world.person.full_name, "address": address, "index": "071400", "pages": "1"}]
    for typed in ("", "1", "1" * 5_000, queries.shown_as([])):
        wrong = read(client.post(reverse("letters:posted"), sent | {"shown": typed}))
        assert (wrong.status, "Other envelopes are printed now" in wrong.text) == (422, True)
    assert client.post(reverse("letters:posted"), sent | {"batch": "x"}).status_code == 404
    page = open_page(client, reverse("letters:day")).main
    assert "1 envelope, printed" in page
    assert "They were posted" in page
    assert client.post(reverse("letters:posted"), sent | {"shown": batch.shown}).status_code == 302
    late = read(client.post(reverse("letters:print"), sent))
    assert (late.status, "posted already" in late.text) == (422, True)
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.posted_on, envelope.posted_by) == (State.POSTED, today, world.officer.account)
    back = reverse("letters:returned", args=[envelope.pk])
    assert read(client.post(back, {})).status == 422
    assert client.post(back, {"reason": "moved"}).status_code == 302
    assert "reach the person in another way" in open_page(client, reverse("desks:officer-home")).main
    assert "the person has moved" in open_page(client, reverse("letters:day")).main
    assert client.post(reverse("letters:settle", args=[envelope.pk])).status_code == 302
    assert not queries.came_back(world.officer).exists()


def _queued(world: World, count: int) -> None:
    for n in range(count):
        person = make.person(place=world.place, phone=f"+7702{n:07d}")
        Envelope.objects.create(
            person=person, day=clock.today(), territory_code=world.place.code, address="Абай 1", language="kk"
        )


def test_each_print__is_printed_again_and_posted_by_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PER_PRINT", 2)
    _queued(world, 5)
    officer, today = world.officer, clock.today()
    prints = [[one.pk for one in actions.print_day(actor=officer, day=today)] for _turn in range(3)]
    assert [len(one) for one in prints] == [2, 2, 1]
    batches = queries.day_of(officer, today).batches
    assert [one.count for one in batches] == [2, 2, 1]
    for batch, keys in zip(batches, prints, strict=True):
        again = actions.print_again(actor=officer, day=today, batch=batch.key)
        assert [one.pk for one in again] == keys
    assert actions.mark_posted(actor=officer, day=today, batch=batches[1].key, shown=batches[1].shown) == 2
    posted = set(Envelope.objects.filter(state=State.POSTED).values_list("pk", flat=True))
    assert posted == set(prints[1])
    assert [one.key for one in queries.day_of(officer, today).batches] == [batches[0].key, batches[2].key]
    with pytest.raises(RuleBroken):
        actions.print_again(actor=officer, day=today, batch=batches[1].key)


def test_print_of_a_colleague__is_not_posted_by_an_old_page(world: World) -> None:
    _queued(world, 2)
    officer, today = world.officer, clock.today()
    actions.print_day(actor=officer, day=today)
    (old,) = queries.day_of(officer, today).batches
    Envelope.objects.filter(pk=Envelope.objects.order_by("pk").values("pk")[:1]).update(state=State.POSTED)
    other = make.person(place=world.place, phone="+77030000001")
    Envelope.objects.create(
        person=other,
        day=today,
        territory_code=world.place.code,
        language="kk",
        state=State.PRINTED,
        printed_in=old.key,
        printed_at=clock.now(),
    )
    with pytest.raises(RuleBroken) as refused:
        actions.mark_posted(actor=officer, day=today, batch=old.key, shown=old.shown)
    assert refused.value.code == "changed", "as many, but other ones"
    (now,) = queries.day_of(officer, today).batches
    assert now.count == old.count
    assert actions.mark_posted(actor=officer, day=today, batch=old.key, shown=now.shown) == 2
    stranger = make.officer(make.district("751010000"))
    with pytest.raises(RuleBroken):
        actions.mark_posted(actor=stranger, day=today, batch=old.key, shown=now.shown)


def test_list_of_envelopes__is_one_look_at_each_person(world: World) -> None:
    _queued(world, 3)
    client = for_years(_clerk(world))
    before = View.objects.count()
    for _turn in range(2):
        assert client.get(reverse("letters:envelopes")).status_code == 200
    assert View.objects.count() - before == 3
    seen = View.objects.filter(subject_id__in=Envelope.objects.values("person_id"))
    assert seen.filter(user_id=world.officer.user_id, basis=View.Basis.TASK).count() == 3


def test_term_that_begins_by_a_notice__counts_from_when_the_letter_counts_as_received() -> None:
    with clock.at(make.MORNING):
        world = World()
        without_contact(world)
        person = world.person
        programme = make.programme(person, make.kind("GI-02"))
        term = OrderingTerm.objects.get(line__programme=programme)
        before = term.order_by
        assert before == date(2027, 1, 11), "a working day"
        gather()
    with clock.at(make.MORNING + timedelta(days=2)):
        actions.print_day(actor=world.officer, day=make.MORNING.date())
        _post_all(world, make.MORNING.date())
        term.refresh_from_db()
        assert term.started_on == date(2026, 11, 16), "posted on the 11th, five days on the way"
        assert term.order_by == date(2027, 1, 18)
        assert OrderingTerm.objects.exclude(pk=term.pk).get().order_by == before, "another notice"


def test_child__whose_parent_is_told_gets_no_letter_of_its_own(world: World) -> None:
    Person.objects.filter(pk=world.person.pk).update(birth_date=date(2019, 6, 10))
    world.person.refresh_from_db()
    mother = make.person(place=world.place, phone="+77059998877")
    add_representation(
        actor=world.officer,
        representative=mother,
        represented=world.person,
        basis=Representation.Basis.PARENT,
        document_number="АА 1",
        since=date(2020, 1, 1),
    )
    tell(world)
    gather()
    assert not Envelope.objects.exists()


def test_no_address__is_a_task_at_once_and_the_notices_are_kept(world: World) -> None:
    Person.objects.filter(pk=world.person.pk).update(address="")
    tell(world)
    gather()
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.reason) == (State.RETURNED, Reason.NO_ADDRESS)
    assert list(queries.came_back(world.officer)) == [envelope]
    with pytest.raises(RuleBroken):
        actions.print_day(actor=world.officer, day=clock.today())


def test_other_places__see_nothing(world: World) -> None:
    tell(world)
    gather()
    stranger = make.officer(make.district("751010000"))
    region = make.officer(make.district(f"{world.place.code[:2]}0000000"))
    assert queries.envelopes_of(region, clock.today()).count() == 1
    assert not queries.envelopes_of(stranger, clock.today()).exists()
    with pytest.raises(NotFound):
        queries.envelope_for(stranger, Envelope.objects.get().pk)
    with pytest.raises(RuleBroken):
        actions.print_day(actor=stranger, day=clock.today())
    with pytest.raises(NotAllowed):
        queries.of_office(world.actor)


def test_list_of_envelopes__works_nothing_out_and_finds_the_index() -> None:
    person = Person(surname="=1+1", given_name="А")
    one = Envelope(person=person, address="-2", language="kk")
    assert as_csv([one]).splitlines()[1] == '"\'=1+1 А","\'-2","","0"'
    assert index_of("Семей қ., 071400, Абай 1") == "071400"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once__make_one_envelope_and_no_letter_twice() -> None:
    with clock.at(make.MORNING):
        world = World()
        without_contact(world)
        tell(world)
        tell(world)
    results = at_once(lambda: actions.gather(world.person), lambda: actions.gather(world.person))
    assert not [one for one in results if isinstance(one, Exception)], results
    assert (Envelope.objects.count(), Letter.objects.count()) == (1, 2)


def test_letter__asks_the_question_itself_and_says_from_whom_it_comes(world: World) -> None:
    order = world.order()
    Notice.objects.all().delete()
    asked = ordering.ask_question(actor=world.supplier_actor, order=order, field="comment", words="Which gate?")
    with translation.override("en"):
        ((title, body),) = words_of(list(Notice.objects.filter(user_id=world.person.user_id)))
    assert title[0].isupper()
    assert "The question: “Which gate?”. Answer in a letter to your department, or come." in body
    gather()
    first, *_others = pages_of(list(Envelope.objects.select_related("person")))
    local = local_body_of(world.place.code)
    assert local is not None
    assert first["sender"].split("\n")[1] == local.name_ru
    ordering.answer_question(actor=world.actor, order=asked, given={"comment": "The green one"})
    with translation.override("en"):
        told = words_of(list(Notice.objects.filter(user_id=world.person.user_id, template="order.question")))
    assert "Which gate?" not in told[0][1], "what is answered is asked no more"


def test_letters__are_shown_of_the_day_that_is_typed_in_three_boxes(world: World) -> None:
    client, address = world.client(world.officer), reverse("letters:day")
    page = open_page(client, f"{address}?day_day=3&day_month=11&day_year=2026")
    assert (page.status, "3 November 2026" in page.main.replace("\u00a0", " ")) == (200, True)
    assert 'name="day_month"' in page.html
    wrong = read(client.get(f"{address}?day_day=31&day_month=2&day_year=2026"))
    assert (wrong.status, len(wrong.errors)) == (422, 1)
    assert "3 November 2026" in open_page(client, f"{address}?day=2026-11-03").main.replace("\u00a0", " ")
