"""Deciding what to ask the site for next. Pure: knows nothing of Scrapy."""
