"""The browser, for articles whose pages plain HTTP does not give: docs/browser.md.

Only the first request made by ``browser_request`` imports Playwright.
"""

from kompascrawler.browser.request import BROWSER, PAGES, WALK, browser_request

__all__ = ["BROWSER", "PAGES", "WALK", "browser_request"]
