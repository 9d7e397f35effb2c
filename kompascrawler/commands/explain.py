"""Tell where the record of a page comes from, or why it has none.

It tells how the page is read: layout, fields with every place looked at, text block by block with
the rules that cut, Halaman, validation, duplicates. The page is an address, a saved page (.html,
.html.gz), or the id of an article, which stands for its refused page in the data folder (DATA_DIR),
its page in a WARC file or the address that the store knows. Exit status: 0 shown, 2 no such page, 3
the store cannot be read, 4 the page was not received.
"""

from kompascrawler.command import AS_JSON, REVISION, LazyCommand


class Command(LazyCommand):
    usage = "[options] <url|file|id>"
    options = (AS_JSON, REVISION)
    entry = "kompascrawler.debugging.command_line:explain"
