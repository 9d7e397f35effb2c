"""``scrapy settings``: Scrapy's own; without an option, our settings and where each comes from."""

import argparse

from scrapy.commands import settings
from typing_extensions import override

from kompascrawler.command import refuse_misspelt
from kompascrawler.configuration.given import source_of
from kompascrawler.configuration.table import SETTINGS
from kompascrawler.outcome.redact import masked


class Command(settings.Command):
    """Print each setting with its value and its source; secrets are hidden."""

    requires_project = True

    @override
    def short_desc(self) -> str:
        return "Print our settings, each with its value and where it comes from"

    @override
    def long_desc(self) -> str:
        return (
            "Print our settings and whatever else was given, each with its value and where it "
            "comes from: default, environment, settings file or command line. Secrets are hidden. "
            "With an option, print one setting, ours or Scrapy's."
        )

    @override
    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        self._known = set(self.settings)
        super().process_options(args, opts)
        refuse_misspelt("settings", self.settings, self._known)

    @override
    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if any((opts.get, opts.getbool, opts.getint, opts.getfloat, opts.getlist)):
            super().run(args, opts)
            return
        assert self.settings is not None
        print(f"settings file: {self.settings['_CONFIG_FILE'] or 'none'}")
        given = {name for name in self.settings if source_of(self.settings, name) != "default"}
        names = [*SETTINGS, *sorted(given - SETTINGS.keys() - {"_CONFIG_FILE"})]
        shown = masked({name: self.settings[name] for name in names})
        for name in names:
            print(f"{name} = {shown[name]}  ({source_of(self.settings, name)})")
