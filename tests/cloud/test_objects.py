import os
import subprocess
import sys
import time
from hashlib import md5

import pytest

from kompascrawler.cloud import objects
from kompascrawler.cloud.objects import ObjectsError
from kompascrawler.replay.engine import HERE, run_all
from kompascrawler.replay.job import Job
from tests.cloud.bucket import KEY, SECRET, environment, failing
from tests.replay.shards import names, shards

pytestmark = pytest.mark.xdist_group("bucket")


def test_objects_are_written_listed_read_and_removed(bucket: str) -> None:
    """All four, below the prefix; what is not there is None, and removed already."""
    there = objects.open(f"{bucket}/")
    there.put("a/published_date=2026-11-26/1.jsonl", b"one\n")
    there.put("b/2.jsonl", b"two")
    there.put("b/2.jsonl", b"other")
    names = [("a/published_date=2026-11-26/1.jsonl", 4), ("b/2.jsonl", 5)]
    assert [one[:2] for one in there.list()] == names
    assert [one[:2] for one in there.list("b")] == names[1:]
    (last,) = there.list(after=names[0][0])
    assert last.tag == md5(b"other").hexdigest()
    assert abs(time.time() - last.changed_at) < 600
    assert there.get("b/2.jsonl") == b"other"
    there.delete("b/2.jsonl")
    there.delete("b/2.jsonl")
    assert there.get("b/2.jsonl") is None
    above = objects.open(bucket.removesuffix("/data"))
    assert [found.name for found in above.list()] == [f"data/{names[0][0]}"]


def test_of_two_who_create_an_object_one_wins(bucket: str) -> None:
    """The other is told so; a repeat of the winner's is his own."""
    there = objects.open(bucket)
    assert there.put_if_absent("1", b"mine")
    assert not there.put_if_absent("1", b"yours")
    assert there.put_if_absent("1", b"mine")
    assert there.get("1") == b"mine"


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [
        (403, "AccessDenied", "it refuses us (403 Forbidden, AccessDenied). What to do: look at"),
        (403, "SignatureDoesNotMatch", "it refuses us (403 Forbidden, SignatureDoesNotMatch)"),
        (401, "InvalidToken", "it refuses us (401 Unauthorized, InvalidToken)"),
        (404, "NoSuchBucket", "there is no such bucket (404 Not Found, NoSuchBucket). What to do"),
        (301, "PermanentRedirect", "it lies in another region"),
        (400, "<b>", "it cannot be used (400 Bad Request)"),
        (500, "InternalError", "it fails (500 Internal Server Error, InternalError)"),
        (503, "SlowDown", "it fails (503 Service Unavailable, SlowDown)"),
    ],
)
def test_refusals_are_one_line_without_secrets(
    status: int, code: str, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever S3 quotes in an answer."""
    with failing(status, code) as address:
        for name, value in environment(address).items():
            monkeypatch.setenv(name, value)
        there = objects.open("s3://one/data", seconds=0.5)
        for action in (
            lambda: there.put("1", b""),
            lambda: there.put_if_absent("1", b""),
            lambda: there.get("1"),
            lambda: list(there.list()),
        ):
            with pytest.raises(ObjectsError) as raised:
                action()
            said = str(raised.value)
            assert f"(s3://one/data): {cause}" in said
            assert said.count("\n") == 0
            assert KEY not in said
            assert SECRET not in said
            assert raised.value.__suppress_context__


def test_what_is_slow_or_not_there_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the seconds that the caller has."""
    with failing(200, "", seconds=5) as address:
        for name, value in environment(address).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(ObjectsError, match="no answer came in time"):
            objects.open("s3://one", seconds=0.2).put("1", b"")
    with pytest.raises(ObjectsError, match="there is no connection"):
        objects.open("s3://one", seconds=0.5).put("1", b"")
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    with pytest.raises(ObjectsError, match="its endpoint is not encrypted"):
        objects.open("s3://one", seconds=0.5).put("1", b"")


def test_nobody_waits_long_for_a_short_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long others may take: Ctrl-C counts only after it."""
    monkeypatch.setattr(objects, "PROMPT", 0.2)
    with failing(200, "", seconds=2) as address:
        for name, value in environment(address).items():
            monkeypatch.setenv(name, value)
        there = objects.open("s3://one")
        for action in (
            lambda: list(there.list()),
            lambda: there.as_file("1"),
            lambda: there.delete("1"),
        ):
            with pytest.raises(ObjectsError, match="no answer came in time"):
                action()


@pytest.mark.parametrize(
    "url",
    ["", "s3://", "file:///tmp/x", "https://one/x", "s3://key:secret@one/x", "s3://one/x?sig=secret",
     "s3://one/../x y", "s3://one//x", "s3:/one"],
)  # fmt: skip
def test_other_addresses_are_none(url: str) -> None:
    """Secrets in them are not repeated; the local disk is none: nothing would be synced there."""
    with pytest.raises(ObjectsError, match=r"^an address is s3://bucket/prefix") as raised:
        objects.open(url)
    assert "secret" not in str(raised.value)


def test_azure_needs_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which variable names it."""
    monkeypatch.delenv("AZURE_STORAGE_ACCOUNT_NAME", raising=False)
    with pytest.raises(ObjectsError, match="What to do: give AZURE_STORAGE_ACCOUNT_NAME"):
        objects.open("az://one/x")


def test_without_the_extra() -> None:
    """One line says how it is installed; nothing else of the module needs it."""
    code = "import sys; sys.modules['obstore'] = None\nfrom kompascrawler.cloud import objects\n"
    code += "try: objects.open('s3://one')\nexcept objects.ObjectsError as error: print(error)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == f"{objects.INSTALL}\n"


def test_results_of_a_replay_may_lie_there(bucket: str) -> None:
    """A shard whose result is there is not done again."""
    job, three = Job(out=bucket, seconds=30), shards(3)
    assert len(list(run_all(job, job.left(three), HERE))) == 3
    there = objects.open(bucket)
    there.delete("shard-1.jsonl")
    assert [one.name for one in run_all(job, job.left(three), HERE)] == ["shard-1"]
    lines = b"".join(there.get(f"{one.name}.jsonl") or b"" for one in three)
    assert sorted(lines.decode().split()) == names(3)
