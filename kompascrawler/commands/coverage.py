"""Show how much of each day is stored, and what is missing.

Of each day (WIB) it tells how many articles the site lists, how many of them are stored, and which
are missing, with the reason. The days are those that crawls have read: each when it is over and
again a week later. With --backfill other days are marked, which the next crawls read, ten days a
crawl. Works beside a crawl. Exit status: 0, 2 for bad input, 3 if the data folder cannot be read.
"""

from kompascrawler.command import AS_JSON, DAY, LazyCommand, Option, flag


class Command(LazyCommand):
    options = (
        AS_JSON,
        Option("--since", "first day, YYYY-MM-DD", DAY),
        Option("--until", "last day, YYYY-MM-DD", DAY),
        flag("--backfill", "mark the days from --since to --until (yesterday) to be read"),
    )
    entry = "kompascrawler.outcome.command_line:coverage"
    uses_data_folder = False  # says it among what it draws
