"""The published files as a data set: read, export, compare, repair. No Scrapy."""
