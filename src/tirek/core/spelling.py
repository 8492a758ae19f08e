"""Ways in which people of Kazakhstan write the same word: without Kazakh letters, in Latin ones, on another keyboard.

Kazakh in Latin letters is read as people type it in messages (``zh``, ``sh``, ``q``), and as the alphabets of 2018 and
2021 have it; Russian in Latin letters by the same rules, which are close to BGN/PCGN.
"""

import re
import unicodedata
from typing import Final

from tirek.core.folding import folded

_WORDS: Final = re.compile(r"[^\W_]+")
#: Letters that are taken for each other, beside those of other keyboards (``folded``).
_TAKEN_FOR: Final = str.maketrans({"й": "и", "ы": "и", "э": "е", "щ": "ш", "ъ": "ь"})
#: Letters of the Latin alphabets of 2018 and 2021 as they are typed without them.
_TYPED: Final = {
    "ä": "a",
    "á": "a",
    "ö": "o",
    "ó": "o",
    "ü": "u",
    "ú": "u",
    "ū": "u",
    "ý": "u",
    "ğ": "g",
    "ǵ": "g",
    "ñ": "n",
    "ń": "n",
    "ı": "i",
    "ş": "sh",
    "ç": "ch",
}
_TYPED_PLAIN: Final = str.maketrans(_TYPED)
#: Cyrillic for Latin, the longest first; what is the same when it is folded is not told apart.
_CYRILLIC: Final = (
    *(("shch", "ш"), ("yo", "е"), ("yu", "ю"), ("ya", "я"), ("iu", "ю"), ("ia", "я"), ("ye", "е")),
    *(("zh", "ж"), ("sh", "ш"), ("ch", "ч"), ("kh", "х"), ("gh", "г"), ("ts", "ц"), ("ng", "н")),
    *zip("abvgdezijkqlmnoprstufhcwxy", "абвгдезижкклмнопрстуфхцухи", strict=True),
)
_TO_CYRILLIC: Final = dict(_CYRILLIC)
_LATIN_PARTS: Final = re.compile("|".join(latin for latin, _cyrillic in _CYRILLIC))
_LATIN_WORD: Final = re.compile(f"[a-z{''.join(_TYPED)}]+")
_CYRILLIC_SIGN: Final = re.compile("[а-яёәғқңөұүһі]")
#: Keys of an English keyboard, and the letters that a Russian one has there.
_KEYS: Final = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё")


def plain(text: str) -> str:
    """Words in letters that everybody can type, those that are taken for each other alike, nothing between them."""
    return " ".join(one.translate(_TAKEN_FOR) for one in _WORDS.findall(folded(_small(text))))


def in_cyrillic(word: str) -> str:
    """A word in small Latin letters as its sound is written in Cyrillic ones."""
    return _LATIN_PARTS.sub(lambda found: _TO_CYRILLIC[found[0]], word.translate(_TYPED_PLAIN))


def readings(text: str) -> list[str]:
    """What may be meant by a text, each as ``plain`` has it, the text as it stands first: its Latin words by their
    sound, and, where it has no Cyrillic letter, what its keys write on a Russian keyboard.
    """
    small = _small(text)
    found = [plain(small)]
    if _LATIN_WORD.search(small):
        # in messages of Kazakhstan "w" is ш, elsewhere у
        for sounds in dict.fromkeys((small, small.replace("w", "sh"))):
            words = [in_cyrillic(one) if _LATIN_WORD.fullmatch(one) else one for one in _WORDS.findall(sounds)]
            found.append(plain(" ".join(words)))
        if not _CYRILLIC_SIGN.search(small):
            found.append(plain(small.translate(_KEYS)))
    return list(dict.fromkeys(one for one in found if one))


def _small(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
