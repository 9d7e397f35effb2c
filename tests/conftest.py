"""Things several tests share."""

import gzip
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "kompas"


@pytest.fixture(scope="session")
def real_pages() -> Path:
    """Folder of the real pages (gzip) and their manifest; absent outside our own machines."""
    if not (SHARED / "pages").is_dir():
        pytest.skip(f"the real pages are not here ({SHARED / 'pages'})")
    return SHARED


def read_page(path: Path) -> bytes:
    """Return a saved page, unzipped when its name ends in ``.gz``."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
