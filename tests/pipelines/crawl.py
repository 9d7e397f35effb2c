"""A crawl in a process of its own, of a spider that asks no site and yields ready records.

``python -m tests.pipelines.crawl NUMBERS [NAME=VALUE ...]`` prints the stats as JSON. NUMBERS
are those of the records, in order, with commas; settings follow. ``WAIT_FOR_FILES=1`` lets the
spider stay open until something is published; with ``IS_NO_CRAWL=1`` it opens no store, as under
``scrapy parse``.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from kompascrawler.items import Article
from kompascrawler.run.storage import store_of
from tests.store.synthetic import make_article


class ItemsSpider(Spider):
    name = "items"
    numbers: str

    async def start(self) -> AsyncIterator[Request]:
        if not self.settings.getbool("IS_NO_CRAWL"):
            store_of(self.crawler)
        for number in filter(None, self.numbers.split(",")):
            yield Request(f"data:,{number}", dont_filter=True)
        # The file comes from the pipeline's clock, which sets no event to wait for.
        while self.settings.getbool("WAIT_FOR_FILES") and not self.has_published():  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    def parse(self, response: Response, **_: Any) -> Article:
        return make_article(int(response.body), run_id="")

    def has_published(self) -> bool:
        return any(Path(self.settings["DATA_DIR"]).rglob("*.jsonl"))


def main() -> None:
    numbers, *settings = sys.argv[1:]
    process = AsyncCrawlerProcess(
        {
            "ITEM_PIPELINES": {
                "kompascrawler.pipelines.record.DedupePipeline": 300,
                "kompascrawler.pipelines.record.StorePipeline": 400,
            },
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "RUN_ID": "run",
            "STATS_CLASS": "kompascrawler.components.CountingStatsCollector",
            "LOG_FORMAT": "%(levelname)s %(message)s",
        }
        | dict(setting.split("=", 1) for setting in settings)
    )
    crawler = process.create_crawler(ItemsSpider)
    process.crawl(crawler, numbers=numbers)
    process.start()
    print(json.dumps(crawler.stats.get_stats(), default=str))


if __name__ == "__main__":
    main()
