"""``python -m tests.soak``: the crawler run again and again, in all that can happen to it.

One data folder, one replica that publishes all the time, a run every quarter of an hour by a
clock that is moved from run to run (a year of cron would not fit into a test otherwise: nothing
in the crawler knows of it, the clock of its process is simply ahead). What happens to a run is
drawn from the seed. At the end the published files must hold exactly what the site published.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.soak import Soak


def main() -> int:
    """Run a soak; exit status 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Run a soak.")
    parser.add_argument("--runs", type=int, default=300, help="runs with mishaps (default: 300)")
    parser.add_argument("--seed", type=int, default=1, help="what the choices come from")
    parser.add_argument("--folder", type=Path, help="where it happens, kept (default: a new one)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        soak = Soak(given.folder or Path(folder), runs=given.runs, seed=given.seed)
        wrong = soak.run()
    print("\n".join(wrong) or "Everything is there exactly once.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
