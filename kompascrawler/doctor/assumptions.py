"""Assumptions about the site, each with the function that judges it by a visit. Pure."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from kompascrawler.discovery.tasks import parse_index_url
from kompascrawler.doctor.result import Result, State
from kompascrawler.doctor.visit import SITEMAPS, ArticleReply, Listing, Visit
from kompascrawler.halaman.assembly import is_page_one_again
from kompascrawler.halaman.completeness import has_all_words, without_blanks
from kompascrawler.identity import parse_address
from kompascrawler.pages import ArticlePage
from kompascrawler.pages.index import terkini

Observation = tuple[State, str]
"""Whether an assumption holds, and what the site showed, in one line."""
Judge = Callable[[Visit], Observation]


class Unchecked(Exception):  # noqa: N818 - no error: a visit may show too little
    """The visit shows too little to judge an assumption; the message says what."""


class Assumption(NamedTuple):
    """An assumption about the site."""

    sentence: str
    judge: Judge
    section: int
    """Section of docs/site.md that it comes from."""
    code: tuple[str, ...]
    """Files in ``kompascrawler/`` that depend on it."""

    def result(self, seen: Visit) -> Result:
        """Judge it by a visit."""
        try:
            state, found = self.judge(seen)
        except Unchecked as reason:
            state, found = "unchecked", str(reason)
        source = f"docs/site.md, section {self.section}"
        code = tuple(f"kompascrawler/{name}" for name in self.code)
        return Result(self.sentence, state, found, source=source, code=code)


ASSUMPTIONS: list[Assumption] = []


def _assume(sentence: str, section: int, *code: str) -> Callable[[Judge], Judge]:
    def register(judge: Judge) -> Judge:
        ASSUMPTIONS.append(Assumption(sentence, judge, section, code))
        return judge

    return register


# listings -----------------------------------------------------------------------------------------
@_assume("The site answers a crawler that says who it is.", 9, "components.py", "settings.py")
def _lets_us_in(seen: Visit) -> Observation:
    came = [reply for reply in seen.replies if reply.status is not None]
    if denied := [reply for reply in came if reply.refuses_us]:
        return "fail", f"{len(denied)} of {len(came)} responses refuse us: {denied[0]}"
    return ("ok" if came else "unchecked"), f"{len(came)} responses, none refuses us"


@_assume(
    "robots.txt of each host permits what the crawler requests.", 8, "settings.py", "sections.py"
)
def _permits_us(seen: Visit) -> Observation:
    if forbidden := [reply.url for reply in seen.replies if reply.is_forbidden]:
        return "fail", f"forbidden: {', '.join(forbidden)}"
    if silent := ", ".join(host for host in seen.section.hosts if host not in seen.robots):
        return "unchecked", f"no response from {silent}"
    return "ok", f"{len(seen.robots)} hosts permit all that was requested"


_LISTINGS = ("pages/index.py", "discovery/listing_reader.py")


@_assume("The section's front page links to its newest articles.", 8, *_LISTINGS)
def _front_lists(seen: Visit) -> Observation:
    return _lists(seen.front, "warn", "the crawler reads the index, with more requests")


@_assume(
    "Global articles are on www.kompas.com/global or internasional.kompas.com, numbers in 70.",
    1, "sections.py", "identity.py",
)  # fmt: skip
def _hosts_of_articles(seen: Visit) -> Observation:
    hrefs = {href for one in seen.listings if one is not seen.fallback for href in one.hrefs}
    addresses = [address for address in map(parse_address, hrefs) if address]
    ours = [address for address in addresses if seen.section.holds(address)]
    numbered = [one for one in addresses if len(one.number) == 9 and one.number.endswith("70")]
    if strangers := [address.url for address in numbered if address not in ours]:
        return "fail", f"{len(strangers)} links with numbers in 70 elsewhere, e.g. {strangers[0]}"
    hosts = ", ".join(sorted({address.host for address in ours})) or "no host"
    return ("ok" if ours else "unchecked"), f"{len(ours)} links to articles, on {hosts}"


@_assume("internasional.kompas.com shows the section, or leads to it.", 1, "sections.py")
def _other_host(seen: Visit) -> Observation:
    listing = seen.other_front
    if listing is None and seen.front and seen.front.reply.is_page:
        return "ok", "the front page leads there"
    if listing and (target := listing.reply.leads_to):
        parts = urlsplit(target)
        is_ours = f"{parts.netloc}{parts.path.rstrip('/')}" in seen.section.front_forms
        return ("ok" if is_ours else "warn"), f"it leads to {target}"
    return _lists(listing, "warn", "only start pages on this host depend on it")


@_assume("indeks.kompas.com answers site=global.", 8, "sections.py", "discovery/walk.py")
def _index_knows_section(seen: Visit) -> Observation:
    if seen.index is None or not seen.index.reply.is_page or seen.index.links.articles:
        return _lists(seen.index, "fail", "")
    if seen.fallback and (found := len(seen.fallback.links.articles)):
        return "warn", f"site=global lists nothing; site=news lists {found} Global articles"
    if seen.fallback and seen.fallback.reply.is_page:
        return "fail", "page 2 of neither site=global nor site=news lists a Global article"
    return "warn", "site=global lists nothing; the crawler tries site=news, which was not seen"


@_assume("The index lists 20 articles a page, in one of two known looks.", 8, "pages/index.py")
def _index_look(seen: Visit) -> Observation:
    listing = next((one for one in (seen.index, seen.fallback) if one and one.hrefs), None)
    if listing is None:
        return "unchecked", "no page of the index with links was seen"
    found = f"{len(listing.hrefs)} links; look: {listing.look or 'unknown'}"
    if not listing.look:
        return "fail", found
    return ("ok" if len(listing.hrefs) == 20 else "warn"), found


@_assume("page=2 of the index continues page 1.", 8, "discovery/walk.py", "discovery/tasks.py")
def _index_goes_on(seen: Visit) -> Observation:
    front = [link.id for link in seen.front.links.articles] if seen.front else []
    index = [link.id for link in seen.index.links.articles] if seen.index else []
    if not front or not index:
        return "unchecked", "needs the front page and page 2 of the index"
    newer = sum(article_id > max(index) for article_id in front)
    said = f"{newer} articles of the front page are newer than all of page 2"
    return ("ok", said) if newer else ("fail", f"{said}: is it page 1?")


@_assume("The index lists one day by date=.", 11, "discovery/coverage.py", "discovery/walk.py")
def _index_lists_a_day(seen: Visit) -> Observation:
    listing = seen.others.get("day")
    days = {link.id[:10] for link in listing.links.articles} if listing else ()
    if len(days) > 1:
        return "warn", f"{len(days)} days are listed: no day can be closed by it"
    return _lists(listing, "warn", "the front page's archive by day is read in its place")


def _stands_in(place: str) -> Judge:
    return lambda seen: _lists(seen.others.get(place), "warn", "it cannot stand in for the index")


for _sentence, _place in {
    "The front page has further pages (?page=2).": "pager",
    "The front page has an archive by day (/search/DATE).": "archive",
    "www.kompas.com has a news sitemap of the section.": SITEMAPS[0],
    "internasional.kompas.com has a news sitemap of the section.": SITEMAPS[1],
}.items():
    _assume(_sentence, 11, *_LISTINGS)(_stands_in(_place))


def _lists(listing: Listing | None, otherwise: State, consequence: str) -> Observation:
    if listing is None or not listing.reply.is_page:
        return "unchecked", str(listing.reply) if listing else "not requested"
    found, others = len(listing.links.articles), listing.links.others.total()
    said = f"{listing.reply.url}: {found} articles of the section, {others} other links"
    return ("ok", said) if found else (otherwise, "; ".join(filter(None, (said, consequence))))


# articles -----------------------------------------------------------------------------------------
@_assume("An article has a known layout, with every field.", 5, "pages/layouts.py", "pages/read.py")
def _layout(seen: Visit) -> Observation:
    if not seen.articles:
        return "unchecked", "no article was found"
    if broken := next((one for one in seen.articles if one.page is None), None):
        state: State = "fail" if broken.reply.is_page else "unchecked"
        return state, f"{broken.reply.url}: {broken.problem}"
    pages = _read(seen)
    missing = sorted({name for page in pages for name in page.missing})
    looks = sorted({type(page).__name__ for page in pages})
    said = f"{len(pages)} read; layout: {', '.join(looks)}"
    if not missing:
        return "ok", said
    is_fatal = {"title", "published_at", "text"} & set(missing)
    return ("fail" if is_fatal else "warn"), f"{said}; missing: {', '.join(missing)}"


@_assume("The text is in the page, not written by a script.", 6, "pages/body.py", "browser/")
def _text_is_served(seen: Visit) -> Observation:
    pages = _read(seen)
    if empty := [page.url for page in pages if not page.body.blocks]:
        return "warn", f"{empty[0]} has no text: such articles need the browser"
    return "ok", f"{sum(len(page.body.blocks) for page in pages)} paragraphs were read"


@_assume(
    "The page declares its words, and they prove a whole text to the word.",
    2, "halaman/completeness.py", "pages/article.py",
)  # fmt: skip
def _words_prove(seen: Visit) -> Observation:
    whole = [one for one in seen.articles if not one.is_paged] + [seen.all_pages]
    pages = [one.page for one in whole if one and one.page and one.page.body.blocks]
    if not pages:
        return "unchecked", "no article with all its text was seen"
    page = pages[-1]
    if page.words_declared is None:
        return "warn", "no words are declared: `halaman.complete` says less without them"
    said = f"{page.words_declared} declared, {page.words_counted} counted"
    if has_all_words(page.words_declared, page.words_counted):
        return "ok", said
    return ("unchecked", f"{said}, on ?page=all") if page.asked_for_all else ("fail", said)


@_assume(
    "Page 1 declares the text of the whole article.", 11, "halaman/completeness.py", "pages/read.py"
)
def _text_is_declared(seen: Visit) -> Observation:
    page = _read(seen)[-1]
    if page.text_declared is None:
        return "warn", "no text is declared: pages that cannot be fetched stay missing"
    declared, shown = without_blanks(page.text_declared), without_blanks(page.raw_text)
    is_there, has = declared.startswith(shown), "all" if declared == shown else "the first"
    said = f"{has} of its {len(page.text_declared.split())} words are the page's"
    return ("ok", said) if is_there else ("fail", "the page has other words")


@_assume('An article lists 15 of the section in its block "Terkini Lainnya".', 3, *_LISTINGS)
def _terkini_block(seen: Visit) -> Observation:
    if found := len(terkini(_read(seen)[-1].trees).hrefs):
        return ("ok" if found == 15 else "warn"), f"{found} links"
    return "warn", "there is no such block: the crawler reads the index, with more requests"


@_assume("The pager of that block leads to indeks.kompas.com?site=global.", 3, "pages/index.py")
def _terkini_pager(seen: Visit) -> Observation:
    pager = terkini(_read(seen)[-1].trees).pager
    if pager is None:
        return "unchecked", "no such pager was seen"
    query = parse_index_url(pager)
    is_ours = query is not None and query.site == seen.section.index_sites[0]
    return ("ok" if is_ours else "warn"), f"it leads to {pager}"


_ASSEMBLY = ("halaman/assembly.py", "spiders/assembler.py")


@_assume("?page=all answers with all pages of an article.", 2, *_ASSEMBLY)
def _all_is_whole(seen: Visit) -> Observation:
    page, first = _pages(seen.all_pages, seen)
    if page.words_declared is None:
        more = page.words_counted - first.words_counted
        return ("ok" if more > 0 else "warn"), f"{more} words more than page 1"
    said = f"{page.words_counted} of {page.words_declared} words"
    if has_all_words(page.words_declared, page.words_counted):
        return "ok", f"{said}, {first.pages_declared or 'several'} pages"
    return "warn", f"{said}: the crawler fetches page by page, with more requests"


@_assume("?page=all says how many pages there are.", 2, "pages/read.py", "halaman/completeness.py")
def _pager_stays(seen: Visit) -> Observation:
    page, first = _pages(seen.all_pages, seen)
    if first.pages_declared is None:
        return "unchecked", "page 1, with fewer words than declared, does not say it either"
    if page.pages_declared == first.pages_declared:
        return "ok", f"{page.pages_declared} pages"
    said = f"it says {page.pages_declared or 'nothing'}, page 1 says {first.pages_declared}"
    return "warn", f"{said}: only the words prove that it is whole"


@_assume("?page=2 answers with page 2, not with page 1 again.", 2, *_ASSEMBLY)
def _second_is_second(seen: Visit) -> Observation:
    page, first = _pages(seen.second, seen)
    if is_page_one_again(page.part(), first.part()):
        return "warn", "it is page 1 again: if ?page=all fails too, the browser is needed"
    return "ok", f"{len(page.body.blocks)} paragraphs, not those of page 1"


def _read(seen: Visit) -> list[ArticlePage]:
    if pages := [one.page for one in seen.articles if one.page]:
        return pages
    raise Unchecked("no article could be read")


def _pages(reply: ArticleReply | None, seen: Visit) -> tuple[ArticlePage, ArticlePage]:
    """Return a reply's page, and page 1 of the same article."""
    if reply is None:
        read = sum(one.page is not None for one in seen.articles)
        raise Unchecked(f"none of the {read} articles that were read has several pages")
    first = seen.articles[-1].page
    if reply.page is None or first is None:
        raise Unchecked(f"{reply.reply.url}: {reply.problem}")
    return reply.page, first
