"""Pages as they were received, in WARC files; Scrapy's adapter is ``recorder``. docs/warc.md."""
