"""Settings of the crawler, in the order of Scrapy's parts.

``configuration/table.py`` holds those that somebody may want to change, each with its reason; the
others stand here, and say why they differ from Scrapy's. Each can be given for one run with
``-s NAME=VALUE``. The environment is read only here.
"""

import os
import sys
from importlib.util import find_spec

from scrapy.settings import default_settings

from kompascrawler.configuration import table

if find_spec("fcntl") is None:  # the lock of the data folder; docs/install.md
    sys.exit("kompascrawler crawls on Linux and macOS; on Windows use WSL or Docker")

# Project -----------------------------------------------------------------------------------------
BOT_NAME = "kompascrawler"
SPIDER_MODULES = ["kompascrawler.spiders.kompas_global"]
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
SPIDER_CONTRACTS = {"kompascrawler.spiders.assembler.CompleteContract": 20}
# A page of the site that sends its reader elsewhere by a tag is not an article.
METAREFRESH_ENABLED = False

# Politeness --------------------------------------------------------------------------------------
globals().update(table.values(table.POLITENESS, os.environ))
ADDONS = {
    # Makes USER_AGENT of the contact, which may be given for one run.
    "kompascrawler.components.UserAgentAddon": 100,
    "kompascrawler.components.PrintableLogAddon": 150,
    # Scrapy would import what is switched off all the same: a sixth of the start of every command.
    "kompascrawler.components.SwitchedOffAddon": 200,
}
# Scrapy by itself obeys no robots.txt, and asks as fast as it can.
ROBOTSTXT_OBEY = True
AUTOTHROTTLE_ENABLED = True
# Scrapy would accept a page from whoever stands in between.
DOWNLOAD_VERIFY_CERTIFICATES = True
# … and takes some certificates that prove no name. The base, so that DOWNLOAD_HANDLERS={} (a
# shell without browsers) is checked as well.
DOWNLOAD_HANDLERS_BASE = {
    **default_settings.DOWNLOAD_HANDLERS_BASE,
    "http": "kompascrawler.politeness.connections.CheckingHandler",
    "https": "kompascrawler.politeness.connections.CheckingHandler",
}
# A name of the site that leads into a private network is not followed.
TWISTED_DNS_RESOLVER = "kompascrawler.politeness.connections.PublicResolver"

# An item's way -----------------------------------------------------------------------------------
ITEM_PIPELINES = {
    "kompascrawler.pipelines.record.CleanPipeline": 100,
    "kompascrawler.pipelines.record.ValidatePipeline": 200,
    "kompascrawler.pipelines.record.DedupePipeline": 300,
    "kompascrawler.pipelines.record.StorePipeline": 400,
}
# JSON as our own files have it: Scrapy writes every letter beyond ASCII as \u….
FEED_EXPORT_ENCODING = "utf-8"
# Scrapy writes nested values as Python shows them.
FEED_EXPORTERS = {
    "csv": "kompascrawler.run.storage.CsvExporter",
    "xml": "kompascrawler.run.storage.XmlExporter",
}
globals().update(table.values(table.PIPELINES, os.environ))
# Scrapy would read the source of a callback anew for every page; the type checker does it once.
WARN_ON_GENERATOR_RETURN_VALUE = False

# A request's way ---------------------------------------------------------------------------------
# The frontier hands out every article once and newest first; first in, first out keeps its order.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
SCHEDULER_PRIORITY_QUEUE = "scrapy.pqueues.ScrapyPriorityQueue"
DOWNLOADER_MIDDLEWARES = {
    # Last before the spider.
    "kompascrawler.spiders.articles.ReadingMiddleware": 40,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "kompascrawler.politeness.permission.TellingOffsiteMiddleware": 50,
    # Before robots.txt is asked for (100) …
    "kompascrawler.politeness.crawl_breakers.BreakerMiddleware": 60,
    # For Scrapy's, no answer is permission.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "kompascrawler.politeness.permission.RulesMiddleware": 100,
    # … and where bodies are decoded (590) and nothing is asked for again yet (retry: 550).
    "kompascrawler.politeness.crawl_breakers.AnswersMiddleware": 560,
    "kompascrawler.politeness.non_content.NonContentMiddleware": 570,
    # Unpacks what the handler of connections has not.
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "kompascrawler.politeness.connections.UnpackingMiddleware": 590,
    # Where bodies are not decoded yet: its own are unpacked in part.
    "kompascrawler.politeness.permission.RobotsMiddleware": 595,
    # Closest to the downloader: what a run that is ending does not send, nobody else hears of.
    "kompascrawler.run.requests.ShutdownMiddleware": 990,
}
SPIDER_MIDDLEWARES = {
    # Before Scrapy's HttpErrorMiddleware (50): a challenge page with 403 is told as such.
    "kompascrawler.politeness.non_content.NonContentSpiderMiddleware": 40,
    # Requests are flat here: every article is one link away from a listing.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
EXTENSIONS = {
    # Scrapy's, which end a run that cannot go on, or may not: soon, and with a verdict.
    "scrapy.extensions.feedexport.FeedExporter": None,
    "kompascrawler.run.storage.FeedsExtension": 0,
    "scrapy.extensions.closespider.CloseSpider": None,
    "kompascrawler.run.shutdown.LimitsExtension": 0,
    "kompascrawler.warc.recorder.RecorderExtension": 50,
    "kompascrawler.pipelines.record.RefusalsExtension": 100,
    "kompascrawler.politeness.permission.RetryAfterExtension": 100,
    "kompascrawler.drift.extension.DriftExtension": 200,
    "kompascrawler.run.log.FillingExtension": 300,
    "kompascrawler.run.log.ProgressExtension": 500,
}

# Store -------------------------------------------------------------------------------------------
globals().update(table.values(table.STORE + table.WARC, os.environ))

# Browser -----------------------------------------------------------------------------------------
# Both schemes share one browser, which starts at the first request that asks for it; every other
# request goes to Scrapy's own handler. docs/browser.md.
DOWNLOAD_HANDLERS = {
    "http": "kompascrawler.browser.service.BrowserDownloadHandler",
    "https": "kompascrawler.browser.service.BrowserDownloadHandler",
}
globals().update(table.values(table.BROWSER, os.environ))

# Budgets, outcome, log ---------------------------------------------------------------------------
globals().update(table.values(table.BUDGETS + table.OUTCOME + table.LOG, os.environ))
# Scrapy's lacks the offset: times of a log that cannot be told in another zone.
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S%z"
# The run card has them.
LOG_VERSIONS: list[str] = []
# The summary says what a person wants to know; `-s STATS_DUMP=True` prints the rest.
STATS_DUMP = False
# Ours are counted in one typed object, and shown among Scrapy's.
STATS_CLASS = "kompascrawler.components.CountingStatsCollector"
_IS_TERMINAL = sys.stderr is not None and sys.stderr.isatty()  # None: closed by "2>&-"
# On a terminal a progress line says how it goes; in cron the log does.
PROGRESS_ENABLED = _IS_TERMINAL
LOG_LEVEL = "WARNING" if _IS_TERMINAL else "INFO"

# Our own -----------------------------------------------------------------------------------------
globals().update(table.values(table.OWN, os.environ))
# Settings that the environment gave, for the run card: what has a priority is known anyway.
_FROM_ENVIRONMENT = [name for variable, name in table.ENVIRONMENT.items() if variable in os.environ]
