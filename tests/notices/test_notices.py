import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from tests import factories as make
from tests.kit import pages
from tests.kit.sign_in import sign_in, signed_in
from tests.kit.together import at_once

from tirek.accounts.models import User
from tirek.core import clock
from tirek.core import drafts as core_drafts
from tirek.core.actors import Actor, Desk
from tirek.core.errors import NotAllowed, NotFound, RuleBroken
from tirek.core.keys import uuid7
from tirek.core.signing import messaging
from tirek.notices import actions, channels, queries, rules, templates
from tirek.notices.channels import NotNow, Outgoing
from tirek.notices.models import ContactPoint, Delivery, Notice, Route, SentMessage
from tirek.orders import actions as orders
from tirek.organisations.models import Membership

pytestmark = pytest.mark.django_db
PLAIN, SILENT = "test.plain", "test.silent"
asked_for_words: list[int] = []
taken: list[Outgoing] = []


def words(facts: list[dict[str, str]]) -> list[dict[str, str]]:
    asked_for_words.append(len(facts))
    return [{"what": f"<{one['kind']}>"} for one in facts]


@pytest.fixture(autouse=True)
def _kinds(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(templates, "_templates", dict(templates._templates))
    templates.register(
        PLAIN,
        title=_("Sign in"),
        body="{number}: {what} {ready_on:day} {price:tenge} {at:moment}",
        sms="{number} {price:tenge}",
        words=words,
    )
    templates.register(SILENT, title="Quiet", body="Only {number}")
    asked_for_words.clear()
    taken.clear()
    with clock.at(make.MORNING):
        yield


def take(message: Outgoing) -> None:
    taken.append(message)


def later(message: Outgoing) -> None:
    raise NotNow("busy")


def refuse(message: Outgoing) -> None:
    raise messaging.Undeliverable("no such number")


def vanish(message: Outgoing) -> None:
    raise TimeoutError("no answer")


def with_sms(name: str) -> override_settings:
    return override_settings(TIREK_NOTICE_CHANNELS={"sms": f"{__name__}.{name}"})


def account(language: str = "ru", **points: str) -> UUID:
    user_id = uuid7()
    for route, address in (points or {"sms": "+77011234567"}).items():
        actions.set_contact(user_id=user_id, channel=Route(route), address=address, language=language)
    return user_id


def tell(*user_ids: UUID, template: str = PLAIN) -> None:
    facts = {
        "number": "ТС-2026-0000001",
        "kind": "GI-01",
        "ready_on": date(2026, 11, 22),
        "price": Decimal("12500.00"),
        "at": make.MORNING,
    }
    actions.notify(user_ids=user_ids, template=template, context=facts)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


class TestWriting:
    def test_notice__costs_one_statement_for_one_person_and_for_many(self) -> None:
        for user_ids in ([account()], [account() for _n in range(5)]):
            with CaptureQueriesContext(connection) as asked:
                tell(*user_ids)
            assert len(asked) == 1

    def test_same_person_named_twice__gets_one(self) -> None:
        user_id = account()
        tell(user_id, user_id)
        assert Notice.objects.count() == 1

    def test_facts__are_plain_and_an_object_is_refused(self) -> None:
        with pytest.raises(TypeError):
            actions.notify(user_ids=[account()], template=PLAIN, context={"number": User()})
        tell(account())
        assert Notice.objects.get().context == {
            "number": "ТС-2026-0000001",
            "kind": "GI-01",
            "ready_on": "2026-11-22",
            "price": "12500.00",
            "at": "2026-11-09T04:00:00+00:00",
        }

    def test_unknown_kind__is_a_mistake_of_the_program(self) -> None:
        with pytest.raises(KeyError):
            tell(account(), template="nobody.knows")

    def test_kind__is_registered_once(self) -> None:
        templates.register(SILENT, title="Quiet", body="Only {number}")
        with pytest.raises(ValueError, match="twice"):
            templates.register(SILENT, title="Loud", body="Only {number}")


class TestWords:
    @pytest.mark.parametrize(
        ("language", "body"),
        [
            ("kk", "ТС-2026-0000001: <GI-01> 2026 жылғы 22 қараша 12 500 ₸ 2026 жылғы 9 қараша, 09:00"),
            ("ru", "ТС-2026-0000001: <GI-01> 22 ноября 2026 года 12 500 ₸ 9 ноября 2026 года, 09:00"),
            ("en", "ТС-2026-0000001: <GI-01> 22 November 2026 12 500 ₸ 9 November 2026, 09:00"),
        ],
    )
    def test_notice__is_worded_in_the_readers_language(self, language: str, body: str) -> None:
        tell(account())
        with translation.override(language):
            (entry,) = queries.in_words(list(Notice.objects.all()))
        assert entry.words.body.replace("\u00a0", " ") == body

    def test_titles__are_translated(self) -> None:
        tell(account())
        titles = set()
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                titles |= {entry.words.title for entry in queries.in_words(list(Notice.objects.all()))}
        assert len(titles) == 3

    def test_many_notices__ask_for_their_words_once(self) -> None:
        tell(*[account() for _n in range(4)])
        assert len(queries.in_words(list(Notice.objects.all()))) == 4
        assert asked_for_words == [4]

    def test_notice_of_a_kind_that_is_gone__is_left_out(self) -> None:
        tell(account())
        Notice.objects.update(template="gone.long_ago")
        assert queries.in_words(list(Notice.objects.all())) == []
        assert actions.deliver() == 1
        assert not Delivery.objects.exists()


class TestDelivering:
    def test_notice__leaves_by_every_contact_point_in_its_language(self) -> None:
        user_id = account("kk", sms="+77011234567", email="a@example.kz")
        tell(user_id)
        actions.deliver()
        sms, email = SentMessage.objects.order_by("-channel")
        assert (sms.address, sms.text.replace("\u00a0", " "), sms.user_id) == (
            "+77011234567",
            "ТС-2026-0000001 12 500 ₸",
            user_id,
        )
        assert "қараша" in email.text
        assert email.subject
        assert states() == ["sent", "sent"]

    @pytest.mark.parametrize(
        ("told_at", "leaves_at"),
        [
            (datetime(2026, 11, 9, 19, 0, tzinfo=UTC), datetime(2026, 11, 10, 3, 0, tzinfo=UTC)),
            (datetime(2026, 11, 9, 2, 59, tzinfo=UTC), datetime(2026, 11, 9, 3, 0, tzinfo=UTC)),
            (datetime(2026, 11, 9, 15, 59, tzinfo=UTC), datetime(2026, 11, 9, 15, 59, tzinfo=UTC)),
            (datetime(2026, 11, 9, 16, 0, tzinfo=UTC), datetime(2026, 11, 10, 3, 0, tzinfo=UTC)),
        ],
        ids=["midnight", "just before eight", "just before nine in the evening", "nine in the evening"],
    )
    def test_text_message__does_not_ring_at_night_and_a_letter_may(
        self, told_at: datetime, leaves_at: datetime
    ) -> None:
        with clock.at(told_at):
            tell(account("kk", sms="+77011234567", email="a@example.kz"))
            actions.deliver()
        assert Delivery.objects.get(channel="email").state == "sent"
        assert Delivery.objects.get(channel="sms").try_after == leaves_at
        with clock.at(leaves_at):
            actions.deliver()
        assert Delivery.objects.get(channel="sms").state == "sent"

    def test_each_message__leaves_once_however_often_the_worker_comes(self) -> None:
        tell(account())
        assert actions.deliver() == 2
        assert actions.deliver() == 0
        assert SentMessage.objects.count() == 1

    def test_kind_without_a_short_text__stays_in_the_inbox_of_those_without_mail(self) -> None:
        tell(account(), template=SILENT)
        actions.deliver()
        assert not Delivery.objects.exists()
        assert Notice.objects.get().dispatched_at is not None

    def test_person_without_contact__has_the_inbox(self) -> None:
        user_id = uuid7()
        tell(user_id)
        actions.deliver()
        assert not Delivery.objects.exists()
        assert queries.unread_count(user_id) == 1

    def test_refused_message__has_failed_and_is_never_repeated(self) -> None:
        tell(account())
        with with_sms("refuse"):
            actions.deliver()
        assert states() == ["failed"]
        actions.deliver()
        assert not SentMessage.objects.exists()

    def test_message_without_an_answer__is_unknown_and_is_never_repeated(self) -> None:
        tell(account())
        with with_sms("vanish"):
            actions.deliver()
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.problem) == ("unknown", "TimeoutError")
        with clock.at(make.MORNING + timedelta(days=1)):
            actions.deliver()
        assert not SentMessage.objects.exists()

    def test_busy_channel__is_asked_again_later_and_given_up_in_the_end(self) -> None:
        tell(account())
        moment = make.MORNING
        with with_sms("later"):
            for tried in range(1, rules.MAX_TRIES + 1):
                with clock.at(moment):
                    actions.deliver()
                    actions.deliver()
                assert Delivery.objects.get().tries == tried
                moment += rules.wait_after(tried)
        assert states() == ["failed"]

    def test_busy_channel__that_has_time_later_takes_it(self) -> None:
        tell(account())
        with with_sms("later"):
            actions.deliver()
        with clock.at(make.MORNING + timedelta(minutes=1)), with_sms("take"):
            actions.deliver()
        assert states() == ["sent"]
        assert [message.address for message in taken] == ["+77011234567"]

    def test_claim_of_a_lost_worker__becomes_unknown_not_pending(self) -> None:
        tell(account())
        actions._dispatch(10)
        assert len(actions._claim(10)) == 1
        assert actions._claim(10) == []
        with clock.at(make.MORNING + rules.CLAIM_LASTS + timedelta(seconds=1)):
            actions.deliver()
        assert states() == ["unknown"]
        assert not SentMessage.objects.exists()

    def test_one_bad_message__does_not_stop_the_others(self) -> None:
        tell(account(), template=PLAIN)
        Notice.objects.update(context={})
        tell(account())
        actions.deliver()
        assert sorted(states()) == ["sent", "unknown"]


