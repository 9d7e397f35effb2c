"""Which pages the doctor looks at, and that they are few."""

import pytest

from kompascrawler.doctor.visit import MOST_REQUESTS, Reply
from tests.doctor.visiting import look_at

NOTHING = "no answer"


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"markup": "2024"},
        {"halaman": "mix"},
        {"halaman": "numbers_are_first", "internasional": "redirect"},
        {"index_global": False},
        {"articles": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_few_requests(options: dict[str, str], seed: int) -> None:
    """Some fourteen, each address once, robots.txt of each host before its first page."""
    _, visitor = look_at(None, seed=seed, **options)
    assert len(visitor.asked) <= MOST_REQUESTS
    assert len(set(visitor.asked)) == len(visitor.asked)
    assert [url for url in visitor.asked if url.endswith("robots.txt")] == [
        f"https://{host}/robots.txt" for host in visitor.robots
    ]


def test_an_article_of_several_pages_is_looked_at_three_ways() -> None:
    """As it is linked, with all pages, and its second page."""
    seen, visitor = look_at(halaman="ten_pages")
    (article,) = seen.articles
    assert [url for url in visitor.asked if "/read/" in url] == [
        article.reply.url + query for query in ("", "?page=all", "?page=2")
    ]


def test_nothing_is_looked_for_where_nothing_answers() -> None:
    """Two hosts without an answer are enough."""
    seen, _ = look_at(lambda url: Reply(url=url, problem=NOTHING))
    seen.robots = {}
    assert [str(answer) for answer in seen.replies] == [NOTHING] * 2
    assert seen.is_unreachable


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"problem": NOTHING}, True),
        ({"status": 503}, True),
        ({"status": 403}, False),
        ({"problem": "Forbidden by robots.txt", "is_ours": True}, False),
    ],
    ids=["no answer", "server errors", "refused", "forbidden"],
)
def test_unreachable(answer: dict[str, object], expected: bool) -> None:  # noqa: FBT001 - a table
    """A site that says no can be reached."""
    seen, _ = look_at(lambda url: Reply(url=url, **answer))  # type: ignore[arg-type]  # a table
    seen.robots = {}
    assert seen.is_unreachable is expected
