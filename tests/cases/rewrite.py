"""A page with the site's markup and invented words."""

import html
import re
from collections.abc import Iterator
from typing import Final

from tests.cases import code, markup
from tests.cases.addresses import URL, Addresses
from tests.cases.keeping import kept
from tests.cases.words import Lexicon

_TOKEN = re.compile(
    r"(?P<entity>&(?:\#[xX]?[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);)"
    rf"|(?P<url>{URL})"
    r"|(?P<word>[A-Za-z]+)|(?P<number>[0-9]+)|(?P<letter>[^\W\d_])"
)
_ENTITY = re.compile(r"&(?:#[xX]?[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);")
_ENTITIES: Final = {"ø": "&oslash;", "Ø": "&Oslash;"}
_WORD = re.compile(r"[A-Za-z]+")
_NUMBERS = re.compile(
    r"(?:read|image|komentar|copy|xml_path)[\\/=]{1,3}(?:xml\\?/)?\d{4}\\?/\d{2}\\?/\d{2}\\?/(\d{6,})"
)
_COUNTS = re.compile(r'"content_total_words"\s+content="(\d+)"')


class Rewriter:
    """Rewrites one page and what belongs to it: the same word becomes the same word in all."""

    def __init__(self, name: str) -> None:
        """``name`` decides which words are invented."""
        self._lexicon = Lexicon(name)
        self._addresses = Addresses(self._lexicon)
        self._names: frozenset[str] = frozenset()
        self.stayed: set[str] = set()
        """Words (lower case) of the page's boilerplate that stayed as they were."""

    def page(self, page: bytes) -> bytes:
        """Return the page rewritten; what is no word, number or letter stays, byte for byte.

        But for long scripts, which lose their middle (``code.shortened``).
        """
        source = page.decode("utf-8", "surrogateescape")
        self._lexicon.protected |= {*_NUMBERS.findall(source), *_COUNTS.findall(source)}
        self._lexicon.avoided |= {word.lower() for word in _WORD.findall(source)}
        self._names = code.names(source)
        pieces = list(markup.pieces(source))
        stays = _stays(source, pieces)
        self.stayed |= {word[0].lower() for word in _WORD.finditer(source) if stays[word.start()]}
        rewritten = (self._piece(source, piece, stays) for piece in pieces)
        return "".join(rewritten).encode("utf-8", "surrogateescape")

    def prose(self, text: str) -> str:
        """Return a text rewritten, line by line; ``text`` holds no markup."""
        return "\n".join(self._line(line) for line in text.split("\n"))

    def address(self, url: str) -> str:
        """Return an address rewritten: host, date and number of an article stay."""
        return self._addresses.rewrite(url)

    def _piece(self, source: str, piece: markup.Piece, stays: bytearray) -> str:
        text = source[piece.start : piece.end]
        if piece.kind == "text":
            return self._words(text, stays[piece.start : piece.end])
        if piece.kind == "tag":
            return self._tag(text)
        if piece.kind == "declaration":
            return text
        if piece.kind == "style":
            return code.STYLED.sub(lambda found: self._code(found[0]), text)
        return self._code(code.shortened(text) if piece.kind == "script" else text)

    def _line(self, line: str) -> str:
        stays = bytearray(len(line))
        for start, end in kept(line):
            stays[start:end] = b"\1" * (end - start)
        return self._words(line, stays)

    def _words(self, text: str, stays: bytearray) -> str:
        """Replace every word, number and address that does not stay."""

        def instead(found: re.Match[str]) -> str:
            if stays[found.start()]:
                return found[0]
            if found["entity"]:
                return _entity(found[0])
            if found["url"]:
                return self.address(found[0])
            if found["word"]:
                return self._lexicon.word(found[0])
            return self._lexicon.number(found[0]) if found["number"] else _letter(found[0])

        return _TOKEN.sub(instead, text)

    def _code(self, text: str) -> str:
        """Replace what is not the language's own or a name of the markup."""

        def instead(found: re.Match[str]) -> str:
            if found["url"]:
                return self.address(found[0])
            if found["stays"] or found[0] in self._names:
                return found[0]
            return code.RUN.sub(self._run, found[0])

        return code.TOKEN.sub(instead, text)

    def _run(self, found: re.Match[str]) -> str:
        run = found[0]
        if run[0].isdigit():
            return self._lexicon.number(run)
        if not run.isascii():
            return _letter(run)
        return run if run in code.WORDS else self._lexicon.word(run)

    def _tag(self, tag: str) -> str:
        named = markup.NAME.match(tag)
        assert named is not None  # a piece of this kind begins with one
        name = named[1].lower()
        opening = named[0] if name in code.ELEMENTS else self._code(named[0])
        rest = tag[named.end() :]
        is_fixed = name == "meta" and code.is_fixed_meta(rest)
        if is_fixed:
            self.stayed |= {word.lower() for word in _WORD.findall(rest)}
        return opening + markup.ATTRIBUTE.sub(
            lambda found: self._attribute(found, is_fixed=is_fixed), rest
        )

    def _attribute(self, found: re.Match[str], *, is_fixed: bool) -> str:
        name = found["name"].lower()
        group = next((one for one in ("double", "single", "bare") if found[one] is not None), None)
        if not code.is_attribute(name):
            return self._words(found[0], bytearray(len(found[0])))
        if group is None:
            return found[0]
        value = found[group]
        start = found.start(group) - found.start()
        return (
            found[0][:start]
            + self._value(name, value, is_fixed=is_fixed)
            + found[0][start + len(value) :]
        )

    def _value(self, name: str, value: str, *, is_fixed: bool) -> str:
        if code.is_verbatim(name, value) or (name == "content" and is_fixed):
            return value
        if name.startswith("on") or name == "style" or value.startswith("javascript:"):
            return self._code(value)
        if name in code.LEADING and not value.startswith(("http", "//")):
            return self.address(value)
        return self.prose(value)


