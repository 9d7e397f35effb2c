"""From the pages of an article to one record. Pure.

Where no route gives a page, its text is taken from the one that page 1 declares. That stands on
one line, without tags (docs/site.md, section 11.1). So what is taken from it is whole and in order,
but its paragraphs are not known, and a headline of "Baca juga" that neither a link of the pages nor
a known address names stays in it.
"""

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, NamedTuple

from kompascrawler.cleaning.text import CONTROLS
from kompascrawler.halaman.completeness import without_blanks
from kompascrawler.items import Article, Block

_SUFFIX = re.compile(r"\s*[-|]?\s*\bHalaman (?:all|\d{1,2})(?: - Kompas\.com)?$| - Kompas\.com$")
_VISIBLE, _WORD = re.compile(r"\S"), re.compile(r"\S+")
_POINTER = re.compile(r"\bBaca juga\s*[:;]", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")
_ENDLESS = re.compile(r"&#[0-9]{9,}")
"""Numbers of no character; Python refuses to read a number of 5,000 digits."""
_OF_WORDS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'-")
_BLANKED = bytes(code if code in _OF_WORDS else 32 for code in range(256))
_OF_ALL_PAGES: Final = ("authors", "editors", "sources", "tags", "images", "embeds", "related")
NAMED: Final = 5_000
"""Articles whose addresses tell headlines: those of some four months."""
_LONGEST_WHOLE: Final = 60
"""Characters of an address's last part that is the whole headline; longer ones may be cut."""
_MOST_WORDS: Final = 30
"""Words of the longest headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An answer of the site: page 1, a later page, or what a browser shows."""

    record: Article
    """The record of this answer alone, its text not yet cleaned; ``halaman`` judges it alone."""
    pages_declared: int | None
    """Pages of the article that it states, by pager or head, if it does."""
    number_stated: int | None
    """The page that it says it is, if it does."""
    hides_pages: bool
    """Whether it has a pager whose links to other pages lead to no address."""
    decoded: int
    """Characters of its body that an editor may have written as entities (``judge_joined``)."""
    text: str = ""
    """The text of its raw body, entities decoded."""
    text_declared: str | None = None
    """The text of the whole article that it declares (``completeness.agrees``)."""
    is_sound: bool = True
    """Whether all its text was read and can be read, and the page was not cut off."""

    @property
    def texts(self) -> list[str]:
        """The texts of its blocks."""
        return [block.text for block in self.record.blocks]


def without_suffix(title: str) -> str:
    """Take `` Halaman all - Kompas.com`` and its kin off a title or description.

    They stand on 173 of 273 records of 2022 (docs/site.md, section 2).

    >>> without_suffix("Gempa di Laut Halaman 2 - Kompas.com")
    'Gempa di Laut'
    """
    return _SUFFIX.sub("", title) if "Halaman" in title or "Kompas.com" in title else title


def count_words(markup: bytes) -> int:
    """Count the words of a raw body by the site's own rule, PHP's ``str_word_count(strip_tags())``.

    Runs of ASCII letters, ``'`` and ``-``; numbers are none, entities are not decoded
    (docs/site.md, section 2).

    >>> count_words(b"<p>Tikus-tikus&nbsp;di <b>New</b> York pada 2020 - kata AS.</p>")
    9
    """
    return len(_TAG.sub(b"", markup).translate(_BLANKED).split())


def plain_text(markup: bytes) -> str:
    """Return the text of a raw body as a reader sees it: no tags or controls, entities decoded.

    >>> plain_text(b"<p>Tikus di &ldquo;New York&rdquo;</p>")
    'Tikus di “New York”'
    """
    text = _TAG.sub(b"", markup).decode(errors="replace")
    return CONTROLS.sub("", html.unescape(_ENDLESS.sub(" ", text)))


def count_plain_words(text: str) -> int:
    """Count the words of a text by the same rule."""
    return len(text.encode().translate(_BLANKED).split())


class Joined(NamedTuple):
    """Several pages in one."""

    record: Article
    """Their record; its ``halaman`` is still that of the first page."""
    words: int
    """Words of the raw bodies, what is repeated counted once."""
    decoded: int
    """Characters of the bodies that an editor may have written as entities."""
    text: str
    """The texts of the raw bodies, what is repeated once."""


def join(parts: Mapping[int, Part]) -> Joined:
    """Return several pages, by their numbers, as one.

    Names, photos, embeds and links are those of all, each once; the other fields are those of the
    first page. Paragraphs that end a page and begin the next stand once. Every block has the number
    of its page. A page that begins with all before it (content appended on scroll) replaces them.
    """
    joined, blocks, words, text = list[Part](), list[Block](), 0, ""
    for number, part in sorted(parts.items()):
        shared = overlap([block.text for block in blocks], part.texts)
        new = part.record.blocks[shared:]
        if shared == len(blocks):
            joined, words, text = [part], part.record.halaman.words_counted, part.text
        else:
            repeated = " ".join(part.texts[:shared])
            joined.append(part)
            words += part.record.halaman.words_counted - count_plain_words(repeated)
            text = f"{text} {_without(part.text, repeated)}"
        blocks += [replace(block, page=number + block.page - 1) for block in new]
    records = [part.record for part in joined]
    merged: dict[str, Any] = {name: _merged(records, name) for name in _OF_ALL_PAGES}
    record = replace(
        records[0],
        blocks=blocks,
        removed=dict(sum((Counter(record.removed) for record in records), Counter())),
        **merged,
    )
    return Joined(record, words, sum(part.decoded for part in joined), text)


def distinct(parts: Iterable[Part]) -> list[Part]:
    """Return the parts that bring text which none before them has."""
    new: list[Part] = []
    known: set[str] = set()
    for part in parts:
        if not known.issuperset(part.texts):
            known.update(part.texts)
            new.append(part)
    return new


def overlap(before: Sequence[str], after: Sequence[str]) -> int:
    """Return how many paragraphs at the end of one page begin the next.

    >>> overlap(["a", "b", "c"], ["b", "c", "d"])
    2
    """
    size = min(len(before), len(after))
    texts = [*after[:size], None, *before[len(before) - size :]]
    # How much of the beginning ends at each place (Knuth, Morris, Pratt): each is looked at once.
    ends = [0] * len(texts)
    for place in range(1, len(texts)):
        length = ends[place - 1]
        while length and texts[place] != texts[length]:
            length = ends[length - 1]
        ends[place] = length + (texts[place] == texts[length])
    return ends[-1]


def _without(text: str, beginning: str) -> str:
    """Return what follows a beginning, blanks aside; all of it where it begins otherwise."""
    wanted = without_blanks(beginning)
    starts = [character.start() for character in _VISIBLE.finditer(text)]
    rest = text[starts[len(wanted)] :] if len(wanted) < len(starts) else ""
    is_there = without_blanks(text[: len(text) - len(rest)]) == wanted
    return rest if is_there else text


def _merged(records: Sequence[Article], name: str) -> list[Any]:
    """Return the values of the first page, then what each later page adds."""
    merged: list[Any] = []
    for record in records:
        known = set(map(repr, merged))
        merged += [value for value in getattr(record, name) if repr(value) not in known]
    return merged


def filled(record: Article, parts: Mapping[int, Part]) -> Article | None:
    """Return the record of an article's pages with the text that they lack, as declared.

    What lies between, before or after them is a block of type ``unsplit`` each. None where no
    text is declared, or a page does not stand in it as a whole and in its place, or is not sound.
    """
    declared = next((part.text_declared for part in parts.values() if part.text_declared), None)
    is_sound = all(part.is_sound for part in parts.values())
    blocks = _blocks(parts, declared) if declared and is_sound else None
    if blocks is None:
        return None
    given = record.halaman
    halaman = replace(
        given,
        pages_fetched=given.pages_expected,
        route="declared",
        words_counted=given.words_declared or given.words_counted,
        complete=True,
        proof="text",
    )
    return without_headlines(replace(record, blocks=blocks, halaman=halaman))


def _blocks(parts: Mapping[int, Part], declared: str) -> list[Block] | None:
    starts = [character.start() for character in _VISIBLE.finditer(declared)]
    whole = without_blanks(declared)
    blocks, end, page = list[Block](), 0, 1
    for page, part in sorted(parts.items()):
        text = without_blanks(part.text)
        start = whole.find(text, end)
        if not text or start < 0:
            return None
        if start > end:
            blocks.append(_unsplit(declared[starts[end] : starts[start]], max(1, page - 1)))
        blocks += [replace(block, page=page + block.page - 1) for block in part.record.blocks]
        end = start + len(text)
    if end < len(whole):
        blocks.append(_unsplit(declared[starts[end] :], page + 1))
    return blocks


def _unsplit(text: str, page: int) -> Block:
    return Block(type="unsplit", text=" ".join(text.split()), page=page)


def without_headlines(record: Article, addresses: Iterable[str] = ()) -> Article:
    """Cut "Baca juga" with its headline where a link of the pages, or an address, names it."""
    slugs = (address.rpartition("/")[2] for address in addresses)
    known = {letters_of(link.title) for link in record.related}
    known |= {letters_of(slug) for slug in slugs if len(slug) <= _LONGEST_WHOLE}
    blocks = [
        replace(block, text=_cut(block.text, known)) if block.type == "unsplit" else block
        for block in record.blocks
    ]
    return replace(record, blocks=blocks)


def absent(addresses: Iterable[str], text: str) -> list[str]:
    """Return the addresses whose last part, a headline, does not stand in a text."""
    plain = letters_of(text)
    return [one for one in addresses if letters_of(one.rpartition("/")[2]) not in plain]


def _cut(text: str, known: Collection[str]) -> str:
    kept, end = "", 0
    for pointer in _POINTER.finditer(text):
        if behind := _end_of_headline(text, pointer.end(), known):
            kept, end = f"{kept}{text[end : pointer.start()]} ", behind
    return kept + text[end:]


def _end_of_headline(text: str, start: int, known: Collection[str]) -> int | None:
    headline, end = "", None
    for word in islice(_WORD.finditer(text, start), _MOST_WORDS):
        headline += letters_of(word[0])
        end = word.end() if headline and headline in known else end
    return end


def letters_of(headline: str) -> str:
    """Return letters and digits: quotes and dashes differ between the places of a headline."""
    return "".join(filter(str.isalnum, headline.casefold()))
