"""Looks for what keeps a crawl from going well, and says what to do: ``scrapy doctor``."""
