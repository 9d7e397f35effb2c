"""Rehearses the Dockerfile without Docker: `make image`.

    python -m tests.deploy [--extras cloud,cluster,warc]

What the build stage RUNs is run, word for word, below a folder of its own that stands for the
image's root; the packages of Debian are looked up; then the image's command crawls the replica
with the image's environment, as a user that is not root. Needs the package index.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.crawls import AT_ONCE, ROOT, records
from tests.deploy.dockerfile import Instruction, Stage, arguments, stages
from tests.replica.serve import serve
from tests.replica.site import Site

OWN_FOLDERS = re.compile(r"(?<![\w.:/-])/(?=(?:opt|src|data)\b)")
"""Where a path begins that the image makes for itself; all others are Debian's and Python's."""
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
ARTICLES = 12
LIST_PACKAGES = """
from importlib import metadata, resources
package = resources.files("kompascrawler")
assert package.joinpath("py.typed").is_file()
assert any(path.name.endswith(".json") for path in package.joinpath("schema").iterdir())
print(*(f"{one.name}=={one.version}" for one in metadata.distributions()))
"""
BUILD_TOOLS = {"mypy", "pip", "pytest", "ruff", "setuptools", "wheel"}
TIME_LIMIT = 300


class Rehearsal:
    """An image in the making below ``root``; raises CalledProcessError where a step fails."""

    def __init__(self, root: Path, extras: str) -> None:
        self._root = root
        self._extras = extras
        self._folder = root
        self._tools = root / "python"
        write_python(self._tools / "python")

    def placed(self, text: str) -> str:
        """Return a text of the Dockerfile with the image's own folders below ``root``."""
        return OWN_FOLDERS.sub(f"{self._root}/", text)

    def build(self, stage: Stage) -> None:
        """Do what a build stage says."""
        steps: dict[str, Callable[[Instruction], None]] = {
            "ARG": lambda _: None, "WORKDIR": self._workdir, "COPY": self._copy, "RUN": self._run
        }  # fmt: skip
        for instruction in stage.instructions:
            steps[instruction.name](instruction)

    def _workdir(self, instruction: Instruction) -> None:
        self._folder = Path(self.placed(instruction.value))
        self._folder.mkdir(parents=True)

    def _copy(self, instruction: Instruction) -> None:
        *sources, target = instruction.words
        for source in (ROOT / name for name in sources):
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, self._folder / target, ignore=ignored)
            else:
                shutil.copy(source, self._folder / target)

    def _run(self, instruction: Instruction) -> None:
        say("RUN", instruction.value)
        # pip's cache only makes an image larger; here it spares the package index a second visit.
        command = self.placed(instruction.value).replace(" --no-cache-dir", "")
        path = f"{self._tools}:{SYSTEM_PATH}"
        passed = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        subprocess.run(
            ["/bin/sh", "-ec", command],
            cwd=self._folder,
            env={
                **passed,
                "EXTRAS": self._extras,
                "PATH": path,
                "HOME": str(Path.home()),
                "PIP_QUIET": "2",
            },
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=TIME_LIMIT,
        )

    def enter(self, stage: Stage, *command: str, extra: Mapping[str, str]) -> str:
        """Run a command as the image would, with ``extra`` environment; return what it prints."""
        env = {name: self.placed(value) for name, value in stage.env.items()}
        env["PATH"] = env["PATH"].replace("$PATH", SYSTEM_PATH)
        as_user = become(*stage.one("USER").value.split(":")) if os.geteuid() == 0 else []
        return subprocess.run(
            [*as_user, *command],
            cwd=self.placed(stage.one("WORKDIR").value),
            env={**env, **extra},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=TIME_LIMIT,
        ).stdout


def say(step: str, what: str) -> None:
    """Show how far it is."""
    print(f"{step:8} {' '.join(what.split())}", flush=True)


def become(user: str, group: str) -> list[str]:
    """Return the command that runs the words behind it as a user with no rights but its own."""
    return [
        "setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--inh-caps=-all",
        "--bounding-set=-all", "--no-new-privs",
    ]  # fmt: skip


