"""The entry of the console script ``kompascrawler``, and of ``python -m kompascrawler``.

Only what is light is imported here: until Scrapy is there, most of a second later, a signal would
end a crawl without a verdict.
"""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; a signal that comes before a crawl begins ends it in order."""
    if "crawl" in sys.argv[1:] and os.name == "posix":  # command.py says that it must be
        from kompascrawler.run.interruptions import INTERRUPTIONS  # noqa: PLC0415 - as above

        INTERRUPTIONS.begin()
    from kompascrawler.command import run  # noqa: PLC0415 - as above

    run()


if __name__ == "__main__":
    main()
