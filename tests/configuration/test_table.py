"""Settings are checked before a crawl."""

from runpy import run_path
from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from kompascrawler import settings as settings_module
from kompascrawler.configuration.setting import (
    COUNT,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    SettingError,
    ValueType,
)
from kompascrawler.configuration.table import SETTINGS, check_settings


def test_defaults_are_accepted() -> None:
    """What settings.py says passes its own check."""
    check_settings(get_project_settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECTION", "sport"),
        ("DATA_DIR", ""),
        ("RUN_ID", "../x"),
        ("PUBLISH_EVERY_ITEMS", "0"),
        ("PUBLISH_EVERY_ITEMS", "often"),
        ("PUBLISH_EVERY_ITEMS", "2.5"),
        ("PUBLISH_EVERY_ITEMS", 2.5),
        ("PUBLISH_EVERY_SECONDS", "-1"),
        ("PUBLISH_EVERY_SECONDS", "0"),
        ("PUBLISH_EVERY_SECONDS", "nan"),
        ("PUBLISH_EVERY_SECONDS", "inf"),
        ("DOWNLOAD_DELAY", "-0.5"),
        ("DOWNLOAD_DELAY", None),
        ("CONCURRENT_REQUESTS", "0"),
        ("CONCURRENT_REQUESTS", "0.5"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "0"),
        ("AUTOTHROTTLE_MAX_DELAY", "-1"),
        ("DOWNLOAD_TIMEOUT", "0"),
        ("DOWNLOAD_MAXSIZE", "1e6"),
        ("CONTACT", " "),
        ("CONTACT", "me\r\nCookie: x"),
        ("LOG_LEVEL", "LOUD"),
        ("PROGRESS_ENABLED", "maybe"),
        ("HALAMAN_ROUTE", "cheapest"),
        ("HALAMAN_ROUTE", ""),
        ("HALAMAN_BROWSER_AUDIT", "-0.1"),
        ("HALAMAN_BROWSER_AUDIT", "1.1"),
        ("HALAMAN_BROWSER_AUDIT", "2 %"),
        ("HALAMAN_BROWSER_AUDIT", "nan"),
        ("METRICS_FILE", "/var/lib/kompas.txt"),
        ("NOTIFY_URLS", "me@example.org"),
        ("NOTIFY_URLS", 5),
        ("BROWSER_CDP_URL", "localhost:9222"),
        ("REVISIT_AFTER", "soon"),
        ("REVISIT_AFTER", "6"),
        ("REVISIT_AFTER", "6h, 24"),
        ("REVISIT_AFTER", ","),
        ("REVISIT_MAX_REQUESTS", "-1"),
    ],
)
def test_refused(name: str, value: Any) -> None:
    """A value that cannot be taken is named, with what is accepted, in one line."""
    settings = get_project_settings()
    settings.set(name, value)
    with pytest.raises(SettingError, match=f"^{name}=.*: accepted is ") as caught:
        check_settings(settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("numbers", "said", "least"),
    [
        (COUNT, "a whole number from 1", 1),
        (POSITIVE, "a number above 0", 0),
        (NOT_NEGATIVE, "a number from 0", 0),
        (SHARE, "a number from 0 to 1", 0),
    ],
)
def test_numbers_say_what_they_accept(numbers: ValueType, said: str, least: int) -> None:
    """The text names the least number, and whether it is one of those that are accepted."""
    assert numbers.accepted == said
    assert numbers.accepts(least) is ("from" in said)
    assert not numbers.accepts(least - 1)


def test_every_number_of_ours_is_checked() -> None:
    """No setting that settings.py gives as a number to Scrapy or to us is taken unseen."""
    given = {
        name
        for name, value in vars(settings_module).items()
        if name.isupper() and type(value) in (int, float)
    }
    assert given
    assert given <= SETTINGS.keys()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALAMAN_ROUTE", "all"),
        ("HALAMAN_ROUTE", "numbered"),
        ("HALAMAN_ROUTE", "browser"),
        ("HALAMAN_BROWSER_AUDIT", "1.0"),
        ("HALAMAN_BROWSER_AUDIT", 0.02),
        ("BROWSER_CDP_URL", "wss://browser.example.org?token=x"),
    ],
)
def test_accepted(name: str, value: Any) -> None:
    """Every value that is named as accepted is."""
    settings = get_project_settings()
    settings.set(name, value)
    check_settings(settings)


def test_a_secret_is_not_quoted() -> None:
    """What is refused of an address may be its password."""
    settings = get_project_settings()
    settings.set("NOTIFY_URLS", "hunter2")
    with pytest.raises(SettingError) as caught:
        check_settings(settings)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["BROWSER_HEADED", "BROWSER_EXECUTABLE", "BROWSER_CDP_URL"])
def test_an_empty_variable_says_nothing(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A line of an environment file without a value is as good as none."""
    monkeypatch.setenv(name, "")
    settings = get_project_settings()
    settings.set(name, run_path(settings_module.__file__)[name])
    check_settings(settings)
