"""The tags that draw what every page shares."""

import pytest
from django.template import Context, Template
from django.utils import translation
from tests.markup import folded

from tirek.core.drafts import Conflict
from tirek.core.errors import RuleBroken


def drawn(source: str, **context: object) -> str:
    with translation.override("en"):
        return folded(Template(source).render(Context(context)))


def test_row__has_its_link_only_where_it_can_be_changed() -> None:
    html = drawn(
        '{% summary %}{% row "Goods" %}{{ name }}{% endrow %}'
        '{% row "Quantity" change="/q" %}\n  2 <br>\n{% endrow %}{% endsummary %}',
        name="<Dala>",
    )
    assert html == (
        '<dl class="govuk-summary-list">'
        '<div class="govuk-summary-list__row govuk-summary-list__row--no-actions">'
        '<dt class="govuk-summary-list__key">Goods</dt><dd class="govuk-summary-list__value">&lt;Dala&gt;</dd></div>'
        '<div class="govuk-summary-list__row">'
        '<dt class="govuk-summary-list__key">Quantity</dt><dd class="govuk-summary-list__value">2<br></dd>'
        '<dd class="govuk-summary-list__actions">'
        '<a class="govuk-link" href="/q" aria-label="Change: Quantity">Change</a></dd></div></dl>'
    )


def test_row__says_what_its_link_changes_and_knows_no_address_of_an_unset_name() -> None:
    assert 'aria-label="Change: Measurements"' in drawn(
        '{% row "Does it fit?" change="/m" change_what="Measurements" %}{% endrow %}'
    )
    assert "--no-actions" in drawn('{% row "Does it fit?" change=nowhere %}{% endrow %}')


def test_row__escapes_its_label_and_address() -> None:
    html = drawn("{% row label change=address %}{% endrow %}", label="<b>", address='"><i>')
    assert "<b>" not in html
    assert "<i>" not in html


def test_table__is_named_by_its_caption_and_scrolls_on_its_own() -> None:
    html = drawn('{% table caption="Orders" %}<tbody></tbody>{% endtable %}')
    assert html == (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Orders">'
        '<table class="govuk-table desk-table desk-table--stack">'
        '<caption class="govuk-visually-hidden">Orders</caption><tbody></tbody></table></div>'
    )


def test_table__may_show_its_caption_and_name_its_region_apart() -> None:
    html = drawn(
        '{% table caption="Every one, newest first" region="Every one" kind="wide" caption_size="s" %}{% endtable %}'
    )
    assert 'aria-label="Every one"' in html
    assert '<table class="govuk-table desk-table">' in html
    assert '<caption class="govuk-table__caption govuk-table__caption--s">Every one, newest first</caption>' in html


def test_table__of_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        drawn('{% table caption="Orders" kind="round" %}{% endtable %}')


def test_refusal__says_the_rule_and_the_way_out_or_nothing() -> None:
    html = drawn("{% refusal refused %}", refused=RuleBroken("Too late <now>.", next_step="Call 1414."))
    assert '<h2 class="govuk-error-summary__title">Too late &lt;now&gt;.</h2>' in html
    assert '<p>Call<a class="govuk-link phone" href="tel:1414">1414</a>.</p>' in html
    assert drawn("{% refusal refused %}", refused=None).strip() == ""
    assert drawn("{% refusal refused %}").strip() == ""


def test_conflicts__name_the_field_and_both_answers_or_nothing() -> None:
    found = [("Address", Conflict(kept="Abay 1", other="<Abay 2>", version=2))]
    html = drawn("{% conflicts found %}", found=found)
    assert "Address: “Abay 1” is kept; the other answer was “&lt;Abay 2&gt;”." in html
    assert drawn("{% conflicts found %}", found=[]).strip() == ""


def test_before_stop__leaves_no_second_full_stop_behind_a_unit() -> None:
    assert drawn("Received: {{ words|before_stop }}.", words="60 шт.") == "Received: 60 шт."
    assert drawn("Received: {{ words|before_stop }}.", words="60 дана") == "Received: 60 дана."