class TestSendingAgain:
    def test_administrator__decides_once_and_it_leaves(self) -> None:
        tell(account())
        with with_sms("vanish"):
            actions.deliver()
        delivery, admin = Delivery.objects.get(), Actor(desk=Desk.ADMIN)
        again = actions.send_again(actor=admin, delivery=delivery)
        with pytest.raises(RuleBroken):
            actions.send_again(actor=admin, delivery=delivery)
        actions.deliver()
        assert Delivery.objects.get(pk=again.pk).state == "sent"
        assert not queries.undelivered(admin).exists()

    @pytest.mark.parametrize(
        ("code", "told"),
        [("undeliverable", "may be wrong"), ("not_now", "however often"), ("ValueError", "foresaw: ValueError")],
    )
    def test_page__says_in_words_what_happened(self, code: str, told: str) -> None:
        tell(account())
        actions.deliver()
        Delivery.objects.update(state="failed", problem=code)
        admin = make.member(make.organisation("ministry", None), Membership.Role.ADMIN)
        assert told in pages.text(signed_in(admin), "/notices/undelivered")

    def test_sent_message__is_not_sent_again(self) -> None:
        tell(account())
        actions.deliver()
        with pytest.raises(RuleBroken):
            actions.send_again(actor=Actor(desk=Desk.ADMIN), delivery=Delivery.objects.get())

    def test_only_administrators__see_and_decide(self) -> None:
        tell(account())
        with with_sms("refuse"):
            actions.deliver()
        for desk in set(Desk) - {Desk.ADMIN}:
            with pytest.raises(NotAllowed):
                queries.undelivered(Actor(desk=desk))
            with pytest.raises(NotAllowed):
                actions.send_again(actor=Actor(desk=desk), delivery=Delivery.objects.get())


