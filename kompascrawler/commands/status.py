"""Show the latest runs and the state of the store.

It shows the retry queue, the gaps and the sizes of the data folder (DATA_DIR), too. It never
writes, and waits for no crawl. The exit status is that of the latest run: 0 before the first, 1
where it was killed and left no card, 3 where the data folder cannot be read.
"""

from kompascrawler.command import AS_JSON, LazyCommand, number


class Command(LazyCommand):
    options = (
        AS_JSON,
        number("--runs", "runs shown (10)", 10),
    )
    entry = "kompascrawler.outcome.command_line:status"
    uses_data_folder = False  # says it among what it draws
