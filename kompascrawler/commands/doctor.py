"""Check what a crawl needs (--live: and the site itself).

Programs, settings, data folder, clock, store, browser and robots.txt are checked: each line says
what was found and what to do. With --live, make at most 16 requests and say which assumptions about
the site hold. The exit status is 0, 1 if something failed, or 4 if --live cannot reach the site.
"""

from kompascrawler.command import AS_JSON, LazyCommand, flag


class Command(LazyCommand):
    requires_crawler_process = True
    options = (flag("--live", "check the site, too"), AS_JSON)
    entry = "kompascrawler.doctor.command_line:run"
    uses_data_folder = False  # says it among what it draws
