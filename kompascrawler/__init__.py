"""A scheduled crawler for the Global (world news) section of Kompas.com."""

__version__ = "0.1.0"
