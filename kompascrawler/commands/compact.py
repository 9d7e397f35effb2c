"""Make one file of the small files of each closed day.

It lies in the day's own folder of the data folder (DATA_DIR). The lines stay as they are.
manifest.jsonl says which files a new one replaces; those are removed after an hour, by the next run
or the next compact, so that no reader is disturbed. Crawls do this by themselves (COMPACT_FILES).
It can be stopped and repeated at any time. Exit status: 0, 2 for bad input, 3 if the data folder
cannot be used, 75 while a crawl holds it.
"""

from kompascrawler.command import AS_JSON, LazyCommand, number


class Command(LazyCommand):
    options = (
        AS_JSON,
        number("--older-than", "days after which a day is closed (default: 8)", 8, metavar="DAYS"),
    )
    entry = "kompascrawler.dataset.command_line:compact"
