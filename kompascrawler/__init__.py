"""A scheduled crawler for the Global (world news) section of Kompas.com."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kompascrawler.dataset.dataset import Dataset, DatasetError
    from kompascrawler.extraction import Article, PageRefused, extract

__version__ = "0.1.0"
__all__ = ["Article", "Dataset", "DatasetError", "PageRefused", "__version__", "extract"]
_DATASET: Final = ("Dataset", "DatasetError")


def __getattr__(name: str) -> object:
    """Import the Python API when it is asked for: a crawl's commands do without."""
    if name in __all__:
        module = "dataset.dataset" if name in _DATASET else "extraction"
        return getattr(import_module(f"kompascrawler.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
