"""What can go wrong for the commands of the data set, and what each says of it."""

import resource
import shutil
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Final

import pytest
import trustme

from kompascrawler import settings
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.store import manifest
from kompascrawler.store.lock import RunLock
from kompascrawler.store.manifest import Entry
from kompascrawler.store.store import Store
from tests.cloud.bucket import environment, failing
from tests.dataset.folders import OF_FILES, OF_MANIFEST, OF_STORE, Damage
from tests.dataset.test_lines import LATER
from tests.replay.foreign_files import Warc
from tests.store.synthetic import make_article

FINE, USAGE, STORE, FAILED, UNREACHABLE, LOCKED = (
    ExitStatus.FINE, ExitStatus.USAGE, ExitStatus.STORE, ExitStatus.FAILED,
    ExitStatus.UNREACHABLE, ExitStatus.LOCKED,
)  # fmt: skip
READERS: Final = ("follow", "export", "duplicates", "data-card", "report")
WRITERS: Final = ("compact", "forget")
GIVEN: Final[Mapping[str, Sequence[str]]] = {
    "compact": ("--older-than", "1"),
    "export": ("OUT.csv",),
    "report": ("OUT.html",),
    "forget": (make_article(1).id, "--why", "asked"),
    "verify --repair": ("--repair",),
    "verify --remote": ("--remote",),
    "verify of no bucket": ("--remote",),
    "export to an unknown format": ("OUT.docx",),
    "export of a time that never was": ("OUT.csv", "--since", "2026-02-30"),
    "export as of a number to come": ("OUT.csv", "--as-of", "99"),
    "export into the data folder": ("DATA/articles.csv",),
    "report to an unknown format": ("OUT.pdf",),
    "follow from a number to come": ("--after", "99"),
    "forget without a reason": (make_article(1).id,),
    "forget what no run has found": (make_article(5).id, "--why", "asked"),
    "duplicates with none to show": ("--most", "0"),
    "replay of a file that is not there": ("--warc", "OUT.warc.gz"),
    "replay of an address of ftp": ("--warc", "ftp://one/a.warc.gz"),
    "replay --warc": ("--warc", "DATA/a.warc.gz"),
    "replay --warc --out": ("--warc", "DATA/a.warc.gz", "--out", "ELSEWHERE/out"),
    "replay --warc s3://": ("--warc", "s3://bucket/in"),
    "replay --warc --out s3://": ("--warc", "DATA/a.warc.gz", "--out", "s3://bucket/out"),
    "replay --scheduler": (
        *("--scheduler", "tls://127.0.0.1:PORT", "--tls-ca", "DATA/ca.pem"),
        *("--tls-cert", "DATA/cert.pem", "--tls-key", "DATA/key.pem"),
    ),
}
"""Arguments of a command, by what docs/faults.md calls it; its first word is its name."""
Plant = Callable[[Path], AbstractContextManager[object]]
"""Brings a fault about in a data folder; may give a port, which stands for PORT."""


@dataclass(frozen=True, kw_only=True)
class CommandRow:
    """A fault, and what commands make of it."""

    name: str
    planted: str
    statuses: Mapping[str, ExitStatus]
    says: str
    """What stands in the line of each command that fails."""
    plant: Plant = lambda _: nullcontext()


def damaged(damage: Damage) -> Plant:
    """Return what brings a damage about."""

    def plant(folder: Path) -> AbstractContextManager[object]:
        damage(folder)
        return nullcontext()

    return plant


def emptied(folder: Path) -> None:
    """Leave nothing in a folder but a file of somebody else's."""
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear reader")


def beside(content: bytes) -> Plant:
    """Return what lays a file that should be a WARC file into the data folder."""
    return damaged(lambda folder: (folder / "a.warc.gz").write_bytes(content))


def pages() -> bytes:
    """Return a WARC file of two answers that are no pages of the section."""
    warc = Warc()
    for number in range(2):
        warc.add(f"https://www.example.com/{number}", b"<html></html>")
    return warc.content


def odd_pages() -> bytes:
    """Return a WARC file of answers at an article's address that are no pages."""
    warc, url = Warc(), "https://www.kompas.com/global/read/2026/11/20/100000170/x"
    for body in (b"", b"\x89PNG", b"<p>" + bytes(33 << 20), b"<html></html>"):
        warc.add(url, body)
    return warc.content


@contextmanager
def no_room_for_records(folder: Path) -> Iterator[None]:
    """Let no file grow beyond 50 bytes; there is a WARC file."""
    beside(pages())(folder)
    with full(folder, 50):
        yield


def file_in_the_way(folder: Path) -> AbstractContextManager[object]:
    """Let a file stand where records are to be written; there is a WARC file."""
    folder.with_name("elsewhere").write_text("Dear reader")
    return beside(pages())(folder)


