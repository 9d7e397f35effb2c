"""Answers that are meant to harm, or are broken badly enough to."""

from dataclasses import replace
from typing import Final

from kompascrawler.outcome.exit_status import ExitStatus
from tests.faults.row import ARTICLES, Row, fault

HOSTILE: Final = (
    Row(
        name="gzip bomb",
        planted="articles of 1 MB that unpack to 1 GB",
        trouble=fault("gzip_bomb", path=ARTICLES),
        status=ExitStatus.FAILED,
    ),
    Row(
        name="50 MB page",
        planted="articles of 50 MB, their length not announced",
        trouble=fault("huge", path=ARTICLES, is_chunked=True),
        status=ExitStatus.FAILED,
        only_soak="like gzip bomb",
    ),
    Row(
        name="Costly page",
        planted="150,000 attributes in one tag: reading takes minutes, 2 seconds are given",
        trouble=replace(fault("costly", path=ARTICLES, times=2), settings={"READ_MAX_SECONDS": 2}),
        status=ExitStatus.FINE,
        had=2,
    ),
    Row(
        name="Redirect without end",
        planted="articles lead to themselves",
        trouble=fault("redirect_loop", path=ARTICLES),
        status=ExitStatus.FAILED,
        only_soak="like Redirect off the site",
    ),
    Row(
        name="Redirect off the site",
        planted="articles lead to example.com",
        trouble=fault("redirect_off", path=ARTICLES),
        status=ExitStatus.FAILED,
    ),
    Row(
        name="Redirect to a private address",
        planted="articles lead to 169.254.169.254",
        trouble=fault("redirect_private", path=ARTICLES),
        status=ExitStatus.FAILED,
        only_soak="like Redirect off the site",
    ),
    Row(
        name="Redirect to this machine",
        planted="articles lead to http://localhost:8080",
        trouble=fault("redirect_to", path=ARTICLES, location="http://localhost:8080{path}"),
        status=ExitStatus.FAILED,
        only_soak="like Redirect off the site",
    ),
    Row(
        name="Page that talks past the proxy",
        planted="WebRTC in articles that need a browser: nothing leaves it",
        trouble=fault("talk", path=ARTICLES),
        halaman="script_pager",
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/browser/test_isolation.py",
    ),
    Row(
        name="NUL bytes",
        planted="in every paragraph",
        trouble=fault("nul_bytes", path=ARTICLES),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/spiders/test_broken_answers.py",
    ),
    Row(
        name="Wrong charset",
        planted="UTF-16 announced, UTF-8 sent",
        trouble=fault("wrong_charset", path=ARTICLES),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/spiders/test_broken_answers.py",
    ),
    Row(
        name="Missing charset",
        planted="no Content-Type at all",
        trouble=fault("wrong_charset", path=ARTICLES, charset=""),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Wrong charset",
    ),
    Row(
        name="Part of a page",
        planted="206 for every article",
        trouble=fault("partial", path=ARTICLES),
        status=ExitStatus.FAILED,
        only_soak="every day tests/spiders/test_broken_answers.py",
    ),
    Row(
        name="Truncated body",
        planted="half of each article, then the connection breaks",
        trouble=fault("truncate", path=ARTICLES),
        status=ExitStatus.FAILED,
        only_soak="every day tests/spiders/test_broken_answers.py",
    ),
    Row(
        name="Truncated body, length untold",
        planted="half of each article in chunks, then the connection breaks",
        trouble=fault("truncated", path=ARTICLES),
        status=ExitStatus.FAILED,
        only_soak="like Truncated body",
    ),
    Row(
        name="Absurd dates",
        planted="year 0, year 99999, words, 400 digits, in each article: named as drift",
        trouble=fault("absurd_dates", path=ARTICLES),
        status=ExitStatus.DRIFT,
        had=4,
        later=4,
    ),
    Row(
        name="Absurd dates, once",
        planted="the same in one article",
        trouble=fault("absurd_dates", path=ARTICLES, times=1),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Absurd dates",
    ),
    Row(
        name="Made-up links",
        planted="to 400 articles of years ago, on each article page: they wait for another listing",
        trouble=fault("many_articles", path=ARTICLES, count=400, year=2001),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/discovery/test_listing_reader.py",
    ),
    Row(
        name="10,000 links",
        planted="to articles of years to come, on each article page",
        trouble=fault("many_articles", path=ARTICLES),
        status=ExitStatus.FINE,
        had=4,
        only_soak="every day tests/spiders/test_broken_answers.py",
    ),
)
