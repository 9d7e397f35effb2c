"""docs/operate.md: what it names is there."""

import re
import shlex

import pytest
from scrapy.settings import default_settings

from kompascrawler import settings
from kompascrawler.configuration.table import ENVIRONMENT
from kompascrawler.discovery.tasks import parse_arguments
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.outcome.monitoring import LAST_SUCCESS
from kompascrawler.sections import SECTIONS
from tests.crawls import ROOT, scrapy
from tests.deploy.dockerfile import stages

TEXT = (ROOT / "docs" / "operate.md").read_text()
CODE = "\n".join(re.findall(r"^ {4,}(.+)$", TEXT, re.MULTILINE) + re.findall(r"`([^`]+)`", TEXT))
OTHERS = {"SCMP_ACT_ALLOW", "SCRAPY_SETTINGS_MODULE"}
"""Names of seccomp and Scrapy that look like settings."""


def test_links_lead_somewhere() -> None:
    """Every relative link leads to a file, and every file of docs/deploy is linked."""
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if "://" not in link}
    assert all((ROOT / "docs" / link).exists() for link in links), links
    shipped = {f"deploy/{path.name}" for path in (ROOT / "docs" / "deploy").glob("*.*")}
    assert shipped <= links


@pytest.mark.parametrize("name", sorted(set(re.findall(r"docs/deploy/[\w.]+", CODE))))
def test_files_exist(name: str) -> None:
    """Files of the checkout that commands name exist."""
    assert (ROOT / name).is_file()


def test_settings_exist() -> None:
    """What is written like a setting is one, ours or Scrapy's, or of our environment."""
    known = {*dir(settings), *dir(default_settings), *ENVIRONMENT, *OTHERS}
    named = set(re.findall(r"\b[A-Z]{3,}_[A-Z_]+\b", CODE))
    assert named
    assert named <= known, named - known


def shown_commands() -> dict[str, set[str]]:
    """Return the commands that are shown, each with its options."""
    commands: dict[str, set[str]] = {}
    for line in re.findall(
        r"(?<!lib/)\b(?:scrapy|kompascrawler) (?!kompascrawler)([a-z]+[^`\n]*)", CODE
    ):
        name, *words = shlex.split(line)
        options = {word.partition("=")[0] for word in words if word.startswith("-")}
        commands.setdefault(name, set()).update(options)
    return commands


@pytest.mark.parametrize(("name", "options"), sorted(shown_commands().items()))
def test_commands_exist(name: str, options: set[str]) -> None:
    """Commands exist and have the options that they are shown with."""
    shown = scrapy(name, "--help")
    assert shown.status == 0, shown.errors
    assert all(re.search(rf"(^|[ ,]){option}\b", shown.output, re.MULTILINE) for option in options)


def test_arguments_exist() -> None:
    """Arguments of the spider that are shown are taken."""
    given = dict(re.findall(r"-a (\w+)=(\S+)", CODE.replace("YYYY-MM-DD", "2026-11-01")))
    assert given
    parse_arguments(given, SECTIONS["global"])


def test_every_exit_status_has_its_way_out() -> None:
    """The table says of each exit status what to do, and besides only of the kernel's kill."""
    part = TEXT.partition("## What to do at each exit status")[2].partition("\n## ")[0]
    listed = {int(number) for number in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)}
    assert listed == {*ExitStatus, 128 + 9}


def test_packages_of_debian_are_those_of_the_image() -> None:
    """The browser's packages are the same in the manual and in the Dockerfile."""
    (line,) = re.findall(r"apt install (chromium.*)", TEXT)
    (with_browser,) = stages()[-1].commands("case")
    assert with_browser[2:] == ["in", "*browser*)", "set", "--", *line.split(), ";;", "esac"]


def test_metric_exists() -> None:
    """The metric to alert on is one that is written."""
    assert f"`{LAST_SUCCESS}`" in TEXT
