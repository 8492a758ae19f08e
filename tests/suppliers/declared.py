"""What the guards know of suppliers: who joins the register, who works for one, and where it is paid."""

from tests import factories as make
from tests.kit.declared import THE_CLOCK, Declared, Keys, List, Page, at, by, numbered
from tests.kit.world import World
from tests.suppliers import joining

from tirek.core import clock
from tirek.core.actors import Actor, Desk
from tirek.suppliers.draft_forms import JOINING
from tirek.suppliers.models import Check
from tirek.ui.models import SavedFilter

#: An application is sent in one's own name; the commission is in the region.
OWN = frozenset({"recipient"})
OF_REGION = frozenset({"officer of the region"})


def _filter(actor: Actor) -> SavedFilter:
    return SavedFilter.objects.create(
        user_id=actor.account, desk=actor.desk, list="registration", name="Mine, also", query=""
    )


def _grow(world: World) -> None:
    """One more application in each state that lists show, one more supplier with checks that are due."""
    joining.begun(world.actor)
    joining.sent(world.actor)
    _person, who = joining.somebody()
    supplier = joining.joined(who)
    Check.objects.filter(supplier=supplier).update(due_on=clock.today())
    _due(world)


def _due(world: World) -> None:
    """A check of the world's own supplier that is due."""
    requirement = joining.checks.item(joining.checks.items_of_supplier(world.supplier), "debts").requirement
    Check.objects.filter(supplier=world.supplier, replaced_at=None).update(replaced_at=clock.now())
    Check.objects.create(
        supplier=world.supplier,
        requirement=requirement,
        place=world.supplier.region_code,
        answered_on=clock.today(),
        finding="in_order",
        due_on=clock.today(),
    )


def _draft(world: World) -> object:
    return JOINING.begin(world.actor, joining.answers())


def _act(attribute: str, verb: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, verb=lambda _world: verb)


def _code(attribute: str, code: str) -> Keys:
    return at(number=lambda world: getattr(world, attribute).number, code=lambda _world: code)


def _stranger(_world: World) -> Actor:
    return make.supplier_actor(make.supplier())


def _of_supplier(world: World) -> object:
    """An application by which the world's supplier came into the register."""
    case = joining.sent(world.actor)
    type(case).objects.filter(pk=case.pk).update(organisation=world.supplier.organisation)
    case.refresh_from_db()
    return case


_entry = at(key=lambda world: world.supplier.pk)

DECLARED = Declared(
    roles={Desk.SUPPLIER: lambda world: world.supplier_actor},
    strangers={Desk.SUPPLIER: _stranger},
    makes={
        "registration": lambda world: joining.sent(world.actor),
        "registration_begun": lambda world: joining.begun(world.actor),
        "registration_done": _of_supplier,
        "registration_draft": _draft,
        "registrations_filter_of_officer": lambda world: _filter(world.officer),
    },
    cases={"registration": lambda world: world.registration},
    may={
        "registration": {
            **dict.fromkeys(("begin", "amend", "provide", "send", "send_again", "withdraw", "accept"), OWN),
            **dict.fromkeys(("examine", "pass_on", "register", "refuse", "reject", "give_back"), OF_REGION),
            "escalate": THE_CLOCK,
            "lapse": THE_CLOCK,
        }
    },
    grow=_grow,
    pages={
        "suppliers:account": Page(),
        "suppliers:join": Page(),
        "suppliers:public-offer": Page(),
        "suppliers:register": Page(),
        "suppliers:recipient-registrations": Page(),
        "suppliers:join-begin": Page(post=True),
        "suppliers:join-form": Page(keys=by("registration_draft")),
        "suppliers:join-step": Page(keys=at(key=lambda world: world.registration_draft.pk, step=lambda _world: "who")),
        "suppliers:join-submit": Page(keys=by("registration_draft"), post=True),
        "suppliers:join-take": Page(keys=by("registration_draft"), post=True),
        "suppliers:join-discard": Page(keys=by("registration_draft")),
        "suppliers:recipient-registration": Page(keys=numbered("registration")),
        "suppliers:recipient-registration-act": Page(keys=_act("registration", "withdraw")),
        "suppliers:recipient-data": Page(keys=numbered("registration_begun")),
        "suppliers:recipient-paper": Page(keys=_code("registration_begun", "authority")),
        "suppliers:supplier-registration": Page(keys=numbered("registration_done")),
        "suppliers:supplier-checks": Page(),
        "suppliers:supplier-paper": Page(keys=at(code=lambda _world: "authority"), nobodys=True),
        "suppliers:supplier-agreement": Page(),
        "suppliers:officer-registrations": Page(),
        "suppliers:officer-tasks": Page(),
        "suppliers:officer-registrations-filters": Page(post=True),
        "suppliers:officer-registrations-filter": Page(keys=by("registrations_filter_of_officer")),
        "suppliers:officer-registration": Page(keys=numbered("registration")),
        "suppliers:officer-registration-act": Page(keys=_act("registration", "pass_on")),
        "suppliers:officer-finding": Page(keys=_code("registration", "authority")),
        "suppliers:officer-suppliers": Page(),
        "suppliers:officer-supplier": Page(keys=_entry),
        "suppliers:officer-supplier-act": Page(
            keys=at(key=lambda world: world.supplier.pk, verb=lambda _world: "suspend")
        ),
        "suppliers:officer-supplier-check": Page(
            keys=at(key=lambda world: world.supplier.pk, code=lambda _world: "debts")
        ),
        "suppliers:officer-checks": Page(),
    },
    lists=(
        List("register of suppliers", Desk.RECIPIENT, "/suppliers"),
        List("own applications", Desk.RECIPIENT, "/registrations"),
        List("applications that wait", Desk.OFFICER, "/office/registrations-waiting"),
        List("applications of suppliers", Desk.OFFICER, "/office/registrations?state=checking&sort=deadline"),
        List("suppliers of the territory", Desk.OFFICER, "/office/suppliers"),
        List("checks that are due", Desk.OFFICER, "/office/checks"),
    ),
    big=frozenset({"suppliers_registration", "suppliers_check"}),
    small=frozenset(
        {
            "suppliers_agreement",
            "suppliers_bankaccount",
            "suppliers_publicoffer",
            "suppliers_registerevent",
            "suppliers_requirement",
            "suppliers_supplier",
            "suppliers_supplierword",
        }
    ),
)
