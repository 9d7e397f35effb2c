"""Addresses of a page: what leads and what is looked at stays, what names goes."""

import re
from typing import Final

from tests.cases.fixed import EXTENSIONS, HOSTS, PATH, QUERY
from tests.cases.words import Lexicon

URL: Final = r"(?:https?:(?:\\?/){2}|(?<![:\w])//(?=\w+(?:\.\w+)+))[^\s\"'<>]+|\bwww\.\w[^\s\"'<>]*"
"""An address in a text or in code, where slashes may be escaped."""
_PARTS = re.compile(
    r"(?P<scheme>(?:https?:)?(?:\\?/){2})?(?P<host>(?<=/)[^/\\?#]+|^www\.[^/?#]+|)"
    r"(?P<path>[^?#]*)(?P<rest>.*)",
    re.DOTALL,
)
_SEGMENT = re.compile(r"[^/\\]+")
_RUN = re.compile(r"%[0-9A-Fa-f]{2}|&(?:[a-z]+|#\d+);|(?P<word>[A-Za-z]+)|(?P<number>[0-9]+)")
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{2,4})$")


class Addresses:
    """Rewrites addresses with the words of one page."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def rewrite(self, url: str) -> str:
        """Return an address with invented names: slugs, tags, people, files, foreign hosts."""
        found = _PARTS.fullmatch(url)
        assert found is not None  # the pattern fits every text
        host, path, rest = found["host"], found["path"], found["rest"]
        if not _stays(host):
            host = _RUN.sub(lambda run: self._run(run, _HOST_WORDS), host)
        path = _SEGMENT.sub(lambda segment: self._segment(segment[0]), path)
        return (
            (found["scheme"] or "")
            + host
            + path
            + _RUN.sub(lambda run: self._run(run, QUERY), rest)
        )

    def _segment(self, segment: str) -> str:
        if segment in PATH:
            return segment
        ending = _EXTENSION.search(segment)
        end = ending.start() if ending and ending[1] in EXTENSIONS else len(segment)
        return _RUN.sub(lambda run: self._run(run, frozenset()), segment[:end]) + segment[end:]

    def _run(self, run: re.Match[str], staying: frozenset[str]) -> str:
        if run["number"]:
            return self._lexicon.number(run[0])
        if not run["word"] or run[0] in staying:
            return run[0]
        return self._lexicon.word(run[0])


_HOST_WORDS: Final = frozenset({"www", "com", "net", "org", "id", "co"})


def _stays(host: str) -> bool:
    name = host.lower().rstrip(".")
    return any(name == kept or name.endswith(f".{kept}") for kept in HOSTS)
