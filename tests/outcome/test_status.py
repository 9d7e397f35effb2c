"""How the crawler of a data folder is doing: put together from what runs leave behind."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.outcome.cards import (
    Counts,
    ExitStatus,
    Requests,
    RunCard,
    Verdict,
    forget_elsewhere,
    keep_elsewhere,
    write_card,
)
from kompascrawler.outcome.status import Lock, Queue, Status, queue_of, status_of
from kompascrawler.outcome.status_text import status_parts
from kompascrawler.store.database import FILE_NAME, VERSION
from kompascrawler.store.ledger import Day, Ledger
from kompascrawler.store.lock import RunLock
from kompascrawler.store.model import Breaker, Discovery, Failure, Link
from kompascrawler.store.store import Store
from kompascrawler.terminal import WIDTH, show
from tests.outcome.cards import a_card
from tests.store.synthetic import make_article

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CAUSE = "the site refuses us: 40 of 41 answers were 403 or 429, and more words than a line holds"
BLOCKED = replace(Verdict.of(ExitStatus.BLOCKED, CAUSE, "look at its robots.txt"), also=("budget",))


def at(minutes: float) -> str:
    """Return the time so many minutes after noon."""
    return (NOW + timedelta(minutes=minutes)).isoformat()


def look(folder: Path, *, runs: int = 10) -> Status:
    """Look at a folder at noon."""
    return status_of(folder, runs=runs, now=NOW)


Lines = Callable[[Status], list[str]]


@pytest.fixture
def lines_of(capsys: pytest.CaptureFixture[str]) -> Lines:
    """Return what shows a status at noon, as lines."""

    def lines(status: Status) -> list[str]:
        show(*status_parts(status, NOW))
        return capsys.readouterr().out.splitlines()

    return lines


@pytest.fixture
def used(tmp_path: Path) -> Path:
    """Return a data folder that five runs have used, the last of them in vain."""
    store = Store(tmp_path, "run", clock=lambda: NOW)
    links = [Link(make_article(n).id, make_article(n).url) for n in range(4)]
    store.learn(Discovery(links=links, opened=(None, links[0].id)))
    store.put(make_article(1))
    store.add_failure(links[2], "http 500")
    store.set_breaker(Breaker("www.kompas.com", "403 throughout", at(-30), 2, at(20)))
    store.close()
    for minutes in (-70, -55, -40, -25):
        write_card(tmp_path, a_card(at(minutes), seconds=62))
    write_card(
        tmp_path,
        replace(
            a_card(at(-10), verdict=BLOCKED),
            counts=Counts(new=123456, known=1234567, failed=7, refused=5, incomplete=98765),
            requests=Requests(total=1234567),
            bytes=98_765_432_100,
        ),
    )
    return tmp_path


def test_the_exit_status_is_that_of_the_latest_run(used: Path) -> None:
    """And the runs stand newest first, as many as were asked for."""
    status = look(used, runs=2)
    assert status.exit_status == 5
    assert [card.started_at for card in status.runs] == [at(-10), at(-25)]


def test_the_last_success_may_lie_behind_the_runs_shown(used: Path) -> None:
    """It is looked for among all cards."""
    success = look(used, runs=1).last_success
    assert success is not None
    assert success.started_at == at(-25)


def test_what_the_store_holds(used: Path) -> None:
    """Counts, retry queue, gaps and breakers are those of the store."""
    store = look(used).store
    assert store is not None
    assert (store.counts.articles, store.counts.waiting, store.counts.outbox) == (1, 3, 1)
    assert store.queue == Queue(waiting=1, due=0, given_up=0)
    assert [breaker.host for breaker in store.breakers] == ["www.kompas.com"]
    assert len(store.gaps) == 1


def test_who_is_at_work(used: Path, lines_of: Lines) -> None:
    """The run that holds the lock, while it holds it; no reader keeps it from being taken."""
    assert look(used).lock == Lock()
    lock = RunLock.take(used, "20261122T115500Z-aaaa")
    held = look(used).lock
    assert held is not None
    assert held.holder is not None
    assert held.holder.run_id == "20261122T115500Z-aaaa"
    lock.release()
    gone = look(used)
    assert gone.lock is not None
    assert (gone.lock.vanished, gone.exit_status) == (held.holder, 1)
    assert "has left no card: it was killed" in " ".join(" ".join(lines_of(gone)).split())
    write_card(used, replace(a_card(at(-5)), run_id="20261122T115500Z-aaaa"))
    assert look(used).lock == Lock()


def test_a_run_whose_card_the_folder_could_not_take(used: Path, lines_of: Lines) -> None:
    """After a full disk the cause is known all the same, until a later run keeps its card."""
    run_id = "20261122T115500Z-aaaa"
    RunLock.take(used, run_id).release()
    full = Verdict.of(ExitStatus.STORE, "the store failed: No space left on device", "make room")
    keep_elsewhere(used, replace(a_card(at(-5), verdict=full), run_id=run_id))
    status = look(used)
    assert status.lock == Lock()
    assert (status.exit_status, status.runs[0].run_id) == (3, run_id)
    assert "Why           the store failed: No space left on device" in lines_of(status)
    forget_elsewhere(used)
    assert look(used).exit_status == 1


def test_sizes(used: Path) -> None:
    """Every file counts where it belongs."""
    (used / "rejected").mkdir()
    (used / "rejected" / "x.html.gz").write_bytes(bytes(300))
    (used / "articles" / "day").mkdir(parents=True)
    (used / "articles" / "day" / "x.jsonl").write_bytes(bytes(2000))
    sizes = look(used).sizes
    assert sizes is not None
    assert (sizes.rejected, sizes.articles) == (300, 2000)
    assert sizes.state >= (used / FILE_NAME).stat().st_size
    assert sizes.free > 0


def test_nothing_is_written(used: Path) -> None:
    """The files that runs have left are the same afterwards, byte for byte."""

    def content() -> dict[str, bytes]:
        # SQLite keeps beside the database what its readers and writers share.
        files = [path for path in used.rglob("*") if path.is_file()]
        own = ("-wal", "-shm")
        return {str(path): path.read_bytes() for path in files if not path.name.endswith(own)}

    before = content()
    look(used)
    assert content() == before


@pytest.mark.parametrize(
    ("seconds", "state", "expected"),
    [
        (60, "waiting", Queue(waiting=1, due=0, given_up=0)),
        (-60, "waiting", Queue(waiting=1, due=1, given_up=0)),
        (-NOW.timestamp(), "waiting", Queue(waiting=1, due=1, given_up=0)),
        (10 * 86_400, "waiting", Queue(waiting=1, due=1, given_up=0)),
        (None, "given_up", Queue(waiting=0, due=0, given_up=1)),
        (None, "dropped", Queue(waiting=0, due=0, given_up=0)),
    ],
    ids=["later", "due", "a person wants it", "of another clock", "given up", "dropped"],
)
def test_the_retry_queue(seconds: float | None, state: str, expected: Queue) -> None:
    """What is due is what the store would hand out now."""
    now = NOW.timestamp()
    time = None if seconds is None else now + seconds
    failure = Failure(Link("2026-11-22-120000170", "https://…"), 1, "http 500", time, state)  # type: ignore[arg-type]  # parametrized
    assert queue_of([failure], now) == expected


# what may be wrong with the folder ---------------------------------------------------------------


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is no run that went well: a name mistyped in a monitor must not look fine."""
    status = look(tmp_path / "data")
    assert (status.exit_status, status.message) == (
        3,
        f"{tmp_path / 'data'} does not exist: name the crawler's data folder with -s DATA_DIR=…",
    )
    assert not (tmp_path / "data").exists()


