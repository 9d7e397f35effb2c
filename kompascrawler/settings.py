"""Settings of the crawler. Whatever differs from Scrapy's default says why.

Each can be given for one run with ``-s NAME=VALUE``; those of the last part also come from the
environment. docs/settings.md lists what an operator may want to change.
"""

import os
import sys

from kompascrawler import addons

# Project -----------------------------------------------------------------------------------------
BOT_NAME = "kompascrawler"
SPIDER_MODULES = ["kompascrawler.spiders"]
NEWSPIDER_MODULE = "kompascrawler.spiders"
COMMANDS_MODULE = "kompascrawler.commands"
# Both open a port of this machine that runs Python for whoever may connect.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
# Articles need no session.
COOKIES_ENABLED = False
# The site needs not know where we come from.
REFERRER_POLICY = "no-referrer"
# @complete for callbacks that return articles.
SPIDER_CONTRACTS = {"kompascrawler.spiders.contracts.CompleteContract": 20}
# A page of the site that sends its reader elsewhere by a tag is not an article.
METAREFRESH_ENABLED = False

# Politeness --------------------------------------------------------------------------------------
CONTACT = os.environ.get("KOMPAS_CONTACT", addons.PROJECT_PAGE)
ADDONS = {
    # Makes USER_AGENT of the contact, which may be given for one run.
    "kompascrawler.addons.UserAgentAddon": 100,
    # Scrapy would import what is switched off all the same: a sixth of the start of every command.
    "kompascrawler.addons.SwitchedOffAddon": 200,
}
# Scrapy by itself obeys no robots.txt, and asks as fast as it can.
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
# Twice the articles that are under way; few are sent at a time, the others wait for their host.
CONCURRENT_REQUESTS = 16
# With a delay of a second more than two are under way only where the site is slow.
CONCURRENT_REQUESTS_PER_DOMAIN = 2
AUTOTHROTTLE_ENABLED = True
# Scrapy starts at 5 s; we start at our own delay and slow down when the site does.
AUTOTHROTTLE_START_DELAY = 1.0
# As long as the longest answer that is waited for.
AUTOTHROTTLE_MAX_DELAY = 30.0
# Scrapy waits 180 s; the site's pages are some 230 KB and come at once or not at all.
DOWNLOAD_TIMEOUT = 30.0
# The largest page seen has 0.6 MB; Scrapy would take 1 GB.
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
# Scrapy would take a page from whoever stands in between.
DOWNLOAD_VERIFY_CERTIFICATES = True
# Scrapy follows 20; from an old address of the site to the present one it takes two or three.
REDIRECT_MAX_TIMES = 5
# A name of the site that leads into a private network is not followed.
TWISTED_DNS_RESOLVER = "kompascrawler.politeness.resolver.PublicResolver"

# What a host asks for by Retry-After is waited for up to so many seconds: systemd gives a service
# 90 to end. Longer, the host is left alone until then.
RETRY_AFTER_MAX_SECONDS = 60.0
# Refusals in a row (403, 429, a demand for consent or a login) that open a host's circuit breaker:
# one or two are a page's own …
BREAKER_REFUSALS = 5
# … and challenge pages that do: the next hundred would be answered alike, and held against us.
BREAKER_CHALLENGES = 1
# Seconds until a probe: the next run of a crawl that starts every quarter of an hour sends it. Each
# that fails doubles them, up to a day.
BREAKER_FIRST_WAIT = 600.0
BREAKER_LONGEST_WAIT = 86400.0

# An item's way -----------------------------------------------------------------------------------
ITEM_PIPELINES = {
    "kompascrawler.pipelines.clean.CleanPipeline": 100,
    "kompascrawler.pipelines.validate.ValidatePipeline": 200,
    "kompascrawler.pipelines.dedupe.DedupePipeline": 300,
    "kompascrawler.pipelines.store.StorePipeline": 400,
}
# JSON as our own files have it: Scrapy writes every letter beyond ASCII as \u….
FEED_EXPORT_ENCODING = "utf-8"
# Our pipelines never wait; Scrapy starts that many tasks for every page (100 cost 1.5 ms a page).
CONCURRENT_ITEMS = 1
# Scrapy would read the source of a callback anew for every page; the type checker does it once.
WARN_ON_GENERATOR_RETURN_VALUE = False

