"""``kompascrawler failures``: failed articles, listed, retried, dropped."""

from kompascrawler.command import LazyCommand, Option, flag


class Command(LazyCommand):
    """List, retry or drop the articles of the retry queue."""

    usage = "[options] [retry ID...|--all | drop ID...]"
    short = "List, retry or drop failed articles"
    long = (
        "List the articles of the data folder (DATA_DIR) that could not be fetched, read or "
        "had whole, by cause: those that wait for another try and those given up. With "
        "retry they are due at once, and their tries are counted from 0; with drop they are never "
        "asked for again. An ID is YYYY-MM-DD-<number> or the article's address. Works beside a "
        "crawl."
    )
    options = (
        flag("--json", "list as a JSON array"),
        flag("--waiting", "list those to be tried again"),
        flag("--given-up", "list those given up"),
        flag("--dropped", "list those dropped"),
        Option(
            "--limit",
            "articles listed for each cause (10; 0 lists all)",
            {"type": int, "default": 10, "metavar": "N"},
        ),
        flag("--all", "retry all that are not dropped"),
    )
    entry = "kompascrawler.outcome.command_line:failures"
    uses_data_folder = False  # says it among what it draws
