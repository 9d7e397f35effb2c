"""The spider against the replica, in processes of their own, with production settings."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest

from tests.crawls import crawl, records
from tests.replica.exchange import Reply, Request
from tests.replica.serve import Replica, serve
from tests.replica.site import Site
from tests.schema.json_schema import SCHEMA_FILE


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a site of 60 articles, a new one for each test."""
    with serve(Site(seed=3, articles=60)) as played:
        yield played


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Replica[Site], Path]:
    """Return a site that was crawled, and the data folder; to be looked at."""
    data_dir = tmp_path_factory.mktemp("crawled")
    with serve(Site(seed=3, articles=60)) as played:
        assert crawl(played.env, data_dir).status == 0
    return played, data_dir


def ids(replica: Replica[Site]) -> list[str]:
    """Identities of everything that the site has published, oldest first."""
    return sorted(story.id for story in replica.site.stories)


def test_500_articles_then_nothing_then_30(tmp_path: Path) -> None:
    """Recall 100 %, no duplicate; nothing new costs 2 requests; what is new is added exactly."""
    with serve(Site(seed=1, articles=500)) as replica:
        first = crawl(replica.env, tmp_path)
        assert (first.status, [record["id"] for record in records(tmp_path)]) == (0, ids(replica))
        articles = [line for line in replica.log if "/read/" in line.path]
        assert len(articles) == 500
        assert (first.verdict["counts"]["found"], first.verdict["counts"]["known"]) == (500, 0)
        assert len(replica.log) <= 500 * 1.09

        before = len(replica.log)
        files = sorted(tmp_path.glob("articles/*/*"))
        second = crawl(replica.env, tmp_path)
        assert (second.status, sorted(tmp_path.glob("articles/*/*"))) == (0, files)
        assert [line.path for line in replica.log[before:]] == ["/robots.txt", "/global"]

        before = len(replica.log)
        old = set(ids(replica))
        replica.publish(30)
        third = crawl(replica.env, tmp_path)
        assert (third.status, [record["id"] for record in records(tmp_path)]) == (0, ids(replica))
        asked = {
            line.path.split("/read/")[1][:20]
            for line in replica.log[before:]
            if "/read/" in line.path
        }
        assert len(asked) == 30
        assert third.verdict["counts"]["found"] - third.verdict["counts"]["known"] == 30
        assert len(set(ids(replica)) - old) == 30


@pytest.mark.xdist_group("crawled")
def test_records_are_what_the_site_published(crawled: tuple[Replica[Site], Path]) -> None:
    """Every record is valid by the schema and says what its story says."""
    replica, data_dir = crawled
    validator = jsonschema.Draft202012Validator(
        json.loads(SCHEMA_FILE.read_text()), format_checker=jsonschema.FormatChecker()
    )
    for record in records(data_dir):
        validator.validate(record)
        story = replica.site.truth(record["id"])
        found = (record["title"], record["authors"], record["editors"], record["sources"])
        assert found == (story.title, list(story.authors), list(story.editors), list(story.sources))
        assert record["text"].split("\n\n") == [block.text for block in story.blocks]
        assert record["published_at"] == story.published_at.isoformat()
        assert record["updated_at"] == (story.updated_at and story.updated_at.isoformat())
        assert record["halaman"]["complete"] is True
        # The replica's ?page=all shows no pager: whether the site does is not known (docs/site.md).
        pages = (record["halaman"]["pages_expected"], record["halaman"]["pages_fetched"])
        assert pages in ((1, 1), (len(story.pages), len(story.pages)))


@pytest.mark.xdist_group("crawled")
def test_nothing_forbidden_is_asked_for(crawled: tuple[Replica[Site], Path]) -> None:
    """robots.txt is read first on every host, and what it forbids is left alone."""
    replica, _ = crawled
    first: dict[str, str] = {}
    for line in replica.log:
        first.setdefault(line.host, line.path)
    assert set(first.values()) == {"/robots.txt"}
    assert not [line.url for line in replica.log if line.is_forbidden]
    assert all("kompascrawler" in line.user_agent for line in replica.log)


def test_robots_that_deny_all_stop_the_crawl(replica: Replica[Site], tmp_path: Path) -> None:
    """Where robots.txt denies everything, robots.txt is all that is asked for."""
    replica.faults.add("robots_deny")
    crawl(replica.env, tmp_path)
    assert {line.path for line in replica.log} == {"/robots.txt"}
    assert records(tmp_path) == []


