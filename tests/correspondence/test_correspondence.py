"""The written way: messages about a case or with the department, read only by those they are for."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests import pdfs
from tests.kit.pages import open_page
from tests.kit.together import FREE, at_once, meeting
from tests.kit.world import World

from tirek.catalogue.models import Kind
from tirek.core import clock
from tirek.core.acting import OtherPerson
from tirek.core.actors import Desk
from tirek.core.case import registry
from tirek.core.errors import NotAllowed, NotFound, RuleBroken, TooMany
from tirek.core.keys import uuid7
from tirek.core.personal import export, retention, viewlog
from tirek.core.personal.export import Subject
from tirek.correspondence import actions, queries
from tirek.correspondence.models import Message, Reading
from tirek.correspondence.talks import NO_OFFER, PERSON, talk
from tirek.correspondence.views.threads import PER_THREAD
from tirek.files import actions as files
from tirek.files.jobs import sweep
from tirek.files.models import StoredFile
from tirek.files.queries import file_for
from tirek.files.rules import Unsuitable
from tirek.files.storage import PrivateStorage
from tirek.notices.models import Notice
from tirek.orders.case_types import ORDERS
from tirek.orders.models import Order
from tirek.people.actions import NeedsEntered, set_needs
from tirek.people.models import Person, Representation
from tirek.suppliers.models import Supplier

pytestmark = pytest.mark.django_db
ORDER = "order"


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(make.MORNING):
        found = World()
        assert found.placed
        yield found


def write(
    world: World, *, by: str = "actor", to: tuple[str, ...] = ("supplier",), text: str = "Where is it?"
) -> Message:
    return actions.write(actor=getattr(world, by), talk=talk(ORDER), key=world.placed.pk, text=text, readers=list(to))


def seen(world: World, who: str) -> list[str]:
    return [one.text for one in queries.thread(getattr(world, who), talk(ORDER), world.placed.pk)]


def address(world: World) -> str:
    return reverse("correspondence:thread", args=[ORDER, world.placed.pk])


@pytest.mark.finding("J-B2")
def test_message__is_read_by_those_it_is_for_alone(world: World) -> None:
    write(world, to=("supplier",), text="to the supplier")
    write(world, to=("officer",), text="to the office")
    write(world, by="supplier_actor", to=("recipient",), text="from the supplier")
    assert seen(world, "actor") == ["to the supplier", "to the office", "from the supplier"]
    assert seen(world, "supplier_actor") == ["to the supplier", "from the supplier"]
    assert seen(world, "officer") == ["to the office"]


def test_strangers__can_neither_read_nor_write(world: World) -> None:
    stranger = make.recipient_of(make.person(place=world.place))
    for who in (stranger, make.supplier_actor(make.supplier()), make.officer(make.district("311000000"))):
        with pytest.raises(NotFound):
            actions.write(actor=who, talk=talk(ORDER), key=world.placed.pk, text="x", readers=["officer"])
        assert world.client(who).get(address(world)).status_code == 404
    with pytest.raises(NotFound):
        actions.write(actor=world.supplier_actor, talk=talk(PERSON), key=world.person.pk, text="x", readers=["officer"])


def test_desk__that_takes_no_part_cannot_write(world: World) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        actions.write(actor=world.admin, talk=talk(ORDER), key=world.placed.pk, text="x", readers=["officer"])


@pytest.mark.parametrize(("text", "readers"), [("", ["supplier"]), ("  \n", ["supplier"]), ("x" * 2001, ["supplier"])])
def test_empty_or_endless_message__is_refused(world: World, text: str, readers: list[str]) -> None:
    with pytest.raises(RuleBroken):
        actions.write(actor=world.actor, talk=talk(ORDER), key=world.placed.pk, text=text, readers=readers)


@pytest.mark.parametrize("readers", [[], ["recipient"], ["admin"], ["nobody"]])
def test_message__to_nobody_who_takes_part_is_refused(world: World, readers: list[str]) -> None:
    with pytest.raises(RuleBroken):
        write(world, to=tuple(readers))
    assert not Message.objects.exists()


def test_flood__is_stopped(world: World) -> None:
    for _ in range(20):
        write(world)
    with pytest.raises(TooMany):
        write(world)
    with clock.at(make.MORNING + timedelta(hours=2)):
        write(world)


def test_reader__is_told_and_the_notice_leads_to_the_message(world: World) -> None:
    Notice.objects.all().delete()
    message = write(world, by="supplier_actor", to=("recipient",))
    notice = Notice.objects.get(user_id=world.actor.account)
    assert registry.address_of(notice.case_type, world.actor, notice.case_id) == address(world)
    with pytest.raises(NotFound):
        registry.address_of("message", world.officer, message.pk)


def test_who_wrote_for_the_person__is_not_told_of_it(world: World) -> None:
    mother = make.person(place=world.place)
    Representation.objects.create(
        representative=mother, represented=world.person, basis="guardian", document_number="1", since=clock.today()
    )
    Notice.objects.all().delete()
    acting = make.recipient_of(mother).behalf(world.person.pk)
    actions.write(actor=acting, talk=talk(ORDER), key=world.placed.pk, text="x", readers=["supplier"])
    assert not Notice.objects.filter(user_id=acting.account).exists()
    assert Notice.objects.filter(user_id=world.supplier_actor.account).exists()
    found = queries.thread(world.supplier_actor, talk(ORDER), world.placed.pk)
    with translation.override("en"):
        (shown,) = queries.in_words(world.supplier_actor, talk(ORDER), world.placed, found)
    assert shown.author == f"{mother.full_name} for {world.person.full_name}"


def test_opening__reads_it_once_and_says_so_to_who_wrote(world: World) -> None:
    write(world, to=("supplier", "officer"))
    assert "not read yet" in open_page(world.client(world.actor), address(world)).main
    assert queries.unread(world.supplier_actor).count() == 1
    with clock.at(make.MORNING + timedelta(hours=1)):
        open_page(world.client(world.supplier_actor), address(world))
    assert queries.unread(world.supplier_actor).count() == 0
    first = Reading.objects.get(desk=Desk.SUPPLIER).read_at
    with clock.at(make.MORNING + timedelta(hours=2)):
        open_page(world.client(world.supplier_actor), address(world))
    assert Reading.objects.get(desk=Desk.SUPPLIER).read_at == first
    assert queries.unread(world.officer).count() == 1
    page = open_page(world.client(world.actor), address(world)).main
    assert "read 9 November 2026" in page


def test_page__sends_and_comes_back(world: World) -> None:
    client = world.client(world.actor)
    sent = {"readers": ["supplier", "officer"], "topic": "delivery", "text": "Please before noon"}
    answer = client.post(address(world), sent)
    assert (answer.status_code, answer["Location"]) == (302, address(world))
    message = Message.objects.get()
    assert (message.text, message.topic) == ("Please before noon", "delivery")
    assert {one.desk for one in message.readings.all()} == {"supplier", "officer"}
    page = open_page(client, address(world)).main
    assert "Your message was sent." in page
    assert world.supplier.organisation.name_en in page


@pytest.mark.finding("J-own-letters")
def test_list__shows_a_person_what_this_person_wrote(world: World) -> None:
    assert "No messages yet" in open_page(world.client(world.actor), "/messages").main
    write(world, text="When does it come?")
    page = open_page(world.client(world.actor), "/messages")
    assert "What you wrote" in page.main
    assert "When does it come?" in page.main
    assert "No messages yet" not in page.main
    assert address(world) in {one.address for one in page.links}


@pytest.mark.parametrize("state", ["declined", "cancelled"])
def test_supplier__to_whom_the_order_is_over_reads_no_name_and_writes_to_the_office_alone(
    world: World, state: str
) -> None:
    write(world, text="Where is it?")
    client, name = world.client(world.supplier_actor), world.person.surname
    assert name in open_page(client, address(world)).html
    assert name in open_page(client, "/messages").html
    Order.objects.filter(pk=world.placed.pk).update(state=state)
    for page in (open_page(client, address(world)), open_page(client, "/messages")):
        assert page.status == 200
        assert "Where is it?" in page.main
        assert name not in page.html
        assert "Recipient" in page.main
    with pytest.raises(RuleBroken) as refused:
        write(world, by="supplier_actor", to=("recipient",), text="Buy from me")
    assert refused.value.code == "readers"
    assert write(world, by="supplier_actor", to=("officer",), text="It was declined by mistake").text
    assert name in open_page(world.client(world.officer), address(world)).html, "the office reads on whom it is about"


def test_page__keeps_what_was_typed_when_it_is_refused(world: World) -> None:
    answer = world.client(world.actor).post(address(world), {"text": "Typed words", "topic": ""})
    assert answer.status_code == 422
    assert "Typed words" in answer.content.decode()
    assert not Message.objects.exists()


def test_case_page__shows_the_newest_and_leads_to_all(world: World) -> None:
    for number in range(5):
        write(world, text=f"message {number}")
    page = open_page(world.client(world.supplier_actor), reverse("orders:supplier-order", args=[world.placed.number]))
    assert "message 4" in page.main
    assert "message 1" not in page.main
    assert "Read and write: 5 messages" in page.main


@pytest.mark.finding("J-B2")
def test_next_step__has_a_written_way_beside_the_telephone(world: World) -> None:
    for way in ("orders:receipt", "orders:recipient-order"):
        page = open_page(world.client(world.actor), reverse(way, args=[world.placed.number]))
        assert ("Write a message", address(world)) in {(link.text, link.address) for link in page.links}
    Supplier.objects.update(contact_phone="")
    page = open_page(world.client(world.actor), reverse("orders:recipient-order", args=[world.placed.number]))
    step = page.html.partition('id="next-step"')[2].partition("</section>")[0]
    assert address(world) in step, "also where there is no telephone to stand beside"


@pytest.mark.finding("J-B2")
@pytest.mark.parametrize("way", ["entrance:help", "entrance:accessibility", "entrance:status"])
def test_telephone__has_a_written_way_beside_it_for_people_and_visitors_and_none_for_staff(
    world: World, way: str
) -> None:
    written = reverse("correspondence:office")
    # the page of the state knows nobody, and offers what it offers to a visitor
    at_work = 2 if way == "entrance:status" else 0
    for client, times in ((Client(), 2), (world.client(world.actor), 2), (world.client(world.officer), at_work)):
        links = [link.address for link in open_page(client, reverse(way)).links]
        assert links.count(written) >= times, "in the page and at its foot"
        assert times or written not in links


@pytest.mark.finding("J-B2")
@pytest.mark.parametrize("status", [400, 413, 500, 503])
def test_page_of_an_error__has_the_written_way_in_each_language(status: int) -> None:
    page = render_to_string(f"{status}.html")
    assert page.count(f'href="{reverse("correspondence:office")}"') == page.count('href="tel:1414"') == 3


@pytest.mark.finding("J-B2")
def test_line_that_the_department_arranges__has_a_written_way(world: World) -> None:
    Kind.objects.filter(pk=world.kind.pk).update(orderable_from=None)
    for way in (
        reverse("entitlements:recipient-programme"),
        reverse("entitlements:recipient-line", args=[world.line.pk]),
    ):
        page = open_page(world.client(world.actor), way)
        assert "call 1414" in page.main
        assert page.html.count(reverse("correspondence:office")) > 1, "not at the foot alone"


def test_home__tells_what_nobody_has_read(world: World) -> None:
    homes = (("supplier_actor", "/supply"), ("officer", "/office"))
    for who, home in homes:
        assert "Read the message" not in open_page(world.client(getattr(world, who)), home).main
    write(world, to=("supplier", "officer"))
    for who, home in homes:
        page = open_page(world.client(getattr(world, who)), home)
        assert "1 message to read" in page.main
        (link,) = [one for one in page.links if one.text.startswith("Read the message")]
        assert (link.address, world.person.full_name in link.text) == (address(world), True)


def test_needs__stand_over_the_messages_for_who_serves_the_person(world: World) -> None:
    set_needs(
        actor=world.actor,
        person=world.person,
        needs=NeedsEntered(
            no_voice_calls=True, large_print=False, easy_read=True, sign_language=True, contact_language="kk"
        ),
    )
    office = open_page(world.client(world.officer), address(world)).main
    supplier = open_page(world.client(world.supplier_actor), address(world)).main
    assert "Do not call: write" in office
    assert "Speak and write in short, simple sentences" in office
    assert "Do not call: write" in supplier
    assert "Uses sign language" not in supplier
    assert "Do not call" not in open_page(world.client(world.actor), address(world)).main


# --- with the department


@pytest.mark.finding("J-B2", "J-said-twice")
def test_department__is_written_to_without_a_case(world: World) -> None:
    client = world.client(world.actor)
    led = client.get(reverse("correspondence:office"), {"topic": NO_OFFER, "text": "Alarm clock"})
    assert led["Location"].startswith(reverse("correspondence:thread", args=[PERSON, world.person.pk]))
    page = open_page(client, led["Location"])
    assert page.title.startswith("Letters with the department")
    assert "Alarm clock" in page.html
    client.post(led["Location"], {"text": "Nobody offers it", "topic": NO_OFFER})
    make.came(world.officer, world.person)
    read = open_page(world.client(world.officer), f"/office/people/{world.person.pk}").main
    assert "Nobody offers it" in read


def test_message__goes_along_with_who_moves_until_it_is_read(world: World) -> None:
    actions.write(actor=world.actor, talk=talk(PERSON), key=world.person.pk, text="x", readers=["officer"])
    other = make.district("311000000")
    assert queries.unread(make.officer(other)).count() == 0
    registry.follow_residence(world.person.pk, other.code)
    assert queries.unread(make.officer(other)).count() == 1
    assert queries.unread(world.officer).count() == 0


def test_office__opens_what_was_written_to_it_and_answers_without_a_reason(world: World) -> None:
    person = make.person(place=world.place)
    actions.write(actor=make.recipient_of(person), talk=talk(PERSON), key=person.pk, text="Help", readers=["officer"])
    place = reverse("correspondence:thread", args=[PERSON, person.pk])
    client = world.client(world.officer)
    assert "Help" in open_page(client, place).main
    with clock.at(make.MORNING + timedelta(minutes=25)):
        assert client.post(place, {"text": "We come"})["Location"] == place
    with clock.at(make.MORNING + timedelta(days=1)), pytest.raises(viewlog.ReasonNeeded):
        talk(PERSON).find(world.officer, person.pk)


def test_long_thread__opens_at_its_newest_page(world: World) -> None:
    first = write(world, text="the very first")
    Message.objects.bulk_create(
        Message(
            about=ORDER,
            about_id=world.placed.pk,
            person=world.person,
            desk=Desk.RECIPIENT,
            written_by=world.actor.user_id,
            text=f"no {number}.",
            created_at=first.created_at + timedelta(seconds=number),
        )
        for number in range(1, PER_THREAD + 1)
    )
    client = world.client(world.actor)
    page = open_page(client, address(world)).main
    assert f"no {PER_THREAD}." in page
    assert "the very first" not in page
    assert "the very first" in open_page(client, f"{address(world)}?page=1").main


def test_count_of_unread__does_not_read_what_a_supplier_has_read_long_ago(world: World) -> None:
    first, now = write(world), clock.now()
    old = Message.objects.bulk_create(
        Message(
            about=ORDER,
            about_id=world.placed.pk,
            person=world.person,
            desk=Desk.RECIPIENT,
            written_by=first.written_by,
            text="old",
        )
        for _ in range(1_000)
    )
    firm = world.supplier_actor.organisation_id
    Reading.objects.bulk_create(
        Reading(message=one, desk=Desk.SUPPLIER, organisation_id=firm, read_at=now) for one in old
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE correspondence_reading")
    assert "correspondence_firm_unread" in queries.unread(world.supplier_actor).explain()


# --- who has come of age


def test_parent_of_who_has_come_of_age__neither_reads_nor_writes(world: World) -> None:
    write(world, text="between us")
    mother = make.person(place=world.place)
    make.agree(mother)
    Representation.objects.create(
        representative=mother, represented=world.person, basis="parent", document_number="1", since=date(2020, 1, 1)
    )
    # of age since yesterday, after the order was made
    born = clock.today() - relativedelta(years=18)
    Person.objects.filter(pk=world.person.pk).update(birth_date=born)
    with clock.at(make.MORNING + timedelta(days=1)):
        Order.objects.filter(pk=world.placed.pk).update(created_at=make.MORNING - timedelta(days=1))
        parent = make.recipient_of(mother)
        assert ORDERS.by_key(parent, world.placed.pk), "the order itself is followed to its end"
        page = open_page(world.client(parent), reverse("orders:recipient-order", args=[world.placed.number]))
        assert "between us" not in page.main
        assert address(world) not in page.html
        assert world.client(parent).get(address(world)).status_code == 404
        with pytest.raises(NotFound):
            actions.write(actor=parent, talk=talk(ORDER), key=world.placed.pk, text="x", readers=["supplier"])


def test_representative__writes_only_for_whom_one_acts_now(world: World) -> None:
    mother = make.person(place=world.place)
    Representation.objects.create(
        representative=mother, represented=world.person, basis="guardian", document_number="1", since=clock.today()
    )
    with pytest.raises(OtherPerson):
        actions.write(
            actor=make.recipient_of(mother), talk=talk(PERSON), key=world.person.pk, text="x", readers=["officer"]
        )


# --- files


def test_file__goes_with_its_message_when_that_is_past_its_period(
    world: World, django_capture_on_commit_callbacks: Callable[..., Iterator[None]]
) -> None:
    upload = SimpleUploadedFile("broken.pdf", pdfs.GOOD)
    message = actions.write(
        actor=world.actor, talk=talk(ORDER), key=world.placed.pk, text="See", readers=["supplier"], upload=upload
    )
    assert message.file is not None
    told = export.held_about(Subject(world.person.pk, world.actor.user_id))
    (sent,) = next(entries for section, entries in told if section.code == "messages")
    assert sent["file"] == "broken.pdf"
    with clock.at(make.MORNING + timedelta(days=4000)), django_capture_on_commit_callbacks(execute=True):
        assert retention.run()["retention.messages"] == 1
    assert not StoredFile.objects.exists()
    assert not default_storage.exists(message.file.place)


def test_file__is_given_to_the_readers_alone(world: World) -> None:
    upload = SimpleUploadedFile("broken.pdf", pdfs.GOOD)
    message = actions.write(
        actor=world.actor, talk=talk(ORDER), key=world.placed.pk, text="See", readers=["supplier"], upload=upload
    )
    key = message.file_id
    assert file_for(world.actor, key).name == "broken.pdf"
    assert file_for(world.supplier_actor, key)
    with pytest.raises(NotFound):
        file_for(world.officer, key)


@pytest.mark.finding("A-export-files")
def test_file__that_others_sent_one_another_is_not_named_to_the_person(world: World) -> None:
    for by, to in (("actor", "supplier"), ("supplier_actor", "officer"), ("supplier_actor", "recipient")):
        actions.write(
            actor=getattr(world, by),
            talk=talk(ORDER),
            key=world.placed.pk,
            text="See",
            readers=[to],
            upload=SimpleUploadedFile(f"{by}-{to}.pdf", pdfs.GOOD),
        )
    told = {
        section.code: entries for section, entries in export.held_about(Subject(world.person.pk, world.actor.user_id))
    }
    mine = {"actor-supplier.pdf", "supplier_actor-recipient.pdf"}
    assert {one["name"] for one in told["files"]} == mine
    assert {one["file"] for one in told["messages"]} == mine
    assert file_for(world.officer, StoredFile.objects.get(name="supplier_actor-officer.pdf").pk)


@pytest.mark.finding("A-swept")
def test_file__whose_message_failed_is_swept_and_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(default_storage, "_wrapped", PrivateStorage(tmp_path / "files"))
    assert files.sweep() == 0, "nothing was ever stored"

    def send(name: str) -> Message:
        return actions.write(
            actor=world.actor,
            talk=talk(ORDER),
            key=world.placed.pk,
            text="See",
            readers=["supplier"],
            upload=SimpleUploadedFile(name, pdfs.GOOD),
        )

    def places() -> set[str]:
        folders = default_storage.listdir("")[0]
        return {f"{one}/{name}" for one in folders for name in default_storage.listdir(one)[1]}

    def fails(*_given: object, **_facts: object) -> None:
        raise RuntimeError("the notice fails")

    kept = send("kept.pdf").file
    assert kept is not None
    before = places()
    with monkeypatch.context() as patch:
        patch.setattr(actions, "tell_staff", fails)
        with pytest.raises(RuntimeError), transaction.atomic():
            send("failed.pdf")
    (left,) = places() - before
    with clock.at(datetime.now(UTC) + files.LEFT_FOR - timedelta(hours=1)):
        assert files.sweep() == 0, "somebody may be sending it still"
    with clock.at(datetime.now(UTC) + files.LEFT_FOR + timedelta(hours=1)):
        sweep(timestamp=0)
        assert left not in places()
        assert kept.place in places()
        assert files.sweep() == 0


def test_file__that_may_not_be_kept_keeps_no_message_either(world: World) -> None:
    upload = SimpleUploadedFile("a.pdf", b"no picture, no document")
    with pytest.raises(Unsuitable):
        actions.write(
            actor=world.actor, talk=talk(ORDER), key=world.placed.pk, text="See", readers=["supplier"], upload=upload
        )
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_form__that_is_sent_twice_is_one_message(world: World) -> None:
    client = world.client(world.actor)
    (once,) = re.findall(r'name="once" value="([0-9a-f-]{36})"', open_page(client, address(world)).html)
    sent = {"once": once, "readers": ["supplier"], "topic": "", "text": "Once only"}
    for _ in range(2):
        assert client.post(address(world), sent)["Location"].startswith(address(world))
    assert Message.objects.count() == 1
    anew = {**sent, "text": "From the same page, typed anew"}
    for _ in range(2):
        assert client.post(address(world), anew).status_code == 302
    assert list(Message.objects.order_by("created_at").values_list("text", flat=True)) == [sent["text"], anew["text"]]
    other = {**sent, "readers": ["recipient"]}
    assert world.client(world.supplier_actor).post(address(world), other).status_code == 404
    assert Message.objects.count() == 2


@pytest.mark.race
@pytest.mark.finding("R-message-twice")
@pytest.mark.django_db(transaction=True)
def test_form__that_is_sent_twice_at_once_is_one_message_and_no_error(world: World) -> None:
    clients, sent = [world.client(world.actor) for _nth in range(2)], {"readers": ["supplier"], "text": "Once only"}
    sent["once"] = str(uuid7())
    with meeting(actions, "hit", seconds=FREE):
        found = at_once(*(lambda one=one: one.post(address(world), sent).status_code for one in clients))
    assert (found, Message.objects.count()) == ([302, 302], 1)
