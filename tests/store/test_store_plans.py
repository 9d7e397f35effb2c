"""No statement of a run looks at every article or link: what a run costs does not grow."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from kompascrawler.store import looks, reader
from kompascrawler.store.model import AlreadyStored, Discovery, Gap, Validators
from kompascrawler.store.store import Store
from tests.store.synthetic import Clock, make_article
from tests.store.test_links import MID, NEW, OLD
from tests.store.test_reader import BREAKER
from tests.store.test_records_revisions import article

GROWING: Final = {"article", "attempt", "capture", "link", "page", "sketch_key"}
"""Tables that hold a row or more for every article."""
BOUNDED: Final = re.compile(
    r"SELECT url FROM link WHERE first_seen_at <= \S+ ORDER BY id DESC LIMIT \d+"
)
"""A scan that ends after a few rows."""


class Asked:
    """A store that notes what was called."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.names: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self._store, name)


def replace_files(store: Any) -> None:
    """Have another file of a day published, and both replaced by one."""
    store.put(make_article(10))
    store.publish()
    assert store.spare_files(date(2027, 1, 1)) == 1
    assert store.compact(date(2027, 1, 1)) == 2
    assert store.remove_replaced(timedelta(seconds=-1)) == 2
    assert store.forget(make_article(10).id, "asked")
    assert store.taken_down()
    assert not store.put_again(make_article(10))
    assert store.entries(0)
    assert store.current_entries()
    store.replaced_files(1)
    assert store.captures(make_article(10).id, 1) == []
    assert store.with_payload(1, b"digest") is None
    with store.transaction("look"):
        pass


def exercise(store: Any) -> None:
    """Have a store do all that a run, and a person beside it, has it do."""
    front = "https://www.kompas.com/global"
    opened = store.learn(Discovery(links=[OLD, MID, NEW._replace(found_on=front)], newest=NEW.id))
    opened = store.learn(Discovery(opened=(None, NEW.id), oldest=OLD.id))
    gap: Gap = opened.gap
    store.learn(Discovery(lowered=gap._replace(high=MID.id)))
    store.learn(Discovery(closed=gap))
    store.due()
    store.due(oldest=OLD.id, newest=MID.id)
    store.add_failure(MID, "timeout")
    store.failures()
    store.failing(OLD.id)
    store.drop([OLD.id])
    store.retry()
    store.retry([OLD.id])
    store.under_way.begin(MID)
    assert store.note_deaths() == [MID]
    store.due(deadly=True)
    for number in (1, 2):
        store.put(article(number))
    with pytest.raises(AlreadyStored):
        store.put(article(1))
    whole = make_article(5)
    store.put(whole)
    store.put(make_article(6, text=f"{whole.text} akhir kata"))
    for repeated in (make_article(7, text=whole.text), make_article(8, text=f"Baru {whole.text}")):
        assert store.find_duplicate(repeated).id == whole.id
        store.similar(repeated)
    store.publish()
    assert store.is_known(make_article(5))
    assert store.record(whole.id).text == whole.text
    assert not store.end_look(whole.id, "failed", "timeout")
    assert not store.end_look(whole.id, "gone")
    store.keep_validators(whole.id, Validators(whole.url, "x", None))
    store.due_looks(30)
    assert not store.bring_forward(whole.id, None)
    assert list(store.settled(whole.id))
    replace_files(store)
    for ask in (store.history, store.attempts, store.revisions, store.is_found):
        ask(whole.id)
    store.newest_addresses(5)
    store.is_stored(whole.id)
    store.is_settled(whole.id)
    store.counts()
    store.set_breaker(BREAKER)
    store.breakers()
    store.close_breaker(BREAKER.host)
    store.add_measures({"title": (1, 2)})
    store.measures()
    store.stored_on(date.fromisoformat(whole.id[:10]))
    for question in (store.newest_listed, store.news_times, store.oldest_asked, store.gaps):
        question()


def public(kind: type) -> set[str]:
    """Return what a class has for others to call."""
    return {name for name in dir(kind) if not name.startswith("_")} - {"close"}


def scans(store: Store, statement: str) -> list[str]:
    """Return the tables that grow and that a statement reads from end to end."""
    with store._database.reading() as db:
        partial = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%) WHERE %'"
            )
        ]
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]
    small = {"bound", "breaker", "gap", "measured", "outbox", "revisit", "CONSTANT"}
    small |= {"removed", "taken_down"}
    found = [re.match(r"SCAN (\S+)(?:.* INDEX (\w+))?", step) for step in plan]
    return [
        step[0]
        for step in found
        if step and step[1] not in small and step[2] not in partial and "(" not in step[1]
    ]


def test_no_statement_scans_what_grows(tmp_path: Path) -> None:
    """Each one that a full exercise has the database run; an alias counts as a table that grows."""
    store = Store(tmp_path / "data", "run", clock=Clock())
    statements: set[str] = set()
    asked = Asked(store)
    with store._database.reading() as db:
        db.set_trace_callback(statements.add)
        exercise(asked)
        db.set_trace_callback(None)
    assert asked.names - {"under_way"} == public(Store)
    planned = {
        statement
        for statement in statements
        if re.match(r"SELECT|INSERT|UPDATE|DELETE|WITH", statement)
    }
    assert len(planned) > 40
    scanning = {
        statement: found
        for statement in planned
        if not BOUNDED.fullmatch(statement) and (found := scans(store, statement))
    }
    assert scanning == {}
    store.close()


def test_what_is_to_be_looked_at_is_found_by_its_time(store: Store) -> None:
    """Nothing due costs one step in an index, however many articles wait for their time."""
    asked = {looks._DUE: (1,), looks._SETTLED: ("", "~", 30)}
    with store._database.reading() as db:
        plans = [
            [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in asked.items()
        ]
    assert plans[0][0] == "SEARCH revisit USING INDEX revisit_by_time (next_look<?)"
    assert not any(step.startswith("SCAN") for plan in plans for step in plan)


def test_what_is_left_alone_is_counted_by_an_index_alone(store: Store) -> None:
    """A look at each of these articles was nearly all of what counting a million cost."""
    with store._database.reading() as db:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {reader._COUNTS}")]
    links = [step for step in plan if " link " in f"{step} "]
    assert links == [
        "SCAN link USING INDEX waiting",
        *["SEARCH link USING COVERING INDEX left_alone (state=?)"] * 2,
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM article",
        "SELECT url FROM link WHERE url = 'x'",
        "SELECT later.id FROM article AS later WHERE later.pages = 2",
        "UPDATE article SET file = outbox.file FROM outbox WHERE outbox.article = article.number",
    ],
)
def test_a_scan_is_found(store: Store, statement: str) -> None:
    """The check can fail: also on the update that it was written for."""
    assert scans(store, statement)
