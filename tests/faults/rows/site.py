"""Answers of the site that are no article: errors, refusals, pages of another kind."""

from typing import Final

from kompascrawler.outcome.cards import ExitStatus
from tests.faults.row import ARTICLES, PAGES, Row, fault
from tests.world import Trouble

_LATER: Final = {"RETRY_TIMES": 2}
"""Production asks again where it may."""

SITE: Final = (
    Row(
        name="5xx throughout",
        planted="500 everywhere",
        trouble=fault("500"),
        status=ExitStatus.UNREACHABLE,
    ),
    Row(
        name="404 throughout",
        planted="404 for every page",
        trouble=fault("404", path=PAGES),
        status=ExitStatus.ERROR,
        only_soak="like 5xx throughout",
    ),
    Row(
        name="All pages at once missing",
        planted="404 for every `?page=all`",
        trouble=fault("404", path=r"\?page=all"),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/spiders/test_articles_forms.py",
    ),
    Row(
        name="Numbered pages fail",
        planted="404 for every `?page=2…`, `?page=all` is page 1: page 1 declares the text",
        trouble=Trouble(
            orders=[
                {"name": "404", "path": r"\?page=\d"},
                {"name": "redirect_to", "path": r"\?page=all", "location": "{path}"},
            ]
        ),
        status=ExitStatus.FINE,
        had=None,
        wait=7 * 3600,
        only_soak="every day tests/spiders/test_articles_forms.py",
    ),
    Row(
        name="Articles fail",
        planted="500 for every article",
        trouble=fault("500", path=ARTICLES),
        status=ExitStatus.FAILED,
        only_soak="like One article fails",
    ),
    Row(
        name="One article fails",
        planted="500 for the first article asked for",
        trouble=fault("500", path=ARTICLES, times=1),
        status=ExitStatus.FINE,
        had=3,
        only_soak="every day tests/spiders/test_kompas_global.py",
    ),
    Row(
        name="Index fails",
        planted="500 for it, and more new articles than other pages list",
        trouble=fault("500", host="indeks.kompas.com"),
        status=ExitStatus.FINE,
        new=30,
        had=30,
    ),
    Row(
        name="Index as a cache kept it",
        planted="it answers what it listed before the new articles, more than other pages list",
        trouble=fault("stale", host="indeks.kompas.com", back=30),
        status=ExitStatus.FINE,
        new=30,
        had=20,
    ),
    Row(
        name="Front page as a cache kept it",
        planted="it answers what it listed before the new articles",
        trouble=fault("stale", path="^/global", back=4),
        status=ExitStatus.FINE,
        only_soak="like Index as a cache kept it",
    ),
)
REFUSALS: Final = (
    Row(
        name="All pages at once refused",
        planted="403 for every `?page=all`",
        trouble=fault("403", path=r"\?page=all"),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/spiders/test_articles_forms.py",
    ),
    Row(
        name="All pages at once are a challenge",
        planted="a challenge page for every `?page=all`",
        trouble=fault("challenge", path=r"\?page=all"),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like All pages at once refused",
    ),
    Row(
        name="robots.txt disallows all pages at once",
        planted="`Disallow: *?page=all`",
        trouble=fault(
            "rewrite",
            path="^/robots",
            rules=[("Disallow: /copy/", "Disallow: *?page=all\nDisallow: /copy/")],
        ),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like All pages at once refused",
    ),
    Row(
        name="Crawl-delay",
        planted="half a second in robots.txt, and none of ours",
        trouble=fault(
            "rewrite", path="^/robots", rules=[("Disallow: /copy/", "Crawl-delay: 0.5\nAllow: /x")]
        ),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/politeness/test_permission_robots.py",
    ),
    Row(
        name="403 throughout",
        planted="403 everywhere",
        trouble=fault("403"),
        status=ExitStatus.BLOCKED,
    ),
    Row(
        name="429 throughout",
        planted="429 for every page",
        trouble=fault("429", path=PAGES),
        status=ExitStatus.BLOCKED,
        only_soak="like 403 throughout",
    ),
    Row(
        name="Retry-After, seconds",
        planted="429 once, with one second to wait",
        trouble=Trouble(
            orders=[{"name": "retry_after", "path": ARTICLES, "times": 1, "value": 1}],
            settings=_LATER,
        ),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/politeness/test_permission_retry_after.py",
    ),
    Row(
        name="Retry-After, date",
        planted="503 once, with a date that has passed",
        trouble=Trouble(
            orders=[
                {
                    "name": "retry_after",
                    "path": ARTICLES,
                    "times": 1,
                    "status": 503,
                    "value": "Sun, 06 Nov 1994 08:49:37 GMT",
                }
            ],
            settings=_LATER,
        ),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Retry-After, seconds",
    ),
    Row(
        name="Retry-After, longer than a run waits",
        planted="429 with an hour to wait",
        trouble=fault("retry_after", path=ARTICLES, value=3600),
        status=ExitStatus.BLOCKED,
        wait=2 * 3600,
        only_soak="every day tests/politeness/test_permission_retry_after.py",
    ),
    Row(
        name="Retry-After of a site that is down",
        planted="503 with an hour to wait, everywhere",
        trouble=fault("retry_after", status=503, value=3600),
        status=ExitStatus.UNREACHABLE,
        wait=2 * 3600,
        only_soak="like Retry-After, longer than a run waits",
    ),
    Row(
        name="robots.txt denies",
        planted="`Disallow: /`",
        trouble=fault("robots_deny"),
        status=ExitStatus.BLOCKED,
    ),
    Row(
        name="robots.txt of 32 MB",
        planted="`Disallow: /`, and blank lines: 500 KB of it are read",
        trouble=fault("long_robots"),
        status=ExitStatus.BLOCKED,
        only_soak="every day tests/politeness/test_permission_robots.py",
    ),
    Row(
        name="robots.txt unpacks to 64 MB",
        planted="the same, compressed",
        trouble=fault("long_robots", is_bomb=True, megabytes=64),
        status=ExitStatus.BLOCKED,
        only_soak="every day tests/politeness/test_permission_robots.py",
    ),
    Row(
        name="robots.txt 5xx",
        planted="503 for it, of every host: nothing else is asked for",
        trouble=fault("503", path="^/robots"),
        status=ExitStatus.UNREACHABLE,
        only_soak="every day tests/politeness/test_crawl_breakers.py",
    ),
    Row(
        name="robots.txt 429",
        planted="429 for it, of every host: nothing else is asked for",
        trouble=fault("429", path="^/robots"),
        status=ExitStatus.UNREACHABLE,
        only_soak="every day tests/politeness/test_permission_robots.py",
    ),
    Row(
        name="robots.txt leads off the site",
        planted="a redirect of it that is not followed: nothing else is asked for",
        trouble=fault("redirect_off", path="^/robots"),
        status=ExitStatus.UNREACHABLE,
        only_soak="every day tests/politeness/test_permission_robots.py",
    ),
    Row(
        name="robots.txt unreachable",
        planted="connections break when it is asked for: nothing else is asked for",
        trouble=fault("drop", path="^/robots"),
        status=ExitStatus.UNREACHABLE,
        only_soak="like robots.txt 5xx",
    ),
)
PAGES_THAT_ARE_NONE: Final = (
    Row(
        name="Challenge page",
        planted="200 with a test for humans, everywhere",
        trouble=fault("challenge", path=PAGES),
        status=ExitStatus.BLOCKED,
        only_soak="every day tests/politeness/test_crawl_breakers.py",
    ),
    Row(
        name="Challenge before articles",
        planted="403 with a test for humans, for articles",
        trouble=fault("challenge", path=ARTICLES, status=403),
        status=ExitStatus.BLOCKED,
        only_soak="like Challenge page",
    ),
    Row(
        name="Consent page",
        planted="200 with a question about cookies, everywhere",
        trouble=fault("consent", path=PAGES),
        status=ExitStatus.BLOCKED,
        only_soak="like Challenge page",
    ),
    Row(
        name="Login page",
        planted="200 with a form to log in, everywhere",
        trouble=fault("login", path=PAGES),
        status=ExitStatus.BLOCKED,
        only_soak="like Challenge page",
    ),
    Row(
        name="Maintenance page",
        planted="200 with a notice, everywhere",
        trouble=fault("maintenance", path=PAGES),
        status=ExitStatus.UNREACHABLE,
    ),
    Row(
        name="Empty pages",
        planted="200 without a body, everywhere",
        trouble=fault("empty", path=PAGES),
        status=ExitStatus.BLOCKED,
    ),
    Row(
        name="Markup drift, front page",
        planted="its links have another form",
        trouble=fault("rewrite", path="^/global$", rules=[("/read/", "/baca/")]),
        status=ExitStatus.DRIFT,
        had=4,
        only_soak="like Markup drift, articles",
    ),
    Row(
        name="Markup drift, articles",
        planted="the class of the body is renamed",
        trouble=fault("rewrite", path=ARTICLES, rules=[("read__content", "isi")]),
        new=12,
        status=ExitStatus.DRIFT,
        only_soak="every day tests/drift/test_crawls.py",
    ),
)
