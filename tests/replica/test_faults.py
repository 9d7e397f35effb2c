"""Faults strike what they are for, as often as was ordered."""

import pytest

from tests.replica import Reply, Request
from tests.replica.faults import FAULTS, Faults

URL = "https://www.kompas.com/global/read/2026/11/19/101010070/slug?page=all"
ID = "2026-11-19-101010070"
FINE = Reply(body=b"x" * 100)


def answer(faults: Faults, url: str = URL) -> Reply:
    """Answer a request under the faults."""
    return faults.answer(Request.get(url), lambda _: FINE)


@pytest.mark.parametrize("status", ["403", "404", "429", "500", "503"])
def test_statuses_replace_the_answer(status: str) -> None:
    """A fault named after a status answers that status, Retry-After where given."""
    faults = Faults()
    faults.add(status, retry_after=7)
    reply = answer(faults)
    assert (reply.status, reply.headers) == (int(status), {"Retry-After": "7"})


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("slow", {"seconds": 2}, Reply(body=FINE.body, delay=2.0)),
        ("drop", {}, Reply(cut=0)),
        ("truncate", {"share": 0.25}, Reply(body=FINE.body, cut=25)),
        ("empty", {}, Reply()),
    ],
)
def test_other_faults(name: str, options: dict[str, float], expected: Reply) -> None:
    """Slow, dropped, truncated and empty answers."""
    faults = Faults()
    faults.add(name, **options)
    assert answer(faults) == expected


def test_robots_deny_forbids_everything_and_leaves_pages_alone() -> None:
    """Only robots.txt changes."""
    faults = Faults()
    faults.add("robots_deny")
    assert b"Disallow: /\n" in answer(faults, "https://www.kompas.com/robots.txt").body
    assert answer(faults) == FINE


def test_a_fault_strikes_so_often() -> None:
    """After ``times`` requests the site answers again."""
    faults = Faults()
    faults.add("500", times=2)
    assert [answer(faults).status for _ in range(4)] == [500, 500, 200, 200]


@pytest.mark.parametrize(
    ("where", "strikes"),
    [
        ({"article": ID}, True),
        ({"article": "2026-11-19-101010170"}, False),
        ({"path": r"page=all$"}, True),
        ({"path": r"^/tren"}, False),
        ({"host": "www.kompas.com"}, True),
        ({"host": "indeks.kompas.com"}, False),
        ({"host": "www.kompas.com", "path": "/nowhere"}, False),
    ],
)
def test_a_fault_strikes_what_it_is_for(where: dict[str, str], strikes: bool) -> None:  # noqa: FBT001  # a table
    """Article, path and host all have to fit."""
    faults = Faults()
    faults.add("500", **where)
    assert (answer(faults).status == 500) is strikes


def test_the_first_fault_ordered_wins_while_it_lasts() -> None:
    """A second fault for the same address waits until the first is used up."""
    faults = Faults()
    faults.load([{"name": "503", "times": 1}, {"name": "404"}])
    assert [answer(faults).status for _ in range(3)] == [503, 404, 404]


def test_clear_ends_every_fault() -> None:
    """After ``clear`` the site answers."""
    faults = Faults()
    faults.add("500")
    faults.clear()
    assert answer(faults) == FINE


def test_unreachable_is_of_hosts_not_of_requests() -> None:
    """An unreachable host refuses connections; requests of others are answered."""
    faults = Faults()
    faults.add("unreachable", host="indeks.kompas.com", times=1)
    assert answer(faults) == FINE
    assert [faults.refuses("www.kompas.com"), faults.refuses("indeks.kompas.com")] == [False, True]
    assert not faults.refuses("indeks.kompas.com")


def test_an_unknown_name_is_refused() -> None:
    """The error names the faults that there are."""
    with pytest.raises(ValueError, match="truncate"):
        Faults().add("nothing_of_the_kind")


def test_every_registered_fault_can_be_ordered() -> None:
    """The registry holds what ``add`` accepts."""
    faults = Faults()
    for name in FAULTS:
        faults.add(name, times=0)
    assert answer(faults) == FINE


def test_rewriting_changes_a_share_of_the_articles_and_every_other_page() -> None:
    """Always the same articles, by rules that follow one another."""
    faults = Faults()
    faults.add("rewrite", rules=[("x{50}", "y"), ("yy", "z")], share=0.3)
    path = "https://www.kompas.com/global/read/2026/11/19/10101{}070/slug"
    first, again = ([answer(faults, path.format(n)).body for n in range(10)] for _ in range(2))
    assert first == again
    assert set(first) == {b"z", FINE.body}
    assert answer(faults, "https://www.kompas.com/global").body == b"z"
