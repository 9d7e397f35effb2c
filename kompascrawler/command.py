"""The command line. Scrapy imports every command for any: their work is imported later."""

import argparse
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, resolve_name
from typing import Any, ClassVar, Final, NamedTuple, NoReturn

from scrapy import cmdline
from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings, Settings
from scrapy.utils.project import get_project_settings
from typing_extensions import override

from kompascrawler import __version__, settings
from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import ENVIRONMENT, SETTINGS
from kompascrawler.identity import ID, parse_address
from kompascrawler.store.model import StoreError
from kompascrawler.terminal import put

CONSOLE_SCRIPT: Final = "kompascrawler"
FILE_VARIABLE: Final = "KOMPAS_CONFIG"
FILE_NAME: Final = "kompascrawler.toml"
FILE_PRIORITY: Final = 25
"""Of what it says: above project and environment (20), below spider (30) and command line (40)."""
_LIKENESS: Final = 0.9
"""How alike names must be for one to be a misspelling of the other (difflib's ratio)."""


def program() -> str:
    """Return what the person called: ``kompascrawler``, or ``scrapy`` in the checkout."""
    return CONSOLE_SCRIPT if Path(sys.argv[0]).stem == CONSOLE_SCRIPT else "scrapy"


def fail(command: str, message: str, status: int = 2) -> NoReturn:
    """End a command with one line."""
    say(command, message)
    sys.exit(status)


def say(command: str, message: object) -> None:
    """Say something on standard error, in the name of a command."""
    put(f"{program()} {command}: {message}", sys.stderr)


def name_data_folder(settings: BaseSettings) -> None:
    """Say on standard error which data folder is used, with its full path."""
    if data_dir := settings["DATA_DIR"]:
        put(f"{program()}: data folder {Path(data_dir).absolute()}", sys.stderr)


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


class Option(NamedTuple):
    """An option of a command; ``about`` is what else argparse is told."""

    name: str
    help: str
    about: dict[str, Any]


def flag(name: str, meaning: str) -> Option:
    """Return an option that is given or not."""
    return Option(name, meaning, {"action": "store_true"})


def number(name: str, meaning: str, default: int | None = None, metavar: str = "N") -> Option:
    """Return an option that takes a whole number."""
    return Option(name, meaning, {"metavar": metavar, "type": int, "default": default})


DAY: Final = {"metavar": "DAY"}
FILE: Final = {"metavar": "FILE"}
PUBLISHED: Final = (
    Option("--since", "first day of publication (WIB), YYYY-MM-DD", DAY),
    Option("--until", "last day of publication (WIB), YYYY-MM-DD", DAY),
)
REVISION: Final = number("--revision", "which revision's kept page an id stands for (the latest)")
AS_JSON: Final = flag("--json", "as one JSON object")


class OurCommand(ScrapyCommand):
    """A command of ours, or one of Scrapy's that we change; its help is its module's docstring."""

    requires_project = True
    usage: ClassVar[str] = "[options]"
    """What stands after the command's name in the usage line."""
    options: ClassVar[Sequence[Option]] = ()

    @property
    def chosen(self) -> Settings:
        """The settings, which Scrapy has set by the time that a command runs."""
        assert self.settings is not None
        return self.settings

    @property
    def name(self) -> str:
        """What the command is called: its module's name."""
        return type(self).__module__.rpartition(".")[2]

    @override
    def syntax(self) -> str:
        return self.usage

    @override
    def short_desc(self) -> str:
        return self.long_desc().partition("\n")[0].removesuffix(".")

    @override
    def long_desc(self) -> str:
        return sys.modules[type(self).__module__].__doc__ or ""

    @override
    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        if unknown := next((one for one in args if one.startswith("-") and one != "-"), None):
            name = unknown.partition("=")[0]
            near = get_close_matches(name, [option.name for option in self.options], n=1)
            meant = f"; did you mean {near[0]}?" if near else "; --help lists them"
            self.refuse(f"{name}: no such option{meant}")
        known = set(self.chosen)
        super().process_options(args, opts)
        try:
            check_names(self.chosen, known)
            check_environment(os.environ)
        except SettingError as error:
            self.refuse(str(error))

    def articles(self, names: Iterable[str]) -> list[str]:
        """Return articles by their identity or address; what is neither ends the command."""
        ids = [address.id if (address := parse_address(name)) else name for name in names]
        if wrong := next((name for name in ids if not ID.fullmatch(name)), None):
            self.refuse(f"{' '.join(wrong.split())} is no article: give YYYY-MM-DD-<number>")
        return ids

    def refuse(self, message: str) -> NoReturn:
        """End the command: it was given what it cannot take."""
        fail(self.name, message)

    @property
    def data_dir(self) -> Path:
        """The data folder, with its full path; without one the command ends."""
        return Path(self.setting("DATA_DIR")).absolute()

    def setting(self, name: str) -> Any:
        """Return the value of a setting of ours; one that is not accepted ends the command."""
        try:
            SETTINGS[name].check(self.chosen[name])
        except SettingError as error:
            self.refuse(str(error))
        return self.chosen[name]


