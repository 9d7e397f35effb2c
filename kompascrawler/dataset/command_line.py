"""``kompascrawler verify``: its arguments, what it prints, its exit status."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kompascrawler.command import LazyCommand, program, say
from kompascrawler.dataset.repair import repair
from kompascrawler.dataset.verify import Verification, as_json, sums
from kompascrawler.dataset.verify import verify as verify_folder
from kompascrawler.outcome.exit_status import ExitStatus
from kompascrawler.outcome.terminal import counted, put
from kompascrawler.store.lock import Locked
from kompascrawler.store.model import StoreError

_SHOWN: Final = 50
"""Findings that are printed; ``--json`` has all."""


def verify(command: LazyCommand, args: list[str], opts: argparse.Namespace) -> int:
    """Compare, and mend where asked to; return 0 where all is sound, 2, 3 or 75 where not."""
    data_dir = Path(command.chosen["DATA_DIR"] or "")
    if args or not command.chosen["DATA_DIR"]:
        return _fail("give no arguments and a DATA_DIR", ExitStatus.USAGE)
    if not data_dir.is_dir():
        return _fail(f"{data_dir.absolute()} is no folder", ExitStatus.STORE)
    try:
        run_id = f"repair-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        repaired = repair(data_dir, run_id) if opts.repair else []
        found = verify_folder(data_dir)
        if opts.sums:
            _write(opts.sums, sums(data_dir))
    except Locked as error:
        return _fail(str(error), ExitStatus.LOCKED)
    except StoreError as error:
        return _fail(str(error), ExitStatus.STORE)
    except OSError as error:
        return _fail(f"--sums {opts.sums}: {error.strerror}", ExitStatus.USAGE)
    if opts.json:
        put(as_json(found, repaired), sys.stdout)
    elif opts.sums != "-":
        put("\n".join(_lines(found, repaired)), sys.stdout)
    return ExitStatus.STORE if found.findings else ExitStatus.FINE


def _fail(message: str, status: ExitStatus) -> int:
    say("verify", message)
    return status


def _write(file: str, text: str) -> None:
    if file == "-":
        put(text.removesuffix("\n"), sys.stdout)
    else:
        Path(file).write_text(text, encoding="utf-8")


def _lines(found: Verification, repaired: list[str]) -> list[str]:
    """Return what is printed: what was mended, what is wrong, and the sum of it."""
    findings = [f"{one.place}: {one.cause}" for one in found.findings]
    more = len(findings) - _SHOWN
    hidden = [f"… and {more} more; --json lists all"] if more > 0 else []
    what = f"{counted(found.records, 'record')} in {counted(found.files, 'file')}"
    if findings:
        advice = "" if repaired else f"; `{program()} verify --repair` mends it"
        end = f"Not sound: {counted(len(findings), 'finding')} for {what}{advice}"
    else:
        end = f"Sound: {what}, as published; the last has number {found.number}"
    return [*repaired, *findings[:_SHOWN], *hidden, end]
