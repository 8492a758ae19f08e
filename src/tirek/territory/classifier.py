"""The file of the classifier of administrative and territorial units (КАТО, published by the statistics bureau), read.

One line is one unit: code, edition, level, kind of area, names in Russian and Kazakh. Codes contain one another: two
digits name the region, four the district, six the rural district, nine the village.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from tirek.core.folding import folded
from tirek.core.sheets import Bounds, Line, NoTable, lines_of
from tirek.core.typed import as_meant
from tirek.territory.models import Rank

#: Bytes of a file; the whole classifier has less than two million.
MOST_BYTES: Final = 20_000_000
#: Lines of a file; the whole classifier has 16 thousand.
MOST_LINES: Final = 100_000
COLUMNS: Final = ("kato", "kato_version", "level", "type_code", "name_ru", "name_kk")
_BOUNDS: Final = Bounds(lines=MOST_LINES + 2, columns=50, cell=1000, unpacked=200_000_000, results=True)
_LONGEST_NAME: Final = 200
_LONGEST_EDITION: Final = 60
_CODE: Final = re.compile(r"[0-9]{9}")
#: How many digits of a code are its own at each level; the rest are zeros.
_DIGITS: Final = {Rank.REGION: 2, Rank.DISTRICT: 4, Rank.SUB_DISTRICT: 6, Rank.SETTLEMENT: 9}
_LENGTH: Final = 9
_KINDS: Final = frozenset("01234")
#: Letters of the fonts that Kazakh was once typed in, which have stayed in some names.
_OLD_LETTERS: Final = str.maketrans("ќЌўЎїЇјЈ", "қҚұҰүҮәӘ")

_WORD: Final = re.compile(r"[^\W_]+\.?")
#: Words that say what a unit is or whose name it bears, cut short by a dot; one letter and a dot is such a word, too.
_SHORT: Final = frozenset(("уч", "ст", "рзд", "отг", "кр", "хоз", "крес", "пос", "отд", "им", "шар", "қож", "атын"))
#: The same as whole words.
_WHOLE: Final = frozenset(
    (
        "село", "город", "посёлок", "поселок", "станция", "разъезд", "участок", "район", "сельский", "округ", "имени",
        "зимовка", "точка", "аул", "ауыл", "ауылы", "кент", "кенті", "қала", "қаласы", "станса", "станциясы",
        "разъезі", "аудан", "ауданы", "ауылдық", "округі", "атындағы", "қыстау", "қыстауы", "мекені",
    )
)  # fmt: skip
#: Their first letters, where the dot behind the last one is missing.
_LAST_LETTERS: Final = frozenset("аоә")


class NotTheClassifier(ValueError):
    """The file as a whole is something else; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A line of the file.

    Attributes:
        line: its number, from 2, below the headings.
        code: 9 digits.
        level: of the classifier.
        kind: kind of area, 0 to 4.
        name_kk: as the file has it.
        name_ru: as the file has it.
        edition: of the classifier.
        parent: code of the unit in which it lies; "" for a region.
    """

    line: int
    code: str
    level: Rank
    kind: str
    name_kk: str
    name_ru: str
    edition: str
    parent: str = ""

    @property
    def is_territory(self) -> bool:
        """Whether it has an executive body of its own: a region, a district, a district within a city like a region."""
        return self.level in {Rank.REGION, Rank.DISTRICT} or self.parent == _padded(self.code[:2])


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot be taken, and why."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Classifier:
    """A file, read.

    Attributes:
        units: by code, in the order of the file, each with its parent.
        refusals: in the order of lines.
        named: codes that a line of the file has, refused ones among them.
        is_whole: every line says which unit it is; else nobody knows which units the file lacks.
    """

    units: Mapping[str, Unit]
    refusals: tuple[Refusal, ...]
    named: frozenset[str]
    is_whole: bool


class _Refused(ValueError):
    """Why a line is refused."""


def read(content: bytes, known: Collection[str] = ()) -> Classifier:
    """Read a file, CSV in UTF-8 or XLSX.

    Args:
        content: of the file.
        known: codes of units that stand already: they go on where their own line is refused.

    Raises:
        NotTheClassifier: it is no table, lacks a column, is too long, or has no line that can be taken.
    """
    if len(content) > MOST_BYTES:
        raise NotTheClassifier(f"The file has more than {MOST_BYTES // 1_000_000} MB: it is not the classifier.")
    units, refusals, named, is_whole = dict[str, Unit](), list[Refusal](), dict[str, int](), True
    for line, cells in _lines(content):
        code = cells["kato"]
        if not _CODE.fullmatch(code):
            refusals.append(Refusal(line, f"kato: “{code[:20]}” is no code of 9 digits."))
            is_whole = False
            continue
        if code in named:
            refusals.append(Refusal(line, f"kato: {code} is there already, in line {named[code]}."))
            continue
        named[code] = line
        try:
            units[code] = _unit(line, code, cells)
        except _Refused as refused:
            refusals.append(Refusal(line, str(refused)))
    # what no line names has ended, unless it is one whose code cannot be read
    standing = {code for code in known if code in named or not is_whole}
    placed = dict(_placed(units, named, standing, refusals.append))
    if not placed:
        raise NotTheClassifier("No line of the file can be taken: it is not the classifier, or lacks its regions.")
    return Classifier(
        units=placed,
        refusals=tuple(sorted(refusals, key=lambda one: one.line)),
        named=frozenset(named),
        is_whole=is_whole,
    )


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines below the headings, by the columns that count."""
    places: dict[str, int] = {}
    count = 0
    try:
        for line in lines_of(content, _BOUNDS):
            if line.is_empty:
                continue
            if not places:
                places = _headings(line)
                continue
            count += 1
            if count > MOST_LINES:
                raise NotTheClassifier(f"The file has more than {MOST_LINES} lines: it is not the classifier.")
            yield line.n, {name: _cell(line.text(place)) for name, place in places.items()}
    except NoTable as error:
        raise NotTheClassifier(str(error.message)) from error
    if not places:
        raise NotTheClassifier("The file is empty.")