def test_articles_come_newest_first(replica: Replica[Site], tmp_path: Path) -> None:
    """Within a listing articles are asked for from the newest to the oldest."""
    crawl(replica.env, tmp_path, "-amax_articles=12", CONCURRENT_REQUESTS=1)
    asked = [line.path.split("/read/")[1] for line in replica.log if "/read/" in line.path]
    assert all(newer[:20] > older[:20] for newer, older in pairwise(asked))


def test_max_articles_counts_new_records(replica: Replica[Site], tmp_path: Path) -> None:
    """Exactly so many are stored, the newest; the next run takes those below."""
    newest_first = ids(replica)[::-1]
    crawl(replica.env, tmp_path, "-amax_articles=7")
    assert [record["id"] for record in records(tmp_path)] == sorted(newest_first[:7])
    crawl(replica.env, tmp_path, "-amax_articles=25")
    assert [record["id"] for record in records(tmp_path)] == sorted(newest_first[:32])


def test_max_articles_with_failures(replica: Replica[Site], tmp_path: Path) -> None:
    """An article that fails makes room for the next one."""
    newest_first = ids(replica)[::-1]
    replica.faults.add("500", article=newest_first[2])
    crawl(replica.env, tmp_path, "-amax_articles=5")
    expected = {*newest_first[:6]} - {newest_first[2]}
    assert {record["id"] for record in records(tmp_path)} == expected


def test_days(replica: Replica[Site], tmp_path: Path) -> None:
    """``since`` and ``until`` are days of publication, inclusive."""
    crawl(replica.env, tmp_path, "-asince=2026-11-18", "-auntil=2026-11-19")
    wanted = [article for article in ids(replica) if article[:10] in ("2026-11-18", "2026-11-19")]
    assert 0 < len(wanted) < 60
    assert [record["id"] for record in records(tmp_path)] == wanted


def test_every_form_of_an_article_is_one_start(replica: Replica[Site], tmp_path: Path) -> None:
    """All forms of its address are the one article, and its page leads to the others."""
    url = replica.site.truth(ids(replica)[5]).url
    forms = [
        *(url + query for query in ("", "?page=2", "?page=all", "?utm_source=x")),
        url.replace("/read/", "/read/xml/"),
        url.replace("https:", "http:"),
        url.replace("www.", "amp."),
        url.replace("www.kompas.com/global", "internasional.kompas.com"),
        url.rpartition("/")[0] + "/twitter.com",
    ]
    crawl(replica.env, tmp_path, f"-astart_urls={','.join(forms)}")
    assert [record["id"] for record in records(tmp_path)] == ids(replica)
    assert {record["url"] for record in records(tmp_path)} == {s.url for s in replica.site.stories}
    asked = Counter(line.path for line in replica.log if "/read/" in line.path)
    assert set(asked.values()) == {1}


@pytest.mark.parametrize(
    "site",
    [
        Site(seed=3, articles=60, markup="2024"),
        Site(seed=3, articles=60, index_global=False),
        Site(seed=3, articles=60, index_dates=False),
        Site(seed=3, articles=60, internasional="redirect"),
    ],
    ids=["markup-2024", "no-site-global", "no-dates", "redirect"],
)
def test_variants_of_the_site(site: Site, tmp_path: Path) -> None:
    """Both markups, an index without ``site=global`` or without days: all articles are found."""
    with serve(site) as replica:
        crawl(replica.env, tmp_path, "-amax_articles=10")
        crawl(replica.env, tmp_path)
        assert [record["id"] for record in records(tmp_path)] == ids(replica)


def test_other_sections_are_counted_and_left_alone(tmp_path: Path) -> None:
    """Articles of other channels on the index are counted by kind, never asked for."""
    with serve(Site(seed=3, articles=60, index_global=False)) as replica:
        done = crawl(replica.env, tmp_path, STATS_DUMP=True)
        assert "'discovery/others/other_section'" in done.errors
        assert Counter(
            "/global/" in line.path for line in replica.log if "/read/" in line.path
        ) == {True: 60}


def test_failed_articles_come_back_in_a_later_run(replica: Replica[Site], tmp_path: Path) -> None:
    """Failures are reported, waited for, and tried again when their time has come."""
    article = ids(replica)[30]
    replica.faults.add("503", article=article)
    failed = crawl(replica.env, tmp_path)
    assert "1 not fetched" in failed.output
    replica.faults.clear()
    crawl(replica.env, tmp_path)
    assert article not in {record["id"] for record in records(tmp_path)}
    assert len(records(tmp_path)) == 59


