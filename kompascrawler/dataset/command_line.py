"""The commands of the data set but for the report and the duplicates: input and output."""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import chain
from math import inf
from pathlib import Path
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask
from typing import Final, TextIO, cast

from kompascrawler.cloud.objects import ObjectsError
from kompascrawler.cloud.publishing import Published, read_cursor
from kompascrawler.cloud.publishing import publish as publish_to
from kompascrawler.command import LazyCommand, program, say
from kompascrawler.dataset.dataset import Dataset
from kompascrawler.dataset.export import Export, card, format_of
from kompascrawler.dataset.forget import forget as forget_article
from kompascrawler.dataset.lines import Refused, Selection, parse_day, sums
from kompascrawler.dataset.lines import follow as follow_lines
from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.statistics import statistics
from kompascrawler.dataset.tables import refresh
from kompascrawler.dataset.verify import Verification, verify_bucket
from kompascrawler.dataset.verify import verify as verify_folder
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.sections import chosen_sections
from kompascrawler.store import manifest
from kompascrawler.store.disk import explained, replace
from kompascrawler.store.model import StoreError
from kompascrawler.store.publishing import GRACE, closed_before
from kompascrawler.store.store import held
from kompascrawler.terminal import counted, put, put_json, silence, tracked

_PAUSE: Final = 1.0
"""Seconds between two looks for news."""
_SHOWN: Final = 50
"""Findings that are printed; ``--json`` has all."""


