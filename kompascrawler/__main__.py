"""The entry of the console script ``kompascrawler``, and of ``python -m kompascrawler``.

Only what is light is imported here: most of a second goes by until Scrapy is there, and a signal
that comes meanwhile would end a crawl without a verdict.
"""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line.

    Signals are noted from now on where a crawl is to begin, and end it in order. Every other
    command ends by them at once, as programs do.
    """
    if "crawl" in sys.argv[1:] and os.name == "posix":  # console.py says that it must be
        from kompascrawler.run.interruptions import listen_early  # noqa: PLC0415 - as above

        listen_early()
    from kompascrawler.console import run  # noqa: PLC0415 - as above

    run()


if __name__ == "__main__":
    main()
