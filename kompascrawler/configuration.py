"""Checks our settings before a crawl, so that a typing error costs no request."""

import math
import re
from collections.abc import Mapping
from typing import Any, get_args

from kompascrawler.halaman.assembly import Wish
from kompascrawler.sections import SECTIONS

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class SettingError(ValueError):
    """A setting that cannot be taken; the message is one line that says what is accepted."""


def check_settings(settings: Mapping[str, Any]) -> None:
    """Raise ``SettingError`` for the first of our settings that cannot be taken."""
    if settings["SECTION"] not in SECTIONS:
        raise SettingError(f"SECTION={settings['SECTION']}: accepted are {', '.join(SECTIONS)}")
    if not settings["DATA_DIR"]:
        raise SettingError("DATA_DIR is empty: give the folder for articles and state")
    run_id = settings["RUN_ID"]
    if run_id is not None and not _RUN_ID.fullmatch(run_id):
        raise SettingError(
            f"RUN_ID={run_id}: accepted are up to 100 letters, digits, '-', '.' and '_'"
        )
    _check_halaman(settings)
    _check_number("PUBLISH_EVERY_ITEMS", settings, above=0)
    _check_number("PUBLISH_EVERY_SECONDS", settings, above=0)
    _check_number("DOWNLOAD_DELAY", settings, above=-1e-9)
    _check_number("CONCURRENT_REQUESTS", settings, above=0)


def _check_halaman(settings: Mapping[str, Any]) -> None:
    route, share = settings["HALAMAN_ROUTE"], settings["HALAMAN_BROWSER_AUDIT"]
    if route not in get_args(Wish):
        raise SettingError(f"HALAMAN_ROUTE={route}: accepted are {', '.join(get_args(Wish))}")
    if not 0.0 <= _number(share) <= 1.0:
        raise SettingError(
            f"HALAMAN_BROWSER_AUDIT={share}: accepted is a number from 0.0 (none) to 1.0 (all)"
        )


def _number(value: object) -> float:
    """Return a setting as a number, NaN where it is none: no comparison holds for that."""
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _check_number(name: str, settings: Mapping[str, Any], *, above: float) -> None:
    value = settings[name]
    if not _number(value) > above:
        raise SettingError(f"{name}={value}: accepted is a number of at least {max(above, 0):g}")
