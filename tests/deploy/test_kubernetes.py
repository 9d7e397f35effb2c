"""The manifest for Kubernetes."""

from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]  # it has no types
import pytest
import yaml

from kompascrawler.configuration.table import SETTINGS
from tests.crawls import ROOT
from tests.deploy.dockerfile import stages

VOLUME, JOB = yaml.safe_load_all((ROOT / "docs" / "deploy" / "cronjob.yaml").read_text())
SPEC = JOB["spec"]["jobTemplate"]["spec"]
POD = SPEC["template"]["spec"]
(CONTAINER,) = POD["containers"]
FINAL = stages()[-1]


@pytest.mark.parametrize("version", ["1.29", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("resource", [VOLUME, JOB], ids=["volume", "job"])
def test_is_valid(resource: dict[str, Any], version: str) -> None:
    """Strictly by the schema of Kubernetes: the oldest with ReadWriteOncePod, and today's."""
    kubernetes_validate.validate(resource, version, strict=True)


def test_user_is_that_of_the_image() -> None:
    """The volume belongs to the user that the image runs as."""
    context = POD["securityContext"]
    assert f"{context['runAsUser']}:{context['runAsGroup']}" == FINAL.one("USER").value
    assert context["fsGroup"] == context["runAsGroup"]


def test_writable_are_the_volume_and_tmp() -> None:
    """What the image writes to is mounted: its volume and its home."""
    mounts = {mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert mounts == {FINAL.one("VOLUME").value, FINAL.env["HOME"]}
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"] is True


def test_deadline_is_for_what_hangs() -> None:
    """The crawl ends itself, with time to spare, before Kubernetes ends it."""
    assert SPEC["activeDeadlineSeconds"] >= SETTINGS["MAX_RUN_SECONDS"].default + 1800
    assert (JOB["spec"]["concurrencyPolicy"], SPEC["backoffLimit"]) == ("Forbid", 0)


def test_command_is_that_of_the_image() -> None:
    """Nothing stands for the image's init and command."""
    assert not {"args", "command"} & CONTAINER.keys()