def _headings(line: Line) -> dict[str, int]:
    names = [_cell(line.text(place)).lower() for place in range(len(line.values))]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise NotTheClassifier(
            f"This is not the classifier: its first line must have the columns {', '.join(COLUMNS)}; "
            f"missing: {', '.join(missing)}."
        )
    return {name: names.index(name) for name in COLUMNS}


def _cell(text: str) -> str:
    # a sign of nothing is no letter of a name, and the database takes none
    return " ".join(as_meant(text.removeprefix("'").replace("\0", " ")).translate(_OLD_LETTERS).split())


def _unit(line: int, code: str, cells: Mapping[str, str]) -> Unit:
    if cells["level"] not in Rank.values:
        raise _Refused(f"level: “{cells['level'][:20]}” is none of {', '.join(Rank.values)}.")
    level = Rank(cells["level"])
    if _level_of(code, level) is not level:
        raise _Refused(f"level: {code} is no code of the level {level.value}.")
    if cells["type_code"] not in _KINDS:
        raise _Refused(f"type_code: “{cells['type_code'][:20]}” is none of {', '.join(sorted(_KINDS))}.")
    for column in ("name_ru", "name_kk"):
        if not any(map(str.isalnum, cells[column])):
            raise _Refused(f"{column}: {code} has no name.")
        if len(cells[column]) > _LONGEST_NAME:
            raise _Refused(f"{column}: the name of {code} is longer than {_LONGEST_NAME} letters.")
    return Unit(
        line=line,
        code=code,
        level=level,
        kind=cells["type_code"],
        name_kk=cells["name_kk"],
        name_ru=cells["name_ru"],
        edition=cells["kato_version"][:_LONGEST_EDITION],
    )


