"""Objects of a bucket by their names: S3, Google Cloud Storage and Azure, by obstore.

Keys and passwords come from the environment alone, under the names that the providers' own tools
use (``AWS_ACCESS_KEY_ID``, ``GOOGLE_APPLICATION_CREDENTIALS``, ``AZURE_STORAGE_ACCOUNT_KEY``, …).
No error quotes an answer: one about a signature repeats the key's name and what was signed. Not
for the local disk: obstore does not sync what it writes there.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import cache, partial
from importlib import import_module
from io import BufferedReader, RawIOBase
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from typing_extensions import override

from kompascrawler.configuration.setting import BUCKET_URL
from kompascrawler.store.model import StoreError

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore

INSTALL: Final = (
    "this needs obstore: in the checkout, pip install '.[cloud]'; beside a wheel, pip install"
    " obstore"
)
_VARIABLES: Final = {"s3": "AWS", "gs": "GOOGLE", "az": "AZURE"}
_STATUS: Final = re.compile(r"status code: (\d{3}[A-Za-z ]*)")
_CODE: Final = re.compile(r"<Code>(\w{1,60})</Code>")
_KEYS: Final = "look at the keys in the environment and at what they may do in the bucket"
_NO_BUCKET: Final = re.compile("NoSuchBucket|ContainerNotFound|bucket does not exist")
_THERE_IS_NONE: Final = ("there is no such bucket", "create it, or mend its name")
_CAUSES: Final = (
    (_NO_BUCKET.pattern, *_THERE_IS_NONE),
    # Where no key is in the environment, the machine's own is looked for.
    (r"169\.254\.169\.254|metadata\.google", "there are no keys in the environment", _KEYS),
    (r"status code: 40[13]", "it refuses us", _KEYS),
    (r"status code: (429|5)", "it fails", "nothing, if it passes; else ask who runs it"),
    (r"kind: Timeout", "no answer came in time", "nothing, if it passes; else look at the network"),
    (r"kind: Connect", "there is no connection", "look at the network and at the endpoint's name"),
    (r"without LOCATION", "it lies in another region", "give its region in the environment"),
    (r"BadScheme", "its endpoint is not encrypted", "use https, or AWS_ALLOW_HTTP=true"),
    (r"Account must be specified", "no account is named", "give AZURE_STORAGE_ACCOUNT_NAME"),
)  # fmt: skip
"""What stands in an error of obstore, what it means, and what to do. The first that fits."""
PROMPT: Final = 20.0
"""Seconds for a request with a short answer. Ctrl-C counts only when it has ended."""
_SHORT: Final = 1 << 20
_AHEAD: Final = 4 << 20
"""Bytes that are read at a time of what is read as a file."""
WORKERS: Final = 8
"""Requests at a time."""
_T = TypeVar("_T")


class ObjectsError(StoreError):
    """A bucket cannot be used; the message is one line that says why and what to do."""


class Object(NamedTuple):
    """What a listing says of an object."""

    name: str
    size: int
    tag: str | None
    """What the bucket says of its content; with S3, often its MD5."""
    changed_at: float
    """Seconds since 1970, by the bucket's clock."""


