"""Invented words for the words of a page: one of the same length for each, wherever it stands."""

from collections.abc import Collection
from random import Random
from typing import Final

from kompascrawler.cleaning.pointers import SMALL
from tests.cases.fixed import RESERVED, WORDS
from tests.replica import vocabulary

_FEWEST: Final = 60
"""Words of each length to choose from, at least; made of syllables where the lists have fewer."""
_CONSONANTS: Final = "bcdgjklmnprstw"
_VOWELS: Final = "aaeiou"
_LISTS: Final = (
    vocabulary.NOUNS,
    vocabulary.VERBS,
    vocabulary.ADJECTIVES,
    vocabulary.ROLES,
    vocabulary.BODIES,
    vocabulary.CIRCUMSTANCES,
    vocabulary.GIVEN_NAMES,
    vocabulary.FAMILY_NAMES,
    vocabulary.COUNTRIES,
    vocabulary.PLACES,
)


class Lexicon:
    """What stands for each word and number of one page; the same name gives the same words.

    A word is a run of ASCII letters, which is what the site counts. Its stand-in has as many, so
    that every length, limit and count stays what it was. Words outnumber their stand-ins, of
    which each is used as often as any other: what was written cannot be had back.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._random = Random(name)
        self._stock: dict[int, list[str]] = {}
        self._used: dict[int, int] = {}
        self._stand_ins: dict[str, str] = _turned(self._random)
        self.protected: set[str] = set()
        """Numbers that stay: those of articles, and those that the head states."""
        self.avoided: set[str] = set()
        """Words (lower case) that nothing is to stand for: those of the page itself."""

    def word(self, word: str) -> str:
        """Return what stands for a run of ASCII letters, capitals where it has them.

        >>> Lexicon("x").word("KOMPAS"), len(Lexicon("x").word("Presiden"))
        ('KOMPAS', 8)
        """
        small = word.lower()
        if len(word) == 1 or small in WORDS:
            return word
        if small not in self._stand_ins:
            self._stand_ins[small] = self._next(small)
        return _in_case_of(word, self._stand_ins[small])

    def number(self, digits: str) -> str:
        """Return what stands for a run of digits: short ones, years and protected ones stay."""
        if len(digits) < 3 or (len(digits) == 4 and digits[:2] in ("19", "20")):
            return digits
        if any(number in digits for number in self.protected):
            return digits
        random = Random(f"{self._name} {digits}")
        return "".join(digit if digit == "0" else random.choice("123456789") for digit in digits)

    def _next(self, word: str) -> str:
        """Return the stand-in of this length that has been used least, never the word itself."""
        length = len(word)
        if length not in self._stock:
            self._stock[length] = self._stock_of(length)
        stock = self._stock[length]
        while True:
            used = self._used.get(length, 0)
            self._used[length] = used + 1
            if (found := stock[used % len(stock)]) != word:
                return found

    def _stock_of(self, length: int) -> list[str]:
        """Return words of a length that the page does not use, or any when it uses them all."""
        return self._invented(length, RESERVED | self.avoided) or self._invented(length, RESERVED)

    def _invented(self, length: int, barred: Collection[str]) -> list[str]:
        words = {word.lower() for text in _LISTS for entry in text for word in entry.split()}
        fitting = (word for word in words if len(word) == length and word.isascii())
        stock = sorted(word for word in fitting if word.isalpha() and word not in barred)
        self._random.shuffle(stock)
        for _ in range(50 * _FEWEST):  # there are too few of two letters
            if len(stock) >= _FEWEST:
                break
            made = _syllables(self._random, length)
            if made not in stock and made not in barred:
                stock.append(made)
        return stock


def _turned(random: Random) -> dict[str, str]:
    """Return, for each word that headlines write small, another one of its length.

    They are told by that (``cleaning.unlinked``), so that no other word may stand for one.
    """
    turned: dict[str, str] = {}
    for length in {len(word) for word in SMALL}:
        words = sorted(word for word in SMALL if len(word) == length and word not in WORDS)
        random.shuffle(words)
        turned.update(zip(words, [*words[1:], words[0]], strict=True))
    return turned


def _syllables(random: Random, length: int) -> str:
    letters = (_CONSONANTS, _VOWELS)
    return "".join(random.choice(letters[place % 2]) for place in range(length))


def _in_case_of(word: str, stand_in: str) -> str:
    """Return the stand-in with capitals where the word has them."""
    if word.islower():
        return stand_in
    pairs = zip(word, stand_in, strict=True)
    return "".join(new.upper() if old.isupper() else new for old, new in pairs)
