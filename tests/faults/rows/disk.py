"""What the data folder can come to."""

from typing import Final

from kompascrawler.outcome.cards import ExitStatus
from tests.dataset.folders import OF_FILES, OF_MANIFEST, OF_STORE
from tests.faults import arrangements as arrange
from tests.faults.row import Row
from tests.world import Trouble

DISK: Final = (
    Row(
        name="Full disk",
        planted="16 KB left on the data folder's disk",
        arrange=arrange.full_disk,
        status=ExitStatus.STORE,
    ),
    Row(
        name="Full disk, with WARC",
        planted="16 KB left, in the middle of a record; WARC_ENABLED",
        arrange=arrange.full_disk,
        trouble=Trouble(settings={"WARC_ENABLED": True}),
        status=ExitStatus.STORE,
    ),
    Row(
        name="Read-only folder",
        planted="the data folder's disk is mounted read-only",
        arrange=arrange.read_only,
        status=ExitStatus.STORE,
    ),
    Row(
        name="No folder",
        planted="a file stands where the data folder should",
        arrange=arrange.file_for_folder,
        status=ExitStatus.STORE,
        only_soak="like Read-only folder",
    ),
    Row(
        name="Damaged store",
        planted="8 KB of the database overwritten; its backup put back afterwards",
        arrange=arrange.changed_store(arrange.overwrite),
        status=ExitStatus.STORE,
    ),
    Row(
        name="Torn store",
        planted="half of the database gone; its backup put back afterwards",
        arrange=arrange.changed_store(arrange.cut_off),
        status=ExitStatus.STORE,
        only_soak="like Damaged store",
    ),
    Row(
        name="Newer store",
        planted="tables of version 99; the newer program afterwards",
        arrange=arrange.changed_store(arrange.make_newer),
        status=ExitStatus.STORE,
    ),
    Row(
        name="Lock is no file",
        planted="a fifo stands where the lock should",
        arrange=arrange.fifo_for_lock,
        status=ExitStatus.STORE,
        only_soak="every day tests/store/test_lock.py",
    ),
    Row(
        name="Published files gone",
        planted="articles/ deleted; `kompascrawler verify --repair` afterwards",
        arrange=arrange.mended(OF_FILES["articles deleted"]),
        status=ExitStatus.STORE,
    ),
    Row(
        name="Published file emptied",
        planted="nothing left in a file; `kompascrawler verify --repair` afterwards",
        arrange=arrange.mended(OF_FILES["a file emptied"]),
        status=ExitStatus.STORE,
        only_soak="like Published files gone",
    ),
    Row(
        name="Store gone",
        planted="the database deleted; `kompascrawler verify --repair` afterwards",
        arrange=arrange.mended(OF_STORE["store deleted"]),
        status=ExitStatus.STORE,
        only_soak="like Store behind the files",
    ),
    Row(
        name="Store damaged for good",
        planted="the database overwritten, no backup; `kompascrawler verify --repair` afterwards",
        arrange=arrange.mended(OF_STORE["store overwritten"]),
        status=ExitStatus.STORE,
        only_soak="like Store behind the files",
    ),
    Row(
        name="Store behind the files",
        planted="an older database put back; `kompascrawler verify --repair` afterwards",
        arrange=arrange.older_store,
        status=ExitStatus.STORE,
        had=4,
    ),
    Row(
        name="Manifest gone",
        planted="manifest.jsonl deleted; `kompascrawler verify --repair` afterwards",
        arrange=arrange.mended(OF_MANIFEST["manifest deleted"]),
        status=ExitStatus.STORE,
        only_soak="like Store behind the files",
    ),
    Row(
        name="Lock held",
        planted="another run is in the middle of its work",
        arrange=arrange.another_run,
        status=ExitStatus.LOCKED,
        only_soak="every day tests/commands/test_crawl.py",
    ),
)
