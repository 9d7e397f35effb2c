"""Pages of the generated site, as the page classes see them: healthy ones and changed ones."""

from collections.abc import Iterable, Iterator

from kompascrawler.cleaning import clean
from kompascrawler.drift.judge import Judgement, Row, judge_pages
from kompascrawler.drift.measures import checks_of_record
from kompascrawler.drift.rates import Rate, total
from kompascrawler.pages import PageRefused, article_page
from kompascrawler.pages.checks import Checks, checks_of, checks_of_refused
from kompascrawler.pages.index import terkini
from tests.replica import Request, Site
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.faults import Faults
from tests.replica.story import Story

Rules = list[tuple[str, str]]


def look(site: Site, rules: Rules | None = None, share: float = 1.0) -> list[Checks]:
    """Return what each article of a site shows, newest first, its markup changed by rules."""
    faults = Faults()
    if rules:
        faults.add("rewrite", rules=rules, share=share, path="/read/")
    return [_checks(site, story, faults) for story in site.stories]


def _checks(site: Site, story: Story, faults: Faults) -> Checks:
    url = f"{story.url}?page=all"
    markup = faults.answer(Request.get(url), site.answer).body
    try:
        page = article_page(url, markup)
    except PageRefused as refusal:
        return checks_of_refused(refusal.reason, markup)
    checks = checks_of(page, links=len(terkini(page.trees).hrefs))
    if page.halaman.complete is not False:
        words = clean(page.to_item()).word_count
        return checks | checks_of_record(words, is_whole=True)
    # Further pages are not asked for here: the behaviour says whether a crawl would get them.
    is_whole = story.behaviour != "normal" and BEHAVIOURS[story.behaviour].route is not None
    return checks | checks_of_record(len(story.text.split()), is_whole=is_whole)


def rates(pages: Iterable[Checks]) -> dict[str, Rate]:
    """Return the measures of a run that looked at these pages."""
    return total({name: Rate(int(on), 1) for name, on in page.items()} for page in pages)


class Life:
    """The runs of one data folder, judged one after the other."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def run(
        self, pages: Iterable[Checks], *, again: Iterable[Checks] = (), accept: bool = False
    ) -> Judgement:
        """Judge a run and remember it, as the store would."""
        judgement = judge_pages(rates(pages), self.rows, again=rates(again), accept=accept)
        if judgement.row is not None:
            self.rows = [judgement.row, *self.rows][:200]
        return judgement


def causes(judgement: Judgement) -> set[str]:
    """Return the names of the causes that a judgement names."""
    return {cause.text.partition(":")[0] for cause in judgement.causes}


def windows(pages: list[Checks], sizes: Iterable[int]) -> Iterator[list[Checks]]:
    """Return one stretch of pages after the other, from the beginning again after the end."""
    position = 0
    for size in sizes:
        yield [pages[(position + number) % len(pages)] for number in range(size)]
        position += size
