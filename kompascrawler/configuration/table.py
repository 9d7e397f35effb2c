"""The table of settings: what each is, what it accepts, and why its default is what it is.

settings.py, the checks, the redaction, the browser's options and docs/settings.md come from it.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from kompascrawler.configuration.setting import (
    ADDRESSES,
    ARCHIVE,
    BUCKET,
    CDP,
    CONTACT,
    COUNT,
    FILE,
    FOLDER,
    HTML,
    MASK,
    METRICS,
    NOT_NEGATIVE,
    POSITIVE,
    RUN,
    SECTION_NAMES,
    SHARE,
    SPANS,
    WHOLE,
    Setting,
    as_json,
    one_of,
    switch,
)
from kompascrawler.halaman.assembly import RouteChoice

PROJECT_PAGE: Final = "https://github.com/kompascrawler/kompascrawler"
"""The contact of whoever names none."""


# One entry, one paragraph: name, default, type; meaning; reason.
# fmt: off
POLITENESS: Final = (
    Setting("CONTACT", PROJECT_PAGE, CONTACT,
            "Who runs the crawler: an address or a page, named in every request.",
            environment="KOMPAS_CONTACT", is_common=True, stated="the project's page"),
    Setting("DOWNLOAD_DELAY", 1.0, NOT_NEGATIVE,
            "Seconds between two requests to a host, at least; AutoThrottle slows down further.",
            "Scrapy asks as fast as it can.", is_common=True),
    Setting("CONCURRENT_REQUESTS", 16, COUNT,
            "Requests under way or waiting for their host; twice the articles in work.",
            "Few are sent at a time. With none, Scrapy would wait for ever."),
    Setting("CONCURRENT_REQUESTS_PER_DOMAIN", 2, COUNT,
            "Requests under way to a host; the browser's articles included.",
            "With a delay of a second, more than two are under way only where the site is slow."),
    Setting("AUTOTHROTTLE_START_DELAY", 1.0, NOT_NEGATIVE,
            "The first delay of AutoThrottle, seconds.",
            "Scrapy starts at 5 s; we start at our own delay and slow down when the site does."),
    Setting("AUTOTHROTTLE_MAX_DELAY", 30.0, NOT_NEGATIVE,
            "The most that AutoThrottle waits, seconds.",
            "As long as the longest answer that is waited for."),
    Setting("DOWNLOAD_TIMEOUT", 30.0, POSITIVE,
            "Seconds until an answer counts as failed.",
            "Scrapy waits 180 s; the site's pages are some 230 KB and come at once or not at all."),
    Setting("DOWNLOAD_MAXSIZE", 16 * 1024 * 1024, WHOLE,
            "The largest page accepted, bytes, as sent or unpacked.",
            "The largest page seen has 0.6 MB; Scrapy would accept 1 GB."),
    Setting("DOWNLOAD_WARNSIZE", 4 * 1024 * 1024, WHOLE,
            "The size of a page that is logged as a warning, bytes.",
            "Six times the largest page seen."),
    Setting("REDIRECT_MAX_TIMES", 5, WHOLE,
            "Redirects that are followed for one request.",
            "Scrapy follows 20; from an old address of the site to the present one it takes two"
            " or three."),
    Setting("RETRY_AFTER_MAX_SECONDS", 60.0, NOT_NEGATIVE,
            "The longest Retry-After that is waited for; a longer one opens the circuit breaker.",
            "systemd gives a service 90 s to end."),
    Setting("CRAWL_DELAY_MAX_SECONDS", 30.0, NOT_NEGATIVE,
            "The most of a Crawl-delay in robots.txt that is kept between two requests, seconds.",
            "A day's articles take half an hour then; ask the site's owner for less."),
    Setting("BREAKER_REFUSALS", 5, COUNT,
            "Refusals in a row (403, 429, a consent or login page) that open a host's circuit"
            " breaker.",
            "One or two are a page's own."),
    Setting("BREAKER_CHALLENGES", 1, COUNT,
            "Challenge pages that open a host's circuit breaker.",
            "The next hundred would be answered alike, and held against us."),
    Setting("BREAKER_FIRST_WAIT", 600.0, POSITIVE,
            "Seconds until the first probe of an open breaker; each that fails doubles them.",
            "The next run of a crawl that starts every quarter of an hour sends it."),
    Setting("BREAKER_LONGEST_WAIT", 86400.0, POSITIVE,
            "The most seconds between two probes.", "A day."),
)
PIPELINES: Final = (
    Setting("CONCURRENT_ITEMS", 1, COUNT,
            "Records of one page that pass the pipelines at a time.",
            "Our pipelines never wait; Scrapy starts that many tasks for every page (100 cost"
            " 1.5 ms a page)."),
)
STORE: Final = (
    Setting("DATA_DIR", "data", FOLDER, "Folder for articles and state.",
            environment="KOMPAS_DATA_DIR", is_common=True),
    Setting("RUN_ID", None, RUN,
            "Name of the run, part of the names of its files.",
            stated="made from the time"),
    Setting("PUBLISH_EVERY_ITEMS", 100, COUNT, "Publish when so many records wait, …"),
    Setting("PUBLISH_EVERY_SECONDS", 300.0, POSITIVE,
            "… or after so many seconds, and at the end of the run."),
    Setting("COMPACT_FILES", 500, WHOLE,
            "Files beyond one for each closed day that a run leaves; with more it makes one file of"
            " each such day, at its end, as `kompascrawler compact` does. 0: never.",
            "A year makes some 11,500 files of 9.5 KB; readers are slow on those."),
    Setting("PUBLISH_URL", "", BUCKET,
            "Bucket that gets a copy of what is published, at the end of each run: docs/publish.md."
            " Needs the extra `cloud`; keys come from the environment, under the providers' names.",
            environment="KOMPAS_PUBLISH_URL", is_common=True, stated="none"),
    Setting("PARQUET_EVERY_SECONDS", 3600.0, NOT_NEGATIVE,
            "Seconds between two updates of `DATA_DIR/parquet`, at least; 0 is never. Needs the"
            " extra `parquet`.",
            "A run with news rewrites its month, which takes a second."),
)
WARC: Final = (
    Setting("WARC_ENABLED", default=False, value_type=ARCHIVE, meaning=
            "Keep each answer as it was received, in `DATA_DIR/warc` (extra `warc`): docs/warc.md.",
            why="A page has some 41 KB compressed: a day's articles and looks 30 MB."),
    Setting("WARC_MAX_MB", 100, COUNT,
            "The size at which a WARC file is closed and indexed, MiB.",
            "The index of such a file takes a second or two, in which the crawl waits."),
    Setting("WARC_KEEP_DAYS", 0.0, NOT_NEGATIVE,
            "Days after which a closed WARC file, with what is known of it, is removed; 0: never.",
            "A page that is gone cannot be read again: docs/warc.md says what a year needs."),
)
BROWSER: Final = (
    Setting("BROWSER_TIMEOUT", 60.0, POSITIVE,
            "Seconds for one article in the browser, without its wait until one may be opened.",
            "Ten pages, a second between them, take some 25."),
    Setting("BROWSER_CONCURRENT_PAGES", 2, COUNT,
            "Articles open in the browser at the same time.",
            "A host has no more requests under way than that either."),
    Setting("BROWSER_RECYCLE_PAGES", 100, COUNT,
            "Articles after which the browser is replaced.",
            "Browsers grow with use; a new one takes a second."),
    Setting("BROWSER_MAX_MEMORY_MB", 1024, COUNT,
            "Memory of driver and browser above which they are replaced, MiB.",
            "Together they hold some 250 MB."),
    Setting("BROWSER_EXECUTABLE", None, FILE,
            "Path of a Chromium.",
            environment="BROWSER_EXECUTABLE", stated="the best that is installed"),
    Setting("BROWSER_CDP_URL", None, CDP,
            "Address of a Chromium that runs elsewhere, for example `http://127.0.0.1:9222`.",
            environment="BROWSER_CDP_URL", is_secret=True, stated="none"),
    switch("BROWSER_HEADED",
            "Show the browser at work; needs a display and a Chromium that is no headless shell.",
            environment="BROWSER_HEADED"),
    switch("BROWSER_IGNORE_HTTPS_ERRORS",
            "Let the browser's pages come over connections whose certificate proves nothing."),
)
BUDGETS: Final = (
    Setting("MAX_RUN_SECONDS", 3600.0, NOT_NEGATIVE,
            "Seconds that a run may take; 0 is no limit.",
            "A run of cron takes some; only the first ones, which fill the store, take hours."
            " Ended each hour they begin again with the news, and whatever hangs lets go of the"
            " data folder.", is_common=True),
    Setting("READ_MAX_SECONDS", 20.0, POSITIVE,
            "Seconds that reading a large or odd page may take; then it is refused.",
            "A page of 16 MB takes some; the end of the run ends the reading, too."),
    Setting("MAX_RUN_REQUESTS", 0, WHOLE,
            "Requests that a run may send, the browser's and `robots.txt` included; 0 is no limit.",
            "Delays bound requests already. For paid traffic.", is_common=True),
    Setting("MAX_RUN_BYTES", 0, WHOLE,
            "Bytes of bodies that a run may receive, as they come; 0 is no limit.",
            "A page is some 230 KB. For paid traffic.", is_common=True),
)
OUTCOME: Final = (
    Setting("MAX_FAILED_SHARE", 0.2, SHARE,
            "Share of a run's articles that may fail or stay incomplete, from three on.",
            "One in thirty is usual (gone again, a page of its own kind); one in five is not."),
    Setting("RUN_CARDS_KEEP_DAYS", 90.0, POSITIVE,
            "Days after which a run's card is removed; the last 100 stay.",
            "A season of runs; a card has some 3 KB, 90 days of a run each quarter of an hour"
            " 25 MB."),
    Setting("METRICS_FILE", None, METRICS,
            "File for figures of the latest run, for the textfile collector of Prometheus's node"
            " exporter, which reads files that end in `.prom`: docs/metrics.md.",
            is_common=True, stated="none"),
    Setting("REPORT_FILE", None, HTML,
            "File for the report (`kompascrawler report`), rewritten by each run that published."
            " Needs the extra `report`.",
            "It reads the whole data set: some 3 s for 12,500 articles of ten years.",
            is_common=True, stated="none"),
    Setting("NOTIFY_URLS", "", ADDRESSES,
            "Addresses of Apprise that are told when the verdict changes.",
            "They hold passwords and tokens, which the command line would show to every user of"
            " the machine: better from the environment.",
            environment="KOMPAS_NOTIFY_URLS", is_secret=True, is_common=True, stated="none"),
)
LOG: Final = (
    Setting("LOG_LEVEL", "INFO", one_of(list(logging.getLevelNamesMapping())),
            "How much is logged to standard error.",
            "On a terminal a progress line says how it goes; in cron the log does.",
            is_common=True, stated="`INFO`, on a terminal `WARNING`"),
    switch("LOG_FORMAT_JSON",
            "Log one JSON object a line, instead of `LOG_FORMAT`.", is_common=True),
    Setting("LOGSTATS_INTERVAL", 600.0, NOT_NEGATIVE,
            "Seconds between two lines of the log that say how far the run is.",
            "Scrapy tells each minute: this is for runs of hours."),
    switch("PROGRESS_ENABLED",
            "Show a progress line on standard error.",
            "In cron the log says how it goes.", stated="on a terminal"),
)
OWN: Final = (
    Setting("SECTION", "global", SECTION_NAMES,
            "Which articles become records: channels (`global,money,sains`), or `any` for all.",
            is_common=True),
    Setting("HALAMAN_ROUTE", "auto", one_of(get_args(RouteChoice)),
            "How the pages of an article are got: `all` (`?page=all`), `numbered` (`?page=2…N`),"
            " `browser`, or `auto`: the cheapest that gives the whole article."),
    Setting("HALAMAN_BROWSER_AUDIT", 0.0, SHARE,
            "Share of the articles of several pages that the browser reads too, to compare the"
            " texts."),
    Setting("REVISIT_AFTER", "6h, 24h, 7d", SPANS,
            "How long after publication an article is looked at again, for changes and deletions;"
            " nothing: never.",
            "Most changes come within hours. A first filling finds old articles, which have no"
            " looks left."),
    Setting("REVISIT_MAX_REQUESTS", 30, WHOLE,
            "Requests of a run for such looks, when nothing new is left to fetch; 0: none.",
            "A day's articles are some 200, their looks some 600: six a run each quarter of an"
            " hour."),
    switch("DRIFT_ACCEPT",
            "For one run: what was named as drift is how the site looks from now on:"
            " docs/drift.md."),
)
# fmt: on

GROUPS: Final[Mapping[str, tuple[Setting, ...]]] = {
    "Our own": OWN,
    "Store": STORE,
    "WARC": WARC,
    "Politeness": POLITENESS,
    "Budgets of a run": BUDGETS,
    "Pipelines": PIPELINES,
    "Browser": BROWSER,
    "Outcome": OUTCOME,
    "Log": LOG,
}
"""The settings below the headings of docs/settings.md."""
SETTINGS: Final = {setting.name: setting for group in GROUPS.values() for setting in group}
ENVIRONMENT: Final = {s.environment: s.name for s in SETTINGS.values() if s.environment}
"""Variable → the setting that it gives."""
SECRET: Final = frozenset(setting.name for setting in SETTINGS.values() if setting.is_secret)
_SECRET_NAME: Final = re.compile(r"PASS|SECRET|TOKEN|AUTH|CREDENTIAL|KEY")
"""What the names of other secrets contain."""


def values(group: Sequence[Setting], environment: Mapping[str, str]) -> dict[str, Any]:
    """Return name and value of settings: what the environment says, else the default."""
    given = {setting.name: setting.given(environment) for setting in group}
    return {s.name: s.default if given[s.name] is None else given[s.name] for s in group}


def masked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as JSON values, with secrets and the user parts of addresses masked.

    >>> masked({"FTP_PASSWORD": "x", "FEEDS": {"ftp://me:x@host/a": {}}, "RETRY_TIMES": 2})
    {'FEEDS': {'ftp://***@host/a': {}}, 'FTP_PASSWORD': '***', 'RETRY_TIMES': 2}
    """
    secret = {name for name in settings if name in SECRET or _SECRET_NAME.search(name)}
    return {
        name: MASK if value and name in secret else as_json(value)
        for name, value in sorted(settings.items())
    }


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raise SettingError for the first setting that is not accepted."""
    for setting in SETTINGS.values():
        setting.check(settings[setting.name])