class TestChannels:
    def test_outside_demo__nothing_is_kept_and_sms_needs_a_provider(self) -> None:
        with override_settings(DEMO=False), pytest.raises(messaging.Undeliverable):
            messaging.send(
                messaging.ShortMessage(channel="sms", address="+77011234567", text="code 123456", purpose="test")
            )
        assert not SentMessage.objects.exists()

    def test_outside_demo__an_email_goes_to_the_mail_server(self) -> None:
        user_id = account("en", email="a@example.kz")
        tell(user_id)
        with override_settings(
            DEMO=False, EMAIL_HOST="mail.example.kz", DEFAULT_FROM_EMAIL="Tirek <no-reply@example.kz>"
        ):
            actions.deliver()
        assert states() == ["sent"]
        assert mail.outbox[0].from_email == "Tirek <no-reply@example.kz>"
        assert mail.outbox[0].to == ["a@example.kz"]

    @pytest.mark.parametrize(
        ("error", "meaning"),
        [
            (ConnectionRefusedError(), NotNow),
            (SMTPRecipientsRefused({}), messaging.Undeliverable),
            (TimeoutError(), TimeoutError),
            (SMTPAuthenticationError(535, b"no"), NotNow),
            (SMTPRecipientsRefused({"a@example.kz": (450, b"later")}), NotNow),
            (SMTPRecipientsRefused({"a@example.kz": (550, b"nobody")}), messaging.Undeliverable),
            (SMTPDataError(554, b"no"), messaging.Undeliverable),
        ],
    )
    def test_mail_server__that_refuses_is_not_one_that_is_silent(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception, meaning: type[Exception]
    ) -> None:
        def send(_message: object) -> None:
            raise error

        monkeypatch.setattr(channels.EmailMessage, "send", send)
        with override_settings(EMAIL_HOST="mail.example.kz"), pytest.raises(meaning):
            channels.smtp(Outgoing("a@example.kz", "s", "t", "p", None, ""))

    @pytest.mark.finding("A-A8")
    def test_installation_without_a_mail_server__says_so_and_asks_none(self) -> None:
        with override_settings(EMAIL_HOST=""), pytest.raises(messaging.Undeliverable, match="TIREK_SMTP_HOST"):
            channels.smtp(Outgoing("a@example.kz", "s", "t", "p", None, ""))

    def test_short_message__sent_at_once_is_kept_by_the_demo(self) -> None:
        messaging.send(
            messaging.ShortMessage(channel="sms", address="+77011234567", text="code 123456", purpose="test")
        )
        assert SentMessage.objects.get().text == "code 123456"

    def test_contact__is_one_per_channel_and_can_be_taken_away(self) -> None:
        user_id = account(sms="+77011234567")
        actions.set_contact(user_id=user_id, channel=Route.SMS, address="+77020000000", language="en")
        assert [one.address for one in ContactPoint.objects.filter(user_id=user_id)] == ["+77020000000"]
        actions.set_contact(user_id=user_id, channel=Route.SMS, address="", language="en")
        assert not ContactPoint.objects.exists()


