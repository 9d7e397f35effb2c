"""Finds what would make a crawl fail, and says what to do: ``kompascrawler doctor``."""