def test_before_the_first_run(tmp_path: Path, lines_of: Lines) -> None:
    """A folder that is there and empty: status 0, and that is said."""
    status = look(tmp_path)
    assert (status.exit_status, status.runs) == (0, [])
    assert lines_of(status)[:2] == [
        f"Data folder   {tmp_path}",
        "Note          No run has left a card here yet.",
    ]
    assert list(tmp_path.iterdir()) == []


def _newer(path: Path) -> None:
    store = Store(path.parent, "run")
    with store._database.writing("change the version") as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    store.close()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda path: path.write_bytes(b"\x93garbage" * 999), "not a database"),
        (_newer, "newer kompascrawler"),
        (lambda path: path.unlink(missing_ok=True), "is gone"),
    ],
    ids=["damaged", "newer", "gone"],
)
def test_a_store_that_cannot_be_read(tmp_path: Path, damage: object, says: str) -> None:
    """Status 3 and why; the runs are shown all the same."""
    write_card(tmp_path, a_card(at(-10)))
    damage(tmp_path / FILE_NAME)  # type: ignore[operator]  # parametrized
    status = look(tmp_path)
    assert (status.exit_status, len(status.runs)) == (3, 1)
    assert says in str(status.message)


def test_a_store_of_an_older_version(tmp_path: Path) -> None:
    """That is no failure: it is said, and that the next crawl sees to it."""
    store = Store(tmp_path, "run")
    with store._database.writing("change the version") as db:
        db.execute(f"PRAGMA user_version = {VERSION - 1}")
    store.close()
    write_card(tmp_path, a_card(at(-10)))
    status = look(tmp_path)
    assert (status.exit_status, status.store) == (0, None)
    assert "the next crawl brings it up to date" in str(status.message)


def test_a_folder_of_another_user(used: Path, nobody: Callable[[], Any]) -> None:
    """Who may not look is told so, with status 3."""
    with nobody():  # the tests' folders are closed to others
        status = look(used)
    assert (status.exit_status, "Permission denied" in str(status.message)) == (3, True)


