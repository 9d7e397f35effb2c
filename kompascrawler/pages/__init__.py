"""What stands on the site's pages: the only place that knows selectors."""

from kompascrawler.pages.article import ArticlePage
from kompascrawler.pages.layouts import article_page
from kompascrawler.pages.markup import PageRefused

__all__ = ["ArticlePage", "PageRefused", "article_page"]