class LazyCommand(OurCommand):
    """A command whose work lies elsewhere, and is imported when it is called."""

    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}
    entry: ClassVar[str]
    """``module:function``; it gets the command, its arguments and options, returns the status."""
    uses_data_folder: ClassVar[bool] = True
    """Whether ``run`` says which one, unless a program reads the answer (``--json``)."""

    @override
    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        group = parser.add_argument_group(self.name.capitalize())
        for option in self.options:
            group.add_argument(option.name, help=option.help, **option.about)

    @override
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        function = resolve_name(self.entry)
        if self.uses_data_folder and not getattr(opts, "json", False):
            name_data_folder(self.chosen)
        try:
            self.exitcode = function(self, args, opts)
        except StoreError as error:
            fail(self.name, str(error), error.status)
        except KeyboardInterrupt:
            fail(self.name, f"interrupted: {self.name} again", 130)


_OURS: Final = settings.COMMANDS_MODULE
_SCRAPYS: Final = "scrapy.commands"
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
    """Run the command line ``kompascrawler``: Scrapy's commands and ours, with our settings."""
    sys.argv[0] = CONSOLE_SCRIPT
    # No scrapy.cfg is needed, and no other project's is read.
    os.environ["SCRAPY_SETTINGS_MODULE"] = settings.__name__
    chosen = get_project_settings()
    parser = argparse.ArgumentParser(CONSOLE_SCRIPT, usage=_USAGE, add_help=False)
    parser.add_argument("--config", metavar="FILE")
    known, arguments = parser.parse_known_args()
    name = next((one for one in arguments if not one.startswith("-")), None)
    if name is None:
        _without_command(arguments)
    if name not in (*_names(_OURS), *_names(_SCRAPYS)):
        _fail(f"{name}: no such command; `kompascrawler --help` lists them")
    try:
        if path := settings_file(known.config, os.environ):
            apply_file(chosen, path)
    except SettingError as error:
        if name == "crawl":
            import_module(f"{_OURS}.crawl").refuse(str(error), chosen)
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
    for name in given.keys() - set(settings.getlist("_FROM_ENVIRONMENT")):
        settings.set(name, given[name], priority=FILE_PRIORITY)


def _without_command(arguments: list[str]) -> NoReturn:
    if not {"--version", "--help", "-h"}.issuperset(arguments):
        _fail(f"{' '.join(arguments)}: no command; `kompascrawler --help` lists them")
    if "--version" in arguments:
        put(f"kompascrawler {__version__}", sys.stdout)
    else:
        ours = _names(_OURS)
        others = [name for name in _names(_SCRAPYS) if name not in ours]
        lists = ("Commands:", *_lines(_OURS, ours), "", "Scrapy's:", *_lines(_SCRAPYS, others))
        put("\n".join((_HELP, "", *lists)), sys.stdout)
    sys.exit()


def _names(package: str) -> list[str]:
    return [module.name for module in iter_modules(import_module(package).__path__)]


def _lines(package: str, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        command = import_module(f"{package}.{name}").Command()
        yield f"  {name:14}{command.short_desc()}"


def _fail(message: str) -> NoReturn:
    put(f"{CONSOLE_SCRIPT}: {message}", sys.stderr)
    sys.exit(2)
