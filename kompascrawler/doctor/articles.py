"""Assumptions about the site's articles. Pure."""

from typing import Final

from kompascrawler.discovery.links import parse_index_url
from kompascrawler.doctor.result import Verdict
from kompascrawler.doctor.visit import Assumption, Candidate, Judgement, Visit
from kompascrawler.halaman.assembly import is_page_one_again
from kompascrawler.halaman.completeness import has_all_words
from kompascrawler.pages import ArticlePage


def _layout(seen: Visit) -> Judgement:
    if not seen.articles:
        return "unchecked", "no article was found"
    if broken := next((one for one in seen.articles if one.page is None), None):
        verdict: Verdict = "fail" if broken.reply.is_page else "unchecked"
        return verdict, f"{broken.reply.url}: {broken.problem}"
    pages = [one.page for one in seen.articles if one.page]
    missing = sorted({name for page in pages for name in page.missing})
    looks = sorted({type(page).__name__ for page in pages})
    said = f"{len(pages)} read; layout: {', '.join(looks)}"
    if not missing:
        return "ok", said
    is_fatal = {"title", "published_at", "text"} & set(missing)
    return ("fail" if is_fatal else "warn"), f"{said}; missing: {', '.join(missing)}"


def _text_is_served(seen: Visit) -> Judgement:
    pages = [one.page for one in seen.articles if one.page]
    if not pages:
        return "unchecked", "no article could be read"
    if empty := [page.url for page in pages if not page.body.blocks]:
        return "warn", f"{empty[0]} has no text: such articles need the browser"
    return "ok", f"{sum(len(page.body.blocks) for page in pages)} paragraphs were read"


def _words_prove(seen: Visit) -> Judgement:
    whole = [one.page for one in seen.articles if one.page and not one.is_paged]
    if seen.all_pages and seen.all_pages.page:
        whole.append(seen.all_pages.page)
    pages = [page for page in whole if page.body.blocks]
    if not pages:
        return "unchecked", "no article with all its text was seen"
    page = pages[-1]
    if page.words_declared is None:
        return "warn", "no words are declared: `halaman.complete` says less without them"
    said = f"{page.words_declared} declared, {page.words_counted} counted"
    if has_all_words(page.words_declared, page.words_counted):
        return "ok", said
    return ("unchecked", f"{said}, on ?page=all") if page.asked_for_all else ("fail", said)


def _terkini_block(seen: Visit) -> Judgement:
    if seen.known is None:
        return "unchecked", "no article could be read"
    if found := len(seen.known.terkini.hrefs):
        return ("ok" if found == 15 else "warn"), f"{found} links"
    return "warn", "there is no such block: the crawler reads the index, with more requests"


def _terkini_pager(seen: Visit) -> Judgement:
    pager = seen.known.terkini.pager if seen.known else None
    if pager is None:
        return "unchecked", "no such pager was seen"
    query = parse_index_url(pager)
    is_ours = query is not None and query.site == seen.section.index_sites[0]
    return ("ok" if is_ours else "warn"), f"it leads to {pager}"


def _all_is_whole(seen: Visit) -> Judgement:
    page, first = _pages(seen.all_pages, seen)
    if page is None or first is None:
        return "unchecked", _why_not(seen.all_pages, seen)
    if page.words_declared is None:
        more = page.words_counted - first.words_counted
        return ("ok" if more > 0 else "warn"), f"{more} words more than page 1"
    said = f"{page.words_counted} of {page.words_declared} words"
    if has_all_words(page.words_declared, page.words_counted):
        return "ok", f"{said}, {first.pages_declared or 'several'} pages"
    return "warn", f"{said}: the crawler asks for page after page, with more requests"


def _pager_stays(seen: Visit) -> Judgement:
    page, first = _pages(seen.all_pages, seen)
    if page is None or first is None:
        return "unchecked", _why_not(seen.all_pages, seen)
    if first.pages_declared is None:
        return "unchecked", "page 1 does not say it either, though it has fewer words than declared"
    if page.pages_declared == first.pages_declared:
        return "ok", f"{page.pages_declared} pages"
    said = f"it says {page.pages_declared or 'nothing'}, page 1 says {first.pages_declared}"
    return "warn", f"{said}: only the words prove that it is whole"


def _second_is_second(seen: Visit) -> Judgement:
    page, first = _pages(seen.second, seen)
    if page is None or first is None:
        return "unchecked", _why_not(seen.second, seen)
    if is_page_one_again(page.part(), first.part()):
        return "warn", "it is page 1 again: if ?page=all fails too, the browser is needed"
    return "ok", f"{len(page.body.blocks)} paragraphs, not those of page 1"


def _pages(
    candidate: Candidate | None, seen: Visit
) -> tuple[ArticlePage | None, ArticlePage | None]:
    """Return a candidate's page and page 1 of the same article, None for what there is not."""
    first = seen.articles[-1].page if seen.articles and seen.articles[-1].is_paged else None
    return (candidate.page if candidate else None), first


def _why_not(candidate: Candidate | None, seen: Visit) -> str:
    """Say why an assumption about several pages could not be checked."""
    if candidate is not None:
        return f"{candidate.reply.url}: {candidate.problem}"
    read = sum(one.page is not None for one in seen.articles)
    return f"none of the {read} articles that were read has several pages"


ARTICLES: Final = (
    Assumption(
        "A current article has a known layout, with every field in its place.",
        _layout,
        5,
        "pages/layouts.py pages/read.py",
    ),
    Assumption(
        "The text is in the page as it is served, not written by a script.",
        _text_is_served,
        6,
        "pages/body.py browser/",
    ),
    Assumption(
        "The page declares its words, and they prove a whole text to the word.",
        _words_prove,
        2,
        "halaman/completeness.py pages/rawbody.py",
    ),
    Assumption(
        'An article lists 15 of the section in its block "Terkini Lainnya".',
        _terkini_block,
        3,
        "pages/index.py discovery/listing_reader.py",
    ),
    Assumption(
        "The pager of that block leads to indeks.kompas.com?site=global.",
        _terkini_pager,
        3,
        "pages/index.py discovery/links.py",
    ),
    Assumption(
        "?page=all answers with all pages of an article.",
        _all_is_whole,
        2,
        "halaman/assembly.py spiders/assembler.py",
    ),
    Assumption(
        "?page=all still says how many pages there are.",
        _pager_stays,
        2,
        "pages/read.py halaman/completeness.py",
    ),
    Assumption(
        "?page=2 answers with page 2, not with page 1 again.",
        _second_is_second,
        2,
        "halaman/assembly.py spiders/assembler.py",
    ),
)
