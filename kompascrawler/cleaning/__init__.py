"""Taking out of a text what no editor wrote for its reader. Pure: knows nothing of Scrapy."""

from kompascrawler.cleaning.clean import clean

__all__ = ["clean"]
