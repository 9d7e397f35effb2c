"""The browser's settings, read once."""

from dataclasses import dataclass
from typing import Self

from scrapy.settings import BaseSettings

from kompascrawler.configuration.table import BROWSER


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings ``BROWSER_*``; the table of settings explains each."""

    timeout: float
    concurrent_pages: int
    recycle_pages: int
    max_memory_mb: int
    executable: str | None
    cdp_url: str | None
    headed: bool
    ignore_https_errors: bool

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the settings: ``BROWSER_TIMEOUT`` is ``timeout``, and so on."""
        return cls(
            **{
                setting.name.removeprefix("BROWSER_").lower(): setting.kind.read(
                    settings[setting.name]
                )
                for setting in BROWSER
            }
        )
