"""Storing records, and finding the original of a republication."""

import random
from typing import Any

import pytest

from kompascrawler.items import Article
from kompascrawler.store.duplicates import THRESHOLD
from kompascrawler.store.model import AlreadyStored, SimilarArticle
from kompascrawler.store.store import Store
from tests.store.synthetic import make_article


def spoiled(text: str, words: int) -> str:
    """Return the text with some of its words replaced."""
    parts = text.split()
    for place in random.Random(words).sample(range(len(parts)), words):
        parts[place] = f"ganti{place}"
    return " ".join(parts)


def match_in(store: Store, article: Article) -> SimilarArticle:
    """Return the match of an article that must have one."""
    match = store.find_duplicate(article)
    assert match is not None
    return match


@pytest.fixture
def original(store: Store) -> Article:
    """Return an article that is stored."""
    article = make_article(1)
    store.put(article)
    return article


def test_what_is_put_is_stored(store: Store) -> None:
    """A record counts as seen when put returns, and not before."""
    article = make_article(1)
    assert not store.is_stored(article.id)
    store.put(article)
    assert store.is_stored(article.id)


def test_an_article_is_stored_once(store: Store, original: Article) -> None:
    """A second record that says the same is refused, and the first stays as it was."""
    with pytest.raises(AlreadyStored, match=original.id):
        store.put(make_article(1, tags=["another"]))
    assert store.publish() == 1


@pytest.mark.parametrize(
    "fields", [{"title": "\ud800"}, {"id": "2026-02-30-080000070"}, {"similarity": float("nan")}]
)
def test_a_record_that_no_file_can_hold_changes_nothing(
    store: Store, fields: dict[str, Any]
) -> None:
    """It is refused as a whole, and nothing waits to be published."""
    article = make_article(1, **fields)
    with pytest.raises(ValueError, match=r".+"):
        store.put(article)
    assert not store.is_stored(article.id)
    assert store.publish() == 0


def test_nothing_resembles_the_first_article(store: Store) -> None:
    """An empty store holds no duplicates."""
    assert store.find_duplicate(make_article(1)) is None


def test_an_article_is_no_duplicate_of_itself(store: Store, original: Article) -> None:
    """A later revision would otherwise be taken for a republication."""
    assert store.find_duplicate(original) is None


def test_other_articles_are_no_duplicates(store: Store, original: Article) -> None:
    """Articles that share words but no sentences stay apart."""
    assert store.find_duplicate(make_article(2)) is None


def test_the_same_content_is_an_exact_duplicate(store: Store, original: Article) -> None:
    """A new identity and title do not hide the same text."""
    copy = make_article(2, text=original.text, title="Judul baru")
    assert store.find_duplicate(copy) == (original.id, 1.0)


@pytest.mark.parametrize("text", ["", "Simak video ini."])
def test_short_texts_are_compared_exactly_only(store: Store, text: str) -> None:
    """A stock sentence with one word more is another article."""
    store.put(make_article(1, text=text or "x"))
    assert store.find_duplicate(make_article(2, text=f"{text} Sekarang.")) is None


def test_texts_without_a_hash_are_not_the_same(store: Store) -> None:
    """No hash says nothing about the content."""
    store.put(make_article(1, content_hash="", text="pendek"))
    assert store.find_duplicate(make_article(2, content_hash="", text="pendek")) is None


def test_an_edited_text_is_a_near_duplicate(store: Store, original: Article) -> None:
    """Few edited words leave the similarity between the threshold and 1."""
    match = match_in(store, make_article(2, text=spoiled(original.text, 3)))
    assert match.id == original.id
    assert THRESHOLD <= match.similarity < 1


def test_a_chain_leads_to_the_first(store: Store, original: Article) -> None:
    """A copy of a copy is a duplicate of the original, exact and near."""
    copy = make_article(2, text=spoiled(original.text, 6))
    copy.duplicate_of, copy.similarity = match_in(store, copy)
    store.put(copy)
    same = match_in(store, make_article(3, text=copy.text))
    near = match_in(store, make_article(4, text=spoiled(copy.text, 1)))
    assert same.id == near.id == original.id


def test_of_several_originals_the_first_stored_counts(store: Store, original: Article) -> None:
    """Copies that were not recognised as such do not compete with what was there first."""
    store.put(make_article(2, text=spoiled(original.text, 1)))
    match = match_in(store, make_article(3, text=spoiled(original.text, 2)))
    assert match.id == original.id


def test_a_stock_phrase_does_not_hide_a_duplicate(store: Store) -> None:
    """Lookups are bounded, and a hundred articles with a common opening do not use them up."""
    opening = " ".join(f"pembuka{number}" for number in range(30))
    for number in range(100):
        store.put(make_article(number, text=f"{opening} {make_article(number).text}"))
    last = f"{opening} {make_article(99).text}"
    assert match_in(store, make_article(200, text=spoiled(last, 2))).id == make_article(99).id
