"""Whether plain requests and the browser give the same text, on a sample of articles. Pure."""

import hashlib
from itertools import zip_longest

from kompascrawler.cleaning import clean
from kompascrawler.items import Article


def is_sampled(article_id: str, share: float) -> bool:
    """Tell whether an article belongs to the sample of that share, 0 to 1; always the same ones.

    >>> is_sampled("2023-09-16-170000170", 0.0), is_sampled("2023-09-16-170000170", 1.0)
    (False, True)
    """
    chance = int.from_bytes(hashlib.sha256(article_id.encode()).digest()[:8], "big") / 2**64
    return chance < share


def first_difference(ours: Article, theirs: Article) -> int | None:
    """Return the first paragraph (from 1) in which two texts of an article differ, None without.

    Compared is what would be published: the cleaned text.
    """
    texts = (clean(article).text.split("\n\n") for article in (ours, theirs))
    pairs = enumerate(zip_longest(*texts), start=1)
    return next((number for number, (one, other) in pairs if one != other), None)
