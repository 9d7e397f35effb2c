"""docs/settings.md, made from the table of settings."""

from collections.abc import Iterator
from typing import Final

from scrapy.settings import default_settings

from kompascrawler import settings
from kompascrawler.configuration.setting import Setting
from kompascrawler.configuration.table import GROUPS
from tests.crawls import ROOT

DOCUMENT: Final = ROOT / "docs" / "settings.md"
_HEAD: Final = """\
# Settings

Every setting can be given for one run with `-s NAME=VALUE`, and so can each of
[Scrapy's](https://docs.scrapy.org/en/latest/topics/settings.html). These are ours, and those of
Scrapy that an operator may want to change. `make schema` writes this page from
[`configuration/table.py`](../kompascrawler/configuration/table.py); the other settings that differ
from Scrapy's stand in [`settings.py`](../kompascrawler/settings.py), with the reason.

`http_proxy`, `https_proxy` and `no_proxy` are honoured by every request; certificates are verified
against the system's authorities, or those of `SSL_CERT_FILE`.
"""


def own_settings() -> set[str]:
    """Return the names of the settings that are not Scrapy's."""
    names = {name for name in vars(settings) if name.isupper() and not name.startswith("_")}
    return {name for name in names if not hasattr(default_settings, name)}


def text() -> str:
    """Return the page."""
    return "\n".join([_HEAD, *_groups()])


def _groups() -> Iterator[str]:
    for heading, group in GROUPS.items():
        yield f"## {heading}\n"
        yield "| Setting | Default | Accepted | Meaning |"
        yield "|---|---|---|---|"
        yield from map(_row, group)
        yield ""


def _row(setting: Setting) -> str:
    default = setting.stated or f"`{setting.default!r}`"
    meaning = setting.meaning.replace("docs/", "")
    if setting.environment:
        meaning += f" Also from the environment: `{setting.environment}`."
    if setting.is_secret:
        meaning += " Never shown."
    if setting.why:
        meaning += f" *{setting.why}*"
    return f"| `{setting.name}` | {default} | {setting.value_type.accepted} | {meaning} |"
