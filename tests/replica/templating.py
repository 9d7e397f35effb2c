"""The templates of the replica (``templates/``), and what they use to write names and times."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER: Final = Path(__file__).with_name("templates")
MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
WEEKDAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


def render(template: str, **values: object) -> str:
    """Return a template with its values; text is escaped, ``Markup`` is not."""
    return _ENVIRONMENT.get_template(template).render(values)


def macro(template: str, name: str, *values: object) -> Markup:
    """Return what a macro of a template makes of its values."""
    made = getattr(_ENVIRONMENT.get_template(template).module, name)(*values)
    assert isinstance(made, Markup)
    return made


def _json(value: object) -> Markup:
    """Return JSON as PHP writes it."""
    return Markup(json.dumps(value).replace("/", "\\/"))  # inside a script


def _amp(url: str) -> str:
    """Return the address of an AMP page: a sub-domain's name becomes the path's first part."""
    path = url.removeprefix("https://www.kompas.com/")
    if path == url:
        path = url.removeprefix("https://").replace(".kompas.com", "", 1)
    return f"https://amp.kompas.com/{path}"


def _plain(url: str) -> str:
    """Return an address as it was before the site spoke https."""
    return url.replace("https:", "http:")


def photo_page(url: str, number: int) -> str:
    """Return the address of an article's photo viewer (docs/site.md, section 1)."""
    return f"{_plain(url).replace('/read/', '/image/')}?page={number}"


def _number(text: str) -> int:
    """Return a number that stands for a text."""
    return sum(map(ord, text))


def _profile(name: str) -> str:
    return f"http://indeks.kompas.com/profile/{_number(name)}/{name.replace(' ', '.')}"


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat()


def _month(time: datetime) -> str:
    return MONTHS[time.month - 1]


def _weekday(time: datetime) -> str:
    return WEEKDAYS[time.weekday()]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_nothing_for_none,
    )
    environment.filters |= {
        "amp": _amp,
        "json": _json,
        "month": _month,
        "number": _number,
        "photo_page": photo_page,
        "plain": _plain,
        "profile": _profile,
        "utc": _utc,
        "weekday": _weekday,
    }
    return environment


def _nothing_for_none(value: Any) -> Any:
    return "" if value is None else value


_ENVIRONMENT: Final = _environment()
