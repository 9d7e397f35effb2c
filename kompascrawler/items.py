"""The record of an article, schema 1.1: what a line of the published files holds.

The order of the fields is the order of the keys in the file. Every key is always present and
always has the one type given here; lists are never null. Pages fill a record in, pipelines
tidy it, and nothing else changes it. ``article-1.1.schema.json`` is generated from this file.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any, Final, Literal, Self

from kompascrawler.identity import parse_address

REQUIRED: Final = ("id", "url", "title", "published_at", "text")
"""Fields of a record that must hold something."""
SCHEMA_VERSION = "1.1"

BlockType = Literal["paragraph", "heading", "list_item", "quote", "unsplit"]
EmbedType = Literal["youtube", "twitter", "instagram", "tiktok", "infographic", "other"]
Route = Literal["single", "all", "numbered", "browser", "declared"]
Proof = Literal["text", "words", "pages"]


@dataclass(slots=True, kw_only=True)
class Block:
    """One piece of the body, in reading order."""

    type: BlockType
    """What the piece is; a row of a table is a paragraph whose cells are joined by `` | ``.

    ``unsplit``: text of pages that were not received, as page 1 declares it: its paragraphs are
    not known.
    """
    text: str
    """Its text, without markup; a line feed where the page breaks the line."""
    page: int
    """The Halaman it stands on, from 1."""


@dataclass(slots=True, kw_only=True)
class PointingBlock(Block):
    """A block as a page gives it whose links point somewhere ("di sini"); never published.

    Cleaning needs to know that these words are links, and makes a plain block of it.
    """

    pointers: tuple[str, ...]
    """The last words of its text up to the end of each such link."""


@dataclass(slots=True, kw_only=True)
class Image:
    """A photo of the article: the lead photo first, then those inside the body."""

    url: str
    """Address of the picture, absolute; of one that a script loads, its own."""
    caption: str | None
    """Caption, without the credit; null when the page prints none."""
    credit: str | None
    """Photographer or agency as printed, without brackets; null when the page prints none."""


@dataclass(slots=True, kw_only=True)
class Embed:
    """Something of another site shown inside the body; its text is not part of ``text``."""

    type: EmbedType
    """Where it comes from."""
    url: str
    """Address of what is embedded, absolute (for an infographic: of its picture)."""


@dataclass(slots=True, kw_only=True)
class Related:
    """A link of the body to another article: "Baca juga" and other labels."""

    id: str | None
    """Identity of the article it leads to; null when it is no article of kompas.com."""
    title: str
    """Text of the link."""
    url: str
    """Address it leads to, absolute."""


@dataclass(slots=True, kw_only=True)
class Halaman:
    """The pages of the article, and the proof that none is missing."""

    pages_expected: int
    """Pages the site says the article has (pager or ``content_total_pages``); at least 1."""
    pages_fetched: int
    """Pages whose text is in the record."""
    route: Route
    """How they were got: one page only, ``?page=all``, ``?page=2…N``, or the browser.

    ``declared``: some were not; their text is the one that page 1 declares.
    """
    words_declared: int | None
    """``content_total_words``: the site's own count of the whole article; null when not stated."""
    words_counted: int
    """Words of the joined raw bodies by the site's own rule: runs of ASCII letters, `'` and `-`."""
    complete: bool | None
    """Whether the pages and the words add up; null when the site declares neither."""
    proof: Proof | None = None
    """The strongest evidence that it is complete; null when it is not, or nobody knows.

    ``text``: the raw text is, word by word, the one that page 1 declares (since 2023). ``words``:
    it has as many words as declared, within 15. ``pages``: the pager alone.
    """


@dataclass(slots=True, kw_only=True)
class Capture:
    """Where the page lies that a record was made of."""

    file: str
    """WARC file, below the data folder; of a replay of other files: as it was given."""
    offset: int
    """Where the record of the answer begins in it, in bytes; 0 for a saved page."""
    digest: str | None
    """Digest of the payload as the record states it (``sha1:``, base 32); null without one."""


