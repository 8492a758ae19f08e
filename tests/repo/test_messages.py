"""Every message is there in Kazakh and Russian, whole, compiled, and in its own language; libraries' words too."""

import ast
import gettext
import importlib
import inspect
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final

import django.core.validators
import django.forms.fields
import django.forms.forms
import django.forms.formsets
import polib
import pytest
from allauth.mfa import adapter as mfa_adapter
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from django.utils.translation import ngettext
from django.utils.translation.template import templatize

import tirek
from tirek.accounts.actions import passwords
from tirek.core import library_words
from tirek.orders.models import Order
from tirek.ui import wording

SOURCE: Final = Path(tirek.__file__).parent
APPS: Final = sorted(path.parent for path in SOURCE.glob("*/apps.py"))
PLURALS: Final = {"kk": 2, "ru": 3}
CASES: Final = [pytest.param(app, language, id=f"{app.name}-{language}") for app in APPS for language in PLURALS]

#: Names and abbreviations that are the same in every language.
SAME: Final = frozenset(
    {
    # how an account and a bank of Kazakhstan are written
    "KZ",
    "KKMFKZ",
        "AA", "API", "CSV", "Fr", "II", "III", "JPEG", "JSON", "MB", "PDF", "PNG", "QR", "SMS", "Telegram", "Tirek",
        "UTF", "USB", "WCAG", "WebP", "XLSX", "cookie", "demo", "example",
        "kz", "name", "tirek",
    }
)  # fmt: skip
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[a-z]|%[ds]|\{\w*(?::\w+)?\}")
_MARKUP: Final = re.compile(r"</?[a-z]+[^<>]*>")
_LATIN: Final = re.compile(r"[A-Za-z]{2,}")
_KAZAKH_LETTERS: Final = re.compile("[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")
_CALL_IN_TEMPLATE: Final = re.compile(r"(?<!\w)(?:n?p?gettext|_)\(")


@dataclass(frozen=True, order=True)
class Message:
    """What is asked of the catalogue."""

    context: str
    one: str
    many: str


