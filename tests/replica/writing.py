"""Writes the bodies of the replica's articles: pieces, Halaman by Halaman. Pure."""

from collections.abc import Callable, Sequence
from random import Random
from typing import ClassVar, Literal, NamedTuple

from kompascrawler.items import Embed, EmbedType, Image, Related
from tests.replica import pieces as p
from tests.replica import vocabulary as v
from tests.replica.prose import Prose

# Wordings and their shares: docs/site.md, section 13, "Related links and read more".
_READ_MORE = (
    "Baca selengkapnya",
    "Baca selengkapnya",
    "Anda bisa membaca selengkapnya",
    "Artikel selengkapnya bisa dibaca",
    "Simak secara lengkap",
    "Silakan baca beritanya",
)
_BACA_JUGA_FORMS: tuple[p.BacaJugaForm, ...] = ("usual",) * 17 + ("no_class", "emphasis", "nested")
_EMBEDS: tuple[EmbedType, ...] = ("youtube", "youtube", "twitter", "instagram", "tiktok")


class Opening(NamedTuple):
    """What a roundup takes over from another article."""

    title: str
    related: Related
    paragraphs: tuple[str, ...]


class Writer:
    """Writes one article's body; everything it does follows from the random source."""

    def __init__(self, random: Random, prose: Prose, links: Sequence[Related]) -> None:
        """``links`` are the articles that its "Baca juga" lines may lead to."""
        self._random = random
        self._prose = prose
        self._links = links

    def news(self, page_count: int, words: int) -> tuple[tuple[p.Piece, ...], ...]:
        """Return a body of about so many words, split over so many pages."""
        # The last piece of a page overshoots its share by about twenty words.
        pages = [self._page(words // page_count - 20) for _ in range(page_count)]
        opening: list[p.Piece] = [p.Paragraph(self._prose.lead())]
        return (tuple(opening + pages[0]), *map(tuple, pages[1:]))

    def column(self, words: int) -> tuple[tuple[p.Piece, ...], ...]:
        """Return a column: an introduction, then the paragraph with the dateline."""
        introduction = p.Paragraph(self._prose.sentence())
        return ((introduction, p.Paragraph(self._prose.lead()), *self._page(words)),)

    def question(self, words: int) -> tuple[tuple[p.Piece, ...], ...]:
        """Return a question-and-answer piece, opened by the reader's question."""
        asker = f"{self._prose.person().split()[0]}, {self._random.randint(6, 60)} tahun"
        box = p.Question(self._prose.question(), asker)
        return ((box, p.Paragraph(self._prose.lead()), *self._page(words)),)

    def short(self, embed: EmbedType) -> tuple[tuple[p.Piece, ...], ...]:
        """Return an INFOGRAFIK or VIDEO piece: a little text around the thing itself."""
        return (
            (
                p.Paragraph(self._prose.lead()),
                p.Paragraph(self._long_paragraph(130)),
                self._baca_juga(),
                self._embed(embed),
                p.Paragraph(self._prose.sentence()),
            ),
        )

    def roundup(self, openings: Sequence[Opening]) -> tuple[tuple[p.Piece, ...], ...]:
        """Return a roundup: for each article a heading, its opening and where to read on."""
        sections: list[tuple[p.Piece, ...]] = []
        for place, opening in enumerate(openings, start=1):
            sections.append(tuple(self._section(place, opening)))
        introduction: p.Piece = p.Paragraph(self._prose.lead())
        half = (len(sections) + 1) // 2
        first = [introduction, *(piece for section in sections[:half] for piece in section)]
        second = [piece for section in sections[half:] for piece in section]
        return (tuple(first), tuple(second))

    def _section(self, place: int, opening: Opening) -> list[p.Piece]:
        read_more = (self._random.choice(_READ_MORE), opening.related.url)
        *before, last = opening.paragraphs
        pieces: list[p.Piece] = [p.Heading(f"{place}. {opening.title}")]
        pieces += [p.Paragraph(text) for text in before]
        if self._random.random() < 0.5:
            pieces.append(p.Paragraph(last, read_more=read_more))
        else:
            pieces += [p.Paragraph(last), p.Paragraph("", read_more=read_more)]
        # A roundup's Baca juga often repeats the item's headline (docs/site.md, section 13).
        repeats = self._random.random() < 0.5
        return [*pieces, p.BacaJuga(opening.related) if repeats else self._baca_juga()]

    def _page(self, words: int) -> list[p.Piece]:
        pieces: list[p.Piece] = [p.Paragraph(self._prose.paragraph())]
        written = 20
        until_baca_juga = self._random.randint(1, 3)
        while written < words:
            added = self._any_piece()
            pieces += added
            written += sum(len(text.split()) for piece in added for _, text in p.blocks(piece))
            until_baca_juga -= 1
            if until_baca_juga == 0:
                pieces.append(self._baca_juga())
                until_baca_juga = self._random.randint(4, 7)
        if until_baca_juga > 3:
            pieces.append(p.Paragraph(self._prose.paragraph()))
        return pieces

    def _any_piece(self) -> list[p.Piece]:
        kinds = self._KINDS_OF_PIECE
        return self._random.choices(list(kinds), list(kinds.values()))[0](self)

    def _paragraph(self) -> list[p.Piece]:
        return [p.Paragraph(self._prose.paragraph())]

    def _with_baca_juga(self) -> list[p.Piece]:
        return [p.Paragraph(self._prose.paragraph(), baca_juga=self._random.choice(self._links))]

    def _bare(self) -> list[p.Piece]:
        # Never two in a row: on the page nothing would part them.
        return [*self._paragraph(), p.Paragraph(self._prose.paragraph(), bare=True)]

    def _broken_line(self) -> list[p.Piece]:
        return [p.Paragraph(f"{self._prose.sentence()}\n{self._prose.sentence()}")]

    def _abbreviated(self) -> list[p.Piece]:
        return [p.Paragraph(f"{self._prose.sentence()} {self._prose.abbreviated()}")]

    def _titled(self) -> list[p.Piece]:
        level: Literal[2, 3] = 3 if self._random.random() < 0.3 else 2
        return [p.Heading(self._prose.heading(), level), *self._paragraph()]

    def _items(self) -> list[p.Piece]:
        texts = tuple(self._prose.item() for _ in range(self._random.randint(3, 6)))
        numbered = self._random.random() < 0.3
        return [p.Paragraph(f"{self._prose.heading()}:"), p.Items(texts, numbered)]

    def _table(self) -> list[p.Piece]:
        rows = tuple((self._prose.tag(), self._prose.item()) for _ in range(4))
        return [*self._paragraph(), p.Table((("Perihal", "Keterangan"), *rows))]

    def _quote(self) -> list[p.Piece]:
        return [p.Quote(self._prose.sentence())]

    def _photo(self) -> list[p.Piece]:
        return [p.Photo(self.image())]

    def _any_embed(self) -> list[p.Piece]:
        return [self._embed(self._random.choice(_EMBEDS))]

    def image(self) -> Image:
        """Return a photo with a caption and, nearly always, a credit."""
        credit = self._random.choice(v.AGENCIES) if self._random.random() < 0.95 else None
        return Image(url=self._picture("750x500"), caption=self._prose.caption(), credit=credit)

    def _picture(self, size: str) -> str:
        code = f"{self._random.getrandbits(52):013x}"
        crop = f"{self._random.getrandbits(80):020x}"
        return f"https://asset.kompas.com/crops/{crop}=/0x0:999x666/{size}/data/photo/{code}.jpg"

    def _embed(self, kind: EmbedType) -> p.Embedded:
        words = self._prose.caption() if kind == "infographic" else self._prose.sentence()
        handle = f"akun_{self._random.randint(100, 999)}"
        post = self._random.randint(10**17, 10**18)
        url = {
            "youtube": f"https://www.youtube.com/embed/{post % 10**11:011d}",
            "twitter": f"https://twitter.com/{handle}/status/{post}?ref_src=twsrc%5Etfw",
            "instagram": f"https://www.instagram.com/p/{post % 16**10:010X}/",
            "tiktok": f"https://www.tiktok.com/@{handle}/video/{post}",
            "infographic": self._picture("780x0"),
        }[kind]
        return p.Embedded(Embed(type=kind, url=url), words)

    def _baca_juga(self) -> p.BacaJuga:
        return p.BacaJuga(self._random.choice(self._links), self._random.choice(_BACA_JUGA_FORMS))

    def _long_paragraph(self, words: int) -> str:
        text = self._prose.paragraph()
        while len(text.split()) < words:
            text = f"{text} {self._prose.sentence()}"
        return text

    # What a body is made of. What is rare on the real pages is rare here too, but common enough
    # that a site of a few hundred articles has some of each (docs/site.md, section 6).
    _KINDS_OF_PIECE: ClassVar[dict[Callable[["Writer"], list[p.Piece]], int]] = {
        _paragraph: 800,
        _titled: 60,
        _items: 20,
        _photo: 20,
        _any_embed: 20,
        _broken_line: 15,
        _abbreviated: 20,
        _quote: 12,
        _with_baca_juga: 10,
        _bare: 10,
        _table: 5,
    }
