"""``doctor``: finds what would make a crawl fail, and says what to do."""

from kompascrawler.command import AS_JSON, LazyCommand, flag


class Command(LazyCommand):
    """Check what a crawl needs (--live: and the site itself).

    Check programs, settings, data folder, clock, store, browser and robots.txt: each line says what
    was found and what to do. With --live, make at most 16 requests and say which assumptions about
    the site hold. The exit status is 0, 1 if something failed, or 4 if --live cannot reach the
    site.
    """

    requires_crawler_process = True
    options = (flag("--live", "check the site, too"), AS_JSON)
    entry = "kompascrawler.doctor.report:run"
    uses_data_folder = False  # says it among what it draws
