"""Which forms are kept as drafts: a code is one form's, once."""

from dataclasses import replace

import pytest

from tirek.core.actors import Desk
from tirek.core.drafts import forms
from tirek.core.drafts.forms import FormType

FIRST = FormType(
    code="made-up-first",
    title="The first",
    url=lambda key: f"/first/{key}",
    discard_url=lambda key: f"/first/{key}/discard",
    take_url=lambda key: f"/first/{key}/take",
    desks=frozenset({Desk.RECIPIENT}),
)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is known to nobody else."""
    monkeypatch.setattr(forms, "_forms", dict(forms._forms))


@pytest.mark.parametrize("other", [FIRST, replace(FIRST, title="Another")], ids=["the same once more", "another"])
def test_register__refuses_a_code_that_is_taken_and_keeps_what_was(other: FormType) -> None:
    assert forms.register(FIRST) is FIRST
    with pytest.raises(ValueError, match="made-up-first is registered twice"):
        forms.register(other)
    assert forms.form_of("made-up-first") is FIRST
    assert "made-up-first" in forms.known(Desk.RECIPIENT)
    assert "made-up-first" not in forms.known(Desk.OFFICER)


def test_register__knows_forms_of_another_code_beside_it() -> None:
    before = forms.known()
    forms.register(FIRST)
    forms.register(replace(FIRST, code="made-up-second"))
    assert forms.known() - before == {"made-up-first", "made-up-second"}
