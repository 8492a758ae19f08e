"""What the guards know of the administrator's desk."""

from datetime import date
from uuid import UUID

from tests.kit.declared import Declared, List, Page, at
from tests.kit.world import World

from tirek.core import imports
from tirek.core.actors import Desk
from tirek.core.imports import Run
from tirek.core.keys import uuid7
from tirek.entitlements.models import KeptScenario

ADMINS = frozenset({Desk.ADMIN, Desk.ANALYST})
#: A person's account is opened to an administrator with a recorded reason only.
_REASON = "nobody has recorded a reason"
_user = Page(keys=at(key=lambda world: world.person.user_id), closed=_REASON)
_kind = at(kind=lambda world: world.kind.pk)
_no_version = Page(
    keys=at(kind=lambda world: world.kind.pk, version=lambda _world: UUID(int=7)), closed="no such version"
)
_value = at(key=lambda _world: "order.delivery")

#: what is announced belongs to every administrator
_announcement = Page(keys=at(key=lambda world: world.announcement.key), open_to=frozenset({Desk.ADMIN}))
_scenario = Page(keys=at(key=lambda world: world.kept.pk), open_to=ADMINS)
_organisation = Page(keys=at(key=lambda world: world.supplier.organisation_id), open_to=frozenset({Desk.ADMIN}))
_kind_of_file = Page(keys=at(code=lambda _world: "people"), open_to=frozenset({Desk.ADMIN}))


def _import_run(world: World) -> Run:
    """A file that was checked."""
    table = imports.table_of("people")
    assert table is not None
    content = f"iin;surname;given_name;place\n{world.person.iin};А;Б;{world.place.pk}\n".encode()
    return imports.begin(actor=world.admin, table=table, file_name="people.csv", content=content)


def _kept(world: World) -> KeptScenario:
    """A scenario of the world's kind that was kept."""
    mark = uuid7().hex
    text = (
        f"title: Case {mark[-5:]}\non: 2027-02-10\nprogrammes:\n  - {{issued: 2027-01-12, "
        f"lines: [{{kind: {world.kind.pk}, quantity: 1460}}]}}\n"
        f"expect:\n  - {{kind: {world.kind.pk}, rule: available}}\n"
    )
    return KeptScenario.objects.create(
        title=f"Case {mark[-5:]}",
        text=text,
        digest=mark,
        kinds=[world.kind.pk],
        asked_on=date(2027, 2, 10),
        kept_by=world.officer.account,
    )


def _grow(world: World) -> None:
    """One more file, one more case that is kept."""
    _import_run(world)
    _kept(world)


DECLARED = Declared(
    makes={"import_run": _import_run, "kept": _kept},
    grow=_grow,
    pages={
        "manage:home": Page(),
        "manage:preview": Page(),
        "manage:announcements": Page(),
        "manage:new-announcement": Page(),
        "manage:announcement": _announcement,
        "manage:change-announcement": _announcement,
        "manage:end-announcement": _announcement,
        "manage:withdraw-announcement": _announcement,
        "manage:failures": Page(),
        "manage:prices": Page(),
        "manage:kind-terms": Page(),
        "manage:provision": Page(),
        # dated reference data, as the values are
        "manage:prices-of-kind": Page(keys=_kind, open_to=ADMINS),
        "manage:kind-terms-of-kind": Page(keys=_kind, open_to=ADMINS),
        "manage:provision-of-kind": Page(keys=_kind, open_to=ADMINS),
        "manage:prices-new": Page(keys=_kind, open_to=frozenset({Desk.ADMIN})),
        "manage:kind-terms-new": Page(keys=_kind, open_to=frozenset({Desk.ADMIN})),
        "manage:provision-new": Page(keys=_kind, open_to=frozenset({Desk.ADMIN})),
        "manage:prices-withdraw": _no_version,
        "manage:kind-terms-withdraw": _no_version,
        "manage:provision-withdraw": _no_version,
        "manage:reference": Page(),
        # dated reference data belong to nobody: administrators and analysts read all of them
        "manage:value": Page(keys=_value, open_to=ADMINS),
        "manage:new-version": Page(keys=_value, open_to=frozenset({Desk.ADMIN})),
        "manage:withdraw-version": Page(
            keys=at(key=lambda _world: "order.delivery", version=lambda _world: UUID(int=7)),
            closed="no such version",
        ),
        "manage:scenarios": Page(),
        "manage:add-scenarios": Page(),
        "manage:scenario": _scenario,
        "manage:scenario-file": _scenario,
        "manage:set-aside-scenario": Page(keys=at(key=lambda world: world.kept.pk), open_to=frozenset({Desk.ADMIN})),
        "manage:calendar": Page(),
        "manage:new-day": Page(),
        "manage:import-days": Page(),
        "manage:withdraw-day": Page(keys=at(day=lambda _world: "2026-12-30"), closed="no such day"),
        "manage:organisations": Page(),
        "manage:new-organisation": Page(),
        # organisations and what they brought belong to every administrator
        "manage:organisation": _organisation,
        "manage:organisation-contact": _organisation,
        "manage:register-supplier": _organisation,
        "manage:supplier-account": _organisation,
        "manage:invite": _organisation,
        "manage:training": Page(
            keys=at(key=lambda world: world.officer.organisation_id), open_to=frozenset({Desk.ADMIN})
        ),
        "manage:imports": Page(),
        "manage:import": _kind_of_file,
        "manage:import-template": _kind_of_file,
        "manage:import-run": Page(keys=at(key=lambda world: world.import_run.pk), open_to=frozenset({Desk.ADMIN})),
        "manage:invite-again": _user,
        "manage:withdraw-invitation": _user,
        "manage:users": Page(),
        "manage:user": _user,
        "manage:give-role": _user,
        "manage:end-role": Page(
            keys=at(key=lambda world: world.person.user_id, role=lambda _world: UUID(int=7)), closed=_REASON
        ),
        "manage:block": _user,
        "manage:unblock": _user,
        "manage:reset-factors": _user,
    },
    lists=(
        List("administrator's home", Desk.ADMIN, "/manage/"),
        List("reference data", Desk.ADMIN, "/manage/reference"),
        List("versions of a value", Desk.ADMIN, "/manage/reference/order.delivery"),
        List("moved days", Desk.ADMIN, "/manage/calendar?year=2027"),
        List("announcements", Desk.ADMIN, "/manage/announcements"),
        List("scenarios", Desk.ADMIN, "/manage/scenarios"),
        List("failures", Desk.ADMIN, "/manage/failures"),
        List("users", Desk.ADMIN, "/manage/users"),
        List("organisations", Desk.ADMIN, "/manage/organisations"),
        List("imports", Desk.ADMIN, "/manage/imports"),
        List("guaranteed amounts", Desk.ADMIN, "/manage/prices"),
        List("terms of kinds", Desk.ADMIN, "/manage/terms"),
        List("how kinds are provided", Desk.ADMIN, "/manage/provision"),
    ),
)
