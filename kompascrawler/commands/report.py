"""Write plots of the data set and of the runs as one HTML file.

It needs nothing else: articles a day and gaps, coverage, rhythm, lengths, Halaman, completeness,
edits and deletions, delays, tags, sources, writers, repeated lines, runs, references; each plot
with its numbers. What stands at OUT is replaced when the new one is whole. Runs that publish write
it by themselves (REPORT_FILE). Needs the extra `report`. Works beside a crawl. Exit status: 0, 2
for bad input or the missing extra, 3 if the data folder cannot be read or OUT not be written.
"""

from kompascrawler.command import LazyCommand


class Command(LazyCommand):
    usage = "[options] OUT.html"
    entry = "kompascrawler.dataset.report:report"
