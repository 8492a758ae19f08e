"""What follows for terms to order from the turns of a person's life."""

from datetime import date

from tirek.entitlements.actions.terms import close_terms_of, count_from_letter
from tirek.entitlements.case_types import PROGRAMMES
from tirek.letters.actions import when_posted
from tirek.notices.models import Notice
from tirek.people.lives import Turn, when

when(Turn.DIED)(close_terms_of)


@when_posted
def begin_terms(notice: Notice, received_on: date) -> None:
    """The notice that lines are on the portal went by post: the terms to order count from the letter."""
    if notice.template == "programme.on_portal" and notice.case_type == PROGRAMMES.code and notice.case_id is not None:
        count_from_letter(notice.case_id, received_on)
