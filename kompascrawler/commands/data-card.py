"""Write the data card: what the data set holds, and lacks.

It goes to standard output, as Markdown with the header of Hugging Face: counts, days, completeness,
duplicates, missing fields, revisions and deletions, gaps, and notes on use. Works beside a crawl.
Exit status: 0, 2 for bad input, 3 if the data folder cannot be read. docs/data.md.
"""

from kompascrawler.command import LazyCommand


class Command(LazyCommand):
    entry = "kompascrawler.dataset.command_line:data_card"
