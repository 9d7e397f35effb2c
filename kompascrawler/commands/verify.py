"""Compare and mend the published files, the manifest and the store.

All published files of the data folder (DATA_DIR) are compared with manifest.jsonl and with the
store: checksums, records, identities, revisions, folders. Beside a crawl too. The exit status is 0
where all is sound and 3 where not. With --repair what is not sound is mended first: the store is
made to say what the files hold, damaged or edited files go to set_aside/, and what is lost is due
to be fetched again; status 75 while a crawl holds the folder. With --remote the copy in the bucket
(PUBLISH_URL) is compared instead: the same statuses, and 7 if the bucket cannot be used.
"""

from kompascrawler.command import AS_JSON, FILE, LazyCommand, Option, flag


class Command(LazyCommand):
    options = (
        AS_JSON,
        flag("--repair", "mend what is not sound"),
        flag("--remote", "compare what PUBLISH_URL holds; the data folder is not needed"),
        Option(
            "--sums",
            "write the checksums, for `sha256sum -c` in the data folder; - is standard output",
            FILE,
        ),
    )
    entry = "kompascrawler.dataset.command_line:verify"
