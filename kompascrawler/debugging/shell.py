"""``inspect_response`` with our helpers: a shell in the middle of a crawl."""

import asyncio
import signal
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from scrapy.shell import Shell

from kompascrawler.debugging.desk import Desk
from kompascrawler.debugging.helpers import Helpers


def inspect_response(response: Response, spider: Spider) -> None:
    """Open a shell on a response from a callback, as ``scrapy.shell.inspect_response`` does.

    The crawl stands still until the shell is left, so that nothing can be fetched from there.
    """
    desk = Desk(spider.crawler.settings)

    def update_vars(variables: dict[str, Any]) -> None:
        variables |= Helpers(desk, variables).all()
        # Scrapy has it ignored: what is typed could not be interrupted.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    handler = signal.getsignal(signal.SIGINT)  # the shell takes it away
    has_reactor = spider.crawler.settings.getbool("TWISTED_REACTOR_ENABLED")
    loop = None if has_reactor else asyncio.get_running_loop()
    Shell(spider.crawler, update_vars, loop=loop).start(response=response, spider=spider)
    signal.signal(signal.SIGINT, handler)
