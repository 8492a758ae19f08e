"""What follows for terms to order from the turns of a person's life."""

from tirek.entitlements.actions.terms import close_terms_of
from tirek.people.lives import Turn, when

when(Turn.DIED)(close_terms_of)
