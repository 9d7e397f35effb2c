"""Nothing outside the section's hosts is ever asked for, whatever a page or a redirect says."""

from pathlib import Path

from kompascrawler.store.store import open_reader
from tests.crawls import crawl, make_all_due, records
from tests.replica.exchange import Reply, Request
from tests.replica.serve import serve
from tests.replica.site import Site

HOSTS = {"www.kompas.com", "internasional.kompas.com", "indeks.kompas.com"}
ELSEWHERE = (
    "https://example.com/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://localhost:9/",
    "http://127.0.0.1:9/",
    "http://[::1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "https://www.kompas.com@example.com{path}",
    "https://www.kompas.com:pass@10.0.0.1{path}",
    "https://user@www.kompas.com{path}",
    "https://www.kompas.com:8443{path}",
    "http://www.kompas.com:22{path}",
    "https://www.kompas.com.example.com{path}",
    "https://tv.kompas.com{path}",
    "file:///etc/passwd",
    "ftp://www.kompas.com{path}",
    "//example.com{path}",
    "https://www.kompas.com%2f@example.com{path}",
    "https://www.kompas.com\\@example.com{path}",
    "http://[",
    "https://www.kompas.com:99999999{path}",
)
"""Where redirects lead; {path} stands for the article's."""


class EveryHost(Site):
    """A site that has every host there is: what leaves the section arrives, and is seen."""

    def serves(self, host: str) -> bool:
        """Serve all."""
        return bool(host)

    def answer(self, request: Request) -> Reply:
        """Answer other hosts with a page."""
        if super().serves(request.host):
            return super().answer(request)
        return Reply(body=b"<html><body><h1>Di luar</h1></body></html>")


def test_redirects(tmp_path: Path) -> None:
    """A redirect elsewhere fails its article, and no more; each comes when the site is sane."""
    with serve(EveryHost(seed=5, articles=len(ELSEWHERE) + 2)) as replica:
        *stories, looping, normal = replica.site.stories
        for story, location in zip(stories, ELSEWHERE, strict=True):
            # An answer that is tried again first: Scrapy would let what follows pass.
            replica.faults.add("503", article=story.id, times=1)
            replica.faults.add("redirect_to", article=story.id, location=location)
        replica.faults.add("redirect_loop", article=looping.id)
        crawl(replica.env, tmp_path, RETRY_TIMES=1)
        assert {line.host for line in replica.log} <= HOSTS
        assert {line.scheme for line in replica.log} == {"https"}
        loop = [line for line in replica.log if looping.id.replace("-", "/") in line.path]
        assert len(loop) == 2 * 6  # of two forms, the first and REDIRECT_MAX_TIMES more
        assert [record["id"] for record in records(tmp_path)] == [normal.id]
        with open_reader(tmp_path) as reader:
            assert {failure.tries for failure in reader.failures()} == {1}

        replica.faults.clear()
        make_all_due(tmp_path)
        assert crawl(replica.env, tmp_path).status == 0
        assert [record["id"] for record in records(tmp_path)] == sorted(
            story.id for story in replica.site.stories
        )


def test_links(tmp_path: Path) -> None:
    """Links elsewhere on a listing and in articles are not followed."""
    with serve(EveryHost(seed=5, articles=3)) as replica:
        path = "/global/read/2026/11/20/100000070/judul"
        links = "".join(f'<a href="{there}">x</a>' for there in ELSEWHERE).replace("{path}", path)
        plain = replica.faults.answer

        def answer(request: Request, site: object) -> Reply:
            reply = plain(request, replica.site.answer)
            body = reply.body.replace(b"<a ", links.encode() + b"<a ", 1)
            return Reply(status=reply.status, body=body, content_type=reply.content_type)

        replica.faults.answer = answer  # type: ignore[method-assign]  # to stand in
        crawl(replica.env, tmp_path)
        assert {(line.host, line.scheme) for line in replica.log} <= {(h, "https") for h in HOSTS}
        assert len(records(tmp_path)) == 3


def test_https_is_kept(tmp_path: Path) -> None:
    """A redirect to http is followed over https: the article is had, and nothing goes plain."""
    with serve(Site(seed=5, articles=2)) as replica:
        location = "http://www.kompas.com{path}?page=all"
        replica.faults.add("redirect_to", path="/read/", location=location, times=2)
        assert crawl(replica.env, tmp_path).status == 0
        assert {line.scheme for line in replica.log} == {"https"}
    assert len(records(tmp_path)) == 2
