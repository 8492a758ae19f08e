"""Forms drawn by our renderer: labels, hints, errors that name the field and the way out."""

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.core.validators import RegexValidator
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from tirek.ui.fields import (
    CodeField,
    DayField,
    HintedCheckboxes,
    NumberField,
    WholeField,
    long_text,
    read_whole,
    short_text,
)

WIDTH_5 = "govuk-input--width-5"


class Elements(HTMLParser):
    """All elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> dict[str, str | None]:
        return next(attrs for _tag, attrs in self.found if attrs.get("name") == name)

    def ids(self) -> list[str | None]:
        return [attrs["id"] for _tag, attrs in self.found if "id" in attrs]


@pytest.fixture
def answered(client: Client) -> str:
    """The form after an empty answer."""
    response = client.post("/form", {"email": "nobody"}, headers={"Accept-Language": "en"})
    assert response.status_code == 422
    return response.content.decode()


def test_form__every_label_and_description_points_at_something_that_is_there(answered: str) -> None:
    page = Elements(answered)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    targets = [attrs["for"] for tag, attrs in page.found if tag == "label"]
    described = [one for _tag, attrs in page.found for one in (attrs.get("aria-describedby") or "").split()]
    assert targets
    assert described
    assert set(targets) | set(described) <= set(ids)


def test_form__every_line_of_the_summary_leads_to_a_control(answered: str) -> None:
    page = Elements(answered)
    links = [
        str(attrs["href"]).removeprefix("#")
        for tag, attrs in page.found
        if tag == "a" and str(attrs.get("href", "")).startswith("#id_")
    ]
    controls = {attrs.get("id") for tag, attrs in page.found if tag in {"input", "select", "textarea"}}
    assert len(links) == 9
    assert set(links) <= controls


def test_form__error_stands_in_the_title_and_at_the_field(answered: str) -> None:
    assert re.search(r"<title>Error: Every field", answered)
    control = Elements(answered).named("name")
    assert control["aria-describedby"] == "id_name-hint id_name-error"
    assert control["aria-invalid"] == "true"
    assert "govuk-input--error" in str(control["class"])
    assert "required" not in control


def test_form__summary_is_shown_once_though_the_page_asks_again() -> None:
    form = Sizes({})
    html = Template("{% error_summary form %}{% error_summary form %}").render(Context({"form": form}))
    assert html.count("govuk-error-summary__title") == 1


def test_form__hints_of_choices_belong_to_their_choice(answered: str) -> None:
    choices = [attrs for _tag, attrs in Elements(answered).found if attrs.get("name") == "way"]
    assert [one.get("aria-describedby") for one in choices] == ["id_way_0-hint", None]


def test_form__controls_help_phones_and_browsers_to_fill_in(answered: str) -> None:
    page = Elements(answered)
    assert page.named("phone")["type"] == "tel"
    assert page.named("phone")["autocomplete"] == "tel"
    assert page.named("weight")["inputmode"] == "decimal"
    assert page.named("weight")["type"] == "text"
    assert page.named("steps")["inputmode"] == "numeric"
    assert page.named("born_year")["autocomplete"] == "bday-year"
    assert page.named("email")["type"] == "email"


class Sizes(forms.Form):
    name = forms.CharField(label="Name", min_length=2, max_length=5)
    count = forms.IntegerField(label="Count", min_value=1, max_value=9)
    weight = NumberField(label="Weight", max_digits=4, decimal_places=1)
    email = forms.EmailField(label="E-mail")
    way = forms.ChoiceField(label="Way", choices=[("a", "A")], widget=forms.RadioSelect)
    rooms = forms.MultipleChoiceField(
        label="Rooms", choices=[("a", "A")], widget=HintedCheckboxes(hints={"a": "First"})
    )
    agree = forms.BooleanField(label="I agree")
    paper = forms.FileField(label="Paper")
    born = DayField(label="Born", earliest=date(1900, 1, 1), latest=lambda: date(2026, 11, 22))
    code = forms.CharField(
        label="Code", validators=[RegexValidator(r"^\d+$")], error_messages={"required": "Say the code."}
    )


GOOD = {
    "name": "Aiym", "count": "3", "weight": "12,5", "email": "a@b.kz", "way": "a", "rooms": ["a"], "agree": "on",
    "born_day": "1", "born_month": "2", "born_year": "1990", "code": "12",
}  # fmt: skip


def sentences(of: str, **changes: Any) -> list[str]:
    form = Sizes({**GOOD, **changes})
    with translation.override("en"):
        return [str(sentence) for sentence in form[of].error_texts]


@pytest.mark.parametrize(
    ("name", "changes", "sentence"),
    [
        ("name", {"name": ""}, "Fill in “Name”."),
        ("name", {"name": "A"}, "“Name” must be 2 characters or more."),
        ("name", {"name": "Aigerim"}, "“Name” must be 5 characters or fewer. Shorten it."),
        ("count", {"count": "x"}, "“Count” must be a whole number, for example 12."),
        ("count", {"count": "0"}, "“Count” must be 1 or more."),
        ("count", {"count": "99"}, "“Count” must be 9 or less."),
        ("weight", {"weight": "heavy"}, "“Weight” must be a number, for example 12."),
        ("weight", {"weight": "1,25"}, "“Weight” has too many digits after the decimal mark."),
        ("weight", {"weight": "12345"}, "“Weight” has too many digits. Shorten it."),
        ("email", {"email": "a@"}, "“E-mail” must be an e-mail address, for example name@example.kz."),
        ("way", {"way": ""}, "Choose an answer to “Way”."),
        ("way", {"way": "z"}, "Choose one of the answers listed under “Way”."),
        ("rooms", {"rooms": ["z"]}, "Choose one of the answers listed under “Rooms”."),
        ("agree", {"agree": ""}, "Tick “I agree” to continue."),
        ("paper", {}, "Choose a file for “Paper”."),
        ("born", {"born_day": "", "born_month": "", "born_year": ""}, "Fill in “Born”."),
        ("born", {"born_month": ""}, "“Born” must have a month."),
        ("born", {"born_day": "31"}, "“Born” must be a real date, for example 22 11 2026."),
        ("born", {"born_year": "90"}, "“Born” must be a real date, for example 22 11 2026."),
        ("born", {"born_year": "1899"}, "“Born” must be on or after 1\u00a0January\u00a01900."),
        ("born", {"born_year": "2027"}, "“Born” must be on or before 22\u00a0November\u00a02026."),
        ("code", {"code": ""}, "Say the code."),
        ("code", {"code": "x"}, "Check “Code”: it is not written in the expected way."),
    ],
)
def test_error__names_the_field_and_the_way_out(name: str, changes: dict[str, Any], sentence: str) -> None:
    assert sentences(name, **changes) == [sentence]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_error__speaks_the_language_of_the_page(language: str) -> None:
    form = Sizes({})
    with translation.override(language):
        said = [sentence for bound in form for sentence in bound.error_texts]
    assert len(said) == 10
    assert not [sentence for sentence in said if re.search(r"Fill in|Choose|must|This field", sentence)]


def test_day__is_a_date_whichever_way_it_was_kept() -> None:
    assert Sizes(GOOD)["born"].field.clean("1990-02-01") == date(1990, 2, 1)
    form = Sizes(GOOD)
    form.is_valid()
    assert form.cleaned_data["born"] == date(1990, 2, 1)


@pytest.mark.parametrize("part", ["born_day", "born_month", "born_year"])
@pytest.mark.parametrize("typed", ["9" * 20, "9" * 5000, "²", "١٢٣", "-1"])
def test_day__of_endless_or_odd_numbers_is_refused_in_words(part: str, typed: str) -> None:
    form = Sizes({**GOOD, part: typed})
    assert not form.is_valid()
    assert "born" in form.errors


@pytest.mark.parametrize(
    ("initial", "shown"),
    [(date(1990, 2, 1), ["1", "2", "1990"]), ("1990-02-01", ["1", "2", "1990"]), (None, ["", "", ""])],
)
def test_day__shows_its_three_parts(initial: object, shown: list[str]) -> None:
    assert DayField().widget.decompress(initial) == shown


def test_day__shows_again_what_was_typed_even_when_it_is_no_date() -> None:
    page = Elements(str(Sizes({**GOOD, "born_day": "31", "born_month": ""})))
    assert [page.named(f"born_{part}").get("value") for part in ("day", "month", "year")] == ["31", None, "1990"]


@pytest.mark.finding("J-M9")
def test_day__typed_whole_into_one_of_its_fields_is_not_lost() -> None:
    page = Elements(str(Sizes({**GOOD, "born_day": "", "born_month": "", "born_year": "17/05/1980"})))
    assert page.named("born_year").get("value") == "17.05.1980"


@pytest.mark.parametrize(("typed", "number"), [("12,5", "12.5"), ("12.5", "12.5"), ("1 2", "12")])
def test_number__takes_comma_point_and_spaces(typed: str, number: str) -> None:
    assert NumberField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1_000", "1e5", "1E-5", "1.2.3", "1,000.5", "--1", "NaN", "Infinity", "0x1", "."])
def test_number__that_only_python_reads_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        NumberField().clean(typed)
    assert NumberField().clean(Decimal("1e5")) == 100_000, "a number is one, however it is written"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("30", 30), ("+30", 30), ("-5", -5), ("−5", -5), ("–5", -5), (" 1 000 ", 1000), ("1\u00a0000", 1000), ("0", 0)],
)
def test_whole_number__takes_signs_and_spaces(typed: str, number: int) -> None:
    assert read_whole(typed) == number
    assert WholeField().clean(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "1.5", "1,5", "--3", "3-", "+-3", "x", "-", "1e3", "²", "1234567890", "9" * 5000]
)
def test_what_is_no_whole_number__is_refused_and_not_guessed(typed: str) -> None:
    assert read_whole(typed) is None
    with pytest.raises(forms.ValidationError):
        WholeField().clean(typed)


def test_whole_number__has_limits_and_may_be_missing() -> None:
    assert WholeField(required=False).clean("") is None
    assert WholeField().clean(7) == 7
    for typed in ("0", "11"):
        with pytest.raises(forms.ValidationError):
            WholeField(min_value=1, max_value=10).clean(typed)


def test_texts__keep_their_limits_and_are_not_filled_in_by_the_browser() -> None:
    own, line = long_text("Why", "Simply.", longest=5, shortest=2, rows=3), short_text("Which", longest=3)
    assert (own.clean(" ab "), line.clean("abc")) == ("ab", "abc")
    for field, typed in ((own, "a"), (own, "abcdef"), (own, ""), (line, "abcd"), (line, "")):
        with pytest.raises(forms.ValidationError):
            field.clean(typed)
    assert long_text("Why", longest=5, required=False).clean("") == ""
    assert (own.widget.attrs["rows"], own.widget.attrs["autocomplete"]) == (3, "off")
    assert line.widget.attrs["autocomplete"] == "off"
    assert (own.label, own.help_text) == ("Why", "Simply.")


def test_optional_fields__say_so_except_in_filters() -> None:
    class Filter(forms.Form):
        city = forms.CharField(label="City", required=False)

    form = Filter()
    with translation.override("en"):
        assert "(optional)" in str(form)
        form.hide_optional = True  # type: ignore[attr-defined]
        assert "(optional)" not in str(form)


def test_field_tag__can_be_the_heading_of_the_page() -> None:
    form = Sizes()
    html = Template("{% field form.name heading=True %}{% field form.way heading=True %}").render(
        Context({"form": form})
    )
    assert html.count("<h1") == 2
    assert "govuk-fieldset__heading" in html


@pytest.mark.finding("J-widths")
def test_box_for_digits__is_no_wider_than_they_need() -> None:
    class Counted(forms.Form):
        code = CodeField(label="Code")
        price = NumberField(label="Price")
        stock = WholeField(label="Stock", widget=forms.TextInput(attrs={"inputmode": "numeric"}))
        few = WholeField(label="Few", widget=forms.TextInput(attrs={"inputmode": "numeric", "class": WIDTH_5}))
        words = forms.CharField(label="Words")

    drawn = Elements(str(Counted()))
    widths = {name: re.findall(r"\S*--width-\d+", drawn.named(name)["class"] or "") for name in Counted.base_fields}
    usual = ["govuk-input--width-10"]
    assert widths == {"code": usual, "price": usual, "stock": usual, "few": [WIDTH_5], "words": []}


def test_form__without_scripts_and_without_styles_inside(answered: str) -> None:
    assert not re.search(r"<script(?![^>]*src=)", answered)
    assert " style=" not in answered
    assert not re.search(r"\son\w+=", answered)
    assert "hx-on" not in answered
