"""What is known of one setting, and whether a value of it is accepted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kompascrawler.configuration.value_types import SWITCH, ValueType, is_utf8

_USER_AND_QUERY: Final = re.compile(r"(?<=://)\S*@|(?<=\?)\S+")
"""Parts of an address that may hold keys."""


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
    """Whether its value is shown to nobody."""
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
        if not self.value_type.accepts(value):
            shown = (
                "…" if self.is_secret else " ".join(_USER_AND_QUERY.sub("…", str(value)).split())
            )
            raise SettingError(f"{self.name}={shown}: {self.value_type.expected(value)}")


def switch(name: str, meaning: str, why: str = "", **about: Any) -> Setting:
    """Return a setting that is on or off, and off by default."""
    return Setting(name, default=False, value_type=SWITCH, meaning=meaning, why=why, **about)
