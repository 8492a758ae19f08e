"""What a line of a programme asks for: recommended parameters, which of them must match, and how it is provided.

The fields of a page, the cell of a file and a scenario are read by the same fields, one for each parameter of a kind.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tirek.catalogue.card_forms import parameter_field, parameter_value
from tirek.catalogue.models import Kind, Parameter, ProvisionChannel
from tirek.catalogue.queries import known_parameters
from tirek.catalogue.rules import Requirement
from tirek.catalogue.words import AskedInWords, Words
from tirek.core.errors import RuleBroken, Text
from tirek.core.reference.snapshot import Snapshot
from tirek.core.typed import as_meant
from tirek.entitlements.models import Line, Programme
from tirek.ui.fields import HintedCheckboxes

#: Names of the fields of a kind, after what stands before all of them.
PARAMETER: Final = "p-"
MUST: Final = "must"
CHANNEL: Final = "channel"
#: What stands between the parameters of a cell, and after one that must match.
_BETWEEN: Final = re.compile(r"[;|\n]")
_MUST_SIGN: Final = "!"
_MOST_TOLD: Final = 40


#: What reads the value of a parameter, by kind and code: a file has many lines, and a field is made once.
_Readers = dict[str, dict[str, tuple[Parameter, forms.Field]]]
_READERS: Final[Snapshot[_Readers]] = Snapshot(dict)


def _readers(kind_code: str) -> Mapping[str, tuple[Parameter, forms.Field]]:
    known = _READERS.get()
    if kind_code not in known:
        known[kind_code] = {
            code: (one, parameter_field(one, lambda _code, value: str(value)))
            for code, one in known_parameters(kind_code).items()
        }
    return known[kind_code]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line asks for.

    Attributes:
        recommended: parameter code → value.
        must: codes of those that must match, in order.
    """

    recommended: Mapping[str, str | float | bool] = field(default_factory=dict)
    must: tuple[str, ...] = ()

    @classmethod
    def of(cls, line: Line) -> "Asked":
        """What a line asks for now."""
        return cls(line.recommended, tuple(sorted(line.must_match)))


def channels_of(kind: Kind) -> list[ProvisionChannel]:
    """The ways in which a line of a kind can be provided, the kind's own first: what may be made to individual order is
    bought by decision, or chosen on the portal (Social Code art. 169(2)); for an injury at work by the employer's fault
    the employer pays (art. 162(4)).
    """
    own = ProvisionChannel(kind.channel)
    both = [ProvisionChannel.PORTAL, ProvisionChannel.PROCUREMENT] if kind.made_to_order else []
    return [own, *(one for one in (*both, ProvisionChannel.EMPLOYER) if one != own)]


def default_channel(programme: Programme, kind: Kind) -> ProvisionChannel:
    """How an item of a programme is provided that says nothing of it."""
    return ProvisionChannel.EMPLOYER if programme.employer_pays else ProvisionChannel(kind.channel)


def check_channel(kind: Kind, channel: str) -> None:
    """Whether a line of a kind may be provided so.

    Raises:
        RuleBroken: it is provided in other ways.
    """
    if channel not in channels_of(kind):
        raise RuleBroken(
            _("This kind is not provided so. It can be: %(ways)s.")
            % {"ways": ", ".join(str(one.label) for one in channels_of(kind))},
            next_step=_("Leave the way of provision empty."),
            code="channel",
        )


def check_asked(kind: Kind, recommended: Mapping[str, object], must: Collection[str]) -> None:
    """Whether a line of a kind may ask for it (no query).

    Raises:
        RuleBroken: a parameter that the kind does not have, a value that it cannot have, or something must match of
            which no value is told.
    """
    for code, value in recommended.items():
        _cleaned(kind.pk, code, str(value))
    for code in must:
        if code not in recommended:
            raise RuleBroken(_no_value(code), code="must")


def _no_value(code: str) -> Text:
    return _("“%(code)s” must match, and no value is given.") % {"code": code}


def _cleaned(kind_code: str, code: str, typed: str) -> str | float | bool:
    """The value of a parameter as somebody typed it.

    Raises:
        RuleBroken: the kind has no such parameter, or it cannot have this value.
    """
    known = _readers(kind_code)
    if code not in known:
        raise RuleBroken(
            _("This kind has no parameter “%(code)s”. It has: %(known)s.")
            % {"code": code[:_MOST_TOLD], "known": ", ".join(known) or "–"},
            code="parameter",
        )
    parameter, read = known[code]
    codes = {"yes": "True", "no": "False", "true": "True", "false": "False"}
    if parameter.type == Parameter.Type.CHOICE:
        codes = {str(one).casefold(): str(one) for one in parameter.choices}
    meant = as_meant(typed).strip()
    if parameter.type in {Parameter.Type.CHOICE, Parameter.Type.BOOL}:
        meant = codes.get(meant.casefold(), meant)
    try:
        value = read.clean(meant)
    except ValidationError as wrong:
        raise RuleBroken(_no_such(code, typed, parameter), code="value") from wrong
    if value in (None, ""):
        raise RuleBroken(_("No value of “%(code)s” is given.") % {"code": code}, code="value")
    return parameter_value(read, value)


