"""Runs in the environment of a peer: ``python peer.py NAME PAGE …``; without ours.

Prints as JSON the text of each page; then, for each line that it is given, the CPU seconds that a
page takes.
"""

# Peers are imported by the function of each: one of them is installed, and none of them typed.
# mypy: ignore-errors
import asyncio
import json
import sys
import time
from pathlib import Path

URL = "https://www.kompas.com/global/read/2020/10/16/103425828/judul"


def selectolax():
    """Ten selections, as the spider of the yardstick has them."""
    from selectolax.lexbor import LexborHTMLParser

    singles = (
        "link[rel=canonical]", "h1.read__title", ".read__time", "meta[name=content_author]",
        "meta[name=content_editor]", "meta[name=description]", ".photo img",
    )  # fmt: skip

    def extract(page):
        tree = LexborHTMLParser(page)
        for selector in singles:
            tree.css_first(selector)
        for selector in (".tag__article__link", ".article__link"):
            tree.css(selector)
        return "\n".join(node.text() for node in tree.css(".read__content p"))

    return extract


def resiliparse():
    """Extract the main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda page: extract_plain_text(page.decode(), main_content=True)


def justext():
    """Extract the paragraphs that are no boilerplate, by its Indonesian stop words."""
    import justext as library

    words = library.get_stoplist("Indonesian")

    def extract(page):
        found = library.justext(page, words)
        return "\n".join(one.text for one in found if not one.is_boilerplate)

    return extract


def readability():
    """Extract the summary, and its text."""
    from lxml import html
    from readability import Document

    return lambda page: html.fromstring(Document(page.decode()).summary()).text_content()


def trafilatura():
    """Extract text and metadata."""
    import trafilatura as library

    def extract(page):
        found = library.bare_extraction(page, url=URL, with_metadata=True, include_comments=False)
        return found.text if found else ""

    return extract


def newspaper4k():
    """Parse an article that has been downloaded."""
    from newspaper import Article

    def extract(page):
        article = Article(URL, language="id", fetch_images=False)
        article.download(input_html=page.decode())
        article.parse()
        return article.text

    return extract


def newswatch():
    """Run its scraper of Kompas, whose requests are answered by the page."""
    from newswatch.scrapers.kompas import KompasScraper

    def extract(page):
        async def run():
            queue = asyncio.Queue()
            scraper = KompasScraper("berita", queue_=queue)

            async def fetch(*_, **__):
                return page.decode()

            scraper.fetch = fetch
            await scraper.get_article(URL, "berita")
            return queue.get_nowait()["content"] if queue.qsize() else ""

        return asyncio.run(run())

    return extract


def fundus():
    """Run its parser with selectors for Kompas, which it has none for."""
    from fundus.parser import BaseParser, ParserProxy
    from fundus.parser.base_parser import attribute
    from fundus.parser.utility import (
        extract_article_body_with_selector,
        generic_author_parsing,
        generic_date_parsing,
    )
    from lxml.etree import XPath

    class Parser(ParserProxy):
        class V1(BaseParser):
            @attribute
            def title(self):
                return self.precomputed.meta.get("og:title")

            @attribute
            def authors(self):
                return generic_author_parsing(self.precomputed.meta.get("content_author"))

            @attribute
            def publishing_date(self):
                return generic_date_parsing(self.precomputed.ld.bf_search("datePublished"))

            @attribute
            def body(self):
                return extract_article_body_with_selector(
                    self.precomputed.doc,
                    paragraph_selector=XPath("//div[contains(@class, 'read__content')]//p"),
                )

    parser = Parser()()
    return lambda page: str(parser.parse(page.decode(), "raise")["body"])


PEERS = {
    "selectolax": selectolax,
    "resiliparse": resiliparse,
    "justext": justext,
    "readability-lxml": readability,
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "news-watch": newswatch,
    "fundus": fundus,
}
"""Distribution → what builds a function that gives the text of a page (UTF-8)."""


def main():
    """Read each page once for its text, then all of them whenever asked."""
    name, *names = sys.argv[1:]
    extract = PEERS[name]()
    pages = [Path(name).read_bytes() for name in names]
    said, sys.stdout = sys.stdout, sys.stderr  # some print what they do
    print(json.dumps([extract(page) for page in pages]), file=said, flush=True)
    for _ in sys.stdin:
        began = time.process_time()
        for page in pages:
            extract(page)
        print((time.process_time() - began) / len(pages), file=said, flush=True)


if __name__ == "__main__":
    main()
