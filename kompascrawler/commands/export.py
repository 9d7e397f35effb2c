"""Write the articles as Parquet, SQLite, CSV, Excel or JSON Lines.

The latest revision of each article that the site has not deleted is written to OUT, in the format
that its name says: .parquet, .sqlite, .csv, .xlsx, .jsonl, .jsonl.zst; or, with --format hf, to a
folder for Hugging Face datasets. What stands at OUT is replaced when the new one is whole. Works
beside a crawl. Exit status: 0, 2 for bad input or a missing extra, 3 if the data folder cannot be
read or OUT cannot be written. docs/data.md.
"""

from kompascrawler.command import PUBLISHED, LazyCommand, Option, flag, number


class Command(LazyCommand):
    usage = "[options] OUT"
    options = (
        Option("--format", "the format, whatever the name of OUT", {"metavar": "FORMAT"}),
        *PUBLISHED,
        flag("--complete", "only articles that are known to be complete"),
        flag("--revisions", "all revisions and deletions, not only the latest"),
        flag("--append", "add what is new since the last time (hf, sqlite, csv, jsonl)"),
        number("--as-of", "as the data set was at a number of the manifest"),
    )
    entry = "kompascrawler.dataset.command_line:export"
