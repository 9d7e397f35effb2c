"""The settings ``BROWSER_*``, read once."""

from dataclasses import dataclass

from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an operator decides about the browser; ``settings.py`` says why each is as it is."""

    timeout: float
    """Seconds for one article, everything included."""
    concurrent_pages: int
    """Articles that are open at the same time."""
    recycle_pages: int
    """Articles after which the browser is replaced."""
    max_memory: int
    """Bytes held by driver and browser above which they are replaced."""
    executable: str | None
    """Path of the Chromium to run; None looks for one."""
    cdp_url: str | None
    """Address of a Chromium that runs elsewhere; None starts one."""
    headed: bool
    """Whether its window is shown."""
    ignore_https_errors: bool
    """Whether certificates that prove nothing are taken."""

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> "Options":
        """Read the settings."""
        return cls(
            timeout=settings.getfloat("BROWSER_TIMEOUT"),
            concurrent_pages=settings.getint("BROWSER_CONCURRENT_PAGES"),
            recycle_pages=settings.getint("BROWSER_RECYCLE_PAGES"),
            max_memory=settings.getint("BROWSER_MAX_MEMORY_MB") << 20,
            executable=settings.get("BROWSER_EXECUTABLE") or None,
            cdp_url=settings.get("BROWSER_CDP_URL") or None,
            headed=settings.getbool("BROWSER_HEADED"),
            ignore_https_errors=settings.getbool("BROWSER_IGNORE_HTTPS_ERRORS"),
        )
