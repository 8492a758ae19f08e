from hypothesis import given
from hypothesis import strategies as st

from tirek.core.sorting import KAZAKH_ALPHABET, sort_key


def test_alphabet__has_42_letters_in_their_own_order() -> None:
    assert len(KAZAKH_ALPHABET) == 42
    assert sorted(sorted(KAZAKH_ALPHABET), key=sort_key) == list(KAZAKH_ALPHABET)
    assert sorted(KAZAKH_ALPHABET) != list(KAZAKH_ALPHABET)


def test_words__stand_as_in_a_kazakh_dictionary() -> None:
    words = [
        "Абай",
        "Айгүл",
        "Әбіш",
        "Бауыржан",
        "Ғабит",
        "Еркін",
        "Қанат",
        "Оқас",
        "Өскемен",
        "Сәкен",
        "Ұлан",
        "Үміт",
        "Ығлас",
        "Іле",
    ]
    assert sorted(sorted(words), key=sort_key) == words


def test_order__is_numbers_then_kazakh_then_latin() -> None:
    assert sorted(["zebra", "Алма", "7 дом", "10 дом"], key=sort_key) == ["10 дом", "7 дом", "Алма", "zebra"]


def test_key__does_not_see_case_marks_and_punctuation() -> None:
    assert sort_key("«ТІРЕК» ЖШС") == sort_key("тірек жшс")
    assert sort_key("Ата-ана") == sort_key("ата ана")
    assert sort_key("Ünal") == sort_key("unal")
    assert sort_key("Ё") != sort_key("Е")


def test_shorter__stands_before_longer() -> None:
    assert sort_key("Ахмет") < sort_key("Ахметов") < sort_key("Ахметова")
    assert sort_key("Ли Анна") < sort_key("Лиана")


@given(st.text())
def test_key__is_plain_ascii_and_stays_itself_for_a_decomposed_text(text: str) -> None:
    key = sort_key(text)
    assert key.isascii()
    assert key == key.strip()
    assert "  " not in key


@given(st.text(alphabet=KAZAKH_ALPHABET), st.text(alphabet=KAZAKH_ALPHABET))
def test_key__of_a_beginning_begins_the_key(beginning: str, rest: str) -> None:
    assert sort_key(beginning + rest).startswith(sort_key(beginning))
