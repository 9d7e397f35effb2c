"""Read the kept pages of articles again with today's code.

The pages are those of the latest revision of each article (WARC_ENABLED); no network is needed. It
shows in which fields the articles differ from what is published, writes nothing unless asked to,
and works beside a crawl. --publish publishes what differs as the next revisions, and waits for a
crawl that begins meanwhile. --warc makes records of the pages in WARC files of others instead. Exit
status: 0, whatever differs; 2 for bad input or a missing extra; 3 where pages are damaged, or the
data folder cannot be read or written; 4 without the scheduler; 75 with --publish if a crawl holds
the folder at the start; 130 if interrupted. docs/warc.md.
"""

from kompascrawler.command import AS_JSON, FILE, PUBLISHED, LazyCommand, Option, flag, number


class Command(LazyCommand):
    options = (
        AS_JSON,
        *PUBLISHED,
        Option("--run", "only what this run fetched", {"metavar": "RUN_ID"}),
        Option(
            "--ids",
            "only these articles, as YYYY-MM-DD-<number> or address",
            {"metavar": "ID", "nargs": "+", "default": ()},
        ),
        Option(
            "--out",
            "write the records as they are read now to FOLDER, or s3://, gs://, az://…, a file for "
            "each day; what is there already is not done again",
            {"metavar": "FOLDER"},
        ),
        Option(
            "--warc",
            "instead of kept pages: WARC files and saved pages (.html) of others, folders or "
            "buckets (s3://, gs://, az://) of them, or addresses of WARC files",
            {**FILE, "nargs": "+", "default": ()},
        ),
        flag("--publish", "publish what differs as revisions"),
        number("--workers", "processes at work (default: one for each core; 1: only this one)"),
        Option(
            "--scheduler",
            "address of a Dask scheduler whose workers do it (tls://HOST:PORT)",
            {"metavar": "ADDRESS"},
        ),
        Option("--tls-ca", "for the scheduler: the authority that both sides trust, PEM", FILE),
        Option("--tls-cert", "for the scheduler: our certificate, PEM", FILE),
        Option("--tls-key", "for the scheduler: its key, PEM", FILE),
        number("--samples", "differences that are shown (default: 5)"),
    )
    entry = "kompascrawler.replay.command_line:replay"
