"""Tell the history of an article, and what comes next.

It tells where the article was found, every try of it, its records and their files, why it was
refused or dropped, and what happens next and when; or, where no run has found it, what would. Exit
status: 0 told, 2 no article or no store, 3 the store cannot be read.
"""

from kompascrawler.command import AS_JSON, LazyCommand


class Command(LazyCommand):
    usage = "[options] <id|url>"
    options = (AS_JSON,)
    entry = "kompascrawler.debugging.command_line:why"