def test_a_damaged_card_is_passed_over(used: Path) -> None:
    """The other runs are shown."""
    (used / "runs" / "20261122T115900Z-dead.json").write_text("{")
    assert len(look(used).runs) == 5


# how it is shown ---------------------------------------------------------------------------------


def test_the_lines_fit_a_terminal(used: Path, lines_of: Lines) -> None:
    """80 columns hold the largest figures, and each thing that is asked for has its line."""
    lines = lines_of(look(used))
    assert lines[0] == f"Data folder   {used.absolute()}"  # however long it is
    assert max(map(len, lines[1:])) <= WIDTH
    labels = {line[:13].strip() for line in lines}
    assert labels >= {
        *("Running", "Why", "Also", "What to do", "Last success", "Next run", "Store", "To fetch"),
        *("Breaker open", "Gaps", "Disk"),
    }


def test_a_run_as_a_row(used: Path, lines_of: Lines) -> None:
    """Start, duration, verdict and figures of a run, under their names."""
    _, _, head, _, row, *_ = lines_of(look(used))
    assert head.split() == [
        *("start", "(UTC)", "took", "verdict", "new", "known", "failed", "incompl", "requests"),
        "MB",
    ]
    assert row.split() == ["2026-11-22", "11:35", "1m02s", "0", "fine", *"00000", "0.0"]


def test_the_next_run_is_called_an_estimate(used: Path, lines_of: Lines) -> None:
    """One step after the latest, where runs are regular."""
    text = "\n".join(lines_of(look(used)))
    assert "Next run      2026-11-22 12:05 UTC, in 5m00s (an estimate" in text


def test_json_holds_the_same(used: Path) -> None:
    """One object with names a program can use, the cards whole."""
    status = look(used)
    told = json.loads(json.dumps(status.as_dict()))
    assert told["exit_status"] == 5
    assert told["last_success"]["ended_at"].startswith("2026-11-22T11:36:02")
    assert told["breakers"][0]["host"] == "www.kompas.com"
    assert told["retry_queue"] == {"waiting": 1, "due": 0, "given_up": 0, "died_on": []}
    assert told["store"]["articles"] == 1
    assert told["runs"][0]["verdict"]["name"] == "blocked"
    assert told["next_due_estimate"] == at(5)


def test_a_run_of_negative_length(tmp_path: Path, lines_of: Lines) -> None:
    """A clock that was set back in the middle of a run makes no negative duration."""
    card: RunCard = a_card(at(-10), seconds=-300)
    write_card(tmp_path, card)
    Store(tmp_path, "run").close()
    assert "0 s" in lines_of(look(tmp_path))[3]


def test_repeated_lines_of_the_latest_run_that_has_some(tmp_path: Path, lines_of: Lines) -> None:
    """What many articles share is shown until a later run names something else."""
    Store(tmp_path, "run").close()
    write_card(tmp_path, replace(a_card(at(-30)), repeated_lines=("in 3 of 9 articles: Lama",)))
    write_card(tmp_path, replace(a_card(at(-20)), repeated_lines=("in 4 of 9 articles: Baru",)))
    write_card(tmp_path, a_card(at(-10)))
    shown = " ".join(" ".join(lines_of(look(tmp_path))).split())
    assert "in 4 of 9 articles: Baru" in shown
    assert "Lama" not in shown


def test_sections_are_told_apart(tmp_path: Path, lines_of: Lines) -> None:
    """The days, the articles and the retry queue of each, where there are several."""
    with closing(Store(tmp_path, "run", clock=lambda: NOW)) as store:
        links = [Link(make_article(n).id, make_article(n).url) for n in range(3)]
        money = "2026-11-12-000000026"
        url = "https://money.kompas.com/read/2026/11/12/000000026/x"
        store.learn(Discovery(links=[*links, Link(money, url)]))
        for link in (links[0], links[1], Link(money, url)):
            store.add_failure(link, "http 500")
    ledger = Ledger(tmp_path, "money")
    ledger.append([Day(day=NOW.date(), section="money", listed=3, have=2, missing=(money,))])
    write_card(tmp_path, replace(a_card(at(-10)), sections={"money": 2}))
    found = status_of(tmp_path, runs=1, now=NOW, sections=["global", "money"])
    told = found.as_dict()["sections"]
    assert (told["global"]["have"], told["global"]["retry_queue"]["waiting"]) == (0, 2)
    assert (told["money"]["have"], told["money"]["retry_queue"]["waiting"]) == (2, 1)
    said = " ".join(" ".join(lines_of(found)).split())
    assert "global 0 closed by their own listing, 0 open; retry queue: 2 waiting, 0 given" in said
    assert "money 0 closed by their own listing, 1 open; 1 articles missing" in said
