"""What a run was reading when it died counts as a try of it."""

from pathlib import Path

from kompascrawler.store.links import DIED, UNDER_WAY
from kompascrawler.store.model import Link
from kompascrawler.store.store import Store

DEADLY, OTHER = (
    Link(f"2026-11-26-06000{n}370", f"https://www.kompas.com/global/read/2026/11/26/06000{n}370/a")
    for n in range(2)
)


def die(data_dir: Path, number: int) -> list[Link]:
    """Have a run note what earlier ones died on, then die while it reads an article."""
    store = Store(data_dir, f"run-{number}")
    noted = store.note_deaths()
    store.under_way.begin(OTHER)
    store.under_way.end(OTHER.id)
    store.under_way.begin(DEADLY)
    store.close()
    return noted


def test_three_deaths_give_an_article_up(tmp_path: Path) -> None:
    """Each is a try of the run that died; until then the article is due at once, behind all."""
    assert [die(tmp_path, number) for number in range(3)] == [[], [DEADLY], [DEADLY]]
    store = Store(tmp_path, "run-3")
    store.add_failure(OTHER, "http 503")
    store.retry([OTHER.id])
    assert (store.due(), store.due(deadly=True)) == ([OTHER], [DEADLY])
    assert store.note_deaths() == [DEADLY]
    assert (store.due(), store.due(deadly=True)) == ([OTHER], [])
    history = store.history(DEADLY.id)
    assert history is not None
    assert (history.state, history.tries, history.cause) == ("given_up", 3, DIED)
    assert [attempt.run_id for attempt in history.attempts] == ["run-0", "run-1", "run-2"]
    store.retry([DEADLY.id])
    assert store.due(deadly=True) == [DEADLY]


def test_another_cause_begins_the_count_anew(tmp_path: Path) -> None:
    """Only tries in a row that all ended so give an article up."""
    die(tmp_path, 0)
    die(tmp_path, 1)
    store = Store(tmp_path, "run-2")
    store.note_deaths()
    store.add_failure(DEADLY, "http 503")
    store.under_way.begin(DEADLY)
    store.close()
    store = Store(tmp_path, "run-3")
    store.note_deaths()
    assert store.due(deadly=True) == [DEADLY]


def test_a_note_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    """And so is anything else that is no note."""
    die(tmp_path, 0)
    path = tmp_path / UNDER_WAY
    path.write_bytes(b"[]\n\xff\n" + path.read_bytes() + path.read_bytes()[:20])
    store = Store(tmp_path, "run-1")
    assert store.note_deaths() == [DEADLY]
    assert store.note_deaths() == []
