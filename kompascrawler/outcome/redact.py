"""Settings as they may be written down. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from kompascrawler.configuration.table import SECRET

MASK: Final = "***"
_SECRET_NAME: Final = re.compile(r"PASS|SECRET|TOKEN|AUTH|CREDENTIAL|KEY")
_USER_INFO: Final = re.compile(r"(?<=://)\S*@")  # a password may hold an @, and is typed as it is


def masked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as JSON values, with secrets and the user parts of addresses masked.

    >>> masked({"FTP_PASSWORD": "x", "FEEDS": {"ftp://me:x@host/a": {}}, "RETRY_TIMES": 2})
    {'FEEDS': {'ftp://***@host/a': {}}, 'FTP_PASSWORD': '***', 'RETRY_TIMES': 2}
    """
    return {
        name: MASK if value and is_secret(name) else _plain(value)
        for name, value in sorted(settings.items())
    }


def is_secret(name: str) -> bool:
    """Tell whether the value of a setting, ours or another's, is never shown."""
    return name in SECRET or _SECRET_NAME.search(name) is not None


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {shown(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return shown(value)


def shown(value: object) -> str:
    """Return a text with the user parts of the addresses in it masked.

    >>> shown("no answer from ftp://me:x@host/a")
    'no answer from ftp://***@host/a'
    """
    return _USER_INFO.sub(f"{MASK}@", str(value))
