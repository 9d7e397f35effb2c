"""What is odd about an address that looks like one of the site's. Pure."""

from urllib.parse import urlsplit


def oddity(url: str) -> str | None:
    """Say what keeps an address from being one that the site publishes, or None.

    Every captured link of the site is plain http or https, without a port and without a user
    (SITE.md section 1); anything else on a host of the site is a trick.

    >>> oddity("https://www.kompas.com:8443/global"), oddity("https://www.kompas.com/global")
    ('another port', None)
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "no address"
    if parts.scheme not in ("http", "https"):
        return "another scheme"
    if "@" in parts.netloc:
        return "a user name"
    return None if port in (None, 443 if parts.scheme == "https" else 80) else "another port"
