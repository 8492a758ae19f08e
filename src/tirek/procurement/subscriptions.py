"""What follows for purchases elsewhere: a programme is registered or ends, a person dies."""

from uuid import UUID

from tirek.core.case.effects import subscribe
from tirek.core.case.journal import Event
from tirek.people.lives import Turn, when
from tirek.procurement.actions import follow_corrected, follow_death, follow_ended, follow_registered


@subscribe("programme.register", name="procurement.record_needs")
def record_needs_of_programme(event: Event) -> None:
    """What the local body buys of a new programme is recorded at once."""
    follow_registered(event.case_id)


@subscribe("programme.cancel", "programme.replace", "programme.expire", name="procurement.follow_programme")
def follow_programme(event: Event) -> None:
    """A programme has ended: its purchases go on by the newer one, end, or are looked at by an officer."""
    follow_ended(event.case_id)


@subscribe("correction.sign", name="procurement.follow_correction")
def follow_correction(event: Event) -> None:
    """Two officers corrected a line: how it is provided may be another now."""
    follow_corrected(event.case_id)


@when(Turn.DIED)
def end_purchases(person_id: UUID) -> None:
    """The person has died: what is not under contract ends, of the rest an officer says what becomes of it."""
    follow_death(person_id)
