"""The languages of a page: which names belong to HTML, JavaScript, CSS and the head. Data, mostly.

What is not listed is replaced, in scripts and comments too: they hold titles and whole texts.
"""

import re
from typing import Final

from tests.cases.addresses import URL
from tests.cases.fixed import HOSTS


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS: Final = _set("""
    a abbr address amp-img article aside audio b base big blockquote body br button canvas caption
    center circle cite code col colgroup dd defs del details dfn div dl dt ellipse em embed
    fieldset figcaption figure font footer form g h1 h2 h3 h4 h5 h6 head header hr html i iframe
    img input ins kbd label legend li line link main map mark meta nav noscript object ol optgroup
    option p param path picture polygon polyline pre q rect s samp section select small source
    span strike strong style script sub summary sup svg symbol table tbody td template textarea
    tfoot th thead time title tr track tt u ul use var video o:p
""")
"""Elements whose names stay."""
INLINE: Final = _set(
    "a abbr b big cite code em font i ins label mark s small span strike strong sub sup time u"
)
"""Elements between which a line of text goes on."""
_ATTRIBUTES: Final = _set("""
    accept action align allow allowfullscreen allowtransparency alt as async autocomplete bgcolor
    border cellpadding cellspacing charset checked cite class color cols colspan content
    crossorigin d data datetime defer dir disabled enctype fill for frameborder headers height
    hidden href hreflang hspace http-equiv id integrity itemid itemprop itemscope itemtype label
    lang language loading marginheight marginwidth maxlength media method mozallowfullscreen name
    nonce nowrap placeholder position property r readonly referrerpolicy rel role rows rowspan
    sandbox scope scrolling selected size sizes span src srcset start style summary tabindex target
    text title type usemap valign value viewbox viewport vspace webkitallowfullscreen width
    x x1 x2 y y1 y2 stroke stroke-width points cx cy rx ry transform
""")
_PREFIXES: Final = ("data-", "aria-", "on", "xmlns", "xlink:", "xml:", "fill-", "stroke-")
_VERBATIM: Final = _set("""
    align as async border cellpadding cellspacing charset class cols colspan crossorigin d data-type
    defer dir disabled fill frameborder height http-equiv itemprop itemscope itemtype lang loading
    media method name position property r rel role rows rowspan scope scrolling size sizes
    tabindex target type valign viewbox width x x1 x2 y y1 y2 stroke stroke-width points cx cy rx
    ry transform xmlns xlink:href xmlns:xlink aria-hidden aria-expanded allowfullscreen start
""")
_LONGEST: Final = 200
"""Characters of a value that can be a name; a torn tag may have swallowed text."""
_D_LONGEST: Final = 20_000
LEADING: Final = _set(
    "href src action data-src data-url data-href data-link data-photolink cite data srcset"
)
"""Attributes that hold an address."""
_ID = re.compile(r"[A-Za-z][A-Za-z_-]*\d{0,3}")