@dataclass(slots=True, kw_only=True)
class Article:
    """One revision of one article of Kompas.com."""

    schema_version: str = SCHEMA_VERSION
    """Version of this schema, ``major.minor``."""
    id: str
    """Identity: path date and id of the address, ``YYYY-MM-DD-<number>``; stable for ever."""
    url: str
    """Canonical address, https, without a query."""
    title: str
    """Headline as printed."""
    description: str = ""
    """The page's own summary (meta description); empty when it has none."""
    published_at: str
    """First publication, RFC 3339 with offset +07:00, to the second; from the address."""
    updated_at: str | None = None
    """Last update ("Diperbarui"), same form as ``published_at``; null when never updated."""
    authors: list[str] = field(default_factory=list)
    """Names printed as Penulis, in order; empty for pieces that name none."""
    editors: list[str] = field(default_factory=list)
    """Names printed as Editor, in order."""
    sources: list[str] = field(default_factory=list)
    """Agencies and media printed as Sumber, in order."""
    section: str = ""
    """Section as the page states it, for example ``Global``."""
    topic: str | None = None
    """Topic page the article belongs to (``content_lipsus``); null when it has none."""
    tags: list[str] = field(default_factory=list)
    """Tags as printed, in order."""
    language: str = "id"
    """ISO 639-1 code of the text's language; Kompas writes Indonesian."""
    dateline: str | None = None
    """Place of the dateline ("MOSKWA"), taken off the text; null when it names no place."""
    text: str = ""
    """The whole text: the blocks' texts joined by a blank line."""
    blocks: list[Block] = field(default_factory=list)
    """The same text in pieces, with their kind and page."""
    images: list[Image] = field(default_factory=list)
    """Photos with caption and credit."""
    embeds: list[Embed] = field(default_factory=list)
    """Videos, posts and infographics shown inside the body."""
    related: list[Related] = field(default_factory=list)
    """The "Baca juga" links, in order."""
    halaman: Halaman
    """The article's pages and whether all of it is here."""
    word_count: int = 0
    """Words of ``text``: runs of characters without white space that hold a letter or a digit."""
    removed: dict[str, int] = field(default_factory=dict)
    """What cleaning took out: name of the rule, number of times."""
    content_hash: str = ""
    """SHA-256 (hex) of the text's words, lower case, without punctuation and blanks."""
    duplicate_of: str | None = None
    """Identity of the article with the same content that was stored first; null without one."""
    similarity: float | None = None
    """How much of the two contents is the same, 0 to 1; null without ``duplicate_of``."""
    revision: int = 1
    """Which revision of the article this is, from 1."""
    changed: list[str] = field(default_factory=list)
    """Fields in which it differs from the revision before; empty for the first.

    Compared are title, text, update and credits; ``blocks``: pages that were only declared are
    there now; ``deleted_at``: the article was deleted, or is there again. With ``re-extracted``,
    later code reads the same pages otherwise: any fields.
    """
    deleted_at: str | None = None
    """When it was certain that the site has deleted the article, RFC 3339, UTC; null: it has not.

    Such a revision has no text and no blocks; the rest is that of the revision before.
    """
    first_seen_at: str = ""
    """When a link to the article was first found, RFC 3339, UTC."""
    crawled_at: str = ""
    """When this revision was fetched, RFC 3339, UTC."""
    run_id: str = ""
    """The run that fetched this revision."""
    capture: Capture | None = None
    """Where the answer is kept that held its first page; null where answers are not kept."""

    @classmethod
    def from_dict(cls, values: Any) -> Self:
        """Return the record that a dict of JSON holds.

        Strict about types; fields of later versions are left out, and fields that are younger
        than the dict have their defaults. Raises ValueError, which names the field.
        """
        from msgspec import convert  # noqa: PLC0415 - costs 20 ms; who writes records needs it not

        return convert(values, cls)

    @classmethod
    def from_json(cls, line: str | bytes) -> Self:
        """Return the record of a line of the published files. Raises ValueError."""
        return cls.from_dict(json.loads(line))

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dicts and lists, keys in the order of the fields."""
        return asdict(self)

    def to_json(self) -> str:
        """Return the record as one line of the published files, without its line feed.

        Letters beyond ASCII stand as they are. Raises ValueError for what JSON cannot hold, and
        TypeError for a value of no type that it knows.
        """
        from msgspec.json import encode  # noqa: PLC0415 - 20 ms; an idle run writes no record

        if self.similarity is not None and not isfinite(self.similarity):
            raise ValueError(f"{self.similarity} is not JSON compliant")
        return encode(self).decode()


def faults(article: Article) -> list[str]:
    """Return the names of the required fields that are missing or impossible, in field order.

    A deleted article needs no text. ``published_at`` must be a time with an offset, and ``url``
    the address of the article that ``id`` names.

    >>> halaman = Halaman(pages_expected=1, pages_fetched=1, route="single",
    ...                   words_declared=None, words_counted=9, complete=None)
    >>> faults(Article(id="2020-10-17-160000470", url="", title="Judul",
    ...                published_at="kemarin", text="Isi.", halaman=halaman))
    ['url', 'published_at']
    """
    found = {name for name in REQUIRED if not getattr(article, name).strip()}
    if article.deleted_at is not None:
        found.discard("text")
    address = parse_address(article.url)
    if address is None or address.id != article.id:
        found.add("url")
    if not _is_time(article.published_at):
        found.add("published_at")
    return [name for name in REQUIRED if name in found]


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