def _message(function: str, arguments: list[ast.expr]) -> Message:
    texts = [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    context = texts.pop(0) if "p" in function.split("gettext", maxsplit=1)[0] else ""
    many = texts[1] if "n" in function.split("gettext", maxsplit=1)[0] else ""
    return Message(context, texts[0], many)


def _in_python(path: Path) -> Iterator[Message]:
    """Calls of gettext by whatever name the file imports it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        one.asname or one.name: one.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
        if "gettext" in one.name
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            assert isinstance(node.args[0], ast.Constant), (
                f"{path}:{node.lineno} asks for words that no catalogue can hold"
            )
            yield _message(names[node.func.id], node.args)


def _in_template(path: Path) -> Iterator[Message]:
    """What Django's own extraction finds in a template."""
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for found in _CALL_IN_TEMPLATE.finditer(source):
        for end in (match.end() for match in re.finditer(r"\)", source[found.start() :])):
            try:
                call = ast.parse(source[found.start() : found.start() + end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                yield _message("gettext" if call.func.id == "_" else call.func.id, call.args)
            break


def asked_for(app: Path) -> set[Message]:
    """Every message of an app's Python files and templates."""
    python = [one for path in app.rglob("*.py") if "migrations" not in path.parts for one in _in_python(path)]
    pages = [
        one
        for kind in ("*.html", "*.txt")
        for path in app.rglob(kind)
        if "templates" in path.parts
        for one in _in_template(path)
    ]
    return {*python, *pages}


def catalogue(app: Path, language: str) -> polib.POFile:
    """An app's messages in a language; empty when it has none."""
    path = app / "locale" / language / "LC_MESSAGES" / "django.po"
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def texts_of(entry: polib.POEntry) -> list[str]:
    """All that stands for an entry: one text, or one for each plural form."""
    return [entry.msgstr_plural[n] for n in sorted(entry.msgstr_plural)] if entry.msgid_plural else [entry.msgstr]


def foreign_to(language: str, text: str) -> list[str]:
    """Words of a text that belong to another language, as far as letters tell."""
    plain = _MARKUP.sub(" ", _PLACEHOLDER.sub(" ", text))
    plain = re.sub(r"\S+@\S+|\btirek [a-z]+", " ", plain)
    strange = [word for word in _LATIN.findall(plain) if word not in SAME]
    if language == "ru":
        strange += [word for word in re.findall(r"\w+", plain) if _KAZAKH_LETTERS.search(word)]
    return strange


# --- what the catalogues hold


@pytest.mark.parametrize(("app", "language"), CASES)
def test_catalogue__holds_what_the_app_asks_for_and_nothing_else(app: Path, language: str) -> None:
    held = {Message(one.msgctxt or "", one.msgid, one.msgid_plural or "") for one in catalogue(app, language)}
    asked = asked_for(app)
    assert {"new": sorted(asked - held), "gone": sorted(held - asked)} == {"new": [], "gone": []}, (
        f"run: python tools/messages.py {app.name}"
    )


def test_extraction__finds_what_is_imported_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(
        'from django.utils.translation import gettext_lazy as words\nA = words("Hidden behind a name")\n'
    )
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text(
        '{% load i18n %}{% translate "On a page" %}{% blocktranslate trimmed count n=n %}one{% plural %}{{ n }} '
        "(many){% endblocktranslate %}"
    )
    assert asked_for(tmp_path) == {
        Message("", "Hidden behind a name", ""),
        Message("", "On a page", ""),
        Message("", "one", "%(n)s (many)"),
    }


@pytest.mark.parametrize(("app", "language"), CASES)
def test_catalogue__is_whole(app: Path, language: str) -> None:
    entries = catalogue(app, language)
    open_ones = [one.msgid for one in entries if not all(texts_of(one)) or one.fuzzy or one.obsolete]
    assert open_ones == []
    assert {len(texts_of(one)) for one in entries if one.msgid_plural} <= {PLURALS[language]}


@pytest.mark.parametrize(("app", "language"), CASES)
def test_catalogue__placeholders_and_markup_survive(app: Path, language: str) -> None:
    for one in catalogue(app, language):
        wanted = set(_PLACEHOLDER.findall(one.msgid_plural or one.msgid))
        for text in texts_of(one):
            assert set(_PLACEHOLDER.findall(text)) == wanted, one.msgid
            assert sorted(_MARKUP.findall(text)) == sorted(_MARKUP.findall(one.msgid_plural or one.msgid)), one.msgid
            if "%" in "".join(wanted):
                assert "%" not in _PLACEHOLDER.sub("", text).replace("%%", ""), one.msgid


@pytest.mark.parametrize(("app", "language"), CASES)
def test_compiled__is_what_the_catalogue_says(app: Path, language: str) -> None:
    entries = catalogue(app, language)
    if not len(entries):
        return
    path = app / "locale" / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for one in entries:
        if one.msgid_plural:
            forms = one.msgid, one.msgid_plural
            counts = {
                compiled.npgettext(one.msgctxt, *forms, n) if one.msgctxt else compiled.ngettext(*forms, n)
                for n in range(1, 30)
            }
            assert counts == set(texts_of(one)), one.msgid
        else:
            said = compiled.pgettext(one.msgctxt, one.msgid) if one.msgctxt else compiled.gettext(one.msgid)
            assert said == one.msgstr, f"run: python tools/messages.py {app.name}"
    asked = {one.msgid for one in entries}
    assert len(polib.mofile(str(path))) == len(entries), (
        f"the compiled file of {app.name} holds more than {len(asked)} messages"
    )


@pytest.mark.parametrize("language", PLURALS)
def test_same_words__are_said_the_same_in_every_app(language: str) -> None:
    """Django joins the catalogues of all apps into one: of two translations only one would be seen."""
    said: dict[tuple[str, str], dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
    for app in APPS:
        for one in catalogue(app, language):
            said[one.msgctxt or "", one.msgid][tuple(texts_of(one))].append(app.name)
    assert {key: dict(ways) for key, ways in said.items() if len(ways) > 1} == {}


@pytest.mark.parametrize(("app", "language"), CASES)
def test_catalogue__speaks_its_own_language(app: Path, language: str) -> None:
    strange = {
        one.msgid: words
        for one in catalogue(app, language)
        for text in texts_of(one)
        if (words := foreign_to(language, text))
    }
    assert strange == {}


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("kk", "Tirek: %(code)s – код, {what} <strong>SMS</strong>", []),
        ("kk", "Бұл field толтырылмаған", ["field"]),
        ("ru", "Тапсырыс отправлен", []),
        ("ru", "Өтінім отправлен", ["Өтінім"]),
    ],
)
def test_foreign_words__are_told_by_their_letters(language: str, text: str, words: list[str]) -> None:
    assert foreign_to(language, text) == words


# --- words that mislead the reader

#: A case ending glued to a value: which one is right depends on the value's last sounds, which nobody knows.
_ENDING: Final = re.compile(
    r"(?:%\(\w+\)[a-z]|\{\w*(?::\w+)?\})»?-?(?:[кқгғ][ае]|[дтн](?:ы|і|ың|ің)|[дт][ае]|[дтн][ае]н|[мбп]ен"
    r"|с?[ыі]н?)(?!\w)"
)
#: An en dash stands between two values only; a sentence takes the long one.
_SHORT_DASH: Final = r"(?<!\)s)(?<![\d}]) – | – (?![\d%{])"
REFUSED: Final = {
    language: re.compile("|".join((*words, _SHORT_DASH)))
    for language, words in {
        "kk": (
            r"[Бб]іреуі(?:не|нің) (?:баға|қосымша|%)", "[Уу]әде", "[Бб]атырма", "[Нн]ысан",
            "[Ққ]ағаздағы қол(?!таңба)", "екінші қол(?!таңба)", "[Сс]із үшін", "уақытында", "[Ққ]олжетімді саны",
            "минут алады", "[Тт]абыста[лу]", "[Тт]үзету туралы сұрау", "облысқа (?:хабар|шағым)", "Істі ашу$",
            r"(?<!қаржы )(?<!тілі )\b[Мм]аман", "(?:тауарға|телефонға|мерзімді|бағдарлама) не ",
            r"(?<=[а-яәғқңөұүһі,;—] )Сіз", "Қайда төлейді", "үшін жасалған",
        ),
        "ru": (
            "[Вв]ход заверш", r"\w\(а\)", "снова свободн", "област[ьи] (?:узна|сообщ)", "узнает область",
            "программа даёт", r"[Зз]аписанн\w+ телефон", "действует человек", r"\b[Уу]мер(?:ла)?\b", "[Оо]бещ[аё]",
            "[Сс]ообщено", r"(?:в|для) Тирек\b", "Открыть дело$", "не близкий",
            "на до ", "[Кк]уда платят",
            "[Сс]трок[аиуе] (?:программы|остаётся)", "[Сс]пециалист(?! по финансам)(?! жестового)",
        ),
        "en": (
            r"\b[Nn]eed not\b", r"\bstands?\b", r"\bat once\b", r"\b(?:came|comes) to nothing\b",
            r"\b(?:is|was|are|were|be) told\b(?! of)", r"\bthe region\b", r"\bhas left\b", r"\bdid not leave\b",
            r"\b[Dd]ay off that works\b",
            r"\bexpertise\b(?! department)", r"\b[Tt]ell it to nobody\b", r"\bWay in\b", r"[Oo]rder(?:ed)? until\b",
            r"\bentitlement is free\b", r"[Oo]pen(?:s|ed)? the term\b", r"[Tt]he term (?:is|was|again|goes|has)\b",
            r"[Tt]he line (?:stays|of the programme|can be ordered)", r"[Nn]othing of (?:the|your) entitlement",
        ),
    }.items()
}  # fmt: skip


def misleading(language: str, text: str) -> list[str]:
    """What of a translation the rules of words refuse: calques, wrong terms, endings glued to a value."""
    found = [one.group() for one in REFUSED[language].finditer(text)]
    return found + ([one.group() for one in _ENDING.finditer(text)] if language == "kk" else [])


@pytest.mark.finding("L-147")
@pytest.mark.parametrize("app", APPS, ids=lambda app: str(app.name))
def test_messages__are_plain_english(app: Path) -> None:
    """What is said in a stiff way in English becomes stiff in two more languages."""
    asked = {text for one in asked_for(app) for text in (one.one, one.many)}
    assert {text: words for text in asked if (words := misleading("en", text))} == {}


def days_of_machines(source: str) -> list[str]:
    """Messages of a file into which a day is put as machines write it."""
    return [
        ast.unparse(node.left)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Dict)
        if any(".isoformat()" in ast.unparse(one) for one in node.right.values)
    ]


@pytest.mark.finding("L-144")
def test_messages__take_days_in_words() -> None:
    found = {path: days_of_machines(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")}
    assert {str(path): ones for path, ones in found.items() if ones} == {}
    assert days_of_machines('_("From %(day)s") % {"day": one.day.isoformat()}') == ["_('From %(day)s')"]


@pytest.mark.finding("L-words")
@pytest.mark.parametrize(("app", "language"), CASES)
def test_catalogue__holds_no_words_that_mislead(app: Path, language: str) -> None:
    wrong = {
        text: words
        for one in catalogue(app, language)
        for text in texts_of(one)
        if (words := misleading(language, text))
    }
    assert wrong == {}


@pytest.mark.finding("L-words")
@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("kk", "Өнім беруші %(name)s-ға жауап берді", ["%(name)s-ға"]),
        ("kk", "{amount:tenge}ні төлеңіз", ["{amount:tenge}ні"]),
        ("kk", "%(number)s-бет, {number} нөміріне", []),
        ("kk", "екінші қолды күтуде", ["екінші қол"]),
        ("kk", "екінші қолтаңбаны күтуде, %(start)s – %(end)s", []),
        ("kk", "Уәде етілген күн – ертең", ["Уәде", " – "]),
        ("kk", "Бөлім маманы сіз үшін жойды", ["маман", "сіз үшін"]),
        ("kk", "қаржы маманы", []),
        ("ru", "Вход завершён: я получил(а)", ["Вход заверш", "л(а)"]),
        ("ru", "Строка остаётся, получателю сообщено", ["Строка остаётся", "сообщено"]),
        ("ru", "Строка %(line)s, специалист по финансам", []),
        ("ru", "Добро пожаловать в Тирек", ["в Тирек"]),
        ("kk", "Ауданыңызға жеткізілетін, Сізге сай ұсыныс. Сіз таңдайсыз", ["Сіз"]),
        ("ru", "Рассчитано на до 110 кг", ["на до "]),
        (
            "en",
            "You need not come: the region was told of it. Then it was told at once",
            ["need not", "the region", "was told", "at once"],
        ),
        ("en", "The order came to nothing. Ask for the term to be opened again", ["came to nothing"]),
        ("en", "The phone could not be told of the change", []),
    ],
)
def test_words_that_mislead__are_found(language: str, text: str, words: list[str]) -> None:
    assert misleading(language, text) == words


# --- grammar that the catalogues and Django make together


@pytest.mark.mission("S4.26")
@pytest.mark.parametrize(
    ("n", "kk", "ru"),
    [
        (1, "1 ай", "1 месяц"),
        (3, "3 ай", "3 месяца"),
        (11, "11 ай", "11 месяцев"),
        (21, "21 ай", "21 месяц"),
        (24, "24 ай", "24 месяца"),
    ],
)
def test_numbers__take_the_form_of_their_language(n: int, kk: str, ru: str) -> None:
    for language, words in (("kk", kk), ("ru", ru)):
        with translation.override(language):
            assert ngettext("%(n)s month", "%(n)s months", n) % {"n": n} == words


def test_states__are_said_on_pages_in_every_language() -> None:
    for state in Order.State:
        said = set()
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                said.add(Order(state=state).get_state_display())
        assert len(said) == 3, state


# --- words of libraries that people can see


@pytest.mark.mission("S4.26")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_library_words__have_a_translation(language: str) -> None:
    for sentence in library_words.SENTENCES:
        with translation.override(language):
            said = translation.gettext(sentence)
        assert said != sentence
        assert foreign_to(language, said) == [], sentence
    for counted in (*library_words.COUNTED, library_words.SHORT_PASSWORD):
        for n in (1, 3, 7):
            with translation.override(language):
                said = str(
                    counted % (n if counted is library_words.SHORT_PASSWORD else {"num": n, "max": n, "length": 9})
                )
            assert foreign_to(language, said) == []
            assert str(n) in said


def test_library_words__are_still_what_the_libraries_say() -> None:
    """A sentence that a library has rewritten would come through in English: the old one in our list is of no use."""
    sources = [
        django.forms.fields,
        django.forms.formsets,
        django.forms.forms,
        django.core.validators,
        password_validation,
        mfa_adapter,
    ]
    spoken = {text for one in sources for text in _texts_in(Path(inspect.getfile(one)))}
    assert [text for text in library_words.SENTENCES if text not in spoken] == []
    with translation.override("kk"):
        assert (
            password_validation.MinimumLengthValidator(12).get_error_message()
            == "Құпиясөз тым қысқа: кемінде 12 таңба жазыңыз."
        )


def _texts_in(path: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(tirek.__path__, "tirek."):
        if not any(part in found.name for part in ("migrations", "wsgi", "__main__")):
            yield importlib.import_module(found.name)


def _product_forms() -> list[type[forms.Form]]:
    found = {
        kind
        for module in _modules()
        for _name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, forms.Form) and kind.__module__.startswith("tirek.")
    }
    return sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def _default_refusals(field: forms.Field) -> Iterator[ValidationError]:
    """Every refusal that Django can write for a field by itself."""
    facts = {"limit_value": 5, "show_value": 9, "max": 5, "length": 9, "value": "x", "offset": 0}
    for kind in type(field).__mro__:
        if kind.__module__.startswith("django."):
            for code, text in kind.__dict__.get("default_error_messages", {}).items():
                yield ValidationError(text, code=code, params=facts)
    for validator in field.validators:
        text = getattr(type(validator), "message", None)
        if text is not None:
            yield ValidationError(text, code=getattr(validator, "code", None), params=facts)


@pytest.mark.mission("S4.26")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_forms__refuse_in_the_readers_language(language: str) -> None:
    """Every field of every form, every refusal that Django knows: the page shows a sentence of ours."""
    kinds = _product_forms()
    assert len(kinds) > 15
    for kind in kinds:
        for name, field in kind.base_fields.items():
            bound = type("One", (forms.Form,), {name: field})()[name]
            for refusal in _default_refusals(field):
                with translation.override(language):
                    said = wording.text_of(bound, refusal)
                assert foreign_to(language, said.replace(str(bound.label), "")) == [], (
                    f"{kind.__qualname__}.{name}: {refusal.code}: {said}"
                )


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_form_set__torn_or_overfull_is_refused_in_the_readers_language(language: str) -> None:
    rows: type[forms.BaseFormSet[forms.Form]] = forms.formset_factory(
        type("Row", (forms.Form,), {"size": forms.CharField()}), max_num=1, validate_max=True
    )
    torn = rows({}, prefix="p")
    overfull = rows({"p-TOTAL_FORMS": "2", "p-INITIAL_FORMS": "0", "p-0-size": "1", "p-1-size": "2"}, prefix="p")
    for one in (torn, overfull):
        with translation.override(language):
            (said,) = one.non_form_errors()
        assert foreign_to(language, str(said).replace("p-TOTAL_FORMS", "").replace("p-INITIAL_FORMS", "")) == []


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(
    "code", ["password_too_short", "password_too_common", "password_too_similar", "password_of_tomorrow"]
)
def test_password__is_refused_in_the_readers_language(language: str, code: str) -> None:
    refusal = ValidationError([ValidationError("This password is too English.", code=code)])
    with translation.override(language):
        said = passwords._why_weak(refusal)
    assert said
    assert foreign_to(language, said) == []


def test_second_factor__pages_and_forms_of_allauth_are_not_used() -> None:
    """django-allauth has no Kazakh: we take its cryptography and its table, never its forms, views or templates."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [one.name for one in getattr(node, "names", [])]
            )
            for name in names:
                assert not re.search(r"^allauth\..*\.(forms|views|urls)$|^allauth\.urls$", str(name)), path


@pytest.mark.django_db
@pytest.mark.mission("S4.26")
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_torn_page__is_explained_in_the_readers_language(language: str) -> None:
    """A page that was open too long: Django's own text would be English in Kazakh."""
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": language})
    page = client.post("/sign-in/", {"iin": "1"})
    assert page.status_code == 403
    assert _strange_words(page.content.decode(), language) == []


@pytest.mark.django_db
@pytest.mark.mission("S4.26")
@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(
    "path",
    ["/", "/help", "/privacy", "/accessibility", "/status", "/sign-in/", "/sign-in/staff", "/display", "/nowhere"],
)
def test_public_pages__are_in_one_language(path: str, language: str) -> None:
    page = Client(headers={"Accept-Language": language}).get(path)
    assert page.status_code in {200, 404}
    assert _strange_words(page.content.decode(), language) == []


def _strange_words(html: str, language: str) -> list[str]:
    """Words of another language in what a page says: scripts, styles and the switch of languages do not speak."""
    main = re.sub(r"<(script|style|svg|template)\b.*?</\1>", " ", html, flags=re.DOTALL)
    main = re.sub(r"<ul class=\"app-header__languages\">.*?</ul>", " ", main, flags=re.DOTALL)
    hidden = " ".join(re.findall(r'(?:aria-label|alt|title|placeholder)="([^"]*)"', main))
    return foreign_to(language, re.sub(r"<[^>]+>|&[\w#]+;", " ", main) + hidden)
