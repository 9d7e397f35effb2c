"""Why a request that asked for the browser failed; errbacks see these as ``failure.value``."""


class BrowserError(Exception):
    """The browser did not bring the article; a later run may try again."""


class BrowserMissing(BrowserError):  # noqa: N818 - it is one by its base
    """Playwright or a Chromium is not installed, not where the settings say, or may not start."""


class BrowserTimeout(BrowserError):  # noqa: N818 - it is one by its base
    """The article was not walked within ``BROWSER_TIMEOUT`` seconds."""


class BrowserCrashed(BrowserError):  # noqa: N818 - it is one by its base
    """Renderer, browser or driver died, again after a second try, or died too often before."""


class BrowserRefused(BrowserError):  # noqa: N818 - it is one by its base
    """What the address answers is nothing to walk: no HTML, a download, another site."""


class Broken(Exception):  # noqa: N818 - what happened to the browser; the supervisor decides
    """Renderer, browser or driver ended in the middle of an article; the message says which.

    Never leaves this package.
    """
