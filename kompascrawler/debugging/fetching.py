"""One page from the site, as a crawl would ask for it: by its settings, politely."""

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from kompascrawler.politeness.non_content import imposter_in
from kompascrawler.run.causes import cause_of


class NotFetched(Exception):  # noqa: N818 - named for what happened; the message says why
    """The page did not come, or not as a page; one line that says why."""


class _OnePage(Spider):
    """Asks for one address and keeps the answer."""

    name = "one_page"
    # A person waits, looks at what came, and asks again: nothing is tried three times in silence.
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - as Scrapy declares it
        "PROGRESS_ENABLED": False,
        "RETRY_TIMES": 0,
    }
    url: str
    answers: list[Response | Failure]

    async def start(self) -> AsyncIterator[Any]:
        """Ask."""
        meta = {"handle_httpstatus_all": False, "handle_httpstatus_list": [*range(400, 600)]}
        yield Request(
            self.url, self.parse, errback=self.answers.append, meta=meta, dont_filter=True
        )

    def parse(self, response: Response, **kwargs: Any) -> None:  # noqa: ARG002 - as Scrapy calls it
        """Keep what came."""
        self.answers.append(response)


def fetch(url: str, settings: Settings) -> Response:
    """Return the answer to one address, after redirects. To be called once in a process.

    Raises NotFetched where there is none, or one that says that there is no such page.
    """
    answers: list[Response | Failure] = []
    process = CrawlerProcess(settings)
    process.crawl(_OnePage, url=url, answers=answers)
    process.start()
    if not answers:
        raise NotFetched(f"{url}: nothing came")
    answer = answers[0]
    if isinstance(answer, Failure):
        raise NotFetched(f"{url}: {cause_of(answer.value)}")
    if answer.status >= 400:
        kind = imposter_in(answer)
        named = f", and is a {kind} page" if kind else ""
        raise NotFetched(f"{url}: the answer has status {answer.status}{named}")
    return answer
