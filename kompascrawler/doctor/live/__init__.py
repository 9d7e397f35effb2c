"""Is the site what the crawler takes it for? ``scrapy doctor --live``."""
