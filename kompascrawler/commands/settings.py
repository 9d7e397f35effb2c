"""Print our settings, each with its value and where it comes from.

Whatever else was given is printed, too. Values come from: default, environment, settings file or
command line. Secrets are hidden. With an option, print one setting, ours or Scrapy's.
"""

import argparse

from scrapy.commands import settings
from scrapy.settings import BaseSettings
from typing_extensions import override

from kompascrawler.command import FILE_PRIORITY, OurCommand
from kompascrawler.configuration.table import ENVIRONMENT, SETTINGS, masked


def source_of(settings: BaseSettings, name: str) -> str:
    """Say where the value of a setting comes from."""
    if (settings.getpriority(name) or 0) > FILE_PRIORITY:
        return "command line"
    if settings.getpriority(name) == FILE_PRIORITY:
        return "settings file"
    if name in settings.getlist("_FROM_ENVIRONMENT"):
        return next(variable for variable, given in ENVIRONMENT.items() if given == name)
    return "default"


class Command(OurCommand, settings.Command):
    @override
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if any((opts.get, opts.getbool, opts.getint, opts.getfloat, opts.getlist)):
            super().run(args, opts)
            return
        print(f"settings file: {self.chosen['_CONFIG_FILE'] or 'none'}")
        given = {name for name in self.chosen if source_of(self.chosen, name) != "default"}
        names = [*SETTINGS, *sorted(given - SETTINGS.keys() - {"_CONFIG_FILE"})]
        shown = masked({name: self.chosen[name] for name in names})
        for name in names:
            print(f"{name} = {shown[name]}  ({source_of(self.chosen, name)})")
