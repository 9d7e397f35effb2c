"""The Python API, ``from kompascrawler import extract``: docs/api.md.

No Scrapy, no settings, no store, no state: fit for a pool of processes.
"""

from kompascrawler.cleaning import clean
from kompascrawler.halaman.joining import filled
from kompascrawler.items import Article, faults
from kompascrawler.pages import PageRefused, article_page

__all__ = ["Article", "PageRefused", "extract"]


def extract(html: bytes | str, url: str) -> Article:
    """Return the cleaned and validated record of one article page, of any channel.

    ``html`` is the page as it was served (bytes) or as text, ``url`` its address after
    redirects. ``run_id``, ``crawled_at`` and ``first_seen_at`` stay empty and ``duplicate_of``
    null: only a run knows them. ``halaman`` tells whether this page holds the whole article; since
    2023 page 1 declares the text of all, which is then the rest (``halaman.route``: declared).

    Raises PageRefused. Its ``reason`` is ``empty``, ``no_layout``, ``no_body`` or
    ``not_an_article``, or names the fields that are missing or impossible (``title, text``);
    ``str`` of it is one line for people.
    """
    body = html.encode("utf-8", "replace") if isinstance(html, str) else html
    page = article_page(url, body, "utf-8" if isinstance(html, str) else None)
    record = page.to_item()
    if record.halaman.complete is False:
        record = filled(record, {1: page.part()}) or record
    article = clean(record)
    if wrong := ", ".join(faults(article)):
        raise PageRefused(wrong, f"{article.url or url} lacks or has wrong: {wrong}")
    return article