class TestInbox:
    def test_everybody__sees_their_own_alone(self) -> None:
        mine, other = account(), account()
        tell(mine, other)
        actor = Actor(desk=Desk.RECIPIENT, user_id=mine)
        (own,) = queries.inbox(actor)
        assert own.user_id == mine
        with pytest.raises(NotFound):
            queries.notice_for(actor, Notice.objects.get(user_id=other).pk)
        assert not queries.inbox(Actor(desk=Desk.PUBLIC)).exists()

    def test_opened_notice__is_read_and_only_by_its_owner(self) -> None:
        mine = account()
        tell(mine, mine)
        tell(mine)
        notice = Notice.objects.order_by("id").first()
        assert notice is not None
        actions.mark_read(actor=Actor(desk=Desk.OFFICER, user_id=uuid7()), notice=notice)
        assert queries.unread_count(mine) == 2
        actions.mark_read(actor=Actor(desk=Desk.RECIPIENT, user_id=mine), notice=notice)
        assert queries.unread_count(mine) == 1
        assert actions.mark_all_read(actor=Actor(desk=Desk.RECIPIENT, user_id=mine)) == 1
        assert queries.unread_count(mine) == 0

    def test_notice_without_a_case__opens_no_case(self) -> None:
        mine = account()
        tell(mine)
        actor = Actor(desk=Desk.RECIPIENT, user_id=mine)
        notice = Notice.objects.get()
        assert queries.case_url(actor, notice) == ""
        notice.case_type, notice.case_id = "never_registered", uuid7()
        assert queries.case_url(actor, notice) == ""


