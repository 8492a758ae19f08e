"""What a fresh demo looks like when its load has ended."""

import pytest

from tirek.cli import prepare
from tirek.cli.mark import Mark
from tirek.core import reference
from tirek.core.case import proof
from tirek.orders.models import Order
from tirek.organisations.models import Membership

pytestmark = pytest.mark.django_db


class _Config:
    demo = True


@pytest.mark.finding("J-demo")
@pytest.mark.finding("J-demo-names")
def test_demo__ends_with_its_past_days_sealed_and_each_person_s_own_phone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    list(reference.load())
    monkeypatch.setattr(prepare, "config", _Config)
    monkeypatch.setattr(prepare.addresses, "owner", lambda _config: "")
    monkeypatch.setattr(prepare.mark, "read", lambda _address: None)
    monkeypatch.setattr(prepare.mark, "refuse_mixing", lambda _config, _known: None)
    marked: list[Mark] = []
    monkeypatch.setattr(prepare.mark, "write", lambda _address, what: marked.append(what))
    prepare.load_demo()
    assert marked == [Mark.DEMO_LOADED]
    assert "seal of the journal" not in caplog.text, "the address stands at the end of what is printed"
    fitted = dict(Order.objects.filter(needs_fitting=True).values_list("kind_code", "state"))
    assert fitted == {"SM-02": Order.State.FITTING_TIMES, "PO-13": Order.State.ACCEPTED}
    assert not proof.is_late()
    assert list(proof.verify_seals()) == []
    phones = dict(Order.objects.values_list("person_id", "phone"))
    assert len(set(phones.values())) == len(phones)
    staff = dict(Membership.objects.values_list("user__email", "user__name"))
    assert (len(staff), len(set(staff.values()) - {""})) == (8, 8), "staff have names, as everybody in a list of users"
    assert all(one.phone == one.person.user.phone for one in Order.objects.filter(person__user__phone__gt=""))
