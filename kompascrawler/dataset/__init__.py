"""The published files as a data set: compare, repair. No Scrapy."""
