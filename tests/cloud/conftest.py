"""A bucket of its own for each test, on one server."""

import uuid
from collections.abc import Iterator

import pytest

from tests.cloud.bucket import create, environment, moto


@pytest.fixture(scope="session")
def storage() -> Iterator[str]:
    """Give the address of the object storage."""
    with moto() as address:
        yield address


@pytest.fixture
def bucket(storage: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the address of an empty bucket; the environment leads there."""
    for name, value in environment(storage).items():
        monkeypatch.setenv(name, value)
    name = f"b{uuid.uuid4().hex[:12]}"
    create(storage, name)
    return f"s3://{name}/data"
