"""What an identity card says of a person: the name, the day of birth and the sex."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _

from tirek.core.errors import RuleBroken
from tirek.core.identifiers import Sex
from tirek.core.sorting import sort_key
from tirek.core.typed import as_meant

_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as the identity card has it."""

    surname: str
    given_name: str
    patronymic: str = ""

    @property
    def sort_key(self) -> str:
        """Surname first, in Kazakh order."""
        return sort_key(f"{self.surname} {self.given_name} {self.patronymic}")

    def checked(self) -> "Name":
        """The name as it is kept: one blank between words, no marks that nobody sees.

        Raises:
            RuleBroken: surname or given name has no letter, or a part is longer than 100 characters.
        """
        parts = [" ".join(as_meant(part).split()) for part in (self.surname, self.given_name, self.patronymic)]
        if not all(any(sign.isalpha() for sign in part) for part in parts[:2]):
            raise RuleBroken(_("Enter surname and given name as the identity card has them."), code="name")
        if any(len(part) > _LONGEST_NAME for part in parts):
            raise RuleBroken(
                _("A part of a name has at most %(most)s characters.") % {"most": _LONGEST_NAME}, code="name"
            )
        return Name(*parts)


@dataclass(frozen=True, slots=True)
class Born:
    """Day of birth and sex as the identity card has them."""

    on: date
    sex: Sex
