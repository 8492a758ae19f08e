"""Filters of lists that somebody keeps under a name."""

from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core.actors import Actor
from tirek.core.errors import NotFound, RuleBroken
from tirek.ui.lists.filters import Chosen
from tirek.ui.models import SavedFilter

#: Named filters of one account at one list of a desk.
MOST_FILTERS: Final = 20


def saved_filters(actor: Actor, code: str) -> QuerySet[SavedFilter]:
    """The actor's named filters of a list at the present desk, by name."""
    return SavedFilter.objects.filter(user_id=actor.account, desk=actor.desk.value, list=code).order_by("name")


def saved_filter(actor: Actor, code: str, key: UUID) -> SavedFilter:
    """One of the actor's named filters.

    Raises:
        NotFound: there is none, or not of this actor.
    """
    found = saved_filters(actor, code).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def save_filter(*, actor: Actor, code: str, name: str, chosen: Chosen) -> SavedFilter:
    """Keep a filter of the present desk's list with the account; the same name again means the new filter.

    Raises:
        RuleBroken: there are as many as there may be.
    """
    kept = saved_filters(actor, code)
    if kept.count() >= MOST_FILTERS and not kept.filter(name=name).exists():
        raise RuleBroken(
            _("You have %(most)s saved filters: no more can be kept.") % {"most": MOST_FILTERS},
            next_step=_("Delete one that you no longer need, then save this one."),
            code="most_filters",
        )
    saved, _new = SavedFilter.objects.update_or_create(
        user_id=actor.account, desk=actor.desk.value, list=code, name=name, defaults={"query": chosen.query}
    )
    return saved


def delete_filter(*, actor: Actor, code: str, key: UUID) -> None:
    """Delete a named filter of the actor.

    Raises:
        NotFound: there is none, or not of this actor.
    """
    saved_filter(actor, code, key).delete()
