"""Pages that are no content, on every path of a crawl."""

import gzip
import json
from pathlib import Path

import pytest

from kompascrawler.store.store import open_reader
from tests.crawls import crawl, make_all_due, records, scrapy
from tests.replica.serve import serve
from tests.replica.site import Site


def test_on_every_path(tmp_path: Path) -> None:
    """Front page, archive, article, further page: never content, kept by cause, had later."""
    with serve(Site(seed=5, articles=6, halaman="all_is_first", layout="2021")) as replica:
        login, empty, *others = replica.site.stories
        paged = next(story for story in others if len(story.pages) > 1)
        replica.faults.load(
            [
                {"name": "maintenance", "path": "^/global$"},
                {"name": "consent", "host": "indeks.kompas.com", "path": "page=2", "times": 1},
                {"name": "login", "article": login.id},
                {"name": "empty", "article": empty.id},
                {"name": "consent", "article": paged.id, "path": "page=2"},
            ]
        )
        crawl(replica.env, tmp_path)
        with open_reader(tmp_path) as reader:
            causes = {failure.link.id: failure.cause for failure in reader.failures()}
        assert (causes.pop(login.id), causes.pop(empty.id)) == ("login", "empty")
        assert list(causes) == [paged.id]
        (first,) = (record for record in records(tmp_path) if record["id"] == paged.id)
        assert first["halaman"]["complete"] is False
        kept = gzip.decompress((tmp_path / "rejected" / f"{login.id}.html.gz").read_bytes())
        assert b'type="password"' in kept
        note = json.loads((tmp_path / "rejected" / f"{login.id}.json").read_text())
        assert note["reason"] == "login"

        replica.faults.clear()
        make_all_due(tmp_path)
        assert crawl(replica.env, tmp_path).status == 0
        found = [(record["id"], record["revision"]) for record in records(tmp_path)]
        expected = [(story.id, 1) for story in replica.site.stories] + [(paged.id, 2)]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("status", [200, 403])
def test_people_are_shown_what_came(status: int) -> None:
    """`scrapy fetch` prints the page; `scrapy parse` says in one line what it is."""
    with serve(Site(seed=5, articles=1)) as replica:
        replica.faults.add("challenge", path="/read/", status=status)
        url = replica.site.stories[0].url
        if status == 200:
            done = scrapy("parse", "--spider=kompas_global", url, env=replica.env)
            assert f"Refused: {url} (challenge page instead of content)" in done.errors
        else:
            done = scrapy("fetch", "--nolog", url, env=replica.env)
            assert "_cf_chl_opt" in done.output
    assert "Traceback" not in done.errors
