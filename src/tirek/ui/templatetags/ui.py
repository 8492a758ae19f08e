"""Template tags and filters of the common pages; built into every template, so nothing has to be loaded."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final, cast

from django import template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.template.base import render_value_in_context
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.core import reference
from tirek.ui import text, ways
from tirek.ui.renderer import GovukBoundField

if TYPE_CHECKING:
    from django.core.paginator import Page

    from tirek.core.case.deadlines import Deadline
    from tirek.core.drafts import Conflict
    from tirek.core.errors import DomainError

#: The help line where it stands in words; in Kazakh an ending may follow its number.
HELP_LINE: Final = re.compile(r"(?<![\w-])1414(?!\w|-\d)")
_CALL: Final = '<a class="govuk-link phone" href="tel:1414">1414</a>'
register = template.Library()

#: Tones of a state and the colours that go with them; the words carry the meaning, the colour only repeats it.
TONES = {"quiet": "grey", "active": "blue", "waiting": "yellow", "done": "green", "stopped": "red"}
#: Kinds of a table and their classes: cells under one another on a phone, a wide one that is scrolled, one whose names
#: of rows stay while it is scrolled, or one without a look of its own.
TABLES = {
    "stack": "govuk-table desk-table desk-table--stack",
    "wide": "govuk-table desk-table",
    "places": "govuk-table desk-table desk-table--stack desk-table--sorted",
    "compare": "govuk-table desk-table desk-table--compare",
    "plain": "govuk-table",
    "month": "year__month",
}
_SELECTED, _DISABLED = " selected", " disabled"
_NOT_RENDERED = frozenset({"class", "required"})
_NOT_RENDERED_FOR_NUMBERS = frozenset({"min", "max", "step"})


@register.filter
def tenge(value: Decimal | float | str | None) -> str:
    """An amount of money: "12 500 ₸"; nothing for nothing."""
    return "" if value is None or value == "" else text.tenge_text(value)


@register.filter
def before_stop(words: str) -> str:
    """Words that a full stop follows, without the one that they end with: «60 шт.» in «Передано: 60 шт.»."""
    return str(words).removesuffix(".")


@register.filter
def paid(value: Decimal | None) -> str:
    """What somebody pays: "12 500 ₸", or "free"; nothing where it is not known."""
    return "" if value is None else text.paid_text(value)


@register.filter
def number(value: Decimal | int | None) -> str:
    """A count in groups of three digits: "12 500"; a dash for nothing."""
    return "–" if value is None else text.number_text(value)


@register.filter
def change(value: int) -> str:
    """By how much a balance changed: {{ entry.amount|change }}."""
    return text.change_text(value)


@register.filter
def month(first: date) -> str:
    """A month of a year: "December 2025"."""
    return text.month_text(first)


@register.filter
def day(value: date | None) -> str:
    """A date in words: "22 November 2026"."""
    return text.day_text(value) if value else ""


@register.filter
def short_day(value: datetime | None) -> str:
    """The day of a moment without its year: "22 November"."""
    return text.short_day_text(value) if value else ""


@register.filter
def until(value: date | None) -> str:
    """A date that a term runs to: "22 November 2026"; in Kazakh in the dative, before the word "дейін"."""
    return text.until_text(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Date and time in Kazakhstan: "22 November 2026, 14:02"."""
    return text.moment_text(value) if value else ""


@register.filter
def time_of_day(value: datetime | None) -> str:
    """Time in Kazakhstan: "14:02"."""
    return text.time_text(value) if value else ""


@register.filter
def country(code: str) -> str:
    """The name of a country by its code: "Қазақстан"."""
    return text.country_text(code)


@register.filter
def phone(value: str | None) -> str:
    """A phone number in groups: "+7 722 200 00 01"."""
    return text.phone_text(value) if value else ""


@register.simple_tag
def phone_link(value: str) -> SafeString:
    """A phone number that is called by a tap."""
    number = "".join(one for one in value if one.isdigit() or one == "+")
    return format_html('<a class="govuk-link phone" href="tel:{}">{}</a>', number, text.phone_text(value))


