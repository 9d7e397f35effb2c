"""The site learns who asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from kompascrawler import __version__
from kompascrawler.components import PARTS, SwitchedOffAddon
from kompascrawler.configuration.table import PROJECT_PAGE
from tests.crawls import crawl, scrapy
from tests.replica.serve import Replica, serve
from tests.replica.site import Site

NAME = f"kompascrawler/{__version__}"


@pytest.fixture
def replica() -> Iterator[Replica[Site]]:
    """Play a small site."""
    with serve(Site(seed=5, articles=2)) as played:
        yield played


def agents(replica: Replica[Site]) -> set[str]:
    """Return every user agent that the site has seen."""
    return {line.user_agent for line in replica.log}


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({}, f"{NAME} (+{PROJECT_PAGE})"),
        ({"CONTACT": "me@example.org"}, f"{NAME} (+me@example.org)"),
        ({"CONTACT": "me@example.org", "USER_AGENT": "mine/1"}, "mine/1"),
    ],
)
def test_every_request_of_a_crawl_names_the_contact(
    replica: Replica[Site], tmp_path: Path, given: dict[str, str], seen: str
) -> None:
    """The contact of the run is named, robots.txt included; a whole user agent goes before it."""
    assert crawl(replica.env, tmp_path, **given).status == 0
    assert agents(replica) == {seen}


def test_other_commands_name_it_too(replica: Replica[Site]) -> None:
    """`scrapy fetch` asks under the same name, with the contact of the environment."""
    env = replica.env | {"KOMPAS_CONTACT": "team@example.org"}
    assert scrapy("fetch", "--nolog", "https://www.kompas.com/global", env=env).status == 0
    assert agents(replica) == {f"{NAME} (+team@example.org)"}


@pytest.mark.parametrize("switch", PARTS)
@pytest.mark.parametrize("is_on", [False, True])
def test_switch(switch: str, is_on: bool) -> None:  # noqa: FBT001 - a table
    """A part is there when it is switched on for a run, and only then; all others stay."""
    settings = get_project_settings()
    if is_on:
        settings.set(switch, value=True, priority="cmdline")
    SwitchedOffAddon().update_settings(settings)
    listings = ("EXTENSIONS", "EXTENSIONS_BASE", "DOWNLOADER_MIDDLEWARES_BASE")
    listed = {part for name in listings for part in get_project_settings().getdict(name)}
    left = {part for name in listings for part in settings.getdict(name)}
    assert (PARTS[switch] in left) is is_on
    assert listed - left == set(PARTS.values()) - ({PARTS[switch]} & left)
