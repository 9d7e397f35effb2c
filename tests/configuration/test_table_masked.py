"""Settings as they may be written down."""

import json
from pathlib import Path
from typing import Any

import pytest

from kompascrawler.configuration.table import masked


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("NOTIFY_URLS", "mailto://me:hush@host", "***"),
        ("BROWSER_CDP_URL", "wss://host?token=hush", "***"),
        ("FTP_PASSWORD", "hush", "***"),
        ("FTP_PASSWORD", "", ""),
        ("AWS_SECRET_ACCESS_KEY", "hush", "***"),
        ("HTTPPROXY", "http://me:hush@proxy:1", "http://***@proxy:1"),
        ("HTTPPROXY", "http://me:hu/?s@h@proxy:1", "http://***@proxy:1"),
        ("FEEDS", {Path("a"): {"b": [1, "ftp://u:p@h/x"]}}, {"a": {"b": [1, "ftp://***@h/x"]}}),
        ("CONTACT", "me@example.com", "me@example.com"),
        ("AUTOTHROTTLE_ENABLED", "False", "False"),
        ("RETRY_TIMES", 2, 2),
        ("DATA_DIR", Path("/srv"), "/srv"),
    ],
)
def test_values(name: str, value: Any, shown: Any) -> None:
    """Secrets are masked, all else is as JSON may hold it."""
    assert masked({name: value}) == {name: shown}
    json.dumps(masked({name: value}))
