"""What is assumed of the site's articles, and how each assumption is judged. Pure."""

from typing import Final

from kompascrawler.discovery.links import parse_index_url
from kompascrawler.doctor.live.assumption import Seeing, assumption
from kompascrawler.doctor.live.judgement import Verdict
from kompascrawler.doctor.live.seen import ArticleSeen, Seen
from kompascrawler.halaman.assembly import is_page_one_again
from kompascrawler.halaman.completeness import has_all_words
from kompascrawler.pages import ArticlePage


@assumption(
    "A current article has a known layout, with every field in its place.",
    "5",
    "kompascrawler/pages/layouts.py",
    "kompascrawler/pages/read.py",
)
def _layout(seen: Seen) -> Seeing:
    if not seen.articles:
        return "unchecked", "no article was found to look at"
    broken = next((one for one in seen.articles if one.page is None), None)
    if broken:
        verdict: Verdict = "fails" if broken.answer.is_page else "unchecked"
        return verdict, f"{broken.answer.url}: {broken.problem}"
    missing = sorted({name for one in seen.articles if one.page for name in one.page.missing})
    looks = sorted({type(one.page).__name__ for one in seen.articles})
    said = f"{len(seen.articles)} looked at; layout: {', '.join(looks)}"
    if {"title", "published_at", "text"} & set(missing):
        return "fails", f"{said}; missing: {', '.join(missing)}"
    return ("differs", f"{said}; missing: {', '.join(missing)}") if missing else ("holds", said)


@assumption(
    "The text is in the page as it is served, not written by a script.",
    "6",
    "kompascrawler/pages/body.py",
    "kompascrawler/browser/",
)
def _text_is_served(seen: Seen) -> Seeing:
    pages = [one.page for one in seen.articles if one.page]
    if not pages:
        return "unchecked", "no article could be read"
    empty = [page.url for page in pages if not page.body.blocks]
    if empty:
        return "differs", f"{empty[0]} holds no text: such articles need the browser"
    return "holds", f"{sum(len(page.body.blocks) for page in pages)} paragraphs were read"


@assumption(
    "The page declares its words, and they prove a whole text to the word.",
    "2",
    "kompascrawler/halaman/completeness.py",
    "kompascrawler/pages/rawbody.py",
)
def _words_prove(seen: Seen) -> Seeing:
    whole = [one.page for one in seen.articles if one.page and not one.is_paged]
    if seen.all_pages and seen.all_pages.page:
        whole.append(seen.all_pages.page)
    pages = [page for page in whole if page.body.blocks]
    if not pages:
        return "unchecked", "no article with all its text was seen"
    page = pages[-1]
    if page.words_declared is None:
        return "differs", "no words are declared: `halaman.complete` says less without them"
    said = f"{page.words_declared} declared, {page.words_counted} counted"
    if has_all_words(page.words_declared, page.words_counted):
        return "holds", said
    return ("unchecked", f"{said}, on ?page=all") if page.asked_for_all else ("fails", said)


@assumption(
    'An article lists 15 of the section in its block "Terkini Lainnya".',
    "3",
    "kompascrawler/pages/index.py",
    "kompascrawler/discovery/navigator.py",
)
def _terkini(seen: Seen) -> Seeing:
    known = seen.known
    if known is None:
        return "unchecked", "no article could be read"
    found = len(known.terkini.hrefs)
    if found:
        return ("holds" if found == 15 else "differs"), f"{found} links"
    return "differs", "there is no such block: the crawler reads the archive, at more requests"


@assumption(
    "The pager of that block leads to indeks.kompas.com?site=global.",
    "3",
    "kompascrawler/pages/index.py",
    "kompascrawler/discovery/links.py",
)
def _terkini_pager(seen: Seen) -> Seeing:
    pager = seen.known.terkini.pager if seen.known else None
    if pager is None:
        return "unchecked", "no such pager was seen"
    query = parse_index_url(pager)
    is_ours = query is not None and query.site == seen.section.index_sites[0]
    return ("holds" if is_ours else "differs"), f"it leads to {pager}"


@assumption(
    "?page=all answers with all pages of an article.",
    "2",
    "kompascrawler/halaman/assembly.py",
    "kompascrawler/spiders/assembling.py",
)
def _all_is_whole(seen: Seen) -> Seeing:
    page, first = _pages(seen.all_pages, seen)
    if page is None or first is None:
        return "unchecked", _why_not(seen.all_pages, seen)
    if page.words_declared is None:
        more = page.words_counted - first.words_counted
        return ("holds" if more > 0 else "differs"), f"{more} words more than page 1"
    said = f"{page.words_counted} of {page.words_declared} words"
    if has_all_words(page.words_declared, page.words_counted):
        return "holds", f"{said}, {first.pages_declared or 'several'} pages"
    return "differs", f"{said}: the crawler asks for page after page, at more requests"


@assumption(
    "?page=all still says how many pages there are.",
    "2",
    "kompascrawler/pages/read.py",
    "kompascrawler/halaman/completeness.py",
)
def _pager_stays(seen: Seen) -> Seeing:
    page, first = _pages(seen.all_pages, seen)
    if page is None or first is None:
        return "unchecked", _why_not(seen.all_pages, seen)
    if first.pages_declared is None:
        return "unchecked", "page 1 does not say it either, though it lacks words that it declares"
    if page.pages_declared == first.pages_declared:
        return "holds", f"{page.pages_declared} pages"
    said = f"it says {page.pages_declared or 'nothing'}, page 1 says {first.pages_declared}"
    return "differs", f"{said}: only the words prove that it is whole"


@assumption(
    "?page=2 answers with page 2, not with page 1 again.",
    "2",
    "kompascrawler/halaman/assembly.py",
    "kompascrawler/spiders/assembling.py",
)
def _second_is_second(seen: Seen) -> Seeing:
    page, first = _pages(seen.second, seen)
    if page is None or first is None:
        return "unchecked", _why_not(seen.second, seen)
    if is_page_one_again(page.part(), first.part()):
        return "differs", "it is page 1 again: where ?page=all fails too, the browser is needed"
    return "holds", f"{len(page.body.blocks)} paragraphs, others than on page 1"


def _pages(answer: ArticleSeen | None, seen: Seen) -> tuple[ArticlePage | None, ArticlePage | None]:
    """Return an answer's page and page 1 of the same article, where there are such."""
    first = seen.articles[-1].page if seen.articles and seen.articles[-1].is_paged else None
    return (answer.page if answer else None), first


def _why_not(answer: ArticleSeen | None, seen: Seen) -> str:
    """Say why an assumption about several pages could not be checked."""
    if answer is not None:
        return f"{answer.answer.url}: {answer.problem}"
    read = sum(one.page is not None for one in seen.articles)
    return f"none of the {read} articles that were read has several pages"


ARTICLES: Final = (
    _layout,
    _text_is_served,
    _words_prove,
    _terkini,
    _terkini_pager,
    _all_is_whole,
    _pager_stays,
    _second_is_second,
)
