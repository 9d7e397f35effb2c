"""A clock that is wrong: for one process, whole, without its knowing.

The folder is put in front of ``PYTHONPATH``, so that Python runs ``sitecustomize.py`` at start.
"""

from pathlib import Path

from tests.crawls import ROOT

FOLDER = Path(__file__).parent


def clock(seconds: float) -> dict[str, str]:
    """Return the environment of a process whose clock is so many seconds ahead; below 0: behind.

    It runs on from there at its own pace. Intervals (``time.monotonic``) are as ever.
    """
    return {"CLOCK_SHIFT": str(seconds), "PYTHONPATH": f"{FOLDER}:{ROOT}"}