def bucket_that_says(status: int, code: str) -> Plant:
    """Return what leads clients to a bucket that answers so; there is a WARC file."""

    @contextmanager
    def plant(folder: Path) -> Iterator[None]:
        beside(pages())(folder)
        with failing(status, code) as address, pytest.MonkeyPatch.context() as patch:
            for name, value in environment(address).items():
                patch.setenv(name, value)
            yield

    return plant


def scheduler(answer: Callable[[socket.socket, Path], object] | None) -> Plant:
    """Return what listens where a Dask scheduler is expected; None: nobody does."""

    @contextmanager
    def plant(folder: Path) -> Iterator[int]:
        pytest.importorskip("distributed", reason="the extra cluster is not installed")
        certify(folder)
        with (
            pytest.MonkeyPatch.context() as patch,
            socket.create_server(("127.0.0.1", 0)) as listening,
        ):
            patch.setattr("kompascrawler.replay.engine._SECONDS", 1.0)

            def serve() -> None:
                with suppress(OSError):
                    while answer is not None:
                        with listening.accept()[0] as connection, suppress(OSError):
                            answer(connection, folder)

            Thread(target=serve, daemon=True).start()
            yield 1 if answer is None else listening.getsockname()[1]
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)

    return plant


def certify(folder: Path) -> None:
    """Write a certificate, its key and the authority into a folder."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    ours = authority.issue_cert("127.0.0.1")
    ours.private_key_pem.write_to_path(str(folder / "key.pem"))
    ours.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))


def answer_plainly(connection: socket.socket, _: Path) -> None:
    """Speak as a scheduler without TLS does, first."""
    connection.sendall(bytes(8) + b"plain")


def answer_as_another(connection: socket.socket, folder: Path) -> None:
    """Show a certificate of an authority that nobody knows."""
    stranger = trustme.CA().issue_cert("127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.configure_cert(context)
    context.wrap_socket(connection, server_side=True).close()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a data folder, as a crawl does."""
    lock = RunLock.take(folder, "a-crawl")
    yield
    lock.release()


@contextmanager
def refused(folder: Path) -> Iterator[None]:
    """Publish to a bucket that refuses everything."""
    del folder
    with failing(403, "AccessDenied") as address, pytest.MonkeyPatch.context() as patch:
        for name, value in environment(address).items():
            patch.setenv(name, value)
        patch.setattr(settings, "PUBLISH_URL", "s3://bucket/data")
        yield


@contextmanager
def full(_: Path, most: int = 200) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        with pytest.MonkeyPatch.context() as patch:
            # What is left of a compiled module would be taken for all of it.
            patch.setenv("PYTHONDONTWRITEBYTECODE", "1")
            patch.setattr(sys, "dont_write_bytecode", True)
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def compacted(folder: Path) -> Iterator[None]:
    """Compact all days, and remove what was replaced, when the manifest has just been read."""
    read = manifest.read

    def and_then_compact(*args: object, **options: object) -> Iterator[Entry]:
        entries = list(read(*args, **options))  # type: ignore[arg-type] # as they were given
        patch.undo()
        with closing(Store(folder, "compact")) as store:
            store.compact(LATER)
            store.remove_replaced(timedelta(days=-1))
        return iter(entries)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "read", and_then_compact)
        yield


def all_of(names: Sequence[str], status: ExitStatus) -> dict[str, ExitStatus]:
    """Return the same status for several commands."""
    return dict.fromkeys(names, status)