def _no_such(code: str, typed: str, parameter: Parameter) -> Text:
    told: dict[str, object] = {"code": code, "typed": typed[:_MOST_TOLD]}
    if parameter.type in {Parameter.Type.CHOICE, Parameter.Type.BOOL}:
        told["known"] = ", ".join(map(str, parameter.choices or ("yes", "no")))
        return _("“%(typed)s” is no value of “%(code)s”. It can be: %(known)s.") % told
    if parameter.type == Parameter.Type.NUMBER:
        return _("“%(typed)s” is no value of “%(code)s”. It is a number of 0 and more.") % told
    return _("“%(typed)s” is no value of “%(code)s”.") % told


def read_asked(kind_code: str, text: str) -> Asked:
    """What a cell asks for: ``size=l!; day_night=night``; ``!`` stands after what must match.

    Args:
        kind_code: of the classifier.
        text: "" where it asks for nothing.

    Raises:
        RuleBroken: a parameter that the kind does not have, one that stands twice, or a value that it cannot have.
    """
    found, must = dict[str, str | float | bool](), list[str]()
    for one in filter(str.strip, _BETWEEN.split(text)):
        code, _sign, typed = (part.strip() for part in one.partition("="))
        code = as_meant(code).casefold()
        if code in found:
            raise RuleBroken(_("“%(code)s” is there twice.") % {"code": code[:_MOST_TOLD]}, code="twice")
        if typed.endswith(_MUST_SIGN):
            typed = typed.removesuffix(_MUST_SIGN).strip()
            must.append(code)
        found[code] = _cleaned(kind_code, code, typed)
    return Asked(found, tuple(sorted(must)))


def written(asked: Asked) -> str:
    """The text that ``read_asked`` reads."""

    def told(value: object) -> str:
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    return "; ".join(
        f"{code}={told(value)}{_MUST_SIGN if code in asked.must else ''}" for code, value in asked.recommended.items()
    )


# --- on a page


def channel_field(kind: Kind, label: str) -> forms.ChoiceField:
    """How the line is provided; the kind's own way stands first."""
    choices = [(one.value, capfirst(one.label)) for one in channels_of(kind)]
    return forms.ChoiceField(
        label=label,
        help_text=_("“Bought by the local body”: it is made to individual order.") if kind.made_to_order else "",
        choices=choices,
        required=False,
    )


def fields_of(words: Words, before: str) -> Iterator[tuple[str, forms.Field]]:
    """The fields in which it is said what a line of a kind asks for: the value of each parameter, and which of them
    must match; ``before`` begins their names.
    """
    for code, parameter in words.parameters.items():
        yield f"{before}{PARAMETER}{code}", parameter_field(parameter, words.value)
    if words.parameters:
        choices = [(code, capfirst(words.parameter(code))) for code in words.parameters]
        yield (
            f"{before}{MUST}",
            forms.MultipleChoiceField(
                label=_("Which of these must match?"),
                help_text=_("What does not match cannot be ordered. The others are wishes."),
                choices=choices,
                required=False,
                widget=HintedCheckboxes,
            ),
        )


def begun_with(asked: Asked, before: str = "") -> dict[str, str]:
    """What the fields say of what is asked for now, as a draft keeps it."""
    told = {f"{before}{PARAMETER}{code}": str(value) for code, value in asked.recommended.items()}
    return told | {f"{before}{MUST}": "\n".join(asked.must)}


def words_of(kind_code: str, asked: Asked) -> AskedInWords:
    """What a line of a kind asks for, in the present language."""
    return Words(kind_code).asked(Requirement(kind_code, asked.recommended, asked.must))


def asked_in(form: forms.Form, before: str = "") -> Asked:
    """What was filled in; what must match and has no value is said at its field."""
    given, start = form.cleaned_data, f"{before}{PARAMETER}"
    found = {
        name.removeprefix(start): parameter_value(form.fields[name], given[name])
        for name in form.fields
        if name.startswith(start) and given.get(name) not in (None, "")
    }
    must = tuple(sorted(given.get(f"{before}{MUST}") or ()))
    for code in must:
        if code not in found and f"{start}{code}" not in form.errors:
            form.add_error(f"{start}{code}", ValidationError(_("Enter what it must be."), code="must"))
    return Asked(found, tuple(one for one in must if one in found))
