"""The console script ``kompascrawler``: Scrapy's commands and ours, with our settings, anywhere."""

import argparse
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Final, NoReturn

from scrapy import cmdline, commands
from scrapy.settings import BaseSettings
from scrapy.utils.project import get_project_settings

import kompascrawler.commands as our_commands
from kompascrawler import __version__, settings
from kompascrawler.command import CONSOLE_SCRIPT, FILE_PRIORITY, FILE_VARIABLE, check_names
from kompascrawler.commands.crawl import refuse
from kompascrawler.configuration.setting import SettingError
from kompascrawler.terminal import printable

FILE_NAME: Final = "kompascrawler.toml"
_USAGE: Final = "kompascrawler [--config FILE] COMMAND [options] [arguments]"
_HELP: Final = f"""\
Usage: {_USAGE}

`kompascrawler COMMAND --help` explains a command. Settings are given with
-s NAME=VALUE, in the environment, or in a settings file (TOML): --config FILE,
{FILE_VARIABLE}, or {FILE_NAME} in the current folder or in the user's
configuration folder."""


class _Parser(cmdline.ScrapyArgumentParser):
    def __init__(self, usage: str, **about: Any) -> None:
        super().__init__(usage=usage.replace("scrapy", CONSOLE_SCRIPT, 1), **about)


def run() -> NoReturn:
    """Run the command line."""
    sys.argv[0] = CONSOLE_SCRIPT
    # No scrapy.cfg is needed, and no other project's is read.
    os.environ["SCRAPY_SETTINGS_MODULE"] = settings.__name__
    chosen = get_project_settings()
    file, arguments = _parsed(sys.argv[1:])
    name = next((one for one in arguments if not one.startswith("-")), None)
    if name is None:
        _without_command(arguments)
    if name not in (*_names(our_commands), *_names(commands)):
        _fail(f"{name}: no such command; `kompascrawler --help` lists them")
    try:
        if path := settings_file(file, os.environ):
            apply_file(chosen, path)
    except SettingError as error:
        if name == "crawl":
            refuse(str(error), chosen)
        _fail(str(error))
    cmdline.ScrapyArgumentParser = _Parser  # type: ignore[misc,assignment] # no setting names the program
    cmdline.execute([CONSOLE_SCRIPT, *arguments], chosen)
    sys.exit()


def settings_file(named: str | None, environment: Mapping[str, str]) -> Path | None:
    """Return the settings file: named (or SettingError), of the current folder, of the user."""
    if given := named or environment.get(FILE_VARIABLE):
        if not Path(given).is_file():
            source = "--config" if named else FILE_VARIABLE
            raise SettingError(f"{source}={given}: accepted is the path of a settings file (TOML)")
        return Path(given).absolute()
    from platformdirs import user_config_path  # noqa: PLC0415 - only where none is named

    places = (Path.cwd(), user_config_path("kompascrawler", appauthor=False))
    return next((place / FILE_NAME for place in places if (place / FILE_NAME).is_file()), None)


def apply_file(settings: BaseSettings, path: Path) -> None:
    """Apply a settings file, but for what the environment gives. Raises SettingError."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        check_names(given, settings)
    except SettingError as error:
        raise SettingError(f"{path}: {error}") from None
    except OSError as error:
        raise SettingError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:  # no TOML, or no UTF-8
        raise SettingError(f"{path}: no TOML: {' '.join(str(error).split())}") from None
    settings.set("_CONFIG_FILE", str(path), priority="project")
    from_environment = settings.getlist("_FROM_ENVIRONMENT")
    for name, value in given.items():
        if name not in from_environment:
            settings.set(name, value, priority=FILE_PRIORITY)


def _parsed(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Take ``--config FILE`` off the arguments; everything else is a command's."""
    parser = argparse.ArgumentParser(CONSOLE_SCRIPT, usage=_USAGE, add_help=False)
    parser.add_argument("--config", metavar="FILE")
    known, others = parser.parse_known_args(arguments)
    return known.config, others


def _without_command(arguments: list[str]) -> NoReturn:
    if not {"--version", "--help", "-h"}.issuperset(arguments):
        _fail(f"{' '.join(arguments)}: no command; `kompascrawler --help` lists them")
    if "--version" in arguments:
        print(f"kompascrawler {__version__}")
    else:
        print(_HELP, "", "Commands:", *_lines(our_commands), sep="\n")
        print("", "Scrapy's:", *_lines(commands), sep="\n")
    sys.exit()


def _names(package: ModuleType) -> list[str]:
    return [module.name for module in iter_modules(package.__path__)]


def _lines(package: ModuleType) -> Iterator[str]:
    for name in _names(package):
        if package is our_commands or name not in _names(our_commands):
            command = import_module(f"{package.__name__}.{name}").Command()
            yield f"  {name:14}{command.short_desc()}"


def _fail(message: str) -> NoReturn:
    print(printable(f"{CONSOLE_SCRIPT}: {message}"), file=sys.stderr)
    sys.exit(2)
