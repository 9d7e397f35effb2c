"""What changes before a crawl begins: the user agent, the log, the parts that are off."""

import logging
from typing import Final

from scrapy.settings import BaseSettings

from kompascrawler import __version__
from kompascrawler.terminal import PrintableRecord


class UserAgentAddon:
    """Names the project and ``CONTACT`` in every request; ``USER_AGENT`` has a higher priority."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Set ``USER_AGENT``."""
        user_agent = f"kompascrawler/{__version__} (+{settings['CONTACT']})"
        settings.set("USER_AGENT", user_agent, priority="addon")


class PrintableLogAddon:
    """Lets no record of the log command a terminal, whatever a page or an error holds."""

    def update_settings(self, settings: BaseSettings) -> None:  # noqa: ARG002 - Scrapy's signature
        """Have records made that are printable, for the whole process."""
        logging.setLogRecordFactory(PrintableRecord)


PARTS: Final = {
    "TELNETCONSOLE_ENABLED": "scrapy.extensions.telnet.TelnetConsole",
    "REMOTE_CONTROL_ENABLED": "scrapy.extensions.remote_control.RemoteControl",
    "COOKIES_ENABLED": "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "WARC_ENABLED": "kompascrawler.warc.recorder.RecorderExtension",
}
"""Switch → the part. Scrapy's look at their switch only when they are imported already, with
aiohttp and requests."""


class SwitchedOffAddon:
    """Takes what is off from the lists of what there is."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Leave out each part whose switch is off; a switch that is given keeps its part."""
        off = {part for switch, part in PARTS.items() if not settings.getbool(switch)}
        for name in ("EXTENSIONS", "EXTENSIONS_BASE", "DOWNLOADER_MIDDLEWARES_BASE"):
            listed = settings.getdict(name).items()
            kept = {part: place for part, place in listed if part not in off}
            settings.set(name, kept, priority=settings.getpriority(name) or 0)
