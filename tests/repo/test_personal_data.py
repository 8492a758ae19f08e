"""Personal data: nothing about people is kept without a period or a reason, nothing about a person is left out of the
export unsaid.
"""

from datetime import date

import pytest
from django.apps import apps
from django.db import models

from tirek.accounts.models import User
from tirek.core import reference
from tirek.core.personal import export, retention
from tirek.core.reference import Unit
from tirek.people.models import Person

#: Tables of libraries in which people leave traces.
OF_LIBRARIES = {"sessions.Session", "mfa.Authenticator"}
#: Loose ids that never name a person or a person's case.
OF_THINGS = {"organisation_id", "guaranteed_reference", "row_id", "body_id"}


def label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def own_tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("tirek.")]


def targets(model: type[models.Model]) -> list[type[models.Model]]:
    return [
        field.related_model
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
    ]


def loose_ids(model: type[models.Model]) -> list[str]:
    """Ids of rows elsewhere that no foreign key guards: accounts, people, cases, events."""
    keys = [field for field in model._meta.get_fields() if isinstance(field, models.UUIDField)]
    return [field.name for field in keys if field.name != "id" and field.name not in OF_THINGS]


def about_people() -> set[str]:
    """Tables that lead to a person: by a foreign key, by way of another such table, or by an id."""
    found = {Person, User}
    while True:
        more = {one for one in own_tables() if one not in found and (loose_ids(one) or found & set(targets(one)))}
        if not more:
            return {label(one) for one in found}
        found |= more


def test_retention__every_table_has_a_period_or_a_reason() -> None:
    with_period = {one for period in retention.periods() for one in period.models}
    kept = retention.kept()
    unsaid = {label(one) for one in own_tables()} | OF_LIBRARIES
    unsaid -= with_period | set(kept)
    unsaid -= {one for one in unsaid if f"{one.split('.')[0]}.*" in kept}
    assert unsaid == set(), "say in the app's personal.py how long it is kept, or why without a term"


def test_retention__names_only_tables_that_are_there() -> None:
    known = {label(one) for one in apps.get_models()} | {f"{one.label}.*" for one in apps.get_app_configs()}
    named = {one for period in retention.periods() for one in period.models} | set(retention.kept())
    assert named - known == set()


def test_retention__what_is_kept_whole_is_not_also_forgotten() -> None:
    assert {one for period in retention.periods() for one in period.models} & set(retention.kept()) == set()


def test_retention__every_period_stands_in_the_reference_data_with_its_source() -> None:
    rows = {row["key"]: row for path in reference.files() for _line, row in reference.read_rows(path)}
    for period in retention.periods():
        row = rows[period.key]
        assert Unit(row["unit"]) in {Unit.CALENDAR_DAYS, Unit.MONTHS}, period.key
        assert int(row["value"]) > 0
        assert row["citation"]
        assert date.fromisoformat(row["effective_from"])
    loose = {key for key in rows if key.startswith("retention.")} - {one.key for one in retention.periods()}
    assert loose == set(), "nothing is forgotten by these"


def test_export__every_table_that_leads_to_a_person_is_told_or_left_out_with_a_reason() -> None:
    told = {one for section in export.sections() for one in section.models}
    assert about_people() - told - set(export.left_out()) == set(), (
        "add a section in the app's personal.py, or say why it is left out"
    )


def test_export__leaves_out_nothing_that_it_tells_and_nothing_that_is_not_there() -> None:
    told = {one for section in export.sections() for one in section.models}
    assert told & set(export.left_out()) == set()
    assert (told | set(export.left_out())) - {label(one) for one in apps.get_models()} == set()
    assert all(export.left_out().values())


@pytest.mark.parametrize(
    "name",
    ["people.Consent", "orders.Delivery", "entitlements.LedgerEntry", "core.View", "notices.Delivery", "core.Effect"],
)
def test_guard__sees_tables_near_and_far(name: str) -> None:
    assert name in about_people()


@pytest.mark.parametrize(
    "name", ["territory.Territory", "catalogue.Kind", "core.CalendarDay", "organisations.Organisation"]
)
def test_guard__does_not_take_registers_for_people(name: str) -> None:
    assert name not in about_people()
