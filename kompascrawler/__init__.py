"""A scheduled crawler for the Global (world news) section of Kompas.com."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kompascrawler.dataset.dataset import Dataset
    from kompascrawler.dataset.lines import DatasetError
    from kompascrawler.extraction import Article, PageRefused, extract

__version__ = "0.1.0"
__all__ = ["Article", "Dataset", "DatasetError", "PageRefused", "__version__", "extract"]
_MODULES: Final = {"Dataset": "dataset.dataset", "DatasetError": "dataset.lines"}


def __getattr__(name: str) -> object:
    """Import the Python API when it is asked for: a crawl's commands do without."""
    if name in __all__:
        return getattr(import_module(f"kompascrawler.{_MODULES.get(name, 'extraction')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