def test_refused_pages_are_kept(replica: Replica[Site], tmp_path: Path) -> None:
    """A page that is no article is kept as it came, with its reason, and counted."""
    article = ids(replica)[30]
    replica.faults.add("empty", article=article)
    refused = crawl(replica.env, tmp_path)
    assert "1 refused" in refused.output
    (reason,) = tmp_path.glob("rejected/*.json")
    assert json.loads(reason.read_text())["article_id"] == article
    assert len(records(tmp_path)) == 59


def test_feed_beside_our_own_output(replica: Replica[Site], tmp_path: Path) -> None:
    """``-O`` writes the same records; with ``-O -`` the summary leaves standard output alone."""
    crawl(replica.env, tmp_path / "a", "-O", str(tmp_path / "feed.jsonl"))
    lines = [json.loads(line) for line in (tmp_path / "feed.jsonl").read_text().splitlines()]
    assert sorted(lines, key=lambda record: str(record["id"])) == records(tmp_path / "a")
    piped = crawl(replica.env, tmp_path / "b", "-O", "-:jsonl")
    assert len([json.loads(line) for line in piped.output.splitlines()]) == 60


def test_proxy_environment_is_honoured(replica: Replica[Site], tmp_path: Path) -> None:
    """``no_proxy`` keeps a host from the proxy; without the network it is then unreachable."""
    done = crawl(replica.env | {"no_proxy": "*", "NO_PROXY": "*"}, tmp_path)
    assert (done.status, len(replica.log)) == (4, 0)


def test_an_article_that_leaves_the_site_makes_room(replica: Replica[Site], tmp_path: Path) -> None:
    """A redirect to another site is not followed; it is a failure, and the next article comes."""
    newest_first = ids(replica)[::-1]
    replica.faults.add("redirect_off", article=newest_first[0])
    done = crawl(replica.env, tmp_path, "-amax_articles=1")
    assert "1 not fetched" in done.output
    assert [record["id"] for record in records(tmp_path)] == [newest_first[1]]
    assert {line.host for line in replica.log} <= {"www.kompas.com", "indeks.kompas.com"}


@pytest.mark.parametrize("path", ["^/global$", "page=2"])
def test_an_empty_page_hides_nothing(replica: Replica[Site], tmp_path: Path, path: str) -> None:
    """Where the front page or a page of the index is empty, the next run has everything."""
    replica.faults.add("empty", path=path, times=1)
    crawl(replica.env, tmp_path)
    crawl(replica.env, tmp_path)
    assert [record["id"] for record in records(tmp_path)] == ids(replica)


def test_start_articles_keep_to_limit_and_days(replica: Replica[Site], tmp_path: Path) -> None:
    """Two forms are one article; more starts than wanted are not asked for; days are heeded."""
    newest, *_, oldest = [replica.site.truth(article).url for article in ids(replica)[::-1]]
    crawl(
        replica.env, tmp_path, f"-astart_urls={oldest},{oldest}?page=2,{newest}", "-amax_articles=1"
    )
    assert [record["url"] for record in records(tmp_path)] == [oldest]
    assert len([line for line in replica.log if "/read/" in line.path]) == 1
    crawl(replica.env, tmp_path / "x", f"-astart_urls={oldest}", "-asince=2026-11-20")
    assert all(record["id"] > "2026-11-20" for record in records(tmp_path / "x"))


def test_a_window_holds_over_the_whole_crawl(tmp_path: Path) -> None:
    """Half of the requests that may be under way; what ends makes room, and each ends once."""
    addons = json.dumps({"tests.spiders.under_way.MostUnderWay": 300})
    with serve(Site(seed=3, articles=45)) as replica:
        done = crawl(replica.env, tmp_path, CONCURRENT_REQUESTS=6, ADDONS=addons)
    assert (done.status, len(records(tmp_path))) == (0, 45)
    assert "under way at most: 3, left open: 0" in done.output


class Busy(Site):
    """Publishes five articles while a crawl reads another article."""

    reads_left = 0

    def answer(self, request: Request) -> Reply:
        """Count the article pages."""
        if "/read/" in request.path:
            self.reads_left -= 1
            self.publish(5 * (self.reads_left == 0))
        return super().answer(request)


def test_what_comes_during_a_crawl_is_found(tmp_path: Path) -> None:
    """Article pages list the newest: the list is read again as soon as it differs."""
    with serve(Busy(seed=3, articles=30)) as replica:
        crawl(replica.env, tmp_path)
        replica.site.publish(12)
        replica.site.reads_left = 6
        crawl(replica.env, tmp_path)
        assert len(records(tmp_path)) == len(replica.site.stories) == 47
