"""What stands on the site's pages: the only place that knows selectors."""
