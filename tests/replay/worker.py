"""Publishes a replay with a planted fault, in a process that may be killed at any moment.

``python worker.py DATA_DIR FAULT ID…``; prints a line when it begins.
"""

import sys
from pathlib import Path

import kompascrawler.replay.command_line as module
from tests.replay.kept import command, planted

if __name__ == "__main__":
    module._AT_ONCE = 2  # type: ignore[misc] # many publications of few articles
    folder, fault, *ids = sys.argv[1:]
    print("begins", flush=True)
    with planted(fault):
        sys.exit(module.replay(*command(Path(folder), "--publish", "--ids", *ids)))
