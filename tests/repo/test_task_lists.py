"""Every list of tasks of every app: what its heading and the worklist count is what stands in it."""

import pytest
from tests import factories as make
from tests.kit.pages import open_page
from tests.kit.sign_in import signed_in
from tests.kit.world import World

from tirek.core import clock
from tirek.core.places import region_of
from tirek.ui.lists.tasks import TaskPage, of_a_region, task_pages
from tirek.ui.worklist import worklist


@pytest.mark.django_db
@pytest.mark.finding("J-O5")
@pytest.mark.parametrize("tasks", task_pages(), ids=lambda one: str(one.route))
def test_count__of_a_list_of_tasks_is_the_number_of_its_rows(grown_world: World, tasks: TaskPage) -> None:
    with clock.at(make.MORNING):
        world = grown_world
        is_of_region = any(one.by_others is of_a_region for one in tasks.lists)
        actor = make.officer(make.district(region_of(world.place.code))) if is_of_region else world.at(tasks.at)
        counters = {one.url: one.count for one in worklist(actor).counters}
        for one in tasks.lists:
            address = tasks.address(one)
            page = open_page(signed_in(actor), address.partition("#")[0])
            part = page.html.partition(f'id="{one.name}"')[2].partition("<h")[0]
            rows = part.count('<th scope="row">')
            assert rows > 0, "the world has no such task: let tests/<app>/declared.py grow one"
            assert f"({rows})" in next(head for head in page.headings if str(one.cases.title[tasks.at]) in head)
            assert counters[address] == one.count(actor) == rows
        if is_of_region:
            district = world.at(tasks.at)
            assert [one.count(district) for one in tasks.lists] == [0] * len(tasks.lists), "a district cannot do it"
            assert str(tasks.lists[0].others) in open_page(signed_in(district), tasks.address(tasks.lists[0])).main