@pytest.fixture
def person(client: Client) -> UUID:
    one = make.person()
    assert one.user is not None
    sign_in(client, one, factor=False)
    return one.user.pk


class TestPages:
    def test_inbox__lists_unread_in_words_and_opening_reads(self, client: Client, person: UUID) -> None:
        tell(person)
        page = client.get("/notices", HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "Sign in" in page
        assert "not read" in page
        notice = Notice.objects.get()
        opened = client.get(f"/notices/{notice.pk}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "12\u00a0500\u00a0₸" in opened
        assert queries.unread_count(person) == 0

    @pytest.mark.finding("J-B2")
    def test_help_line__in_a_notice_is_called_by_a_tap(self, client: Client, person: UUID) -> None:
        templates.register("test.help", title="Help", body="Write to <{number}>, or call 1414.")
        tell(person, template="test.help")
        page = client.get(f"/notices/{Notice.objects.get().pk}").content.decode()
        assert re.search(r'<p>Write to &lt;.*&gt;, or call <a [^>]*href="tel:1414"[^>]*>1414</a>\.</p>', page)

    def test_inbox__asks_the_same_number_of_queries_for_one_and_for_three(self, client: Client, person: UUID) -> None:
        counts = []
        for more in (1, 2):
            for _n in range(more):
                tell(person)
            client.get("/notices")
            with CaptureQueriesContext(connection) as asked:
                assert client.get("/notices").status_code == 200
            counts.append(len(asked))
        assert counts[0] == counts[1]

    def test_empty_inbox__teaches(self, client: Client, person: UUID) -> None:
        assert "No notices yet" in client.get("/notices", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    def test_strangers_notice__is_not_found(self, client: Client, person: UUID) -> None:
        tell(account())
        assert client.get(f"/notices/{Notice.objects.get().pk}").status_code == 404

    def test_all_read__by_one_press(self, client: Client, person: UUID) -> None:
        tell(person)
        assert client.post("/notices/read").status_code == 302
        assert queries.unread_count(person) == 0

    def test_not_signed_in__is_sent_to_sign_in(self, client: Client) -> None:
        assert client.get("/notices").headers["Location"].startswith("/sign-in/?next=")

    def test_undelivered__is_for_administrators(self, client: Client, person: UUID) -> None:
        assert client.get("/notices/undelivered").status_code == 403

    def test_sent_messages__are_shown_in_demo_mode_only_newest_first(self, client: Client) -> None:
        for minute, text in enumerate(("first code", "second code")):
            with clock.at(datetime(2026, 11, 9, 4, minute, tzinfo=UTC)):
                messaging.send(messaging.ShortMessage(channel="sms", address="+77011234567", text=text, purpose="test"))
        page = client.get("/notices/sent").content.decode()
        assert page.index("second code") < page.index("first code")
        with override_settings(DEMO=False):
            assert client.get("/notices/sent").status_code == 404


@pytest.mark.mission("S0.4")
def test_unfinished_form__its_owner_is_reminded_once_before_it_is_archived_with_the_way_to_it() -> None:
    with clock.at(make.MORNING):
        shop = make.Shop()
        draft = shop.draft(10)
        visitor = core_drafts.begin(
            Actor(desk=Desk.PUBLIC, session="s"), form="order", form_version=1, values={"a": "b"}
        )
        sent = shop.draft(5)
        orders.submit_order(actor=shop.actor, draft_key=sent.pk)
    with clock.at(make.MORNING + timedelta(days=165, hours=23)):
        assert actions.remind_of_drafts() == 0
    with clock.at(make.MORNING + timedelta(days=166)):
        assert actions.remind_of_drafts() == 1
        assert actions.remind_of_drafts() == 0
        notice = Notice.objects.get(template="draft.ending")
        assert notice.user_id == shop.person.user_id
        assert queries.case_url(shop.actor, notice) == f"/order/form/{draft.pk}"
        assert queries.case_url(make.recipient_of(make.person()), notice) == ""
        assert "2027" in queries.in_words([notice])[0].words.body
    with clock.at(make.MORNING + timedelta(days=180)):
        assert core_drafts.purge() == 2
        assert core_drafts.purge() == 0
        assert queries.case_url(shop.actor, notice) == ""
    draft.refresh_from_db()
    visitor.refresh_from_db()
    assert (draft.state, draft.values()["quantity"]) == ("archived", "10"), (
        "what a person typed stays until its own period ends"
    )
    assert (visitor.state, visitor.fields) == ("archived", {})


@pytest.mark.finding("I-17")
class TestPresentAddress:
    """A message goes to where its account is reached when it leaves."""

    def test_message_that_waits__goes_to_the_new_number_in_the_new_language(self) -> None:
        user_id = account()
        tell(user_id)
        with with_sms("later"):
            actions.deliver()
        actions.set_contact(user_id=user_id, channel=Route.SMS, address="+77029998877", language="kk")
        with clock.at(make.MORNING + timedelta(hours=3)):
            actions.deliver()
        [sent] = SentMessage.objects.all()
        assert sent.address == "+77029998877"
        delivery = Delivery.objects.get()
        assert (delivery.address, delivery.language, delivery.state) == ("+77029998877", "kk", "sent")

    def test_sent_again__goes_to_the_new_number(self) -> None:
        user_id = account()
        tell(user_id)
        with with_sms("refuse"):
            actions.deliver()
        actions.set_contact(user_id=user_id, channel=Route.SMS, address="+77029998877", language="kk")
        actions.send_again(actor=Actor(desk=Desk.ADMIN), delivery=Delivery.objects.get())
        actions.deliver()
        assert [one.address for one in SentMessage.objects.all()] == ["+77029998877"]

    def test_account_without_an_address__is_written_to_no_more_and_no_staff_is_asked(self) -> None:
        user_id, admin = account(), Actor(desk=Desk.ADMIN)
        tell(user_id)
        with with_sms("later"):
            actions.deliver()
        actions.set_contact(user_id=user_id, channel=Route.SMS, address="", language="kk")
        with clock.at(make.MORNING + timedelta(hours=3)):
            actions.deliver()
        assert states() == ["dropped"]
        assert not SentMessage.objects.exists()
        assert not queries.undelivered(admin).exists()

    def test_sending_again__needs_an_address(self) -> None:
        user_id = account()
        tell(user_id)
        with with_sms("refuse"):
            actions.deliver()
        ContactPoint.objects.all().delete()
        with pytest.raises(RuleBroken) as refused:
            actions.send_again(actor=Actor(desk=Desk.ADMIN), delivery=Delivery.objects.get())
        assert refused.value.code == "no_address"


@pytest.mark.django_db(transaction=True)
def test_message_that_somebody_claims__is_passed_over_by_who_claims_at_the_same_moment() -> None:
    with clock.at(make.MORNING):
        tell(account())
        actions._dispatch(10)
        with transaction.atomic():
            assert len(Delivery.objects.select_for_update()) == 1
            (other,) = at_once(partial(actions._claim, 10))
        assert other == []
        assert len(actions._claim(10)) == 1
