"""A run's statistics as the figures of its card."""

from kompascrawler.outcome import card
from kompascrawler.outcome.card import Counts, Requests

STATS = {
    "discovery/new": 3, "discovery/known": 2, "store/articles": 2, "halaman/all": 1,
    "halaman/single": 1, "halaman/incomplete": 1, "refusals/given_up": 1, "store/given_up": 2,
    "wire/requests": 9, "wire/bytes": 100, "wire/answers/robots/200": 1,
    "wire/answers/article/200": 3, "wire/answers/article/503": 2, "wire/unanswered/front": 1,
    "wire/cancelled/browser": 2,
}  # fmt: skip


def test_articles() -> None:
    """What was found is what was known and what was not; what did not happen counts 0."""
    assert card.counts(STATS) == Counts(
        found=5, known=2, new=2, incomplete=1, given_up=3
    )  # fmt: skip
    assert card.counts({}) == Counts()


def test_requests_add_up() -> None:
    """Each has a kind, and a status or none."""
    requests = card.requests(STATS)
    assert requests.by_kind == {"article": 5, "browser": 2, "front": 1, "robots": 1}
    assert requests.by_status == {"200": 4, "503": 2, "none": 3}
    assert sum(requests.by_kind.values()) == sum(requests.by_status.values()) == requests.total
    assert card.requests({}) == Requests()


def test_routes() -> None:
    """Only of routes that were gone."""
    assert card.routes(STATS) == {"single": 1, "all": 1}
