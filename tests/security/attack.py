"""A world with a stranger at every desk, and every route of the product with an object that is not the stranger's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests import factories as make
from tests.entitlements import papers

from tirek.accounts.models import User
from tirek.accounts.sessions import FACTOR
from tirek.core import clock, effects
from tirek.core.actors import Actor, Desk
from tirek.entitlements.models import OrderingTerm
from tirek.files import actions as files
from tirek.notices.models import Notice
from tirek.orders import actions
from tirek.orders.models import Order, SavedFilter
from tirek.orders.queries import door_code_for
from tirek.organisations.models import Membership
from tirek.people.models import Consent, Person
from tirek.site import sessions
from tirek.site.privacy import PRIVACY_VERSION
from tirek.ui.desks import DESKS


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Every route: (address pattern, full name, entry)."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        name = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            for address, full, found in routes(entry, name):
                yield address, f"{entry.namespace}:{full}" if entry.namespace else full, found
        else:
            yield name, entry.name or "", entry


def desks_of(entry: URLPattern) -> frozenset[Desk]:
    found: frozenset[Desk] = getattr(entry.callback, DESKS)
    return found


def agree(person: Person) -> None:
    person.consents.create(purpose="privacy", text_version=PRIVACY_VERSION, channel="web", given_at=make.MORNING)


def staff(kind: str, role: str, place: make.Territory | None = None) -> Actor:
    one = make.member(make.organisation(kind, place), role)
    desk = {"admin": Desk.ADMIN, "analyst": Desk.ANALYST, "officer": Desk.OFFICER, "supplier_manager": Desk.SUPPLIER}[role]
    return Actor(desk=desk, user_id=one.user_id, organisation_id=one.organisation_id, role=role)


class World(make.Shop):
    """A shop with one object of each sort, and strangers at every desk."""

    def __post_init__(self) -> None:
        super().__post_init__()
        agree(self.person)
        self.officer = make.officer(self.place)
        self.placed = self.order(3)
        self.running = self.accepted()
        self.delivered = self.handed_over()
        self.open_draft = self.draft(3)
        self.officer_draft = self.draft(3, actor=self.officer)
        self.asked = papers.asked(self)
        self.request_draft = papers.request_draft(self)
        self.correction_draft = papers.correction_draft(self, self.officer)
        self.correction = papers.proposed(self, make.officer(self.place))
        self.term = OrderingTerm.objects.filter(person=self.person).first()
        effects.run()
        self.notice = Notice.objects.filter(user_id=self.actor.account)[0]
        self.consent = Consent.objects.filter(person=self.person)[0]
        self.file = files.store(self.actor, SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF\n"), owner_id=self.person.pk)
        self.filter = SavedFilter.objects.create(user_id=self.officer.account, desk="officer", name="Mine", query="")
        self.boss = staff("centre", "admin")
        self.analyst = staff("centre", "analyst")

    def accepted(self) -> Order:
        return actions.accept_order(actor=self.supplier_actor, order=self.order(3), ready_on=clock.today())

    def handed_over(self) -> Order:
        order = self.accepted()
        return actions.hand_over(actor=self.supplier_actor, order=order, code=door_code_for(self.actor, order))

    def strangers(self) -> dict[Desk, Actor]:
        """Somebody at each desk whom nothing here concerns."""
        other = make.person(place=make.district("751110000"), phone="+77017654321")
        agree(other)
        return {
            Desk.RECIPIENT: make.recipient_of(other),
            Desk.SUPPLIER: make.supplier_actor(make.supplier()),
            Desk.OFFICER: make.officer(make.district("751110000")),
            Desk.ANALYST: self.analyst,
            Desk.ADMIN: self.boss,
        }

    def all_strangers(self) -> list[tuple[Desk, Actor]]:
        """The same, and whose territory is a whole region: another one."""
        return [*self.strangers().items(), (Desk.OFFICER, make.officer(make.district("750000000")))]


def signed_in(actor: Actor, *, language: str = "en") -> Client:
    """A browser in which the actor works."""
    client = Client(headers={"Accept-Language": language})
    user = User.objects.get(pk=actor.account)
    client.force_login(user)
    session = client.session
    session[FACTOR] = True
    if actor.organisation_id is not None:
        session[sessions.MEMBERSHIP] = str(Membership.objects.get(user=user).pk)
    session.save()
    return client


@dataclass(frozen=True)
class Case:
    """One route with parameters that name something of the world."""

    keys: Callable[[World], dict[str, object]]
    #: POST, when the route answers nothing else.
    post: bool = False
    #: Desks that may see the object wherever it is: not strangers to it.
    open_to: frozenset[Desk] = frozenset()


def at(**keys: Callable[[World], object]) -> Callable[[World], dict[str, object]]:
    return lambda world: {name: find(world) for name, find in keys.items()}


ADMINS = frozenset({Desk.ADMIN, Desk.ANALYST})
_order = at(number=lambda world: world.placed.number)
_done = at(number=lambda world: world.delivered.number)
_draft = at(key=lambda world: world.open_draft.pk)
_request_draft = at(key=lambda world: world.request_draft.pk)
_correction_draft = at(key=lambda world: world.correction_draft.pk)
_user = at(key=lambda world: world.person.user_id)

CASES: dict[str, Case] = {
    "draft-fields": Case(_draft, post=True),
    "entrance:consent": Case(at(key=lambda world: world.consent.pk)),
    "notices:notice": Case(at(key=lambda world: world.notice.pk)),
    "notices:send-again": Case(at(key=lambda _world: UUID(int=7)), post=True),
    "files:download": Case(at(key=lambda world: world.file.pk)),
    "entitlements:recipient-line": Case(at(key=lambda world: world.line.pk)),
    "entitlements:request-form": Case(_request_draft),
    "entitlements:request-check": Case(_request_draft),
    "entitlements:request-discard": Case(_request_draft),
    "entitlements:request-receipt": Case(at(number=lambda world: world.asked.number)),
    "entitlements:recipient-request": Case(at(number=lambda world: world.asked.number)),
    "entitlements:officer-line": Case(at(key=lambda world: world.line.pk)),
    "entitlements:officer-term": Case(at(number=lambda world: world.term.number if world.term else "-")),
    "entitlements:officer-request": Case(at(number=lambda world: world.asked.number)),
    "entitlements:correction-form": Case(_correction_draft),
    "entitlements:correction-check": Case(_correction_draft),
    "entitlements:correction-discard": Case(_correction_draft),
    "entitlements:officer-correction": Case(at(number=lambda world: world.correction.number)),
    "orders:offers": Case(at(line_key=lambda world: world.line.pk)),
    "orders:compare": Case(at(line_key=lambda world: world.line.pk)),
    "orders:offer": Case(at(line_key=lambda world: world.line.pk, offer_key=lambda world: world.offer.pk)),
    "orders:form": Case(_draft),
    "orders:submit": Case(_draft, post=True),
    "orders:hand-draft": Case(_draft, post=True),
    "orders:take-draft": Case(_draft, post=True),
    "orders:discard": Case(_draft),
    "orders:step": Case(at(key=lambda world: world.open_draft.pk, step=lambda _world: "delivery")),
    "orders:receipt": Case(_order),
    "orders:recipient-order": Case(_order),
    "orders:recipient-cancel": Case(_order),
    "orders:recipient-confirm": Case(_done),
    "orders:recipient-refuse": Case(_done),
    "orders:supplier-order": Case(_order),
    "orders:supplier-act": Case(at(number=lambda world: world.placed.number, verb=lambda _world: "accept"), post=True),
    "orders:supplier-variant": Case(at(key=lambda world: world.version.variant_id)),
    "orders:officer-person": Case(at(key=lambda world: world.person.pk)),
    "orders:officer-reason": Case(at(key=lambda world: world.person.pk)),
    "orders:officer-order": Case(_order),
    "orders:officer-confirm": Case(_done),
    "orders:officer-cancel": Case(_order),
    "orders:officer-refuse": Case(_done),
    "orders:officer-handed-over": Case(at(number=lambda world: world.running.number)),
    "orders:officer-let-go-on": Case(_order, post=True),
    "orders:officer-agree": Case(at(key=lambda world: world.officer_draft.pk), post=True),
    "orders:delete-filter": Case(at(key=lambda world: world.filter.pk)),
    # a person's account is opened to an administrator with a recorded reason only
    "manage:user": Case(_user),
    "manage:give-role": Case(_user),
    "manage:end-role": Case(at(key=lambda world: world.person.user_id, role=lambda _world: UUID(int=7))),
    "manage:block": Case(_user),
    "manage:unblock": Case(_user),
    "manage:reset-factors": Case(_user),
    # dated reference data belong to nobody: administrators and analysts read all of them
    "manage:value": Case(at(key=lambda _world: "order.delivery"), open_to=ADMINS),
    "manage:new-version": Case(at(key=lambda _world: "order.delivery"), open_to=frozenset({Desk.ADMIN})),
    "manage:withdraw-version": Case(at(key=lambda _world: "order.delivery", version=lambda _world: UUID(int=7))),
    "manage:withdraw-day": Case(at(day=lambda _world: "2026-12-30")),
}
#: Routes with a parameter that names no object of anybody: a language; a link that is itself the secret.
NO_OBJECT = {"ui:language", "accounts:new-password"}
