"""Sketches of texts: the same everywhere, and true to the exact similarity."""

import random
import statistics
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompascrawler.store.duplicates import (
    KEYS,
    MIN_WORDS,
    SIZE,
    fingerprint,
    packed,
    similarity,
    sketch,
    unpacked,
)

LONG_TEXTS = st.lists(
    st.text("abcdefghij", min_size=1, max_size=3), min_size=MIN_WORDS, max_size=400
).map(" ".join)


def made_up_text(seed: int, words: int) -> str:
    """Return a text of so many words, few of them repeated."""
    chance = random.Random(seed)
    return " ".join(f"kata{chance.randrange(10_000)}" for _ in range(words))


def exact(one: str, other: str) -> float:
    """Return the Jaccard index of two texts' runs of three words."""
    runs = []
    for text in (one, other):
        words = text.split()
        runs.append(set(zip(words, words[1:], words[2:], strict=False)))
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


@given(LONG_TEXTS)
def test_a_sketch_is_small_and_sorted(text: str) -> None:
    """It fits its column, whatever the text, and comes back as it was."""
    numbers = sketch(text)
    assert 0 < len(numbers) <= SIZE
    assert list(numbers) == sorted(set(numbers))
    assert 0 <= numbers[0] <= numbers[-1] < 2**20
    assert unpacked(packed(numbers)) == numbers


@given(LONG_TEXTS, LONG_TEXTS)
def test_similarity_is_symmetric_and_between_0_and_1(one: str, other: str) -> None:
    """The order of two texts does not matter."""
    value = similarity(sketch(one), sketch(other))
    assert value == similarity(sketch(other), sketch(one))
    assert 0 <= value <= 1


@given(LONG_TEXTS)
def test_a_text_is_wholly_similar_to_itself(text: str) -> None:
    """The same words give the same sketch."""
    assert similarity(sketch(text), sketch(text)) == 1


@pytest.mark.parametrize(
    "changed",
    [
        "“{}”",
        "{}.",
        "\n\n{}",
        "({})",
        "– {}",
    ],
)
def test_punctuation_and_blanks_do_not_count(changed: str) -> None:
    """A later edition with other quotes or dashes is the same text."""
    text = made_up_text(1, 60)
    assert sketch(changed.format(text.upper())) == sketch(text)


@given(st.text(max_size=100).filter(lambda text: len(text.split()) < MIN_WORDS))
def test_arbitrary_characters_are_no_trouble(text: str) -> None:
    """Whatever characters a text holds (halves of pairs excepted), there is a sketch of it."""
    assert len(sketch(text.encode(errors="replace").decode())) <= SIZE


@pytest.mark.parametrize(("words", "size"), [(MIN_WORDS - 1, 0), (MIN_WORDS, MIN_WORDS - 2)])
def test_short_texts_have_no_sketch(words: int, size: int) -> None:
    """Below the minimum a text resembles nothing; from there on every run of words counts."""
    assert len(sketch(made_up_text(1, words))) == size


def test_without_a_sketch_nothing_is_similar() -> None:
    """Two short texts are not taken for the same."""
    assert similarity((), ()) == similarity((), (1,)) == 0


def test_keys_stand_for_the_smallest_numbers() -> None:
    """Texts that share most runs share most keys."""
    one, other = (fingerprint(f"{made_up_text(1, 300)} {end}") for end in ("akhir", "lain"))
    assert len(one.keys) == len(one.former_keys) == KEYS
    assert tuple(number >> 12 for number in one.former_keys) == one.sketch[:KEYS]
    assert len(set(one.keys) & set(other.keys)) >= KEYS - 1
    assert all(-(2**31) <= key < 0 for key in one.keys)


def test_keys_are_spread_wider_than_the_smallest_numbers() -> None:
    """Those lie close together, so that strangers would share them more often, the more there are.

    For texts of 300 words the keys of 2,000 lie over all of 2**31, the numbers in a fiftieth.
    """
    prints = [fingerprint(made_up_text(seed, 300)) for seed in range(2_000)]
    keys = [key for one in prints for key in one.keys]
    former = [key for one in prints for key in one.former_keys]
    assert statistics.mean(former) < 2**32 / 50
    assert abs(statistics.mean(keys) / -(2**30) - 1) < 0.03


def test_a_sketch_is_the_same_in_another_process() -> None:
    """No seed of the process gets in: sketches are compared over years of runs."""
    text = made_up_text(1, 60)
    code = f"from kompascrawler.store.duplicates import sketch; print(sketch({text!r})[:3])"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == str(sketch(text)[:3])


def test_a_sketch_is_the_same_for_ever() -> None:
    """The numbers of a known text: a change of the method needs a new version of the store."""
    known = fingerprint(" ".join(map(str, range(40))))
    assert known.sketch[:3] == (8423, 81143, 94343)
    assert known.former_keys[:3] == (34502490, 332363715, 386429708)
    assert known.keys[:2] == (-1618652507, -2025528604)


def test_the_estimate_is_as_good_as_the_theory() -> None:
    """Over 400 pairs of all similarities the error has the spread of a fair sample."""
    errors = []
    for seed in range(400):
        text = made_up_text(seed, 400)
        words = text.split()
        kept = random.Random(seed).randrange(20, 400)
        other = " ".join(words[:kept]) + " " + made_up_text(seed + 1000, 400 - kept)
        errors.append(similarity(sketch(text), sketch(other)) - exact(text, other))
    mean = sum(errors) / len(errors)
    spread = (sum((error - mean) ** 2 for error in errors) / len(errors)) ** 0.5
    assert abs(mean) < 0.006  # three standard errors of the mean
    assert spread < 0.5 / SIZE**0.5
