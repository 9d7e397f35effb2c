"""Wheel and sdist, each installed into an environment that does not know the checkout."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.crawls import AT_ONCE, ROOT, TIME_LIMIT, records
from tests.replica.serve import serve
from tests.replica.site import Site

BUILT_FROM = ("kompascrawler", "pyproject.toml", "README.md", "LICENSE")
OFFLINE = ("--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "-q")
DOCUMENTS = ("*.md", "docs/**/*", "kompascrawler/**/*.py", "Makefile", "Dockerfile")
FROM_AN_INDEX = re.compile(r"pipx? install[^\n]*[\s'\"]kompascrawler\b(?![-./])")


def call(*command: str | Path, cwd: Path) -> str:
    """Run a program without our path; return what it prints."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=TIME_LIMIT, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist, made from a copy of the sources."""
    source = tmp_path_factory.mktemp("source")
    for name in BUILT_FROM:
        path = ROOT / name
        ignore = shutil.ignore_patterns("__pycache__")
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=ignore)
        else:
            shutil.copy(path, source / name)
    script = "from setuptools import build_meta as b; b.build_wheel('out'); b.build_sdist('out')"
    call(sys.executable, "-c", script, cwd=source)
    return source / "out"


@pytest.mark.xdist_group("install")
@pytest.mark.parametrize("pattern", ["*.whl", "*.tar.gz"])
def test_an_installed_package_crawls(built: Path, tmp_path: Path, pattern: str) -> None:
    """The command crawls from any folder; every file of the package is there; the API works."""
    (archive,) = built.glob(pattern)
    home = tmp_path / "venv"
    venv.create(home)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": home}))
    # What we need is borrowed; the file with our own path there (.pth) is not read from here.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = home / "bin" / "python"
    install = ["--python", str(python), "install", *OFFLINE, "--ignore-installed"]
    call(sys.executable, "-m", "pip", *install, archive, cwd=tmp_path)

    package = Path(
        call(python, "-c", "import kompascrawler; print(*kompascrawler.__path__)", cwd=tmp_path)
        .strip()
    )  # fmt: skip
    assert package == site / "kompascrawler"
    wanted = subprocess.check_output(["git", "ls-files"], cwd=ROOT / "kompascrawler", text=True)
    assert [name for name in wanted.split() if not (package / name).is_file()] == []

    command = home / "bin" / "kompascrawler"
    options = [f"-s{name}={value}" for name, value in AT_ONCE.items()]
    with serve(Site(seed=5, articles=2)) as replica, pytest.MonkeyPatch.context() as patch:
        for name, value in replica.env.items():
            patch.setenv(name, value)
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        call(command, "crawl", *options, cwd=tmp_path)
    assert len(records(tmp_path / "data")) == 2
    assert f"Data folder   {tmp_path}/data" in call(command, "status", cwd=tmp_path)
    call(python, "-c", "from kompascrawler import extract", cwd=tmp_path)


def test_nothing_advises_to_install_from_an_index() -> None:
    """The project is in none: a stranger could take the name."""
    paths = {path for pattern in DOCUMENTS for path in ROOT.glob(pattern) if path.is_file()}
    assert len(paths) > 100
    advice = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in paths
        for found in FROM_AN_INDEX.finditer(path.read_text())
    ]
    assert advice == []
    for wrong in ("pip install 'kompascrawler[browser]'", "pip install kompascrawler"):
        assert FROM_AN_INDEX.search(wrong)
