"""Settings are checked before a crawl."""

from typing import Any

import pytest
from scrapy.utils.project import get_project_settings

from kompascrawler.configuration import SettingError, check_settings


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
        ("PUBLISH_EVERY_SECONDS", "-1"),
        ("DOWNLOAD_DELAY", "-0.5"),
        ("CONCURRENT_REQUESTS", "0"),
        ("HALAMAN_ROUTE", "cheapest"),
        ("HALAMAN_ROUTE", ""),
        ("HALAMAN_BROWSER_AUDIT", "-0.1"),
        ("HALAMAN_BROWSER_AUDIT", "1.1"),
        ("HALAMAN_BROWSER_AUDIT", "2 %"),
        ("HALAMAN_BROWSER_AUDIT", "nan"),
    ],
)
def test_refused(name: str, value: Any) -> None:
    """A value that cannot be taken is named, with what is accepted, in one line."""
    settings = get_project_settings()
    settings.set(name, value)
    with pytest.raises(SettingError, match=f"{name}.*(accepted|give)") as caught:
        check_settings(settings)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HALAMAN_ROUTE", "all"),
        ("HALAMAN_ROUTE", "numbered"),
        ("HALAMAN_ROUTE", "browser"),
        ("HALAMAN_BROWSER_AUDIT", "1.0"),
        ("HALAMAN_BROWSER_AUDIT", 0.02),
    ],
)
def test_accepted(name: str, value: Any) -> None:
    """Every value that is named as accepted is."""
    settings = get_project_settings()
    settings.set(name, value)
    check_settings(settings)
