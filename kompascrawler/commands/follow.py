"""Write the lines that were published after a number.

The number is one of manifest.jsonl. The lines go to standard output, in the order of publication:
each once, whatever was compacted meanwhile. The last line on standard error says where to go on;
with --cursor a file remembers it. Works beside a crawl. Exit status: 0, 2 for bad input, 3 if the
data folder cannot be read or the lines cannot be written.
"""

from kompascrawler.command import FILE, LazyCommand, Option, flag, number


class Command(LazyCommand):
    options = (
        number("--after", "the number to begin after (default: 0)"),
        Option(
            "--cursor",
            "begin after the number in a file, and keep it current; no file yet: 0",
            FILE,
        ),
        flag("--wait", "wait for more, until the command is stopped"),
    )
    entry = "kompascrawler.dataset.command_line:follow"
    uses_data_folder = False  # its output is data, its messages are few
