"""Copy what is published to PUBLISH_URL now.

Files that are not in the bucket yet are copied, and the objects that others have replaced removed:
what a run does at its end, without its limit of a minute. For a first copy, and after a bucket was
out of reach. Keys come from the environment. It can be stopped and repeated at any time. Exit
status: 0, 2 for bad input, 3 if the data folder cannot be used, 7 if the bucket cannot be, 75 while
a crawl holds the data folder, 130 if interrupted.
"""

from kompascrawler.command import AS_JSON, LazyCommand, flag


class Command(LazyCommand):
    options = (
        AS_JSON,
        flag("--again", "compare every object, and mend what is damaged or missing there"),
    )
    entry = "kompascrawler.dataset.command_line:publish"
