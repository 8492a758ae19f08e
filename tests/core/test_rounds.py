import pytest
from procrastinate.contrib.django import app

from tirek.core.service import rounds


def test_every_piece_of_work__has_its_turn_though_one_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rounds, "_work", {})

    @rounds.every_second("test.fails")
    def fails() -> int:
        raise RuntimeError("no link")

    @rounds.every_second("test.works")
    def works() -> int:
        return 2

    assert rounds.run() == 2
    assert "round test.fails failed" in caplog.text


def test_same_name__is_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "_work", {})
    for _n in range(2):
        rounds.every_second("test.once")(lambda: 1)
    assert rounds.run() == 1


def test_worker__knows_that_codes_and_notices_leave() -> None:
    app.perform_import_paths()
    assert {"accounts.hand_over", "notices.deliver"} <= set(rounds._work)
