"""``kompascrawler replay --warc``: input and output."""

import argparse
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from kompascrawler.command import LazyCommand
from kompascrawler.dataset.command_line import run_id_of, tracked
from kompascrawler.identity import ArticleAddress
from kompascrawler.items import Article
from kompascrawler.outcome.terminal import counted, put_json, show, text
from kompascrawler.outcome.verdict import ExitStatus
from kompascrawler.replay.article import Refused
from kompascrawler.replay.foreign import Collection, best_of, stamped
from kompascrawler.replay.sources import sources_of
from kompascrawler.replay.work import MOST_MESSAGES, Call, chosen_articles, reading, write_day
from kompascrawler.run.reader import ReaderFailed
from kompascrawler.sections import chosen_sections
from kompascrawler.store.records import to_line

if TYPE_CHECKING:
    from kompascrawler.outcome.terminal import Drawn


@dataclass(slots=True)
class Report:
    """What sources hold."""

    sources: int
    records: int = 0
    whole: int = 0
    unknown: int = 0
    """Articles of which nobody knows whether they are whole."""
    not_whole: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    passed: dict[str, int] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)

    def add(self, article: Article) -> None:
        """Count an article."""
        complete = article.halaman.complete
        self.whole += complete is True
        self.unknown += complete is None
        if complete is False:
            self.not_whole.append(article.id)


def replay_foreign(command: LazyCommand, opts: argparse.Namespace, out: Path | None) -> int:
    """Read sources, and write where asked to; 3 where something of them cannot be read.

    Raises Refused and StoreError.
    """
    for name in ("publish", "run"):
        if getattr(opts, name):
            command.refuse(f"--{name}: not with --warc, which knows of no runs and no data folder")
    section = chosen_sections(command.chosen["SECTION"])
    ids, since, until = chosen_articles(command, opts)
    first, last = str(since or ""), f"{until or '9999-12-31'}~"

    def wants(address: ArticleAddress) -> bool:
        is_chosen = first <= address.id <= last and (not ids or address.id in ids)
        return is_chosen and section.holds(address)

    sources = sources_of(opts.warc)
    report = Report(len(sources))
    with ExitStack() as stack:
        call = stack.enter_context(reading(command))
        found = stack.enter_context(closing(Collection(wants, call)))
        for source in tracked(sources, "Files"):
            found.add(source)
        _write(found, call, report, out, run_id_of(command.name))
        report.records, report.damaged = found.records, found.damage
        report.passed = dict(found.passed.most_common())
    if opts.json:
        put_json(asdict(report))
    else:
        show(*_shown(report))
    return ExitStatus.STORE if report.damaged else ExitStatus.FINE


def _write(found: Collection, call: Call, report: Report, out: Path | None, run_id: str) -> None:
    """Make the records, and write them day by day."""
    made = _articles(found, call, report)
    for day, articles in groupby(made, lambda article: article.id[:10]):
        lines = []
        for article in articles:
            report.add(article)
            lines.append(to_line(stamped(article, run_id)))
        if out is not None:
            write_day(out, day, lines)


def _articles(found: Collection, call: Call, report: Report) -> Iterator[Article]:
    for article_id, captures in found.articles():
        try:
            made: Article | Refused = call([one.body for one in captures], best_of, captures)
        except ReaderFailed as failure:
            made = Refused("unreadable", f"its pages cannot be read: {failure}")
        if isinstance(made, Article) and made.id != article_id:
            made = Refused("another_article", f"its pages are those of {made.id}")
        if isinstance(made, Article):
            yield made
        else:
            report.refused[article_id] = made.message


def _shown(report: Report) -> "Iterator[Drawn]":
    """Yield what is printed for people."""
    yield text(f"{counted(report.sources, 'file')}, {counted(report.records, 'record')}")
    yield text(f"{counted(report.whole, 'article')} whole")
    if report.unknown:
        yield text(f"{counted(report.unknown, 'article')} that may or may not be whole")
    if report.not_whole:
        yield text(f"{counted(len(report.not_whole), 'article')} not whole")
    for cause, number in report.passed.items():
        yield text(f"{counted(number, 'answer')} passed over: {cause}")
    refused = [f"{article_id}: {message}" for article_id, message in report.refused.items()]
    for line in islice(refused, MOST_MESSAGES):
        yield text(line, "yellow")
    for line in islice(report.damaged, MOST_MESSAGES):
        yield text(line, "red")
