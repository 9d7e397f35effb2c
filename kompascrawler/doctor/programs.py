"""Whether what we run on is installed, and of a version that we know."""

import platform
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import Final

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from kompascrawler import __version__
from kompascrawler.doctor.finding import Finding, Subject

_SHOWN: Final = ("Scrapy", "Twisted", "lxml")
_EXTRAS: Final = {
    "browser": ("playwright", "scrapy-playwright"),
    "metrics": ("prometheus-client",),
    "notify": ("apprise",),
}
"""What each extra is shown by."""
_NEEDED_BY: Final = {"metrics": "METRICS_FILE", "notify": "NOTIFY_URLS"}


def versions(_: Subject) -> Iterator[Finding]:
    """Compare what is installed with what our own package says that it needs."""
    shown = [f"kompascrawler {__version__}", f"Python {platform.python_version()}"]
    shown += [f"{name} {installed(name)}" for name in _SHOWN]
    try:
        about = metadata.metadata("kompascrawler")
    except metadata.PackageNotFoundError:
        yield Finding.warn(
            "versions",
            f"{', '.join(shown)}; kompascrawler is not installed, so what it needs is not known",
            "install it: pip install .",
        )
        return
    needed = about["Requires-Python"]
    problems = [] if _fits_python(needed) else [f"{shown[1]}, needed is {needed}"]
    problems += unmet(metadata.requires("kompascrawler") or ())
    if problems:
        yield Finding.fail(
            "versions",
            f"not supported: {'; '.join(problems)}",
            "install kompascrawler into a virtual environment of its own: pip install .",
        )
    else:
        yield Finding.ok("versions", ", ".join(shown))


def extras(subject: Subject) -> Iterator[Finding]:
    """Tell which extras are installed, and which one a setting asks for in vain."""
    requirements = metadata.requires("kompascrawler") or () if installed("kompascrawler") else ()
    for extra, programs in _EXTRAS.items():
        missing = [name for name in programs if installed(name) is None]
        problems = [f"{name} is missing" for name in missing] or unmet(requirements, extra)
        setting = _NEEDED_BY.get(extra)
        install = f"pip install 'kompascrawler[{extra}]'"
        if not problems:
            found = ", ".join(f"{name} {installed(name)}" for name in programs)
            yield Finding.ok(f"extra {extra}", found)
        elif setting is None:
            found = f"{'; '.join(problems)}: articles that need a browser stay incomplete"
            yield Finding.warn(f"extra {extra}", found, install)
        elif subject.settings[setting]:
            found = f"{'; '.join(problems)}, and {setting} is set"
            yield Finding.fail(f"extra {extra}", found, install)
        else:
            yield Finding.ok(f"extra {extra}", f"not installed; only {setting} needs it")


def unmet(requirements: Sequence[str], extra: str | None = None) -> list[str]:
    """Return which requirements of the core, or of an extra alone, are not fulfilled."""
    problems = []
    for requirement in map(Requirement, requirements):
        if not _is_of(requirement, extra or "") or (extra and _is_of(requirement, "")):
            continue
        version = installed(requirement.name)
        if version is None:
            problems.append(f"{requirement.name} is missing")
        elif not requirement.specifier.contains(version, prereleases=True):
            problems.append(f"{requirement.name} {version}, needed is {requirement.specifier}")
    return problems


def installed(name: str) -> str | None:
    """Return the version of a package, or None where it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _is_of(requirement: Requirement, extra: str) -> bool:
    """Tell whether a requirement counts here when an extra is wanted; the empty one is none."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def _fits_python(needed: str) -> bool:
    return SpecifierSet(needed).contains(platform.python_version(), prereleases=True)