def write_python(path: Path) -> None:
    """Write a ``python`` that is the base image's: one that any user may run."""
    candidates = [Path(sys.base_prefix, "bin", "python3"), Path("/usr/bin/python3")]
    python = next(candidate for candidate in candidates if is_for_all(candidate))
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    path.chmod(0o755)


def is_for_all(path: Path) -> bool:
    """Tell whether any user may reach and run a program."""
    folders = path.resolve().parents
    return path.exists() and all(folder.stat().st_mode & 0o001 for folder in folders)


def look_up_packages(stage: Stage, extras: str) -> None:
    """See that Debian has the packages of the image, where this machine is a Debian."""
    if not shutil.which("apt-get"):
        say("skipped", "apt-get install: this machine has no apt-get")
        return
    if os.geteuid() == 0 and not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        subprocess.run(["apt-get", "-qq", "update"], check=True, timeout=TIME_LIMIT)
    (run,) = (one.value for one in stage.all("RUN") if "apt-get" in one.value)
    install = run.partition("&& rm ")[0].replace("apt-get update", "true")
    say("looked up", install)
    subprocess.run(
        ["/bin/sh", "-ec", install.replace("apt-get install", "apt-get install --simulate -qq")],
        env={**os.environ, "EXTRAS": extras},
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=TIME_LIMIT,
    )


def check_packages(rehearsal: Rehearsal, stage: Stage) -> None:
    """See that the image has what a run needs, in the versions of CI, and no tools."""
    installed = rehearsal.enter(stage, "python", "-c", LIST_PACKAGES, extra={}).lower().split()
    say("has", " ".join(installed))
    pinned = (ROOT / "requirements-ci.txt").read_text().lower().replace("_", "-").split()
    for package in installed:
        name, _, version = package.partition("==")
        assert name not in BUILD_TOOLS, f"{name} is left in the image"
        is_pinned = package.replace("_", "-") in pinned
        assert is_pinned or name == "kompascrawler", f"{name} {version}: not in requirements-ci.txt"


def crawl(rehearsal: Rehearsal, stage: Stage, data_dir: Path) -> None:
    """Crawl the replica as the image would, twice, and look at what is there afterwards."""
    settings = AT_ONCE | {"LOG_LEVEL": "WARNING"}
    options = [f"-s{name}={value}" for name, value in settings.items()]
    command = [*stage.one("CMD").command, *options]
    with serve(Site(seed=4, articles=ARTICLES)) as replica:
        certificate = Path(shutil.copy(replica.ca_file, data_dir.parent / "ca.pem"))
        certificate.chmod(0o644)
        seen = {**replica.env, "SSL_CERT_FILE": str(certificate)}
        for expected in (f"{ARTICLES} new", "0 new"):
            output = rehearsal.enter(stage, *command, extra=seen)
            say("crawled", output)
            assert expected in output, f"not {expected}"
    rehearsal.enter(stage, "scrapy", "status", extra={})  # status 0: as the latest run
    found = {record["id"] for record in records(data_dir)}
    assert found == {story.id for story in replica.site.stories}, "articles are missing"
    owner = data_dir.stat().st_uid
    assert {path.stat().st_uid for path in data_dir.rglob("*")} == {owner}, "not all is its own"


def main() -> None:
    """Rehearse; an exception is a failure."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.deploy")
    parser.add_argument("--extras", default=arguments()["EXTRAS"], help="as --build-arg EXTRAS=…")
    extras: str = parser.parse_args().extras
    build, final = stages()
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        rehearsal = Rehearsal(root, extras)
        rehearsal.build(build)
        data_dir = Path(rehearsal.placed(final.one("VOLUME").value))
        data_dir.mkdir()
        if os.geteuid() == 0:
            os.chown(data_dir, *map(int, final.one("USER").value.split(":")))
        for name in ("src", "opt/tools", "opt/wheel"):  # they stay in the build stage
            shutil.rmtree(root / name)
        look_up_packages(final, extras)
        check_packages(rehearsal, final)
        if "cluster" in extras:
            for program in ("scheduler", "worker"):
                say("has", rehearsal.enter(final, "dask", program, "--version", extra={}))
        say("listed", rehearsal.enter(final, "scrapy", "list", extra={}))
        crawl(rehearsal, final, data_dir)


if __name__ == "__main__":
    main()
