"""``kompascrawler settings``: Scrapy's own; without an option, ours and where each comes from."""

import argparse

from scrapy.commands import settings
from typing_extensions import override

from kompascrawler.command import OurCommand
from kompascrawler.configuration.given import source_of
from kompascrawler.configuration.table import SETTINGS, masked


class Command(OurCommand, settings.Command):
    """Print our settings, each with its value and where it comes from.

    Print our settings and whatever else was given, each with its value and where it comes from:
    default, environment, settings file or command line. Secrets are hidden. With an option, print
    one setting, ours or Scrapy's.
    """

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
