"""What is kept of each run, and what keeps two runs apart. Knows nothing of Scrapy."""
