"""How the crawler introduces itself to the site."""

from scrapy.settings import BaseSettings

from kompascrawler import __version__

PROJECT_PAGE = "https://github.com/kompascrawler/kompascrawler"
"""The contact of whoever names none."""


class UserAgentAddon:
    """Names the project and its contact (setting ``CONTACT``) in every request.

    An add-on, because the contact is known only when all settings are; an add-on's settings give
    way to a ``USER_AGENT`` of the command line or of a spider.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Set ``USER_AGENT``."""
        user_agent = f"kompascrawler/{__version__} (+{settings['CONTACT']})"
        settings.set("USER_AGENT", user_agent, priority="addon")
