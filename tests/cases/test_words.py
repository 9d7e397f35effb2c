"""Invented words: as long as those they stand for, and the same each time."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.cleaning.pointers import SMALL
from tests.cases import fixed
from tests.cases.words import Lexicon

WORDS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=20)


@given(words=st.lists(WORDS, min_size=1))
def test_a_stand_in_has_the_shape_of_its_word(words: list[str]) -> None:
    """Length and capitals stay, and no word stands for itself but those that are to stay."""
    lexicon = Lexicon("x")
    for word in words:
        new = lexicon.word(word)
        assert [letter.isupper() for letter in new] == [letter.isupper() for letter in word]
        stays = len(word) == 1 or word.lower() in fixed.WORDS
        assert (new == word) is stays


@given(words=st.lists(WORDS, min_size=1))
def test_a_name_decides_the_words(words: list[str]) -> None:
    """The same name gives the same words; a word has one stand-in, whatever its capitals."""
    one, other = Lexicon("x"), Lexicon("x")
    assert [one.word(word) for word in words] == [other.word(word) for word in words]
    assert [one.word(word).lower() for word in words] == [one.word(word.lower()) for word in words]


def test_words_of_two_names_differ() -> None:
    """Another case has other words."""
    words = ["presiden", "pertemuan", "kedutaan", "negara"]
    assert list(map(Lexicon("x").word, words)) != list(map(Lexicon("y").word, words))


def test_no_rule_is_met_by_an_invented_word() -> None:
    """Words that rules look for are never invented, but for those that headlines write small."""
    lexicon = Lexicon("x")
    made = {
        lexicon.word(word)
        for more in range(12)
        for three in itertools.product("abcdefghij", repeat=3)
        if (word := ("".join(three) + "k" * more)[: 2 + more]) not in fixed.WORDS
    }
    assert len(made) > 500
    assert made & fixed.RESERVED <= SMALL


def test_small_words_of_headlines_stand_for_each_other() -> None:
    """What a headline writes small does so rewritten, and nothing else does."""
    lexicon = Lexicon("x")
    assert {lexicon.word(word) for word in SMALL} == SMALL
    assert not {lexicon.word(word) for word in ("ibu", "raja", "kapal")} & SMALL


def test_names_are_told_apart() -> None:
    """Two words have one stand-in only when all of their length are in use."""
    lexicon = Lexicon("x")
    names = [f"{first}{second}mari" for first in "bcdfgh" for second in "aeiou"]
    assert len({lexicon.word(name) for name in names}) == len(names)


@given(digits=st.text("0123456789", min_size=1, max_size=20))
def test_numbers_keep_their_digits_places(digits: str) -> None:
    """A number keeps its length and its noughts; short ones and years stay."""
    new = Lexicon("x").number(digits)
    assert [digit == "0" for digit in new] == [digit == "0" for digit in digits]
    if len(digits) < 3 or (len(digits) == 4 and digits.startswith("20")):
        assert new == digits


def test_protected_numbers_stay() -> None:
    """Numbers of articles stay, also as a part of a longer one."""
    lexicon = Lexicon("x")
    lexicon.protected.add("213419026")
    assert lexicon.number("20231102213419026") == "20231102213419026"
    assert lexicon.number("6542915") != "6542915"