_METAS: Final = _set("""
    viewport robots googlebot googlebot-news language geo.country geo.placename author
    content-language x-ua-compatible content-type og:type og:site_name og:locale fb:app_id
    twitter:card twitter:site twitter:creator content_category content_publisheddate
    content_total_words content_total_pages content_current_page article:published_time
    subscription content_sensi theme-color referrer
""")
"""Heads' fields (lower case) that hold no text of the article."""
_META_NAME = re.compile(
    r"""(?:name|property|http-equiv|itemprop)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE
)

WORDS: Final = _set("""
    var let const function return if else for while do new this true false null undefined typeof
    in of try catch finally throw switch case break continue default delete instanceof void
    window document push length script src async defer text javascript application ld json css
    type push slice split join replace match test parse stringify indexOf createElement
    getElementById getElementsByTagName getElementsByClassName querySelector querySelectorAll
    insertBefore appendChild parentNode innerHTML addEventListener setAttribute getAttribute
    addClass removeClass append prepend attr html body head div span img iframe style display none
    block width height click ready each ajax get post url data success error console log jQuery
    endif ads paragraph paralax terkini pagging
""")
"""Words that stay in scripts and comments."""
_TYPES: Final = _set("""
    WebPage WebSite NewsArticle ImageObject Person Organization ContactPoint SearchAction
    BreadcrumbList ListItem
""")
"""Values of ``@type`` in JSON-LD."""
KNOWN: Final = ELEMENTS | _ATTRIBUTES | WORDS | _TYPES | frozenset(["http", "https", "blank"])
"""Words of all these languages."""
TOKEN: Final = re.compile(
    rf"(?P<url>{URL})"
    r"|(?P<stays>\\u[0-9A-Fa-f]{4}|\\[A-Za-z]|&(?:#\d+|[A-Za-z]+);"
    r"|[\"'](?:@?\w+)[\"'](?=\s*:)"  # a key
    rf"|(?<=[\"'])(?:{'|'.join(sorted(_TYPES))})(?=[\"']))"
    r"|[^\W\d](?:[\w-]*\w)?|\d+"
)
"""What code is made of as far as it is replaced."""
RUN: Final = re.compile(r"[A-Za-z]+|[0-9]+|[^\W\d_]")
STYLED: Final = re.compile(r"/\*.*?(?:\*/|\Z)|url\([^)]*\)", re.DOTALL)
"""What of a style sheet is rewritten: comments and addresses."""

_HOSTS: Final = "|".join(re.escape(host) for host in HOSTS)
_NAMED = re.compile(rf"[\"']@?(\w+)[\"']\s*:|([\w-]+)\.(?:{_HOSTS})\b")
_CLASSES = re.compile(r"""\bclass\s*=\s*["']([\w\s-]{1,200})["']""")


_LONGEST_SCRIPT: Final = 600
"""Characters of the longest script that stays whole; the others are code of advertisers."""
_BEGINNING: Final = 300
_ENDING: Final = 100
_STATING = re.compile(r"[\"']@context|[\"']?content_(?:author|PublishedDate)")


def shortened(script: str) -> str:
    """Return a script without the middle of a long one; what states facts of the page stays whole.

    No parser of pages looks into scripts, but it must find their ends.
    """
    if len(script) <= _LONGEST_SCRIPT or _STATING.search(script):
        return script
    return f"{script[:_BEGINNING]}\n/* ... */\n{script[-_ENDING:]}"


def names(source: str) -> frozenset[str]:
    """Return the names of classes and of the head's fields that a page uses."""
    classes = {name for found in _CLASSES.findall(source) for name in found.split()}
    metas = {found for found in _META_NAME.findall(source) if found.startswith("content_")}
    return frozenset(name for name in classes if not name.isalpha()) | metas


def words_of_names(source: str) -> frozenset[str]:
    """Return the words (lower case) of the names in a page's code: classes, keys, sub-domains."""
    named = {part for found in _NAMED.findall(source) for part in found}
    words = (re.findall(r"[^\W\d_]+", name.lower()) for name in names(source) | named)
    return frozenset(word for found in words for word in found)


def is_attribute(name: str) -> bool:
    """Tell whether a name in a tag is one that HTML or the site gives; torn quotes make others."""
    return name in _ATTRIBUTES or name.startswith(_PREFIXES)


def is_verbatim(name: str, value: str) -> bool:
    """Tell whether an attribute's value is a name, not text."""
    if name == "id":
        return _ID.fullmatch(value) is not None
    limit = _D_LONGEST if name in ("d", "points") else _LONGEST
    return name in _VERBATIM and len(value) <= limit


def is_fixed_meta(attributes: str) -> bool:
    """Tell whether a ``meta`` element holds no text of the article."""
    named = _META_NAME.search(attributes)
    return "charset=" in attributes or (named is not None and named[1].lower() in _METAS)
