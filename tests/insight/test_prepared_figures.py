"""What became of prepared orders, as it is published: nothing of few people."""

from tirek.insight.prepared import cells
from tirek.prepared.queries import Counted


def test_figures__tell_by_one_respect_alone_and_nothing_of_few() -> None:
    def rows(state: str, count: int, days: int = 0) -> list[Counted]:
        return [Counted("window", "GI-01", "101810000", state, days) for _one in range(count)]

    found = cells(rows("taken", 7, 2) + rows("declined", 4) + rows("expired", 5) + rows("ended", 1) + rows("open", 3))
    assert set(found) == {("", "", ""), ("window", "", ""), ("", "GI-01", ""), ("", "", "100000000")}
    told = found["", "", ""].told(5)
    assert told == {"offered": 20, "taken": 5, "declined": None, "expired": 5, "days": 2}
    assert cells(rows("taken", 4, 1))["", "", ""].told(5)["days"] is None