@register.simple_tag
def copied(value: str, what: str | Promise, shown: object = "") -> SafeString:
    """A value with a button that copies it, where scripts run; ``shown`` is how it is read, for example in groups."""
    return format_html(
        '<span class="copied">{}</span> <button class="link-button screen-only" type="button" data-copy="{}"'
        ' data-copied="{}" hidden>{}<span class="govuk-visually-hidden">: {}</span></button>'
        '<span class="screen-only" role="status"></span>',
        str(shown or value),
        value,
        _("Copied"),
        _("Copy"),
        what,
    )


@register.filter
def as_title(words: str | Promise) -> str:
    """A sentence as the title of a page: without its full stop, which would stand before a dash."""
    return str(words).removesuffix(".")


@register.filter
def linked(words: str | Promise) -> SafeString:
    """Words in which the number of the help line is called by a tap."""
    escaped = conditional_escape(str(words) if isinstance(words, Promise) else words)
    return mark_safe(HELP_LINE.sub(_CALL, escaped))  # noqa: S308 - escaped


@register.filter
def told_value(one: reference.Value) -> str:
    """A value of the reference data in words: "10 calendar days"."""
    return text.value_text(one)


@register.filter
def source(citation: str) -> str:
    """The source of a value in the reader's language; one that an administrator typed stands as it is, and a screen
    reader is not told that it knows its language.
    """
    return reference.words_of_source(citation) or format_html('<span lang="">{}</span>', citation)


@register.filter
def state_tag(label: str | Promise, tone: str = "active") -> SafeString:
    """A state as a coloured tag with its text; ``tone`` is quiet, active, waiting, done or stopped.

    Raises:
        KeyError: there is no such tone.
    """
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', TONES[tone], capfirst(str(label)))