def verify(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Compare, and mend where asked to; return 0 where all is sound, 3 where not."""
    if opts.remote:
        return _verify_bucket(command, args, opts)
    data_dir = _data_folder(command, args)
    repaired = repair(data_dir, run_id_of("repair")) if opts.repair else []
    found = verify_folder(data_dir)
    if opts.sums:
        _write(command, opts.sums, sums(data_dir))
    mending = "" if repaired else f"`{program()} verify --repair` mends it"
    said = chain(repaired, _lines(found, mending), _of_bucket(data_dir, found))
    return _tell(opts, found, said, repaired=repaired)


def _verify_bucket(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Compare the bucket; 7 where it cannot be used. The data folder may be elsewhere."""
    if args or opts.repair or opts.sums:
        command.refuse("--remote: give no arguments, --repair or --sums")
    url = _bucket(command)
    try:
        found = verify_bucket(url, command.data_dir)
    except ObjectsError as error:
        say(command.name, str(error))
        return ExitStatus.FAILED
    mending = f"`{program()} publish --again` mends what this data folder has published"
    return _tell(opts, found, [f"Bucket {url}", *_lines(found, mending)])


def _tell(
    opts: argparse.Namespace, found: Verification, said: Iterable[str], **about: object
) -> int:
    if opts.json:
        put_json({"sound": not found.findings, **asdict(found), **about})
    elif opts.sums != "-":
        put("\n".join(said), sys.stdout)
    return ExitStatus.STORE if found.findings else ExitStatus.FINE


def compact(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Make one file of those of each closed day; say how many there were."""
    data_dir = Dataset(_data_folder(command, args)).data_dir
    if opts.older_than < 1:
        command.refuse(f"--older-than {opts.older_than}: give days from 1")
    before = closed_before(datetime.now(UTC), opts.older_than)
    with held(data_dir, run_id_of("compact")) as store:
        removed = store.remove_replaced(GRACE)
        replaced = sum(iter(lambda: store.compact(before), 0))
    with explained("keep parquet/ current", data_dir):
        refresh(data_dir, float(command.setting("PARQUET_EVERY_SECONDS")))
    if opts.json:
        put(json.dumps({"replaced": replaced, "removed": removed}), sys.stdout)
    else:
        said = f"Replaced {counted(replaced, 'file')}"
        put(f"{said}; removed {removed:,} that were replaced before", sys.stdout)
    return ExitStatus.FINE


def follow(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Write the lines after a cursor to standard output, and wait for more if asked to."""
    data_dir = _data_folder(command, args)
    cursor = opts.cursor and Path(opts.cursor)
    if cursor and opts.after is not None:
        command.refuse("give --after or --cursor, not both")
    after = start = _read_cursor(cursor) if cursor else opts.after or 0
    with suppress(KeyboardInterrupt):
        for number, lines in _news(data_dir, start, wait=opts.wait):
            with _without_ctrl_c():  # what is written is counted
                _hand_over(lines, f"go on with --after {after}")
                after = number
                if cursor:
                    _write_cursor(cursor, after)
    if not cursor:
        say(command.name, f"the next time go on with --after {after}")
    return ExitStatus.FINE


def forget(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Take articles down, one after the other."""
    if not args or not (opts.why or "").strip():
        command.refuse("give --why and the articles, as YYYY-MM-DD-<number> or address")
    data_dir = Dataset(_data_folder(command, [])).data_dir
    ids = command.articles(args)
    front = chosen_sections(command.setting("SECTION")).parts[0].front.rstrip("/")
    unknown, waits = [], False
    for article_id in dict.fromkeys(ids):
        url = f"{front}/read/{article_id.replace('-', '/', 3)}" if opts.ahead else None
        if forget_article(data_dir, run_id_of("forget"), article_id, opts.why, url):
            put(f"Taken down: {article_id}", sys.stdout)
        else:
            unknown.append(article_id)
    if command.chosen["PUBLISH_URL"] and len(unknown) < len(set(ids)):
        waits = _bring_up_to_date(command, data_dir).cause is not None
    if waits:
        say(command.name, f"taken down here, and not in the bucket: try `{program()} publish`")
    if unknown:
        advice = "look at the number, or give --ahead: then it is never requested"
        say(command.name, f"no run has found {', '.join(unknown)} in {data_dir}: {advice}")
    return ExitStatus.FAILED if waits else ExitStatus.USAGE if unknown else ExitStatus.FINE


def publish(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Bring the bucket up to date; say what was copied, or why not."""
    data_dir = _data_folder(command, args)
    done = _bring_up_to_date(command, data_dir, again=opts.again)
    if opts.json:
        put(json.dumps(asdict(done)), sys.stdout)
    elif not done.cause:
        put(f"Copied {counted(done.copied, 'file')}; the bucket is up to date", sys.stdout)
    return ExitStatus.FAILED if done.cause else ExitStatus.FINE


def _bucket(command: LazyCommand) -> str:
    url: str = command.setting("PUBLISH_URL")
    if not url:
        command.refuse("PUBLISH_URL is not set: give the bucket, as s3://bucket/prefix")
    return url


def _bring_up_to_date(command: LazyCommand, data_dir: Path, *, again: bool = False) -> Published:
    url = _bucket(command)
    with held(data_dir, run_id_of("publish")):
        done = publish_to(data_dir, url, seconds=inf, again=again)
    if done.cause:
        say(command.name, done.cause)
    return done


def _news(data_dir: Path, start: int, *, wait: bool) -> Iterator[tuple[int, list[bytes]]]:
    path, after = data_dir / manifest.FILE_NAME, start
    while True:
        size = path.stat().st_size if path.exists() else 0
        for number, lines in follow_lines(data_dir, after):
            yield number, lines
            after = number
        if not wait:
            return
        while path.exists() and path.stat().st_size == size:
            time.sleep(_PAUSE)


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    before = pthread_sigmask(SIG_BLOCK, {SIGINT})
    try:
        yield
    finally:
        pthread_sigmask(SIG_SETMASK, before)


def _hand_over(lines: list[bytes], what: str) -> None:
    if cast("TextIO | None", sys.stdout) is None:
        raise StoreError(f"standard output is closed; {what}")
    try:
        sys.stdout.buffer.write(b"".join(lines))
        sys.stdout.buffer.flush()
    except OSError as error:
        silence(sys.stdout)
        raise StoreError(f"cannot write to standard output: {error.strerror}; {what}") from error


def _read_cursor(file: Path) -> int:
    """Return the number that a file holds; 0 where there is none yet. Raises Refused."""
    try:
        return int(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError) as error:
        raise Refused(f"--cursor {file}: it holds no number ({error})") from error


def _write_cursor(file: Path, number: int) -> None:
    try:
        replace(file, f"{number}\n".encode())
    except OSError as error:
        raise Refused(f"--cursor {file}: {error.strerror}; give --after {number}") from error


def _data_folder(command: LazyCommand, args: list[str]) -> Path:
    if args:
        command.refuse("give no arguments")
    if not command.data_dir.is_dir():
        raise StoreError(f"{command.data_dir.absolute()} is no folder")
    return command.data_dir


def run_id_of(action: str) -> str:
    """Return a name for what a command publishes."""
    return f"{action}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def _write(command: LazyCommand, file: str, text: str) -> None:
    if file == "-":
        put(text.removesuffix("\n"), sys.stdout)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        command.refuse(f"--sums {file}: {error.strerror}")


def _lines(found: Verification, mending: str) -> list[str]:
    """Return what is printed: what is wrong, and the sum of it, with what mends it."""
    findings = [f"{one.place}: {one.cause}" for one in found.findings]
    more = len(findings) - _SHOWN
    hidden = [f"… and {more} more; --json lists all"] if more > 0 else []
    what = f"{counted(found.records, 'record')} in {counted(found.files, 'file')}"
    if findings:
        advice = mending and f"; {mending}"
        end = f"Not sound: {counted(len(findings), 'finding')} for {what}{advice}"
    else:
        end = f"Sound: {what}, as published; the last has number {found.number}"
    return [*findings[:_SHOWN], *hidden, end]


def _of_bucket(data_dir: Path, found: Verification) -> Iterator[str]:
    """Say how far the copy is, where there is to be one; it is not read."""
    if cursor := read_cursor(data_dir):
        failed = f"; the last try failed: {cursor.cause}" if cursor.cause else ""
        yield f"Copied to {cursor.url} up to number {cursor.number} of {found.number}{failed}"


def export(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Export; return 0. Raises Refused and StoreError."""
    if len(args) != 1:
        command.refuse("give one OUT")
    if opts.append and opts.as_of is not None:
        command.refuse("--as-of: what is appended ends with the last file; leave one of them out")
    out = Path(args[0])
    try:
        form = format_of(out, opts.format)
        selection = Selection(
            since=parse_day("--since", opts.since),
            until=parse_day("--until", opts.until),
            complete=opts.complete,
            revisions=opts.revisions,
            deleted=opts.revisions,
            as_of=opts.as_of,
        )
        export = Export(Dataset(command.data_dir), out, form, selection, tracked)
        rows = export.run(append=opts.append)
    except (OSError, sqlite3.Error) as error:
        cause = getattr(error, "strerror", None) or error
        raise StoreError(f"cannot write {out}: {cause}. Mend that, and export again") from error
    say(command.name, f"{counted(rows, 'row')} to {out}; as of number {export.number}")
    return ExitStatus.FINE


def data_card(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:  # noqa: ARG001
    """Print the data card; return 0."""
    data_dir = _data_folder(command, args)
    found = statistics(Dataset(data_dir), chosen_sections(command.setting("SECTION")).names)
    put(card(found), sys.stdout)
    return ExitStatus.FINE
