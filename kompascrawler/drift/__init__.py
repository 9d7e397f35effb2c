"""Changes of the site's markup: whether pages still look as before. Pure but for ``extension``."""
