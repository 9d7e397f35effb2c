"""Pages that repeat one thing many times, and what reading them costs a megabyte.

    python -m tests.bench.shapes [--megabytes 0.1 0.4 1.6] [SHAPE ...]

A step that takes the square of a page's size shows as a cost that grows from column to column.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from resource import RLIMIT_CPU, setrlimit
from typing import Final, NamedTuple

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import join
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.pages.checks import checks_of, checks_of_refused
from kompascrawler.pages.index import front_hrefs, index_hrefs, main_hrefs, terkini
from kompascrawler.pages.markup import is_odd, parse
from kompascrawler.politeness.non_content import sign_of
from kompascrawler.sections import SECTIONS, sort_links
from kompascrawler.store.duplicates import sketch

URL: Final = "https://www.kompas.com/global/read/2026/11/26/060000370/judul"
_LINK: Final = "https://www.kompas.com/global/read/2026/11/25/06{0:04}370/judul-lain"
_HEAD: Final = '<meta property="og:title" content="Judul">'
_PAGE: Final = (
    "<!DOCTYPE html><html><head>{head}</head><body><h1 class='read__title'>Judul</h1>"
    "<div class='read__time'>26/11/2026, 06:00 WIB</div>{before}<div class='read__content'>"
    "<p>JAKARTA, KOMPAS.com - Awal berita.</p>{body}<p>Akhir.</p>"
    "<span class='liftdown_v2_tanda'></span></div>{after}</body></html>"
)


class Shape(NamedTuple):
    """What is repeated, what stands around all of it, and where on the page it stands."""

    unit: str
    """``{0}`` in it is the number of the repeat."""
    opening: str = ""
    closing: str = ""
    place: str = "body"
    deepest: int = 10**9
    """Repeats at most: elements do not nest deeper."""

    def page(self, size: int) -> bytes:
        """Return a page of about so many bytes."""
        length = len(self.unit.format(10_000).encode())
        repeats = min(max(size // length, 1), self.deepest)
        units = "".join(self.unit.format(number) for number in range(repeats))
        filling = "<p>Isi.</p>" * (max(size - repeats * length, 0) // 11)
        said = f"{self.opening}{units}{filling if self.deepest < 10**9 else ''}{self.closing}"
        places = dict.fromkeys(("head", "before", "body", "after"), "")
        return _PAGE.format(**places | {"head": _HEAD} | {self.place: said}).encode()


def _elements() -> Iterator[tuple[str, Shape]]:
    names = "p div span a b em br li ul td tr table h2 figure figcaption blockquote iframe img form"
    for name in [*names.split(), "svg", "script", "style", "section", "center", "font", "hr"]:
        yield f"<{name}> in a row", Shape(f"<{name}>Isi {{0}}</{name}> ")
        yield f"<{name}> empty", Shape(f"<{name}></{name}>")
        yield f"<{name}> unclosed", Shape(f"<{name}>Isi ")
        yield f"<{name}> nested", Shape(f"<{name}>Isi ", deepest=2_000)
        yield f"</{name}> too many", Shape(f"</{name}>Isi ")
    for inner in ("b", "p", "div", "font", "td"):
        yield f"<a><{inner}> nested", Shape(f"<a href='{_LINK}'><{inner}>Isi ", deepest=1_000)


def _classes() -> Iterator[tuple[str, Shape]]:
    names = (
        "photo photo__caption author twitter-tweet instagram-media photo-infographic kid-wrap"
        " inject-baca-juga read__paging read__tagging read__content read__title latest"
        " read__credit__item credit-author credit-title credit-title-nameEditor read__author"
        " articleList latest--indeks sidebar paging__link inner-link-tag inner-link-baca-juga"
        " liftdown_v2_tanda kcm-read-content-top kcm-read-content-text"
    )
    for name in names.split():
        for place in ("before", "body", "after"):
            yield f".{name} {place}", Shape(f"<div class='{name}'>Isi {{0}}</div>", place=place)
        yield f".{name} unclosed", Shape(f"<div class='{name}'>Isi ", deepest=2_000)
        yield f".{name} in one tag", Shape(f" class='{name}", "<div", ">")
        yield f".{name} in one open tag", Shape(f' class="{name}"', "<div", "<p>")
        yield f"a.{name}", Shape(f"isi <a class='{name}' href='{_LINK}'>Isi {{0}}</a>")
        yield f"span.{name}", Shape(f"isi <span class='{name}'>Isi {{0}}</span>")


_CHARACTERS: Final = {
    "combining marks": "\u0301\u0323",
    "letters": "a",
    "blanks": " ",
    "line feeds": "\n",
    "hyphens": "-",
    "hyphens after letters": "a-",
    "dots": ".",
    "ends": '. "',
    "quotes": '"',
    "brackets": "(",
    "closed brackets": "()",
    "marks": "!?",
    "digits": "1",
    "ampersands": "&amp;",
    "numbers of characters": "&#65;",
    "digits of one entity": "1",
    "names of entities": "&nbsp;&ldquo;",
    "unknown entities": "&x",
    "comments": "<!-- x -->",
    "open comments": "<!--",
    "open tags": "<",
    "declarations": "<![CDATA[",
    "NULs": "\x00",
    "controls": "\x01",
    "broken": "\ufffd",
    "Hangul": "\u1100\u1161\u11a8",
    "joiners": "\u200c\u200d",
    "emoji": "😀\u200d",
}
_TEXTS: Final = {
    "label": "Baca juga: ",
    "label glued": "Xx-Baca Juga: ",
    "label in brackets": "a (baca: B) ",
    "labels open": "(baca ",
    "di sini": "Baca selengkapnya di sini. ",
    "question": "Selengkapnya? Klik di sini. ",
    "stories": "berita-",
    "stories said": "berita. ",
    "dateline": "JAKARTA, KOMPAS.com - ",
    "phrase": "Simak ",
    "phrase nested": "Dapatkan informasi, ",
    "promo": "Dapatkan WhatsApp Channel. ",
    "credit": "Editor: A.b ",
    "credit in brackets": "(Editor: A.b ",
    "names": "A.b ",
    "agencies": "(AP/AFP/",
    "own address": "/read/2026/11/26/060000370",
    "Artikel ini": "Artikel ini telah tayang di ",
    "addresses": "https://a.kompas.com/",
    "hosts": "a.",
    "capitals": "Aaa Bbb ",
    "sentences": "Isi berita ini. ",
    "marks and ends": 'Isi."” ',
}
_ENDED: Final = {"phrase nested": "inspirasi dan insight di email kamu. "}


def _texts() -> Iterator[tuple[str, Shape]]:
    for name, unit in _CHARACTERS.items():
        before = "&#" if "one entity" in name else "Isi "
        yield name, Shape(unit, before, " isi ")
        yield (
            f"{name} before a tag link",
            Shape(unit, "<p>", "- <a class='inner-link-tag' href='/tag/a'>a</a> isi</p>"),
        )
        yield f"{name} in a link", Shape(unit, f"<a href='{_LINK}'>di sini", " di sini</a>")
        yield (
            f"{name} in the head",
            Shape(
                unit.replace('"', "'"), '<meta name="description" content="a', ' b">', place="head"
            ),
        )
        yield f"{name} in a title", Shape(unit, "<h1 class='read__title'>", "</h1>", "before")
    for name, unit in _TEXTS.items():
        yield f"text: {name}", Shape(unit)
        yield f"text: {name}, nested", Shape(unit + unit, "Isi ", _ENDED.get(name, ""))
        yield f"text: {name}, numbered", Shape(f"{unit}A{{0}} ")
        yield f"text: {name}, in lines", Shape(f"{unit}<br>")
        yield f"text: {name}, in paragraphs", Shape(f"{unit}<br><br>")
        yield f"text: {name}, in elements", Shape(f"<p>{unit}</p>")
        yield f"text: {name}, linked", Shape(f"{unit}<a href='{_LINK}'>Judul Lain Saja {{0}}</a> ")
        yield f"text: {name}, in links", Shape(f"<a href='{_LINK}'>{unit}{{0}} di sini</a>. ")
        yield (
            f"text: {name}, links in lines",
            Shape(f"{unit}<a href='{_LINK}'>Judul Lain Saja {{0}}</a><br>"),
        )
        yield f"text: {name}, in a script", Shape(unit, "<script>", "</script>", place="head")


def _attributes() -> Iterator[tuple[str, Shape]]:
    for place in ("head", "body"):
        tag = {"head": "meta", "body": "div"}[place]
        yield f"attributes, {place}", Shape(" a{0}=b", f"<{tag}", ">", place)
        yield f"attributes alike, {place}", Shape(" class=b", f"<{tag}", ">", place)
        yield f"class names, {place}", Shape(" b{0}", f"<{tag} class='", "'>", place)
    yield "metas", Shape("<meta name='n{0}' content='b'>", place="head")
    yield "styles", Shape("display:x;", "<div style='", "'>a</div>")
    yield "blanks in a style", Shape(" ", "<div style='display", "'>a</div>")
    yield (
        "spans of cells",
        Shape("<tr><td colspan=50 rowspan=200>Isi</td><td>b</td></tr>", "<table>"),
    )
    yield "cells", Shape("<td colspan=50 rowspan=200>Isi</td>", "<table><tr>", "</table>")
    yield "tables nested", Shape("<table><tr><td>Isi<td>b<td>", deepest=400)
    yield "commas", Shape("A,", '<meta name="content_tags" content="', '">', "head")
    yield (
        "credits",
        Shape(
            "<div class='read__credit__item' id='penulis'><span>Penulis</span><a>N{0}</a></div>",
            place="after",
        ),
    )
    yield "headings", Shape("<h2>Terkini</h2>", place="after")
    yield "listing", Shape(f"<a class='article-link' href='{_LINK}'>Judul</a>", place="after")
    yield "words in a head", Shape("<title>a", place="head")
    yield "figures nested", Shape("<figure>", deepest=2_000)
    yield "JSON-LD", Shape('"headline":"a', "<script>", "</script>", place="head")


SHAPES: Final = dict([*_elements(), *_classes(), *_texts(), *_attributes()])
"""Name of a shape → what it is."""


SHOWN: Final = (
    *("<p> in a row", "combining marks", "text: label, linked", "<figure> nested", "cells"),
    *("text: names, in lines", ".read__content in one tag", "attributes, body"),
)
"""Shapes that ``make bench`` shows."""
SIZES: Final = (0.1, 1.6, 16.0)
"""Megabytes of their pages: the largest page that is accepted has 16."""
MOST_SECONDS: Final = 40
"""Seconds of CPU that a page may take; a crawl gives it 20."""


def read_all(page: bytes) -> None:
    """Read a page in every way that a crawl may."""
    sign_of(page)
    checks_of_refused("no_layout", page)
    tree = parse(page)
    for hrefs in (front_hrefs, index_hrefs, main_hrefs):
        sort_links(hrefs(tree), SECTIONS["global"])
    try:
        read = article_page(URL, page)
        links = len(terkini(read.trees).hrefs)
        part, _ = read.part(), read.missing
    except PageRefused:
        return
    checks_of(read, links=links)
    sketch(clean(part.record).text)
    clean(join({1: part, 2: part}).record)


def cost(page: bytes, read: Callable[[bytes], None] = read_all) -> float:
    """Return the seconds of CPU that reading takes, a megabyte."""
    start = time.process_time()
    read(page)
    return (time.process_time() - start) / len(page) * 1e6


def bounded_cost(page: bytes, seconds: int = MOST_SECONDS) -> float:
    """Return the same, measured in a process that may take so long; infinite where it takes more.

    Its memory is free again afterwards.
    """
    ours, theirs = Pipe(duplex=False)
    process = Process(target=_measure, args=(theirs, page, seconds))
    process.start()
    theirs.close()
    try:
        taken: float = ours.recv()
    except EOFError:
        return math.inf
    finally:
        process.join()
    return taken


def _measure(result: Connection, page: bytes, seconds: int) -> None:
    setrlimit(RLIMIT_CPU, (seconds, seconds))
    result.send(cost(page))


def table(names: Iterable[str], megabytes: Sequence[float]) -> Iterator[str]:
    """Yield a line for each shape; a ``*`` marks what a crawl has read by its other process."""
    yield "s/MB at" + "".join(f"{size:7g} MB " for size in megabytes) + "  (* by the other process)"
    for name in names:
        line = " " * 7
        for size in megabytes:
            page = SHAPES[name].page(int(size * 1e6))
            taken = bounded_cost(page)
            said = f"{taken:.2f}" if taken < math.inf else f">{MOST_SECONDS / size:.1f}"
            line += f"{said:>9}{'*' if is_odd(page) else ' '} "
        yield f"{line} {name}"


def main() -> None:
    """Print what each shape costs, a column for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES), metavar="SHAPE")
    parser.add_argument("--megabytes", nargs="+", type=float, default=[0.1, 0.4, 1.6])
    options = parser.parse_args()
    for line in table(options.shapes, options.megabytes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
