"""How notices speak of people to others: by the given name."""

from tirek.notices.templates import name_people_by
from tirek.people.queries import given_names_for

name_people_by(given_names_for)
