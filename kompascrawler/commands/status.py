"""``kompascrawler status``: how the crawler of a data folder is doing."""

from kompascrawler.command import AS_JSON, LazyCommand, number


class Command(LazyCommand):
    """Show the latest runs and the state of the store.

    Show the latest runs, the retry queue, the gaps and the sizes of the data folder (DATA_DIR).
    Never writes, and waits for no crawl. The exit status is that of the latest run: 0 before the
    first, 1 where it was killed and left no card, 3 where the data folder cannot be read.
    """

    options = (
        AS_JSON,
        number("--runs", "runs shown (10)", 10),
    )
    entry = "kompascrawler.outcome.command_line:status"
    uses_data_folder = False  # says it among what it draws
