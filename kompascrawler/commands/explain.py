"""``kompascrawler explain``: why the record of a page is as it is, or why there is none."""

from kompascrawler.command import AS_JSON, REVISION, LazyCommand


class Command(LazyCommand):
    """Tell where the record of a page comes from, or why it has none.

    Tell how a page is read: layout, fields with every place looked at, text block by block with the
    rules that cut, Halaman, validation, duplicates. The page is an address, a saved page (.html,
    .html.gz), or the id of an article, which stands for its refused page in the data folder
    (DATA_DIR), its page in a WARC file or the address that the store knows. Exit status: 0 shown, 2
    no such page, 3 the store cannot be read, 4 the page was not received.
    """

    usage = "[options] <url|file|id>"
    options = (AS_JSON, REVISION)
    entry = "kompascrawler.debugging.command_line:explain"
