"""Whether settings and environment say what they should."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from kompascrawler.addons import PROJECT_PAGE
from kompascrawler.configuration import SettingError, check_settings
from kompascrawler.doctor.finding import Finding, Subject
from kompascrawler.outcome.notify import addresses, check, kind_of


def settings(subject: Subject) -> Iterator[Finding]:
    """Check the settings as a crawl does."""
    try:
        check_settings(subject.settings)
    except SettingError as error:
        yield Finding.fail("settings", str(error), "correct it: a crawl ends with status 2")
    else:
        yield Finding.ok("settings", "each can be taken")


def contact(subject: Subject) -> Iterator[Finding]:
    """Tell whether the site could reach whoever runs the crawler."""
    stated = str(subject.settings["CONTACT"])
    advice = "set KOMPAS_CONTACT (or -s CONTACT=…) to your own address or page"
    if stated == PROJECT_PAGE:
        yield Finding.warn("contact", f"{stated} is the project's page, not yours", advice)
    elif "@" not in stated and "://" not in stated:
        yield Finding.warn("contact", f"{stated} is neither an address nor a page", advice)
    else:
        yield Finding.ok("contact", stated)


def proxies(subject: Subject) -> Iterator[Finding]:
    """Show the proxies that requests go through, without their passwords."""
    given = {name: url for name, url in _proxies().items() if name != "no" and url}
    without = subject.environment.get("no_proxy") or subject.environment.get("NO_PROXY")
    if not given:
        yield Finding.ok("proxy", "none")
        return
    shown = ", ".join(f"{name} through {masked(url)}" for name, url in sorted(given.items()))
    shown += f"; not for {without}" if without else ""
    if all(urlsplit(url).hostname for url in given.values()):
        yield Finding.ok("proxy", shown)
    else:
        yield Finding.fail("proxy", shown, "write it as http://host:port")


def _proxies() -> dict[str, str]:
    proxies: dict[str, str] = getproxies_environment()
    return {name: proxies[name] for name in ("http", "https") if name in proxies}


def masked(url: str) -> str:
    """Return an address without what comes before the host.

    >>> masked("http://user:secret@proxy:3128")
    'http://***@proxy:3128'
    """
    scheme, separator, rest = url.rpartition("://")
    before, at, after = rest.rpartition("@")
    return f"{scheme}{separator}{'***@' if at else ''}{after}" if before or not at else url


def certificates(subject: Subject) -> Iterator[Finding]:
    """Tell whether the authorities that the environment names can be read."""
    named = subject.environment.get("SSL_CERT_FILE")
    if not named:
        return
    if Path(named).is_file() and os.access(named, os.R_OK):
        yield Finding.ok("certificates", f"SSL_CERT_FILE={named}")
    else:
        found = f"SSL_CERT_FILE={named} cannot be read"
        yield Finding.fail("certificates", found, "correct it, or unset it: no page would come")


def metrics_file(subject: Subject) -> Iterator[Finding]:
    """Tell whether the metrics can be written."""
    if not (named := subject.settings["METRICS_FILE"]):
        return
    folder = Path(named).absolute().parent
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        yield Finding.ok("metrics", f"{named} can be written")
    else:
        found = f"{folder} is no folder that can be written"
        yield Finding.fail("metrics", found, "make it, or name another file with METRICS_FILE")


def notifications(subject: Subject) -> Iterator[Finding]:
    """Tell whether Apprise takes the addresses; nothing is sent."""
    if not (given := addresses(subject.settings["NOTIFY_URLS"])):
        return
    if problems := check(given):
        advice = "see the form of such addresses in Apprise's docs"
        yield Finding.fail("notifications", "; ".join(problems), advice)
    else:
        kinds = ", ".join(map(kind_of, given))
        yield Finding.ok("notifications", f"Apprise takes each of {len(given)}: {kinds}")
