"""List, retry or drop failed articles.

Those of the data folder (DATA_DIR) that could not be fetched, read or had whole are listed by
cause: those that wait for another try and those given up. With retry they are due at once, and
their tries are counted from 0; with drop they are never asked for again. An ID is
YYYY-MM-DD-<number> or the article's address. Works beside a crawl.
"""

from kompascrawler.command import LazyCommand, flag, number


class Command(LazyCommand):
    usage = "[options] [retry ID...|--all | drop ID...]"
    options = (
        flag("--json", "list as a JSON array"),
        flag("--waiting", "list those to be tried again"),
        flag("--given-up", "list those given up"),
        flag("--dropped", "list those dropped"),
        number("--limit", "articles listed for each cause (10; 0 lists all)", 10),
        flag("--all", "retry all that are not dropped"),
    )
    entry = "kompascrawler.outcome.command_line:failures"
    uses_data_folder = False  # says it among what it draws
