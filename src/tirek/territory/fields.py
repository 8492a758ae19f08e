"""Form fields for places: a region, district or city of the classifier."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tirek.core.typed import as_meant
from tirek.territory import queries
from tirek.territory.models import Level, Territory

Group = tuple[str, list[tuple[str, str]]]


class PlaceField(forms.ChoiceField):
    """A region or a district in force today; ``cleaned_data`` holds its КАТО code, "" for none.

    A file may have the code, or the name in any language where only one place has it.
    """

    default_error_messages = {
        "no_place": _("There is no region, district or city “%(typed)s”. Enter its КАТО code, 9 digits."),
        "many_places": _("Several places are called “%(typed)s”. Enter the КАТО code, 9 digits."),
    }

    def __init__(self, *, districts_only: bool = False, **kwargs: Any) -> None:  # noqa: ANN401 - Django's options
        self.districts_only = districts_only
        self.offered: Callable[[str], bool] = lambda _code: True
        super().__init__(**{"choices": self._groups, **kwargs})

    def __deepcopy__(self, memo: dict[int, Any]) -> "PlaceField":
        """A form's own field asks its own ``offered``, not that of the class."""
        made: PlaceField = super().__deepcopy__(memo)
        made.choices = made._groups
        return made

    def _groups(self) -> Iterator[tuple[str, str] | Group]:
        yield "", "—"
        found: dict[str, Group] = {}
        for one in queries.regions():
            is_one = not self.districts_only and self.offered(one.code)
            found[one.code] = one.name, [(one.code, one.name)] if is_one else []
        for one in queries.districts():
            if one.parent is not None and self.offered(one.code):
                found.setdefault(one.parent.code, (one.parent.name, []))[1].append((one.code, one.name))
        for group in found.values():
            if group[1]:
                yield group

    def clean(self, value: Any) -> str:  # noqa: ANN401 - as Django declares it
        """The code.

        Raises:
            ValidationError: no place in force has this code or name, or several have the name.
        """
        typed = " ".join(as_meant(str(value or "")).split())
        if not typed:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return ""
        rows = queries.in_force()
        if self.districts_only:
            rows = rows.filter(level=Level.DISTRICT)
        codes = [typed] if rows.filter(pk=typed).exists() else self._called(rows, typed)
        if len(codes) != 1:
            code = "many_places" if codes else "no_place"
            raise ValidationError(self.error_messages[code], code=code, params={"typed": typed})
        return codes[0]

    @staticmethod
    def _called(rows: QuerySet[Territory], typed: str) -> list[str]:
        wanted = typed.casefold()
        return [
            one.pk for one in rows if wanted in {one.name_kk.casefold(), one.name_ru.casefold(), one.name_en.casefold()}
        ]
