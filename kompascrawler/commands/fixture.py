"""``scrapy fixture add|update``: test cases from pages of the site, without the site's words."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import Settings
from scrapy.utils.conf import closest_scrapy_cfg

if TYPE_CHECKING:
    from tests.cases.cases import Case

_OF_ADD = ("case", "remark", "replace", "refused")
_OF_UPDATE = ("write",)
"""Options of one of the two alone."""
_CHANGED = 1
_USAGE = 2


class Command(ScrapyCommand):
    """Make test cases of pages, or compare them with what the parser gives today."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what stands after ``scrapy fixture`` in the usage line."""
        return "add PAGE --case NAME | update [NAME ...] [--write]"

    def short_desc(self) -> str:
        """Return the line that ``scrapy`` lists."""
        return "Make a test case of a page, or see what changed in those there are"

    def long_desc(self) -> str:
        """Return what ``scrapy fixture -h`` says."""
        return (
            "add: make a case of a page in tests/cases: its markup, with invented words in place "
            "of the site's; PAGE is an address, a saved file or the id of an article. update: "
            "read the cases anew and show what differs from what is expected; exit status 1 when "
            "something does. Nothing is changed without --write."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add our options to Scrapy's."""
        super().add_options(parser)
        group = parser.add_argument_group("Fixture")
        group.add_argument("--case", metavar="NAME", help="add: name of the case")
        group.add_argument("--remark", default="", help="add: what the case is for, for its note")
        group.add_argument("--replace", action="store_true", help="add: in place of one that is")
        group.add_argument("--refused", action="store_true", help="add: a page that is refused")
        group.add_argument("--write", action="store_true", help="update: expect what is given now")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do one of the two; what is wrong ends in one line and status 2."""
        from tests.cases.cases import CaseError  # noqa: PLC0415 - not for any command

        if args[:1] not in (["add"], ["update"]):
            raise UsageError("say what to do: add, or update")
        of_other = _OF_UPDATE if args[0] == "add" else _OF_ADD
        if given := [f"--{name}" for name in of_other if getattr(opts, name)]:
            raise UsageError(f"{args[0]} does not take {', '.join(given)}")
        try:
            folder = _folder()
            if args[0] == "add":
                assert self.settings is not None
                _add(args[1:], opts, self.settings, folder)
            else:
                self.exitcode = _update(args[1:], folder, write=opts.write)
        except CaseError as error:
            print(f"scrapy fixture: {error}", file=sys.stderr)
            self.exitcode = _USAGE


def _folder() -> Path:
    """Return the folder of the cases: that of the checkout whose ``scrapy.cfg`` is used."""
    from tests.cases.cases import FOLDER, CaseError  # noqa: PLC0415

    folder = Path(closest_scrapy_cfg()).parent / FOLDER
    if not folder.is_dir():
        raise CaseError(f"no folder {folder}: cases are made in a checkout of kompascrawler")
    return folder


def _add(args: list[str], opts: argparse.Namespace, settings: Settings, folder: Path) -> None:
    """Make a case of a page and say what was made."""
    from kompascrawler.debugging.command_line import desk_of, page_of, show  # noqa: PLC0415
    from tests.cases import cases  # noqa: PLC0415

    if len(args) != 1 or not opts.case:
        raise UsageError("add takes one page (address, file or article id) and --case NAME")
    cases.check_name(opts.case)
    if (folder / opts.case).exists() and not opts.replace:
        raise cases.CaseError(
            f"there is a case {opts.case} already; --replace it, or take another name"
        )
    desk = desk_of("fixture", settings)
    url, body, encoding = page_of("fixture", desk, settings, args[0])
    case = cases.make_case(opts.case, url, body, encoding=encoding, remark=opts.remark)
    reason = case.expected.get("refused")
    if reason and not opts.refused:
        raise cases.CaseError(f"the page is refused ({reason}); --refused makes a case of that")
    if opts.refused and not reason:
        raise cases.CaseError("the page is not refused; leave --refused out")
    show(_account(case, cases.write_case(case, folder)))


def _account(case: "Case", place: Path) -> list[str]:
    """Return what was made, for a person to look at before it is committed."""
    from tests.cases import cases  # noqa: PLC0415

    size = (place / cases.PAGE).stat().st_size
    lines = [
        f"{case.name}: {', '.join(case.note['features']) or 'nothing special'}",
        f"  {place / cases.PAGE}  {size} bytes, {len(case.page)} unzipped",
    ]
    if article := case.expected.get("article"):
        halaman = article["halaman"]
        lines += [
            f"  layout     {case.note['layout']}",
            f"  text       {len(article['blocks'])} blocks, {article['word_count']} words",
            f"  counted    {halaman['words_counted']}, declared {halaman['words_declared']}",
            f"  title      {article['title']}",
            f"  first      {article['blocks'][0]['text'][:100]}",
            f"  authors    {', '.join(article['authors']) or '-'}",
            f"  removed    {article['removed']}",
        ]
    return [*lines, "Read the page before you commit it: only words can be told by a program."]


def _update(names: list[str], folder: Path, *, write: bool) -> int:
    """Show what differs from what the cases expect; return the exit status."""
    from kompascrawler.debugging.command_line import show  # noqa: PLC0415
    from kompascrawler.outcome.terminal import counted  # noqa: PLC0415
    from tests.cases import cases  # noqa: PLC0415

    names = names or cases.names_of(folder)
    changed = 0
    for name in names:
        case = cases.read_case(folder, name)
        if lines := case.changes:
            changed += 1
            show(lines)
            if write:
                cases.write_expected(case, folder / name)
    of = counted(len(names), "case")
    verb = "differs" if changed == 1 else "differ"
    done = "written as given now" if write else f"{verb} (--write takes what is given now)"
    show([f"{changed} of {of} {done}" if changed else f"{of}: nothing differs"])
    return _CHANGED if changed else 0
