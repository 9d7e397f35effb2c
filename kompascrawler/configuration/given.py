"""What was given: misspelt names, and the settings file."""

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from scrapy.settings import BaseSettings

from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import ENVIRONMENT

FILE_NAME: Final = "kompascrawler.toml"
FILE_VARIABLE: Final = "KOMPAS_CONFIG"
FILE_PRIORITY: Final = 25
"""Above what the project and its environment say (20), below spider (30) and command line (40)."""
_LIKENESS: Final = 0.9
"""How alike names must be for one to be a misspelling of the other (difflib's ratio)."""


def check_names(names: Iterable[str], known: Iterable[str], kind: str = "setting") -> None:
    """Raise SettingError for the first unknown name that is like a known one; others may pass."""
    known = set(known)
    for name in sorted(set(names) - known):
        if near := get_close_matches(name.upper(), known, n=1, cutoff=_LIKENESS):
            raise SettingError(f"{name}: no such {kind}; did you mean {near[0]}?")


def check_environment(environment: Mapping[str, str]) -> None:
    """Raise SettingError for a misspelt variable ``KOMPAS_…``."""
    ours = [name for name in environment if name.startswith("KOMPAS")]
    check_names(ours, [*ENVIRONMENT, FILE_VARIABLE], "variable")


def settings_file(named: str | None, environment: Mapping[str, str]) -> Path | None:
    """Return the settings file: named (or SettingError), of the current folder, of the user."""
    if given := named or environment.get(FILE_VARIABLE):
        if not Path(given).is_file():
            source = "--config" if named else FILE_VARIABLE
            raise SettingError(f"{source}={given}: accepted is the path of a settings file (TOML)")
        return Path(given).absolute()
    from platformdirs import user_config_path  # noqa: PLC0415 - only `kompascrawler` looks there

    places = (Path.cwd(), user_config_path("kompascrawler", appauthor=False))
    return next((place / FILE_NAME for place in places if (place / FILE_NAME).is_file()), None)


def apply_file(settings: BaseSettings, path: Path) -> None:
    """Apply a settings file, but for what the environment gives. Raises SettingError."""
    given = _read(path)
    try:
        check_names(given, settings)
    except SettingError as error:
        raise SettingError(f"{path}: {error}") from None
    settings.set("_CONFIG_FILE", str(path), priority="project")
    from_environment = settings.getlist("_FROM_ENVIRONMENT")
    for name, value in given.items():
        if name not in from_environment:
            settings.set(name, value, priority=FILE_PRIORITY)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:  # no TOML, or no UTF-8
        raise SettingError(f"{path}: no TOML: {' '.join(str(error).split())}") from None


def source_of(settings: BaseSettings, name: str) -> str:
    """Say where the value of a setting comes from."""
    if (settings.getpriority(name) or 0) > FILE_PRIORITY:
        return "command line"
    if settings.getpriority(name) == FILE_PRIORITY:
        return "settings file"
    if name in settings.getlist("_FROM_ENVIRONMENT"):
        return next(variable for variable, given in ENVIRONMENT.items() if given == name)
    return "default"