class Objects:
    """The objects below an address; names are relative to it. All methods raise ObjectsError."""

    def __init__(
        self, url: str, prompt: "ObjectStore", patient: Callable[[], "ObjectStore"] | None = None
    ) -> None:
        """``patient`` gives the same store with more time, for what has no short answer."""
        self.url = url
        self._prompt = prompt
        self._store = cache(patient or (lambda: prompt))  # it takes 7 ms
        self._obstore: Any = import_module("obstore")  # of the extra

    def put(self, name: str, content: bytes | IO[bytes]) -> None:
        """Store an object, whole or not at all, in place of an earlier one."""
        with self._explained(f"write {name}"):
            self._obstore.put(self._store(), name, content)

    def put_if_absent(self, name: str, content: bytes) -> bool:
        """Store an object where none has the name; tell whether it is ours now.

        It is, too, where an earlier try stored this content and its answer was lost.
        """
        from obstore.exceptions import AlreadyExistsError, PreconditionError  # noqa: PLC0415

        with self._explained(f"create {name}"):
            try:
                self._obstore.put(self._store(), name, content, mode="create", use_multipart=False)
            except (AlreadyExistsError, PreconditionError):
                return self.get(name) == content
        return True

    def get(self, name: str) -> bytes | None:
        """Return what an object holds, or None without one."""
        with self._explained(f"read {name}"):
            try:
                return bytes(self._obstore.get(self._store(), name).bytes())
            except FileNotFoundError as error:
                if _NO_BUCKET.search(str(error)):
                    raise
                return None

    def part(self, name: str, start: int, size: int) -> bytes:
        """Return so many bytes of an object, from one on."""
        with self._explained(f"read {name}"):
            store = self._prompt if size <= _SHORT else self._store()
            return bytes(self._obstore.get_range(store, name, start=start, length=size))

    def parts(self, name: str, places: Sequence[tuple[int, int]]) -> list[bytes]:
        """Return several parts of an object at once: where each begins, and how long it is."""
        starts, lengths = zip(*places, strict=True)
        with self._explained(f"read {name}"):
            found = self._obstore.get_ranges(self._store(), name, starts=starts, lengths=lengths)
            return [bytes(one) for one in found]

    def as_file(self, name: str) -> tuple[IO[bytes], int, datetime]:
        """Return an object as a file whose methods raise OSError, its size and its time."""
        with self._explained(f"read {name}"):
            about = self._obstore.head(self._prompt, name)
        stream = BufferedReader(_Stream(self, name, about["size"]), _AHEAD)
        return stream, about["size"], about["last_modified"]

    def list(self, below: str = "", after: str = "") -> Iterator[Object]:
        """Yield the objects of a folder, in the order of their names, and after a name."""
        with self._explained("list the objects"):
            for page in self._obstore.list(self._prompt, below or None, offset=after or None):
                for one in page:
                    tag, changed = one["e_tag"], one["last_modified"].timestamp()
                    yield Object(one["path"], one["size"], tag and tag.strip('"'), changed)

    def delete(self, name: str) -> None:
        """Remove an object; one that is gone already is no error."""
        with self._explained(f"remove {name}"), suppress(FileNotFoundError):
            self._obstore.delete(self._prompt, name)

    @contextmanager
    def _explained(self, action: str) -> Iterator[None]:
        from obstore.exceptions import BaseError  # noqa: PLC0415

        try:
            yield
        except (BaseError, FileNotFoundError, ValueError) as error:
            # Without its cause: a traceback would quote the answer.
            raise ObjectsError(_told(action, self.url, error)) from None


class _Stream(RawIOBase):
    def __init__(self, objects: Objects, name: str, size: int) -> None:
        self._objects, self._name, self._size, self._at = objects, name, size, 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._at

    @override
    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    @override
    def readinto(self, buffer: Any) -> int:
        size = max(min(len(buffer), self._size - self._at), 0)
        try:
            buffer[:size] = self._objects.part(self._name, self._at, size) if size else b""
        except ObjectsError as error:
            raise OSError(str(error)) from None
        self._at += size
        return size


def open(url: str, seconds: float = 300.0) -> Objects:  # noqa: A001 - as obstore names it
    """Return the objects below ``s3://bucket/prefix``, ``gs://…`` or ``az://container/…``.

    No request is sent yet. ``seconds``: the longest that one may take; those with a short answer
    take no more than ``PROMPT``. Raises ObjectsError.
    """
    if not BUCKET_URL.fullmatch(url):
        raise ObjectsError("an address is s3://bucket/prefix, gs://… or az://container/…")
    try:
        from obstore.exceptions import BaseError  # noqa: PLC0415
        from obstore.store import from_url  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ObjectsError(INSTALL) from error
    allowed = os.environ.get(f"{_VARIABLES[url[:2]]}_ALLOW_HTTP", "").lower() in ("1", "true")
    least = min(seconds, PROMPT)

    def store(seconds: float) -> "ObjectStore":
        options: ClientConfig = {
            "timeout": timedelta(seconds=seconds),
            "connect_timeout": timedelta(seconds=min(seconds, 5)),
            "allow_http": allowed,
        }
        return from_url(
            url.rstrip("/"),
            client_options=options,
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=least)},
        )

    try:
        patient = partial(store, seconds) if seconds > least else None
        return Objects(url.rstrip("/"), store(least), patient)
    except (BaseError, ValueError) as error:
        raise ObjectsError(_told("open the bucket", url, error)) from None


def at_once(work: Callable[[_T], None], things: Iterable[_T]) -> None:
    """Do the same with several things, ``WORKERS`` at a time. Raises the first error."""
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(work, things):
            pass


def batches(things: Sequence[_T], size: int) -> Iterator[Sequence[_T]]:
    """Yield so many things at a time, in their order."""
    return (things[start : start + size] for start in range(0, len(things), size))


def _told(action: str, url: str, error: Exception) -> str:
    text = str(error)
    found = (row[1:] for row in _CAUSES if re.search(row[0], text))
    cause, advice = next(found, ("it cannot be used", "look at its name and at the environment"))
    if isinstance(error, FileNotFoundError):
        cause, advice = _THERE_IS_NONE
    said = [one[1].strip() for pattern in (_STATUS, _CODE) if (one := pattern.search(text))]
    shown = f" ({', '.join(said)})" if said else ""
    return f"Cannot {action} ({url}): {cause}{shown}. What to do: {advice}."
