"""How large the package is: nothing grows past what a stranger can read.

``python -m tests.test_measures`` prints the table by folder.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

from tests.walked import walked

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kompascrawler"
MOST_LINES = 28_904
"""More than the aim, 20,500, which was set before the data set and the kept pages were counted:
lower it with each room that is made smaller."""
MOST_MODULES = 145
MOST_WALKED = 75
"""Files that a crawl of one article runs."""
MOST_LINES_OF_A_MODULE = 300
FEWEST_LINES_OF_A_MODULE = 30
"""Fewer is a paragraph of another module; but for what Python itself names, and commands: Scrapy
wants a module for each."""
MEDIAN_FUNCTION = 7
LONG_FUNCTION = 18
"""Nine functions of ten are not longer."""
NAMED_BY_PYTHON = {"__init__.py", "__main__.py"}


def modules() -> dict[Path, int]:
    """Return the files of the package, below it, and how many lines each has."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE): len(path.read_text().splitlines()) for path in paths}


def functions() -> Iterator[tuple[int, str]]:
    """Yield the length of every function, with its place."""
    for path in modules():
        for node in ast.walk(ast.parse((PACKAGE / path).read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                yield node.end_lineno - node.lineno + 1, f"{path}:{node.name}"


def imports(path: Path, known: set[str]) -> Iterator[str]:
    """Yield the modules of ours that a file imports when it is imported itself."""
    for node in ast.parse((PACKAGE / path).read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def named(path: Path) -> str:
    """Return the dotted name of a file."""
    return ".".join(("kompascrawler", *path.with_suffix("").parts)).removesuffix(".__init__")


def test_the_package_is_small() -> None:
    """The package has no more lines and modules than the limit; the largest folders are named."""
    lines = modules()
    largest = Counter[str]()
    for path, count in lines.items():
        largest[path.parts[0]] += count
    assert sum(lines.values()) <= MOST_LINES, largest.most_common(5)
    counted = [path for path in lines if path.name != "__init__.py"]
    assert len(counted) <= MOST_MODULES, Counter(p.parts[0] for p in counted).most_common(5)


def test_a_module_is_neither_long_nor_a_paragraph() -> None:
    """Every module has between 30 and 300 lines."""
    long = {str(path): count for path, count in modules().items() if count > MOST_LINES_OF_A_MODULE}
    short = {
        str(path): count
        for path, count in modules().items()
        if count < FEWEST_LINES_OF_A_MODULE
        and path.name not in NAMED_BY_PYTHON
        and path.parts[0] != "commands"
    }
    assert long == {}
    assert short == {}


def test_functions_are_short() -> None:
    """Half of the functions have 7 lines at most, nine of ten 18."""
    lengths = sorted(functions())
    counts = [length for length, _ in lengths]
    assert median(counts) <= MEDIAN_FUNCTION, lengths[-10:]
    assert quantiles(counts, n=10)[-1] <= LONG_FUNCTION, lengths[-10:]


def test_modules_import_in_no_circle() -> None:
    """No module needs itself, over however many others, to be imported."""
    known = {named(path) for path in modules()}
    graph = {named(path): set(imports(path, known)) for path in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_an_article_passes_few_files() -> None:
    """Whoever follows an article through the code opens no more files than the limit."""
    files = walked()
    assert len(files) <= MOST_WALKED, files


def table() -> str:
    """Return lines and modules of each folder, as a table of Markdown."""
    lines, files = Counter[str](), Counter[str]()
    for path, count in modules().items():
        folder = f"{path.parts[0]}/" if len(path.parts) > 1 else "(top)"
        lines[folder] += count
        files[folder] += path.name != "__init__.py"
    rows = [f"| {folder} | {lines[folder]:,} | {files[folder]} |" for folder in sorted(lines)]
    total = f"| **all** | {lines.total():,} | {files.total()} |"
    return "\n".join(["| folder | lines | modules |", "|---|---|---|", *rows, total])


if __name__ == "__main__":
    print(table())
    counts = sorted(length for length, _ in functions())
    print(f"functions: median {median(counts):g}, 90th percentile {quantiles(counts, n=10)[-1]:g}")
