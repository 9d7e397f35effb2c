"""The browser, for articles whose pages plain HTTP does not give: docs/browser.md.

Importing this package imports neither Playwright nor scrapy-playwright; the first request made
by ``browser_request`` does.
"""

from kompascrawler.browser.request import BROWSER, PAGES, WALK, browser_request

__all__ = ["BROWSER", "PAGES", "WALK", "browser_request"]
