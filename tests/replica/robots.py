"""The site's robots.txt and what it forbids. Pure."""

import re

ROBOTS = """User-Agent: *
Disallow: /search/?q=
Disallow: /komentar/*
Disallow: /copy/*
Disallow: *?jxrecoid=*
Disallow: *?utm_source=*
Disallow: *?source=*

User-Agent: GPTBot
Disallow: /

User-Agent: PerplexityBot
Disallow: /

Sitemap: https://www.kompas.com/sitemap.xml
"""
"""The stored copy A of www.kompas.com (docs/site.md, section 8); every host has it."""

# Written out by hand from the lines above: the crawler's reading of them is what is judged.
_FORBIDDEN = re.compile(r"/search/\?q=|/komentar/|/copy/|.*\?(?:jxrecoid|utm_source|source)=")


def is_forbidden(path: str, query: str) -> bool:
    """Tell whether ``User-Agent: *`` may not ask for an address.

    >>> is_forbidden("/global", "utm_source=x"), is_forbidden("/global", "page=2")
    (True, False)
    """
    return _FORBIDDEN.match(f"{path}?{query}" if query else path) is not None
