"""What a setting is, and what it accepts: numbers, switches, choices, texts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from math import inf
from typing import Any, Final, NamedTuple

from kompascrawler.sections import SECTIONS, chosen_sections
from kompascrawler.store.model import RUN_ID

# As Apprise itself tells addresses apart: a comma may be part of one.
_BETWEEN = re.compile(r"[\s,;]+(?=[A-Za-z0-9]{1,32}://)")
_ADDRESS = re.compile(r"[A-Za-z0-9]{1,32}://")


class ValueType(NamedTuple):
    """What a setting accepts."""

    accepted: str
    """In words, for "accepted is …"."""
    accepts: Callable[[object], bool]
    """Tells whether a value is accepted; the command line gives text. May raise ValueError, which
    says what is wrong with one that is not."""


def number(
    kind: type[int] | type[float], least: int, *, most: float = inf, above: bool = False
) -> ValueType:
    """Return the type of numbers from ``least``, or ``above`` it, to ``most``."""

    def accepts(value: object) -> bool:
        try:
            given = kind(str(value))
        except ValueError:
            return False
        return (least < given <= most and given < inf) or (not above and given == least)

    noun = "a whole number" if kind is int else "a number"
    upper = f" to {most:g}" if most < inf else ""
    return ValueType(f"{noun} {'above' if above else 'from'} {least}{upper}", accepts)


def is_utf8(value: object) -> bool:
    r"""Tell whether a value can be written down: bytes of a command line may be no text.

    >>> is_utf8("/srv/\u00e9"), is_utf8("/srv/\udcff")
    (True, False)
    """
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def one_of(choices: Sequence[str]) -> ValueType:
    """Return the type of named choices."""
    return ValueType(f"one of {', '.join(choices)}", lambda value: value in choices)


def text(accepted: str, accepts: Callable[[str], object]) -> ValueType:
    """Return the type of texts that ``accepts`` allows; nothing at all is allowed, too."""
    return ValueType(accepted, lambda value: not value or bool(accepts(str(value))))


def addresses(given: str | Sequence[str]) -> list[str]:
    """Return the addresses of ``NOTIFY_URLS``: a list, or a text with commas or blanks between.

    >>> addresses("json://one/, mailto://b?to=x@y.org,z@y.org json://two/")
    ['json://one/', 'mailto://b?to=x@y.org,z@y.org', 'json://two/']
    """
    texts = [given] if isinstance(given, str) else given
    found = [piece.strip(" \t\r\n,;") for text in texts for piece in _BETWEEN.split(text)]
    return [piece for piece in found if piece]


def _are_addresses(given: object) -> bool:
    # Their form only; sending shows whether they are good.
    if not isinstance(given, str | list | tuple) or not all(isinstance(one, str) for one in given):
        return False
    return all(map(_ADDRESS.match, addresses(given)))


BUCKET_URL = re.compile(r"(s3|gs|az)://[a-zA-Z0-9][\w.-]*(/[\w.=-]+)*/?", re.ASCII)
_SPAN = re.compile(r"(\d{1,5}) ?([hd])")


def spans(given: str) -> tuple[int, ...]:
    """Return the seconds of times with commas or blanks between; none for anything else.

    >>> spans("6h, 1d")
    (21600, 86400)
    """
    found = [_SPAN.fullmatch(piece) for piece in re.split(r"[\s,;]+", given) if piece]
    seconds = tuple(int(one[1]) * {"h": 3600, "d": 86400}[one[2]] for one in found if one)
    return seconds if all(found) else ()


def _are_sections(given: object) -> bool:
    return bool(chosen_sections(given if isinstance(given, list | tuple) else str(given)))


COUNT = number(int, 1)
WHOLE = number(int, 0)
NOT_NEGATIVE = number(float, 0)
POSITIVE = number(float, 0, above=True)
SHARE = number(float, 0, most=1)
_SWITCHES = ("True", "true", "1", "False", "false", "0")  # as Scrapy reads them
SWITCH = ValueType("True or False", lambda value: str(value) in _SWITCHES)
ARCHIVE = ValueType(
    "False, or True where the extra is installed (in the checkout, pip install '.[warc]'; beside a"
    " wheel, pip install warcio fastwarc)",
    lambda value: (
        str(value) in _SWITCHES[3:]
        or (SWITCH.accepts(value) and all(map(find_spec, ("warcio", "fastwarc"))))
    ),
)
ADDRESSES = ValueType(
    "addresses of Apprise (kind://…) with commas or blanks between", _are_addresses
)
BUCKET = text(
    "s3://bucket/prefix, gs://bucket/prefix or az://container/prefix, without keys (the environment"
    " has them), where the extra is installed (in the checkout, pip install '.[cloud]'; beside a"
    " wheel, pip install obstore)",
    lambda url: BUCKET_URL.fullmatch(url) and find_spec("obstore"),
)
SPANS = text("times in hours or days such as 6h, 24h, 7d, or nothing", spans)
SECTION_NAMES = ValueType(
    f"one or more of {', '.join(name for name in SECTIONS if name != 'any')} with commas between,"
    " or any",
    _are_sections,
)
FILE = text("the path of a file", str)
METRICS = text("the path of a file whose name ends in .prom", lambda path: path.endswith(".prom"))
HTML = text("the path of a file whose name ends in .html", lambda path: path.endswith(".html"))
CDP = text(
    "an address that begins with http://, https://, ws:// or wss://",
    lambda address: address.startswith(("http://", "https://", "ws://", "wss://")),
)
FOLDER = ValueType("the folder for articles and state", bool)
RUN = ValueType(
    "a name of up to 100 letters, digits, '-', '.' and '_'",
    lambda value: value is None or RUN_ID.fullmatch(str(value)) is not None,
)
CONTACT = ValueType(  # it goes into a header
    "an address or a page of who runs the crawler, in one line",
    lambda value: bool(str(value).strip()) and str(value).isprintable(),
)


MASK: Final = "***"
_USER_INFO: Final = re.compile(r"(?<=://)\S*@")  # a password may hold an @, and is typed as it is
_USER_AND_QUERY: Final = re.compile(r"(?<=://)\S*@|(?<=[?#])\S+")
"""Parts of an address that may hold keys."""


def shown(value: object) -> str:
    """Return a text with the user parts of the addresses in it masked.

    >>> shown("no answer from ftp://me:x@host/a")
    'no answer from ftp://***@host/a'
    """
    return _USER_INFO.sub(f"{MASK}@", str(value))


def without_keys(value: object) -> str:
    """Return a text without what may be a key in the addresses in it.

    >>> without_keys("http://me:x@host/a?token=x is not read")
    'http://…host/a?… is not read'
    """
    return _USER_AND_QUERY.sub("…", str(value))


def as_json(value: Any) -> Any:
    """Return the value of a setting as JSON may hold it, users in addresses masked."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {shown(key): as_json(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [as_json(item) for item in value]
    return shown(value)