# A request's way ---------------------------------------------------------------------------------
# The frontier hands out every article once and newest first; first in, first out keeps its order.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "kompascrawler.politeness.offsite.TellingOffsiteMiddleware": 50,
    # Before robots.txt is asked for (100) …
    "kompascrawler.politeness.breaker_middleware.BreakerMiddleware": 60,
    # … and where bodies are decoded (590) and nothing is asked for again yet (retry: 550).
    "kompascrawler.politeness.breaker_middleware.AnswersMiddleware": 560,
    "kompascrawler.politeness.non_content_middleware.ImpostersMiddleware": 570,
    # Closest to the downloader: what a run that is ending does not send, nobody else hears of.
    "kompascrawler.run.shutdown_middleware.EndingMiddleware": 990,
}
SPIDER_MIDDLEWARES = {
    # Before Scrapy's HttpErrorMiddleware (50): a challenge page with 403 is told as such.
    "kompascrawler.politeness.non_content_middleware.ImpostersSpiderMiddleware": 40,
    # Requests are flat here: every article is one link away from a listing.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
EXTENSIONS = {
    # Scrapy's, which end a run that cannot go on, or may not: soon, and with a verdict.
    "scrapy.extensions.feedexport.FeedExporter": None,
    "kompascrawler.run.feeds.FeedsExtension": 0,
    "scrapy.extensions.closespider.CloseSpider": None,
    "kompascrawler.run.shutdown.LimitsExtension": 0,
    "kompascrawler.pipelines.refusals.RefusalsExtension": 100,
    "kompascrawler.politeness.retry_after.RetryAfterExtension": 100,
    "kompascrawler.drift.extension.DriftExtension": 200,
    "kompascrawler.run.progress.ProgressExtension": 500,
}

# Store -------------------------------------------------------------------------------------------
DATA_DIR = os.environ.get("KOMPAS_DATA_DIR", "data")
# Made at first use, from the time, when none is given.
RUN_ID = None
PUBLISH_EVERY_ITEMS = 100
PUBLISH_EVERY_SECONDS = 300.0

# Browser -----------------------------------------------------------------------------------------
# Both schemes share one browser, which starts at the first request that asks for it; every other
# request goes to Scrapy's own handler. docs/browser.md.
DOWNLOAD_HANDLERS = {
    "http": "kompascrawler.browser.handler.BrowserDownloadHandler",
    "https": "kompascrawler.browser.handler.BrowserDownloadHandler",
}
# Seconds for one article: ten pages, a second between them, take some 25.
BROWSER_TIMEOUT = 60.0
# A host has no more requests under way than that either.
BROWSER_CONCURRENT_PAGES = 2
# Browsers grow with use; a new one takes a second.
BROWSER_RECYCLE_PAGES = 100
# Driver and browser together hold some 250 MB.
BROWSER_MAX_MEMORY_MB = 1024
# Path of a Chromium; without one the best that is installed is taken.
BROWSER_EXECUTABLE = os.environ.get("BROWSER_EXECUTABLE")
# Address of a Chromium that runs elsewhere, for example http://127.0.0.1:9222.
BROWSER_CDP_URL = os.environ.get("BROWSER_CDP_URL")
# 1 shows the browser at work; needs a display and a Chromium that is no headless shell.
BROWSER_HEADED = os.environ.get("BROWSER_HEADED") or "0"
# Whether the browser's pages may come over connections whose certificate proves nothing.
BROWSER_IGNORE_HTTPS_ERRORS = False

# Budgets of a run: 0 is none ---------------------------------------------------------------------
# Seconds. A run of cron takes some; only the first ones, which fill the archive, take hours. Ended
# each hour they begin anew with the news, and whatever hangs lets go of the data folder.
MAX_RUN_SECONDS = 3600.0
# None by themselves: delays bound requests already, and a page is some 230 KB. For paid traffic.
MAX_RUN_REQUESTS = 0
MAX_RUN_BYTES = 0

# Outcome -----------------------------------------------------------------------------------------
# Share of a run's articles that may fail or stay incomplete, from three on, before it counts as
# failed: one in thirty is usual (gone again, a page of its own kind); one in five is not.
MAX_FAILED_SHARE = 0.2
# A season of runs; a card has some 3 KB, 90 days of a run each quarter of an hour 25 MB.
RUN_CARDS_KEEP_DAYS = 90.0

# Log ---------------------------------------------------------------------------------------------
# One line of JSON a record, instead of LOG_FORMAT.
LOG_FORMAT_JSON = False
# Scrapy's lacks the offset: times of a log that cannot be told in another zone.
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S%z"
# The run card has them.
LOG_VERSIONS: list[str] = []
# Scrapy tells each minute how far it is: for runs of hours.
LOGSTATS_INTERVAL = 600.0

# Our own -----------------------------------------------------------------------------------------
SECTION = "global"
# How the pages of an article are got: `all` (?page=all), `numbered` (?page=2…N), `browser`, or
# `auto`: the cheapest that gives the whole article.
HALAMAN_ROUTE = "auto"
# Share of the articles of several pages that the browser reads too, to compare the texts.
HALAMAN_BROWSER_AUDIT = 0.0
# True, for one run: what was named as drift is how the site looks from now on. docs/drift.md.
DRIFT_ACCEPT = False

# Seeing how it goes ------------------------------------------------------------------------------
# The latest run in figures, for the textfile collector of Prometheus's node exporter; it reads
# files that end in .prom. docs/metrics.md.
METRICS_FILE = None
# Addresses of Apprise that are told when the verdict changes. They hold passwords and tokens,
# which the command line would show to every user of the machine.
NOTIFY_URLS = os.environ.get("KOMPAS_NOTIFY_URLS", "")

# Environment -------------------------------------------------------------------------------------
# Settings that were given there, for the run card: what has a priority of its own is known anyway.
_FROM_ENVIRONMENT = [
    variable.removeprefix("KOMPAS_")
    for variable in (
        "BROWSER_CDP_URL", "BROWSER_EXECUTABLE", "BROWSER_HEADED", "KOMPAS_CONTACT",
        "KOMPAS_DATA_DIR", "KOMPAS_NOTIFY_URLS",
    )
    if variable in os.environ
]  # fmt: skip
_IS_TERMINAL = sys.stderr is not None and sys.stderr.isatty()  # None: closed by "2>&-"
# On a terminal a progress line says how it goes; in cron the log does.
PROGRESS_ENABLED = _IS_TERMINAL
LOG_LEVEL = "WARNING" if _IS_TERMINAL else "INFO"
# The summary says what a person wants to know; `-s STATS_DUMP=True` prints the rest.
STATS_DUMP = False
