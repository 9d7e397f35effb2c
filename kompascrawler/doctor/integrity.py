"""Whether the store is whole, and the published files hold what it says."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from kompascrawler.doctor.finding import Finding, Subject, shortened
from kompascrawler.outcome.terminal import moment
from kompascrawler.store.database import FILE_NAME
from kompascrawler.store.errors import parted
from kompascrawler.store.model import NoStore, OlderStore, StoreError
from kompascrawler.store.store import Reader, open_reader
from kompascrawler.store.tables import VERSION

_RESTORE = "put back a backup of the data folder; the crawler does not publish them again"


def store(subject: Subject) -> Iterator[Finding]:
    """Have SQLite read the whole database, and compare it with the published files."""
    folder = subject.data_dir
    try:
        with open_reader(folder) as reader:
            damage = reader.damage()
            if damage:
                backup = f"put back a backup of {folder / FILE_NAME}, or try `sqlite3 .recover`"
                yield Finding.fail("store", shortened(damage), backup)
                return
            articles = reader.counts().articles
            yield Finding.ok("store", f"whole, of version {VERSION}; {articles} articles")
            yield from _published(folder, reader)
    except NoStore:
        yield Finding.ok("store", "none yet; the first crawl makes it")
    except OlderStore as error:
        yield Finding.warn("store", str(error), "nothing; look again after the next crawl")
    except StoreError as error:
        cause, advice = parted(str(error))
        yield Finding.fail("store", cause, advice or "see what it says")


def left_alone(subject: Subject) -> Iterator[Finding]:
    """Name the hosts that runs leave alone, because they were refused there."""
    with suppress(StoreError), open_reader(subject.data_dir) as reader:  # `store` says so
        for breaker in reader.breakers():
            found = f"{breaker.host} is left alone since {moment(breaker.opened_at)} UTC"
            advice = "look at a page of it in a browser; --live asks it all the same"
            yield Finding.warn("breaker", f"{found}: {breaker.cause}", advice)


def _published(folder: Path, reader: Reader) -> Iterator[Finding]:
    """Compare the published files with what the store says of them."""
    stated = reader.published_files()
    missing, wrong = compare(folder, stated)
    if missing:
        found = f"{len(missing)} of {len(stated)} are not there: {shortened(missing)}"
        yield Finding.fail("published files", found, _RESTORE)
    if wrong:
        found = f"{len(wrong)} of {len(stated)} hold another number of lines: {shortened(wrong)}"
        yield Finding.fail("published files", found, _RESTORE)
    there = {str(path.relative_to(folder)) for path in folder.glob("articles/*/*.jsonl")}
    # What a crawl has published meanwhile is known by now.
    known = stated.keys() | reader.published_files().keys() | reader.planned_files()
    unknown = sorted(there - known)
    if unknown:
        found = f"{len(unknown)} are not of this store: {shortened(unknown)}"
        advice = "was the store put back from a backup? Their articles are fetched again"
        yield Finding.warn("published files", found, advice)
    if not (missing or wrong or unknown):
        records = sum(stated.values())
        yield Finding.ok("published files", f"{len(stated)}, with {records} records, as stated")


def compare(folder: Path, stated: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Return which files are missing, and which hold another number of lines than stated."""
    missing, wrong = [], []
    for file, records in stated.items():
        try:
            lines = (folder / file).read_bytes().count(b"\n")
        except FileNotFoundError:
            missing.append(file)
        else:
            if lines != records:
                wrong.append(f"{file} ({lines}, not {records})")
    return missing, wrong
