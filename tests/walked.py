"""Which files of ours a crawl of one article runs: ``python -m tests.walked`` prints them.

A file counts where one of its functions is called; with ``--classes`` also where only the bodies of
its classes run, which is when it is imported.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.crawls import AT_ONCE, ROOT, scrapy_command
from tests.replica.serve import serve
from tests.replica.site import Site

_SCRIPT: Final = """
import atexit, inspect, sys, threading
ran = set()
def tell():
    print(*(f"{name}|{kind}" for name, kind in ran), sep="\\n", file=sys.stderr)
def note(frame, event, _):
    code = frame.f_code
    if event == "call" and code.co_name != "<module>":
        ran.add((code.co_filename, bool(code.co_flags & inspect.CO_OPTIMIZED)))
threading.setprofile(note)
sys.setprofile(note)
atexit.register(tell)
from scrapy.cmdline import execute
execute()
"""


def walked(*, classes: bool = False) -> list[str]:
    """Crawl one article of the replica; return the files of ours that ran, from the root on."""
    with TemporaryDirectory() as folder, serve(Site(seed=5, articles=1)) as replica:
        settings = AT_ONCE | {"DATA_DIR": folder, "LOG_ENABLED": False}
        command = scrapy_command("crawl", "kompas_global", settings=settings)[3:]
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT, *command],
            cwd=ROOT, env=os.environ | replica.env, capture_output=True, text=True, check=True,
        )  # fmt: skip
    lines = (line.rpartition("|") for line in done.stderr.splitlines())
    ran = {Path(name) for name, _, is_function in lines if classes or is_function == "True"}
    package = ROOT / "kompascrawler"
    return sorted(str(path.relative_to(ROOT)) for path in ran if path.is_relative_to(package))


if __name__ == "__main__":
    files = walked(classes="--classes" in sys.argv)
    print(*files, f"{len(files)} files", sep="\n")
