"""Runs and commands that publish to a bucket: statuses, cards, metrics, and what they never say."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kompascrawler.cloud import publishing
from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import SETTINGS
from kompascrawler.outcome.status import status_of
from kompascrawler.outcome.status_text import status_parts
from kompascrawler.terminal import show
from tests.cloud.bucket import KEY, SECRET, environment, failing
from tests.cloud.test_publishing import check, there
from tests.crawls import AT_ONCE, Finished, crawl, records, scrapy
from tests.dataset.folders import publish
from tests.outcome.receiver import receiving
from tests.replica.serve import serve
from tests.replica.site import Site

pytestmark = pytest.mark.xdist_group("bucket")
METRIC = "kompascrawler_last_run_files_not_copied"


def command(name: str, *args: str, data_dir: Path, **settings: object) -> Finished:
    """Run one of our commands."""
    return scrapy(name, *args, settings=AT_ONCE | {"DATA_DIR": data_dir} | settings)


def test_runs_copy_what_they_publish(
    tmp_path: Path, bucket: str, storage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that cannot ends with 7 and says why, in every place and without a key; the next does."""
    data_dir = tmp_path / "data"
    with serve(Site(seed=5, articles=3)) as replica, receiving() as receiver:
        settings = {
            "PUBLISH_URL": bucket,
            "METRICS_FILE": tmp_path / "k.prom",
            "NOTIFY_URLS": f"{receiver.address}/in",
        }
        env = {**replica.env, **environment(storage)}
        with failing(403, "AccessDenied") as address:
            refused = crawl({**env, **environment(address)}, data_dir, **settings)
        assert refused.status == 7
        cause, advice = refused.verdict["cause"], refused.verdict["advice"]
        assert cause.startswith("PUBLISH_URL was not brought up to date (published files that are")
        assert "it refuses us (403 Forbidden, AccessDenied)" in cause
        assert advice.startswith("look at the keys in the environment")
        assert len(records(data_dir)) == 3
        card = json.loads(Path(refused.verdict["card"]).read_text())
        waiting = sum(1 for _ in data_dir.glob("articles/*/*.jsonl"))
        assert card["not_copied"] == waiting
        assert f"\n{METRIC} {waiting}.0\n" in (tmp_path / "k.prom").read_text()
        now = datetime.now(UTC)
        show(*status_parts(status_of(data_dir, runs=1, now=now), now))
        shown = " ".join(capsys.readouterr().out.split())
        assert f" Bucket {bucket} has the files up to number 0 of {waiting}; failing since" in shown
        # Nothing is new now: the try is repeated all the same.
        again = crawl(env, data_dir, **settings)
        assert again.status == 0
        assert f"\n{METRIC} 0.0\n" in (tmp_path / "k.prom").read_text()
    check(data_dir, bucket)
    told = [(one["type"], one["message"]) for one in receiver.received]
    assert [kind for kind, _ in told] == ["failure", "success"]
    for part in (cause, f"Published files that are not at PUBLISH_URL: {waiting}"):
        assert part in told[0][1]
    files = [*data_dir.glob("runs/*.json"), data_dir / publishing.CURSOR_FILE, tmp_path / "k.prom"]
    said = [*refused[1:], *again[1:], *(message for _, message in told)]
    texts = [shown, *said, *(path.read_text() for path in files)]
    assert not [text for text in texts if SECRET in text or KEY in text]


def test_the_commands_copy_and_remove_at_once(tmp_path: Path, bucket: str) -> None:
    """A first copy, a bucket that is not there, an article that is taken down."""
    publish(tmp_path, "run", 1, 6, 2)
    done = command("publish", "--json", data_dir=tmp_path, PUBLISH_URL=bucket)
    assert json.loads(done.output) == {"copied": 2, "waiting": 0, "cause": None}
    check(tmp_path, bucket)
    verified = command("verify", data_dir=tmp_path)
    assert verified.output.splitlines()[-1] == f"Copied to {bucket} up to number 2 of 2"
    missing = command("publish", data_dir=tmp_path, PUBLISH_URL="s3://nothing-here/x")
    assert missing.status == 7
    assert "there is no such bucket" in missing.errors
    article = records(tmp_path)[0]
    named = ("--why", "asked to", "2020-01-01-000000170", article["id"])
    gone = command("forget", *named, data_dir=tmp_path, PUBLISH_URL=bucket)
    assert (gone.status, "no run has found 2020-01-01-000000170" in gone.errors) == (2, True)
    check(tmp_path, bucket)
    digest = article["content_hash"].encode()
    assert not any(digest in content for content in there(bucket).values())


def test_a_run_without_the_extra_ends_before_its_first_request(tmp_path: Path) -> None:
    """The line says what is to be installed."""
    settings = {"DATA_DIR": tmp_path / "data", "PUBLISH_URL": "s3://one/x"}
    done = scrapy("crawl", "kompas_global", settings=settings, lacking="obstore")
    assert done.status == 2
    assert "pip install '.[cloud]'" in done.verdict["cause"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "url", ["s3://key:secret@one/x", "s3://one/x?sig=secret", "file:///tmp/?secret"]
)
def test_what_is_no_bucket_is_refused(url: str) -> None:
    """A key in the address is not repeated."""
    with pytest.raises(SettingError, match=r"^PUBLISH_URL=.*: accepted is s3://bucket/") as raised:
        SETTINGS["PUBLISH_URL"].check(url)
    assert "key" not in str(raised.value).partition(": accepted")[0]
    assert "secret" not in str(raised.value)