@register.simple_tag
def way(name: str, *args: object) -> str:
    """The address of a page that another app owns (``ui.ways``); "" where there is none."""
    return ways.way(name, *args)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of ``templates/ui/icons``, hidden from screen readers: the words stand beside it."""
    return mark_safe(get_template(f"ui/icons/{name}.svg").render().strip())  # noqa: S308 - our own file


@register.simple_tag(takes_context=True)
def illustration(context: Context, name: str, alt: str = "", *, lazy: bool = True) -> SafeString:
    """A line illustration of ``static/tirek/illustrations``; nothing where the person wants no pictures."""
    frame = context.get("frame")
    if frame is not None and not frame.display.shows_pictures:
        return format_html('<span class="picture-words">{}</span>', alt) if alt else SafeString()
    return format_html(
        '<img class="illustration" src="{}" alt="{}" width="240" height="180"{}>',
        static(f"tirek/illustrations/{name}.svg"),
        alt,
        mark_safe(' loading="lazy" decoding="async"') if lazy else "",
    )


@register.simple_tag(takes_context=True)
def field(context: Context, bound: BoundField, *, heading: bool = False) -> SafeString:
    """One field of a form; with ``heading=True`` its label is the heading of the page."""
    del context
    # a template
    shown = {**bound.get_context(), "heading": heading}
    return mark_safe(bound.form.renderer.render(bound.template_name, shown))  # noqa: S308


@register.simple_tag
def autosave(url: str, versions: Mapping[str, int]) -> SafeString:
    """Attributes of a form that is saved as it is typed: where to, and the version of each field as the page shows
    it.
    """
    return format_html('data-autosave-url="{}" data-field-versions="{}"', url, json.dumps(dict(versions)))


@register.simple_tag
def widget_attributes(widget: dict[str, Any], classes: str) -> SafeString:
    """HTML attributes of a control: our classes, those of the form, and what marks an error."""
    attributes: dict[str, Any] = dict(widget["attrs"])
    kind = classes.split(maxsplit=1)[0]
    names = [classes, attributes.get("class", ""), f"{kind}--error" if attributes.get("aria-invalid") else ""]
    shown: dict[str, Any] = {"class": " ".join(name for name in names if name)}
    if widget.get("type") == "number":
        shown["inputmode"] = "numeric" if str(attributes.get("step", "1")).isdigit() else "decimal"
        attributes = {name: value for name, value in attributes.items() if name not in _NOT_RENDERED_FOR_NUMBERS}
    shown |= {name: value for name, value in attributes.items() if name not in _NOT_RENDERED and value is not False}
    if shown.get("inputmode") in {"numeric", "decimal"} and "--width-" not in shown["class"]:
        # a few digits stand in no box for a sentence
        shown["class"] += f" {kind}--width-10"
    rendered = [
        SafeString(f" {name}") if value is True else format_html(' {}="{}"', name, value)
        for name, value in shown.items()
    ]
    return SafeString("".join(rendered))


@register.simple_tag
def options(widget: dict[str, Any]) -> SafeString:
    """The choices of a select. Made here, not in its template: a list of the districts is two hundred of them."""
    made = []
    for group, choices, _index in widget["optgroups"]:
        shown = "".join(
            f'<option value="{_escaped(one["value"])}"{_SELECTED if one["selected"] else ""}'
            f"{_DISABLED if one['attrs'].get('disabled') else ''}>{_escaped(capfirst(str(one['label'])))}</option>"
            for one in choices
        )
        made.append(format_html('<optgroup label="{}">{}</optgroup>', group, SafeString(shown)) if group else shown)
    return SafeString("".join(made))


#: Lights of a deadline and their tones; another one is quiet. The template ``ui/light.html`` has them, too.
LIGHTS = {"red": "stopped", "yellow": "waiting", "green": "done"}
_TICK = (
    '<td class="tick"><div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">'
    '<input class="govuk-checkboxes__input" type="checkbox" name="case" value="%s" id="tick-%s"%s>'
    '<label class="govuk-label govuk-checkboxes__label" for="tick-%s">'
    '<span class="govuk-visually-hidden">%s</span></label></div></div></td>'
)


def _escaped(value: object) -> str:
    """As ``conditional_escape``, without its way there: a list escapes five hundred texts."""
    said = str(value)
    return said if isinstance(said, SafeData) else escape(said)


@register.simple_tag(takes_context=True)
def case_rows(context: Context, table: Mapping[str, Any]) -> SafeString:
    """The rows of ``CaseList.table``. Made here, not in a template: fifty of them were half the time of a page."""
    state_head, by_head, suffix = _escaped(_("State")), _escaped(_("By")), str(table["suffix"])
    with_ticks = table["ticks"] and context.get("can_tick")
    checked = " checked" if context.get("all_ticked") else ""
    # the same few states, days, goods and places stand in many rows
    tag, heads, days = cache(state_tag), cache(_escaped), cache(day)

    def by(owed: "Deadline | None") -> str:
        if owed is None:
            return "–"
        light = owed.present_light
        return f"{_escaped(days(owed.last_day))}<br>{tag(str(light.label), LIGHTS.get(light.value, 'quiet'))}"

    made = []
    for place, row in enumerate(table["rows"], start=1):
        number, parts = _escaped(row["case"].number), []
        if with_ticks and row["can_tick"]:
            said = _escaped(_("Tick %(number)s") % {"number": row["case"].number})
            parts.append(_TICK % (number, place, checked, place, said))
        elif with_ticks:
            parts.append('<td class="tick"></td>')
        address = _escaped(f"{row['url']}{suffix}")
        parts.append(f'<th scope="row"><a class="govuk-link case-number" href="{address}">{number}</a></th>')
        for head, value, kind in row["cells"]:
            shown = _escaped(value if isinstance(value, str) else render_value_in_context(value, context))
            looks = f' class="{kind}"' if kind else ""
            parts.append(f'<td{looks} data-label="{heads(str(head))}">{shown}</td>')
        state, more = tag(str(row["state"]), row["tone"]), row["tag"]
        more = tag(str(more), table["tag_tone"]) if more else ""
        parts.append(f'<td data-label="{state_head}">{state} {more}</td>')
        if table["has_days"]:
            parts.append(f'<td data-label="{by_head}">{by(row["deadline"])}</td>')
        made.append(f"<tr>{''.join(parts)}</tr>\n")
    return SafeString("".join(made))


def _forms(candidates: "Iterable[BaseForm | BaseFormSet[BaseForm] | list[BaseForm] | None]") -> Iterable[BaseForm]:
    for candidate in candidates:
        if isinstance(candidate, BaseFormSet):
            yield from candidate.forms
        elif isinstance(candidate, list):
            yield from candidate
        elif candidate:
            yield candidate


def _first_target(form: BaseForm) -> str:
    visible = form.visible_fields()
    return visible[0].target_id if visible and isinstance(visible[0], GovukBoundField) else ""


def _errors_of(form: BaseForm) -> Iterable[dict[str, str]]:
    for sentence in form.non_field_errors():
        yield {"text": str(sentence), "target": _first_target(form)}
    for bound in form:
        if isinstance(bound, GovukBoundField):
            for sentence in bound.error_texts:
                yield {"text": sentence, "target": bound.target_id if not bound.is_hidden else _first_target(form)}


@register.inclusion_tag("ui/error_summary.html", takes_context=True)
def error_summary(
    context: Context, *forms: "BaseForm | BaseFormSet[BaseForm] | list[BaseForm] | None"
) -> dict[str, Any]:
    """Everything that is wrong with ``forms``, each line a link to its field. Shown once on a page, however often it is
    asked for.
    """
    page = cast(
        "dict[str, set[int]]", context.render_context.dicts[0]
    )  # the one dictionary that all templates of a page share
    shown = page.setdefault("ui.error_summary", set())
    fresh = [form for form in _forms(forms) if id(form) not in shown]
    shown.update(id(form) for form in fresh)
    return {"errors": [error for form in fresh if form.is_bound for error in _errors_of(form)]}


@register.inclusion_tag("ui/refusal.html")
def refusal(refused: "DomainError | None") -> dict[str, Any]:
    """What a rule refused and what the person can do now, as the box at the top of a page; or nothing."""
    return {"message": refused.message, "next_step": refused.next_step} if refused else {}


@register.inclusion_tag("ui/conflicts.html")
def conflicts(found: "Iterable[tuple[object, Conflict]] | None") -> dict[str, Any]:
    """Answers that were also changed on another device, each with the label of its field; or nothing."""
    return {"conflicts": found}


@register.simple_block_tag
def summary(content: SafeString) -> SafeString:
    """A list of facts, each in a ``{% row %}`` of its own."""
    return render_to_string("ui/summary.html", {"rows": content})


@register.simple_block_tag
def row(content: SafeString, label: str | Promise, *, change: str = "", change_what: str | Promise = "") -> SafeString:
    """One fact of a ``{% summary %}``: its label and its value.

    Args:
        content: the value, as the page draws it.
        label: what the value is.
        change: address where the value is changed; without one there is no link "Change".
        change_what: what the link says that it changes to those who hear it, where that is not the label.
    """
    value = mark_safe(content.strip())  # noqa: S308 - a part of the template, rendered
    return render_to_string(
        "ui/row.html", {"label": label, "value": value, "change": change, "change_what": change_what or label}
    )


@register.simple_block_tag
def table(
    content: SafeString,
    *,
    caption: str | Promise,
    region: str | Promise = "",
    kind: str = "stack",
    caption_size: str = "",
) -> SafeString:
    """A table that scrolls sideways on its own; the page writes its head and its rows.

    Args:
        content: head and rows.
        caption: what is in the table.
        region: name of the scrolled part, where that is not the caption.
        kind: a key of ``TABLES``.
        caption_size: size of a caption that everybody sees, "s" to "xl"; without one only screen readers have it.

    Raises:
        KeyError: there is no such kind.
    """
    shown = {
        "rows": content,
        "caption": caption,
        "region": region or caption,
        "classes": TABLES[kind],
        "caption_size": caption_size,
    }
    return render_to_string("ui/table.html", shown)


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: "Page[Any]") -> dict[str, Any]:
    """Links to the other pages of a list; the rest of the query stays."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None

    def address(number: int) -> str:
        if query is None:
            return f"?page={number}"
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    elided = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return {
        "page_obj": page_obj,
        "previous_url": address(page_obj.previous_page_number()) if page_obj.has_previous() else "",
        "next_url": address(page_obj.next_page_number()) if page_obj.has_next() else "",
        "pages": [
            {"number": number, "url": address(number), "is_current": number == page_obj.number}
            if isinstance(number, int)
            else {"number": None}
            for number in elided
        ],
    }


@register.filter
def size(label: str) -> str:
    """A size or model that does not break within its figures."""
    return text.size_text(label)


@register.filter
def no_break(value: object) -> str:
    """The text with its spaces made unbreakable: numbers, short names."""
    return re.sub(r"\s", text.NO_BREAK, str(value))
