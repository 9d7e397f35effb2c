"""The tools that `scrapy` offers in this project."""
