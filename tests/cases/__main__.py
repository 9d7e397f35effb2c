"""``python -m tests.cases add|update``: test cases from pages of the site, with other words."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.conf import arglist_to_dict

from kompascrawler.command import REVISION
from kompascrawler.configuration.setting import SettingError
from kompascrawler.configuration.table import check_settings
from kompascrawler.debugging.command_line import NotFetched, PageService, fetch, show
from kompascrawler.debugging.pages import NoSuchPage
from kompascrawler.outcome.cards import ExitStatus
from kompascrawler.run.requests import declared_encoding
from kompascrawler.store.model import NoStore, StoreError
from kompascrawler.terminal import counted
from tests.cases import cases
from tests.cases.cases import Case, CaseError

_PROGRAM = "python -m tests.cases"
_CHANGED = 1


def main(arguments: Sequence[str]) -> int:
    """Make a case, or compare those there are; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        cases.check_folder(options.folder)
        if options.task == "update":
            return _update(options.names, options.folder, write=options.write)
        return _add(options)
    except (CaseError, SettingError, NoSuchPage, NoStore) as error:
        return _fail(error, ExitStatus.USAGE)
    except StoreError as error:
        return _fail(error, ExitStatus.STORE)
    except NotFetched as error:
        return _fail(error, ExitStatus.UNREACHABLE)


def _fail(error: Exception, status: ExitStatus) -> int:
    print(f"{_PROGRAM}: {error}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=cases.FOLDER, help="of the cases (tests/cases/saved)"
    )
    tasks = parser.add_subparsers(dest="task", required=True)
    add = tasks.add_parser(
        "add",
        help="make a case of a page",
        description="Make a case of a page: its markup, with invented words in place of the site's",
    )
    add.add_argument("page", metavar="PAGE", help="address, saved file or id of an article")
    add.add_argument("--case", metavar="NAME", required=True, help="name of the case")
    add.add_argument(REVISION.name, help=REVISION.help, **REVISION.about)
    add.add_argument("--remark", default="", help="what the case is for, for its note")
    add.add_argument("--replace", action="store_true", help="replace a case of this name")
    add.add_argument("--refused", action="store_true", help="the page is one that is refused")
    add.add_argument("-s", "--set", metavar="NAME=VALUE", action="append", default=[],
                     help="a setting of the crawler")  # fmt: skip
    update = tasks.add_parser(
        "update",
        help="see what differs from what is expected",
        description="Read cases anew and show what differs; exit status 1 when something does",
    )
    update.add_argument("names", metavar="NAME", nargs="*", help="cases (all)")
    update.add_argument("--write", action="store_true", help="expect what is given now")
    return parser


def _add(options: argparse.Namespace) -> int:
    """Make a case of a page and say what was made."""
    cases.check_name(options.case)
    if (options.folder / options.case).exists() and not options.replace:
        raise CaseError(
            f"there is a case {options.case} already; --replace it, or use another name"
        )
    url, body, encoding = _page(options.page, _settings(options.set), options.revision)
    case = cases.make_case(options.case, url, body, encoding=encoding, remark=options.remark)
    reason = case.expected.get("refused")
    if reason and not options.refused:
        raise CaseError(f"the page is refused ({reason}); --refused makes a case of that")
    if options.refused and not reason:
        raise CaseError("the page is not refused; leave --refused out")
    show(_summary(case, cases.write_case(case, options.folder)))
    return 0


def _settings(chosen: list[str]) -> Settings:
    """Return the crawler's settings, with those that were chosen on the command line."""
    settings = Settings()
    settings.setmodule("kompascrawler.settings", priority="project")
    settings.set("LOG_ENABLED", value=False, priority="project")
    try:
        settings.setdict(arglist_to_dict(chosen), priority="cmdline")
    except ValueError as error:
        raise CaseError("-s takes NAME=VALUE") from error
    check_settings(settings)
    return settings


def _page(name: str, settings: Settings, revision: int | None) -> tuple[str, bytes, str | None]:
    """Return address, bytes and declared encoding of a page, fetched if need be."""
    found = PageService(settings).find(name, revision)
    if found.body is not None:
        return found.url, found.body, found.encoding
    response = fetch(found.url, settings)
    return response.url, response.body, declared_encoding(response)


def _summary(case: Case, place: Path) -> list[str]:
    """Return what was made, for a person to look at before it is committed."""
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