def _padded(digits: str) -> str:
    return digits.ljust(_LENGTH, "0")


def _level_of(code: str, wanted: Rank) -> Rank | None:
    """``wanted`` where the digits of a code fit it: those of the levels above are named, those below are zeros."""
    own = _DIGITS[wanted]
    above = [digits for digits in _DIGITS.values() if digits < own]
    begins = max(above, default=0)
    return wanted if code[own:].strip("0") == "" and code[begins:own].strip("0") else None


def above(code: str, level: Rank) -> list[str]:
    """Codes in which a unit may lie, the nearest first."""
    return [_padded(code[:digits]) for digits in sorted(_DIGITS.values(), reverse=True) if digits < _DIGITS[level]]


def _placed(
    units: Mapping[str, Unit],
    named: Mapping[str, int],
    known: Collection[str],
    refuse: Callable[[Refusal], None],
) -> Iterator[tuple[str, Unit]]:
    """Units with their parents, those above first; what lies in nothing is refused."""
    taken: set[str] = set()
    for one in sorted(units.values(), key=lambda each: (_DIGITS[each.level], each.line)):
        if one.level is Rank.REGION:
            taken.add(one.code)
            yield one.code, one
            continue
        parent = ""
        for code in above(one.code, one.level):
            if code in taken or code in known:
                parent = code
                break
            if code in named:
                refuse(Refusal(one.line, f"kato: {one.code} lies in {code}, whose line {named[code]} was not taken."))
                break
        else:
            refuse(Refusal(one.line, f"kato: nothing is known in which {one.code} lies."))
        if parent and one.level is Rank.SETTLEMENT and parent == _padded(one.code[:2]):
            refuse(Refusal(one.line, f"kato: the district in which {one.code} lies is not known."))
        elif parent:
            taken.add(one.code)
            yield one.code, replace(one, parent=parent)


def in_words(*, name_kk: str, name_ru: str) -> tuple[str, str]:
    """Names of a region or district as people read them, Kazakh and Russian: “Семей Қ.Ә.” and “Семей Г.А.” are «Семей
    қаласы» and «город Семей».
    """
    kk = re.sub(r" ?(Қ\.Ә\.|Г\.А\.|қ\.)$", " қаласы", name_kk)
    kk = re.sub(r" атын\. ?ауданы$", " атындағы аудан", kk)
    ru = re.sub(r"^(.+?) ?Г\.А\.$", r"город \1", name_ru)
    ru = re.sub(r"^г\. ?", "город ", ru)
    ru = re.sub(r"^Район ", "район ", ru)
    return kk, re.sub(r"^район им\. ?", "район имени ", ru)


def _names(words: list[str]) -> str:
    """Of the words of a name those that name, without those that say what it is; all of them where none is left."""
    whole = [word for word in words if not _is_short(word)] or words
    kept = [word for word in whole if word.casefold() not in _WHOLE] or whole
    return " ".join(word.rstrip(".") for word in kept)


def _is_short(word: str) -> bool:
    """Whether a word is cut short to say what a unit is, or is the first letter of a given name."""
    small = word.casefold()
    return small.endswith(".") and (small[:-1] in _SHORT or len(small) == len("с."))


def bare(name: str) -> str:
    """A name of the classifier without the words that say what it is: “с.им.И.Алтынсарина” is “Алтынсарина”."""
    words = _WORD.findall(name)
    if len(words) > 1 and words[-1].casefold() in _LAST_LETTERS:
        words = words[:-1]
    return _names(words)


def search_key(name: str) -> str:
    """What a name is found by."""
    return folded(bare(name))


def typed_key(text: str) -> str:
    """What somebody typed so far, as names are compared with it; the last word may be half a word."""
    words = _WORD.findall(as_meant(text))
    if len(words) > 1 and len(words[0]) == 1 and words[0].isalpha():
        words = words[1:]
    return folded(_names(words))
