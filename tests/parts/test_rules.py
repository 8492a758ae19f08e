"""Who pays for a part, and until when one is ordered: tables without a database."""

from datetime import date

import pytest

from tirek.parts.rules import Pays, anew_from, pays

WARRANTY = date(2026, 11, 9)
ANEW = date(2030, 11, 9)


@pytest.mark.parametrize(
    ("on", "is_covered", "anew", "said", "found"),
    [
        (date(2026, 11, 9), True, ANEW, {}, Pays.WARRANTY),
        (date(2026, 11, 10), True, ANEW, {}, Pays.PERSON),
        (date(2026, 11, 9), False, ANEW, {}, Pays.PERSON),
        (date(2030, 11, 8), False, ANEW, {}, Pays.PERSON),
        (date(2030, 11, 9), False, ANEW, {}, Pays.ANEW),
        (date(2060, 1, 1), False, None, {}, Pays.PERSON),
        # a warranty binds the supplier whatever the term of use says
        (date(2026, 11, 9), True, date(2026, 1, 1), {}, Pays.WARRANTY),
        (date(2030, 11, 9), False, ANEW, {"after_term": "person"}, Pays.PERSON),
        (date(2030, 11, 8), False, ANEW, {"in_term": "none"}, Pays.ANEW),
    ],
)
def test_part__is_free_in_the_warranty_paid_in_the_term_and_not_ordered_after_it(
    on: date, is_covered: bool, anew: date | None, said: dict[str, str], found: Pays
) -> None:
    assert pays(on=on, warranty_until=WARRANTY, is_covered=is_covered, anew=anew, **said) is found


@pytest.mark.parametrize(
    ("months", "last_received_on", "next_on", "found"),
    [
        (48, date(2026, 11, 9), date(2029, 1, 1), date(2029, 1, 1)),
        (48, date(2027, 5, 1), date(2031, 5, 1), date(2030, 11, 9)),
        (48, None, None, date(2030, 11, 9)),
        (None, date(2026, 11, 9), None, None),
    ],
)
def test_term_of_use__is_that_of_the_thing_itself_unless_an_officer_corrected_the_next_day(
    months: int | None, last_received_on: date | None, next_on: date | None, found: date | None
) -> None:
    received = date(2026, 11, 9)
    assert anew_from(received_on=received, months=months, last_received_on=last_received_on, next_on=next_on) == found
