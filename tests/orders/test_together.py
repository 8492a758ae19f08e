"""Several orders sent by one press: one receipt, one signature, one notice; all of them or none."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import translation
from tests import factories as make
from tests.kit.pages import on_paper
from tests.kit.sign_in import for_years
from tests.kit.together import KEPT_OUT, at_once, meeting
from tests.orders.test_counter import _code

from tirek.catalogue import actions as stock
from tirek.catalogue.models import Variant
from tirek.core import clock, drafts
from tirek.core.actors import Actor
from tirek.core.case import journal
from tirek.core.drafts import Draft, DraftLost
from tirek.core.errors import RuleBroken
from tirek.core.personal import retention
from tirek.core.signing import Signature, messaging
from tirek.entitlements.models import LedgerEntry, Line
from tirek.notices.models import Notice
from tirek.orders import actions
from tirek.orders.draft_forms import FORM_OF_ORDER, Filled
from tirek.orders.models import Order
from tirek.orders.requests import FORM, FORM_VERSION
from tirek.orders.signing import TOGETHER, Chosen
from tirek.people.models import Person


def _filled(actor: Actor, draft: Draft) -> Filled:
    return FORM_OF_ORDER.opened(actor, draft.pk)


class Chest:
    """A person with lines of two kinds, and an offer of each."""

    def __init__(self, stock: int = 1000) -> None:
        self.shop = make.Shop(stock=stock)
        self.person, self.actor = self.shop.person, self.shop.actor
        Person.objects.filter(pk=self.person.pk).update(language="en")
        kind = make.kind("GI-05")
        programme = make.programme(self.person, kind, quantity=500)
        self.line = Line.objects.get(programme=programme)
        self.offer = make.offer(
            self.shop.supplier, kind, price=Decimal(90), stock=stock, to=f"{self.shop.place.code[:2]}0000000"
        )
        self.version = make.version_of(self.offer)

    def drafts(self, *, actor: Actor | None = None, **changes: str) -> list[Draft]:
        """A complete draft of each."""
        values = make.answers(self.line, self.version, 20) | changes
        # begun before the first one: the keys of drafts sort the other way round than those of stock
        other = drafts.begin(
            actor or self.actor, form=FORM, form_version=FORM_VERSION, subject_id=self.person.pk, values=values
        )
        return [self.shop.draft(30, actor=actor), other]

    @property
    def page(self) -> str:
        """Where they are sent together."""
        return reverse("orders:together", args=[self.person.pk])


def _chest(stock: int = 1000) -> Chest:
    with clock.at(make.MORNING), translation.override("en"):
        return Chest(stock)


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"), clock.at(make.MORNING):
        yield


@pytest.fixture
def chest() -> Chest:
    return _chest()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[messaging.ShortMessage]:
    """What went to phones."""
    told: list[messaging.ShortMessage] = []
    monkeypatch.setattr(messaging, "send", told.append)
    return told


def _finals(*begun: Draft) -> dict[UUID, dict[str, str]]:
    return {one.pk: {} for one in begun}


def _pressed(page: str) -> dict[str, list[str]]:
    """What a browser sends of the page, with the consent ticked."""
    form = page.partition("data-queue-submit")[2].partition("</form>")[0]
    found: dict[str, list[str]] = {"consent": ["on"]}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
class TestSent:
    """By the person."""

    @pytest.mark.mission("S0.6")
    def test_together__one_press_sends_all_and_one_receipt_tells_the_numbers(self, chest: Chest) -> None:
        begun, client = chest.drafts(), for_years(chest.actor)
        page = client.get(chest.page).content.decode()
        assert "Send 2 orders" in page
        assert all(one.goods in page for one in map(_filled, [chest.actor] * 2, begun))
        answer = client.post(chest.page, _pressed(page))
        orders = list(Order.objects.order_by("number"))
        assert len(orders) == 2
        assert len({one.sent_together for one in orders}) == 1
        assert answer["Location"] == reverse("orders:together-done", args=[orders[0].sent_together])
        receipt = client.get(answer["Location"]).content.decode()
        assert all(one.number in receipt for one in orders)
        # each by itself: another line of the ledger, another journal
        assert LedgerEntry.objects.filter(kind="reserve").count() == 2
        assert [len(journal.events_of(one)) for one in orders] == [1, 1]
        actions.cancel_order(actor=chest.actor, order=orders[0])
        assert Order.objects.get(pk=orders[1].pk).state == Order.State.SUBMITTED

    def test_together__what_is_chosen_stands_on_the_page_where_more_is_chosen(self, chest: Chest) -> None:
        client, programme = for_years(chest.actor), reverse("entitlements:recipient-programme")
        assert chest.page not in client.get(programme).content.decode()
        first, other = chest.drafts()
        page = client.get(programme).content.decode()
        assert chest.page in page
        assert "Chosen, not sent yet" in page
        drafts.save_fields(chest.actor, other.pk, {"phone": drafts.Typed("", other.versions()["phone"])})
        drafts.save_fields(chest.actor, first.pk, {"phone": drafts.Typed("", first.versions()["phone"])})
        assert chest.page not in client.get(programme).content.decode(), "nothing that is whole"

    def test_together__pressed_again_leads_to_the_same_receipt(self, chest: Chest) -> None:
        chest.drafts()
        client = for_years(chest.actor)
        pressed = _pressed(client.get(chest.page).content.decode())
        first, again = client.post(chest.page, pressed), client.post(chest.page, pressed)
        assert first["Location"] == again["Location"]
        assert Order.objects.count() == 2

    def test_together__is_told_once(self, chest: Chest) -> None:
        actions.submit_together(actor=chest.actor, finals=_finals(*chest.drafts()))
        [told] = Notice.objects.filter(template__startswith="order.")
        numbers = Order.objects.order_by("pk").values_list("number", flat=True)
        assert told.template == "order.submitted_together"
        assert set(told.context["numbers"].split(", ")) == set(numbers)
        client = for_years(chest.actor)
        assert "Your orders were sent: 2" in client.get(reverse("notices:inbox")).content.decode()
        page = client.get(reverse("notices:notice", args=[told.pk])).content.decode()
        assert all(one in page for one in numbers)

    def test_together__one_that_cannot_go_keeps_all_and_says_which(self, chest: Chest) -> None:
        begun, client = chest.drafts(), for_years(chest.actor)
        page = client.get(chest.page).content.decode()
        Variant.objects.filter(pk=chest.version.variant_id).update(stock=3)
        answer = client.post(chest.page, _pressed(page))
        assert answer.status_code == 422
        assert not Order.objects.exists()
        assert not LedgerEntry.objects.filter(kind="reserve").exists()
        assert Variant.objects.get(pk=chest.shop.version.variant_id).stock == 1000
        assert {one.state for one in Draft.objects.all()} == {Draft.State.OPEN}
        said = answer.content.decode()
        refused = said.index(_filled(chest.actor, begun[1]).goods)
        assert "govuk-inset-text" in said[refused:]
        # the other goes without it
        without = re.search(rf'href="([^"]*draft={begun[0].pk})"', said)
        assert without is not None
        rest = client.get(without.group(1).replace("&amp;", "&")).content.decode()
        assert "Send 1 order" in rest
        assert client.post(chest.page, _pressed(rest)).status_code == 302
        assert Order.objects.get().line_id == chest.shop.line.pk

    def test_together__amounts_that_have_changed_since_the_page_are_shown_first(self, chest: Chest) -> None:
        chest.drafts()
        client = for_years(chest.actor)
        pressed = _pressed(client.get(chest.page).content.decode())
        stock.change_price(actor=chest.shop.supplier_actor, variant=chest.version.variant, price=Decimal(9000))
        answer = client.post(chest.page, pressed)
        assert answer.status_code == 422
        assert not Order.objects.exists()
        # the page now shows what holds: its own press goes through
        assert client.post(chest.page, _pressed(answer.content.decode())).status_code == 302
        assert Order.objects.count() == 2

    def test_together__a_press_that_does_not_say_what_it_showed_is_refused(self, chest: Chest) -> None:
        begun, client = chest.drafts(), for_years(chest.actor)
        answer = client.post(chest.page, {"draft": [str(one.pk) for one in begun], "consent": "on"})
        assert answer.status_code == 422
        assert not Order.objects.exists()

    def test_together__the_consent_is_for_each_of_the_orders(self, chest: Chest) -> None:
        chest.drafts()
        said = for_years(chest.actor).get(chest.page).content.decode()
        assert "No diagnosis is passed on. This holds for each of these orders." in said

    def test_together__without_the_consent_nothing_goes(self, chest: Chest) -> None:
        chest.drafts()
        client = for_years(chest.actor)
        pressed = _pressed(client.get(chest.page).content.decode())
        del pressed["consent"]
        assert client.post(chest.page, pressed).status_code == 422
        assert not Order.objects.exists()

    def test_together__one_that_was_sent_alone_meanwhile_is_not_sent_again(self, chest: Chest) -> None:
        begun, client = chest.drafts(), for_years(chest.actor)
        pressed = _pressed(client.get(chest.page).content.decode())
        actions.submit_order(actor=chest.actor, draft_key=begun[0].pk)
        answer = client.post(chest.page, pressed)
        assert answer.status_code == 422
        assert "was sent already" in answer.content.decode()
        assert Order.objects.count() == 1

    def test_together__incomplete_ones_stand_below_with_the_way_to_complete_them(self, chest: Chest) -> None:
        begun, client = chest.drafts(address=""), for_years(chest.actor)
        page = client.get(chest.page).content.decode()
        assert "Send 1 order" in page
        assert reverse("orders:form", args=[begun[1].pk]) in page.partition("Not complete yet")[2]

    def test_together__of_others_nothing_is_seen_or_sent(self, chest: Chest) -> None:
        begun = chest.drafts()
        stranger = make.Shop(place=chest.shop.place)
        client = for_years(stranger.actor)
        assert client.get(chest.page).status_code in {403, 404}
        assert client.post(chest.page, {"draft": [str(begun[0].pk)], "consent": "on"}).status_code in {403, 404}
        with pytest.raises(DraftLost):
            actions.submit_together(actor=stranger.actor, finals=_finals(*begun))
        key = actions.submit_together(actor=chest.actor, finals=_finals(*begun))
        assert client.get(reverse("orders:together-done", args=[key])).status_code == 404
        assert for_years(chest.shop.supplier_actor).get(chest.page).status_code == 403

    @pytest.mark.parametrize("count", [0, actions.MOST_TOGETHER + 1])
    def test_together__none_or_too_many_are_refused(self, chest: Chest, count: int) -> None:
        many = [chest.shop.draft(1) for _ in range(count)]
        with pytest.raises(RuleBroken) as refused:
            actions.submit_together(actor=chest.actor, finals=_finals(*many))
        assert refused.value.code == "how_many"

    def test_check_page__leads_to_the_others(self, chest: Chest) -> None:
        begun, client = chest.drafts(), for_years(chest.actor)
        check = reverse("orders:step", args=[begun[0].pk, "check"])
        assert chest.page in client.get(check).content.decode()
        drafts.archive(chest.actor, begun[1].pk)
        assert chest.page not in client.get(check).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
class TestAtTheCounter:
    """The officer types, the person agrees once to all."""

    @pytest.fixture
    def clerk(self, chest: Chest) -> Actor:
        return make.officer(chest.shop.place)

    def test_counter__one_code_agrees_to_all(
        self, chest: Chest, clerk: Actor, sent: list[messaging.ShortMessage]
    ) -> None:
        begun, client = chest.drafts(actor=clerk, consent=""), for_years(clerk)
        page = client.get(chest.page).content.decode()
        assert page.count("I order these goods in this quantity.") == 2
        action = re.search(r'action="([^"]*together[^"]*sign[^"]*)"', page)
        assert action is not None
        agree = action.group(1).replace("&amp;", "&")
        asked = client.post(agree, {"step": "ask"})["Location"]
        key = re.search(r"asked=([0-9a-f-]+)", asked)
        assert key is not None
        answer = client.post(agree, {"step": "sign", "asked": key.group(1), "code": _code(sent)})
        orders = list(Order.objects.all())
        assert len(orders) == 2
        assert answer["Location"] == reverse("orders:together-done", args=[orders[0].sent_together])
        signature = Signature.objects.get()
        for one in orders:
            [event] = journal.events_of(one)
            assert event.data["signature"] == str(signature.pk)
            assert (event.data["typed_by"], event.data["decided_by"]) == (str(clerk.user_id), str(chest.actor.user_id))
        assert {one.state for one in Draft.objects.filter(pk__in=[each.pk for each in begun])} == {"submitted"}
        again = client.post(agree, {"step": "sign", "asked": key.group(1), "code": _code(sent)})
        assert again["Location"] == answer["Location"]

    def test_counter__what_was_signed_for_two_sends_neither_one_nor_others(self, chest: Chest, clerk: Actor) -> None:
        begun = chest.drafts(actor=clerk)
        finals = _finals(*begun)
        paper = TOGETHER.on_paper(clerk, Chosen(chest.person.pk, begun, finals), day=clock.today())
        with pytest.raises(RuleBroken):
            actions.submit_together(actor=clerk, finals={begun[0].pk: {}}, signature_id=paper.pk)
        with pytest.raises(RuleBroken):
            actions.submit_order(actor=clerk, draft_key=begun[0].pk, signature_id=paper.pk)
        with pytest.raises(RuleBroken) as refused:
            actions.submit_together(actor=clerk, finals=finals)
        assert refused.value.code == "not_agreed"
        drafts.save_fields(clerk, begun[1].pk, {"quantity": drafts.Typed("21", begun[1].versions()["quantity"])})
        with pytest.raises(RuleBroken) as refused:
            actions.submit_together(actor=clerk, finals=finals, signature_id=paper.pk)
        assert refused.value.code == "agreed_to_other_words"
        assert not Order.objects.exists()

    def test_counter__a_press_of_the_recipients_own_page_sends_nothing(self, chest: Chest, clerk: Actor) -> None:
        begun, client = chest.drafts(actor=clerk), for_years(clerk)
        answer = client.post(chest.page, {"draft": [str(one.pk) for one in begun], "consent": "on"})
        assert answer.status_code == 200
        assert not Order.objects.exists()

    def test_counter__the_words_stay_until_the_last_of_them_is_old(self, chest: Chest, clerk: Actor) -> None:
        chest.drafts(actor=clerk)
        client = for_years(clerk)
        page = client.get(chest.page).content.decode()
        agree = re.search(r'action="([^"]*together[^"]*sign[^"]*)"', page)
        assert agree is not None
        assert client.post(agree.group(1).replace("&amp;", "&"), on_paper()).status_code == 302
        first, second = Order.objects.order_by("pk")
        actions.cancel_order(actor=chest.actor, order=first)
        with clock.at(make.MORNING + timedelta(days=800)):
            retention.run()
            first.refresh_from_db()
            assert first.address == ""
            assert bytes(Signature.objects.get().text) != b""
            Order.objects.filter(pk=second.pk).update(state="cancelled", state_since=make.MORNING)
            retention.run()
        assert bytes(Signature.objects.get().text) == b""


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_together__two_windows_at_once_send_each_order_once() -> None:
    chest = _chest()
    with clock.at(make.MORNING):
        begun = chest.drafts()
    results = at_once(*[lambda: actions.submit_together(actor=chest.actor, finals=_finals(*begun))] * 3)
    assert len(set(results)) == 1, results
    assert Order.objects.count() == LedgerEntry.objects.filter(kind="reserve").count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_together__against_one_of_them_alone_is_sent_once() -> None:
    chest = _chest()
    with clock.at(make.MORNING):
        begun = chest.drafts()
    both, alone = at_once(
        lambda: actions.submit_together(actor=chest.actor, finals=_finals(*begun)),
        lambda: actions.submit_order(actor=chest.actor, draft_key=begun[1].pk),
    )
    assert isinstance(alone, Order), alone
    count = Order.objects.count()
    if count == 1:
        assert isinstance(both, RuleBroken)
        assert both.code == "sent_already"
    assert count == LedgerEntry.objects.filter(kind="reserve").count() in {1, 2}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_together__two_people_with_the_same_goods_in_another_order_do_not_block_each_other() -> None:
    chest = _chest(stock=50)
    with clock.at(make.MORNING), translation.override("en"):
        other = make.person(place=chest.shop.place)
        make.agree(other)
        actor = make.recipient_of(other)
        lines = {}
        for kind in (chest.shop.kind, chest.offer.kind):
            lines[kind.pk] = Line.objects.get(programme=make.programme(other, kind, quantity=500))
        # begun in the order of the stock
        theirs = [
            drafts.begin(
                actor,
                form=FORM,
                form_version=FORM_VERSION,
                subject_id=other.pk,
                values=make.answers(lines[kind.pk], version, number),
            )
            for kind, version, number in (
                (chest.shop.kind, chest.shop.version, 20),
                (chest.offer.kind, chest.version, 20),
            )
        ]
        mine = chest.drafts()
    with meeting(stock, "take_stock", seconds=KEPT_OUT):
        results = at_once(
            lambda: actions.submit_together(actor=chest.actor, finals=_finals(*mine)),
            lambda: actions.submit_together(actor=actor, finals=_finals(*theirs)),
        )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert Order.objects.count() == 4
    assert sorted(Variant.objects.values_list("stock", flat=True)) == [0, 10]
