"""The whole path of an article again, over pages that were kept: no network and no Scrapy."""
