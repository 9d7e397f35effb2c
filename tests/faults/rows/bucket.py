"""What the bucket of ``PUBLISH_URL`` can come to."""

from typing import Final

from kompascrawler.outcome.cards import ExitStatus
from tests.cloud.bucket import environment
from tests.faults import arrangements as arrange
from tests.faults.row import Row
from tests.world import Trouble

_IN_USE: Final = Trouble(
    settings={"PUBLISH_URL": "s3://bucket/data"},
    # The endpoint's port is known when it listens: the arrangement names it.
    env={name: value for name, value in environment("").items() if value},
)
_ELSEWHERE: Final = "every day tests/cloud/test_publishing.py"

BUCKET: Final = (
    Row(
        name="Bucket refuses",
        planted="PUBLISH_URL; 403 AccessDenied for every request to the bucket",
        arrange=arrange.failing_bucket(403, "AccessDenied"),
        trouble=_IN_USE,
        status=ExitStatus.FAILED,
        had=4,
    ),
    Row(
        name="No bucket",
        planted="PUBLISH_URL; 404 NoSuchBucket",
        arrange=arrange.failing_bucket(404, "NoSuchBucket"),
        trouble=_IN_USE,
        status=ExitStatus.FAILED,
        had=4,
        only_soak=_ELSEWHERE,
    ),
    Row(
        name="Bucket fails",
        planted="PUBLISH_URL; 500 for every request to the bucket",
        arrange=arrange.failing_bucket(500, "InternalError"),
        trouble=_IN_USE,
        status=ExitStatus.FAILED,
        had=4,
        only_soak=_ELSEWHERE,
    ),
    Row(
        name="Bucket hangs",
        planted="PUBLISH_URL; answers after a minute",
        arrange=arrange.failing_bucket(200, "", seconds=60),
        trouble=_IN_USE,
        status=ExitStatus.FAILED,
        had=4,
        only_soak=_ELSEWHERE,
    ),
)
