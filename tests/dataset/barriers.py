"""Looks for barriers with axe-core: ``python -m tests.dataset.barriers AXE.js FILE.html``.

In a process of its own: Playwright and a loop of Twisted's do not go together.
"""

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kompascrawler.browser.chromium import find_chromium

WIDTHS = (390, 1280, 1920)


def violations(page: Page, axe: str) -> list[str]:
    """Return what stands in somebody's way on a page."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(axe)
    found = page.evaluate("axe.run().then(run => JSON.stringify(run.violations))")
    said = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in json.loads(found)]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return said + ["wider than the screen"] * wide


def main() -> None:
    """Open the page at each width in both schemes."""
    axe, out = Path(sys.argv[1]).read_text(), Path(sys.argv[2])
    found, pages = [], 0
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = find_chromium(os.environ.get("BROWSER_EXECUTABLE"), own)
        browser = playwright.chromium.launch(executable_path=path)
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                page = browser.new_page(
                    viewport={"width": width, "height": 900}, color_scheme=scheme
                )
                page.goto(out.as_uri())
                found += [f"{width} {scheme} {one}" for one in violations(page, axe)]
                pages += 1
        browser.close()
    print("\n".join([*found, f"{pages} pages, {len(found)} violations"]))


if __name__ == "__main__":
    main()
