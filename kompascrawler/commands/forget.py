"""Take articles down: remove their text, never request them again.

All that an article says is removed from the data folder (DATA_DIR): published files are rewritten
under new numbers, their lines of the article left without text, and a last revision with deleted_at
tells consumers. An ID is YYYY-MM-DD-<number> or the article's address. The bucket of PUBLISH_URL
follows at once. Backups, exports and copies elsewhere are yours to clean. Exit status: 0, 2 for bad
input, 3 if the data folder cannot be used, 7 if the bucket cannot be, 75 while a crawl holds the
data folder.
"""

from kompascrawler.command import LazyCommand, Option, flag


class Command(LazyCommand):
    usage = "[options] --why TEXT ID..."
    options = (
        Option("--why", "the reason, kept in the store", {"metavar": "TEXT"}),
        flag("--ahead", "also what no run has found yet: never request it"),
    )
    entry = "kompascrawler.dataset.command_line:forget"