COMMANDS: Final = (
    CommandRow(
        name="Bad arguments",
        planted="what a command cannot take",
        statuses=all_of([name for name in GIVEN if " " in name and "--" not in name], USAGE),
        says="",
    ),
    CommandRow(
        name="Missing folder",
        planted="DATA_DIR names a folder that is not there",
        plant=damaged(lambda folder: folder.rename(folder.with_name("elsewhere"))),
        statuses=all_of(("verify", *WRITERS, *READERS), STORE),
        says="is no folder",
    ),
    CommandRow(
        name="Another folder",
        planted="DATA_DIR names a folder that no crawl has used",
        plant=damaged(emptied),
        statuses=all_of((*WRITERS, *READERS[1:]), STORE) | {"follow": FINE},
        says="is no data folder",
    ),
    CommandRow(
        name="Damaged file",
        planted="a published file edited",
        plant=damaged(OF_FILES["a file edited"]),
        statuses=all_of(("verify", *WRITERS, *READERS), STORE) | {"verify --repair": FINE},
        says="verify --repair",
    ),
    CommandRow(
        name="Lost file",
        planted="a published file deleted",
        plant=damaged(OF_FILES["a file deleted"]),
        statuses=all_of(("verify", *WRITERS, *READERS), STORE) | {"verify --repair": FINE},
        says="verify --repair",
    ),
    CommandRow(
        name="Damaged manifest",
        planted="a line of it is nonsense",
        plant=damaged(OF_MANIFEST["a line of nonsense"]),
        statuses=all_of(("verify", *READERS), STORE) | {"verify --repair": FINE},
        says="verify --repair",
    ),
    CommandRow(
        name="Damaged database",
        planted="overwritten: who only reads does not need it",
        plant=damaged(OF_STORE["store overwritten"]),
        statuses=all_of(("verify", *WRITERS), STORE) | all_of((*READERS, "verify --repair"), FINE),
        says="state.sqlite3",
    ),
    CommandRow(
        name="Torn WARC file",
        planted="what is to be read ends in the middle of a record",
        plant=beside(pages()[:-50]),
        statuses={"replay --warc": STORE},
        says="it ends in the middle of a record",
    ),
    CommandRow(
        name="Damaged WARC file",
        planted="a hundred bytes between two records",
        plant=beside(pages() + bytes(100) + pages()),
        statuses={"replay --warc": STORE},
        says="damaged behind",
    ),
    CommandRow(
        name="No WARC file",
        planted="what is to be read is a text",
        plant=beside(b"Dear reader"),
        statuses={"replay --warc": STORE},
        says="there is no WARC record in it",
    ),
    CommandRow(
        name="Empty WARC file",
        planted="what is to be read has no bytes",
        plant=beside(b""),
        statuses={"replay --warc": STORE},
        says="there is no WARC record in it",
    ),
    CommandRow(
        name="Odd answers in a WARC file",
        planted="empty, a picture, of 33 MB, and a page without an article: counted and told",
        plant=beside(odd_pages()),
        statuses={"replay --warc": FINE},
        says="",
    ),
    CommandRow(
        name="No room for records",
        planted="no file can grow beyond 50 bytes",
        plant=no_room_for_records,
        statuses={"replay --warc --out": STORE},
        says="ulimit -f",
    ),
    CommandRow(
        name="A file in the way",
        planted="records are to go below what is a file",
        plant=file_in_the_way,
        statuses={"replay --warc --out": STORE},
        says="name another with --out",
    ),
    CommandRow(
        name="Bucket refuses a replay",
        planted="403 AccessDenied for every request",
        plant=bucket_that_says(403, "AccessDenied"),
        statuses=all_of(("replay --warc s3://", "replay --warc --out s3://"), STORE),
        says="it refuses us",
    ),
    CommandRow(
        name="No bucket for a replay",
        planted="404 NoSuchBucket for every request",
        plant=bucket_that_says(404, "NoSuchBucket"),
        statuses=all_of(("replay --warc s3://", "replay --warc --out s3://"), STORE),
        says="there is no such bucket",
    ),
    CommandRow(
        name="No scheduler",
        planted="nobody listens there",
        plant=scheduler(None),
        statuses={"replay --scheduler": UNREACHABLE},
        says="whether a Dask scheduler with TLS runs there",
    ),
    CommandRow(
        name="Scheduler without TLS",
        planted="what listens there does not encrypt",
        plant=scheduler(answer_plainly),
        statuses={"replay --scheduler": UNREACHABLE},
        says="whether a Dask scheduler with TLS runs there",
    ),
    CommandRow(
        name="Scheduler of another authority",
        planted="its certificate is one that we do not trust",
        plant=scheduler(answer_as_another),
        statuses={"replay --scheduler": UNREACHABLE},
        says="whether a Dask scheduler with TLS runs there",
    ),
    CommandRow(
        name="Full disk",
        planted="no file can grow beyond 200 bytes",
        plant=full,
        statuses=all_of((*WRITERS, "export", "report"), STORE),
        says="",
    ),
    CommandRow(
        name="Bucket refuses",
        planted="PUBLISH_URL; 403 AccessDenied for every request to the bucket",
        plant=refused,
        statuses=all_of(("publish", "verify --remote"), FAILED),
        says="it refuses us (403 Forbidden, AccessDenied)",
    ),
    CommandRow(
        name="Lock held",
        planted="a crawl is at work: who only reads is not kept waiting",
        plant=locked,
        statuses=all_of((*WRITERS, "verify --repair"), LOCKED) | all_of(("verify", *READERS), FINE),
        says="a-crawl",
    ),
    CommandRow(
        name="Compacted meanwhile",
        planted="the files are replaced and removed when a reader has just read the manifest",
        plant=compacted,
        statuses=all_of(READERS, FINE),
        says="",
    ),
)
