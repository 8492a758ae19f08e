"""A country to measure the product on, made by the product's own actions and copied."""

from tirek.site.demo.country.country import (
    PEOPLE,
    People,
    Plan,
    copy_here,
    first_free_number,
    give_numbers_after,
    models_of_lives,
    prepare,
)

__all__ = [
    "PEOPLE",
    "People",
    "Plan",
    "copy_here",
    "first_free_number",
    "give_numbers_after",
    "models_of_lives",
    "prepare",
]
