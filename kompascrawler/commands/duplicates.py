"""Show which articles have the same content.

Those under another identity (`duplicate_of`) are shown in clusters: first the one that was stored
first, then the others with their similarity to it. The largest clusters come first. Works beside a
crawl. Exit status: 0, 2 for bad input, 3 if the data folder cannot be read. docs/data.md says how
sure the label is.
"""

from kompascrawler.command import AS_JSON, LazyCommand, number


class Command(LazyCommand):
    options = (
        AS_JSON,
        number("--most", "clusters that are shown (default: 20; --json has all)", 20),
    )
    entry = "kompascrawler.dataset.report:duplicates"