class SettingError(ValueError):
    """A setting that cannot be accepted; the message is one line that says what can."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of ours, or one of Scrapy's that an operator may want to change."""

    name: str
    default: Any
    value_type: ValueType
    meaning: str
    why: str = ""
    """Why the default is what it is, or differs from Scrapy's."""
    environment: str | None = None
    """The variable that gives it, too."""
    is_secret: bool = False
    is_common: bool = False
    """Whether ``crawl --help`` names it."""
    stated: str = ""
    """The default in words, where it is no fixed value."""

    def given(self, environment: Mapping[str, str]) -> str | None:
        """Return the environment's value; an empty one counts only where a value must be."""
        value = environment.get(self.environment or "")
        return value or (value if self.default else None)

    def check(self, value: object) -> None:
        """Raise SettingError for a value that is not accepted."""
        if not is_utf8(value):
            raise SettingError(f"{self.name}={value!a}: accepted is a text in UTF-8")
        fault = ""
        try:
            if self.value_type.accepts(value):
                return
        except ValueError as error:
            fault = f" ({error})"
        given = "…" if self.is_secret else without_keys(value)
        accepted = f"accepted is {self.value_type.accepted}{fault}"
        raise SettingError(f"{self.name}={' '.join(given.split())}: {accepted}")


def switch(name: str, meaning: str, why: str = "", **about: Any) -> Setting:
    """Return a setting that is on or off, and off by default."""
    return Setting(name, default=False, value_type=SWITCH, meaning=meaning, why=why, **about)