def _letter(letter: str) -> str:
    """Return what stands for a letter outside ASCII: one of its case."""
    if letter.islower():
        return "ø"
    return "Ø" if letter.isupper() else "文"


def _entity(entity: str) -> str:
    """Return what stands for an entity: itself, but where it is a letter."""
    character = html.unescape(entity)
    if character.isascii() or not character.isalpha():
        return entity
    letter = _letter(character)
    if entity[1] != "#" and letter in _ENTITIES:  # the site counts a name as a word
        return _ENTITIES[letter]
    return f"&#{ord(letter)};"


def _stays(source: str, pieces: list[markup.Piece]) -> bytearray:
    """Mark the characters of the source whose text stays, whatever markup stands between them."""
    stays = bytearray(len(source))
    for text, places in _lines(source, pieces):
        for start, end in kept(text):
            for place in places[start:end]:
                stays[place] = 1
    return stays


def _lines(source: str, pieces: list[markup.Piece]) -> Iterator[tuple[str, list[int]]]:
    """Yield each line that a reader sees, with the place in the source of every character."""
    line: list[str] = []
    places: list[int] = []
    for piece in pieces:
        if piece.kind == "tag":
            named = markup.NAME.match(source, piece.start)
            if line and (named is None or named[1].lower() not in code.INLINE):
                yield "".join(line), places
                line, places = [], []
        elif piece.kind == "text":
            for character, place in _characters(source, piece):
                if not character.isspace():
                    line.append(character)
                    places.append(place)
                elif line and line[-1] != " ":
                    line.append(" ")
                    places.append(place)
    yield "".join(line), places


def _characters(source: str, piece: markup.Piece) -> Iterator[tuple[str, int]]:
    """Yield the characters of a text, entities as what they mean, with their places."""
    position = piece.start
    for entity in _ENTITY.finditer(source, piece.start, piece.end):
        yield from zip(
            source[position : entity.start()], range(position, entity.start()), strict=True
        )
        yield html.unescape(entity[0])[:1], entity.start()
        position = entity.end()
    yield from zip(source[position : piece.end], range(position, piece.end), strict=True)
