"""Which pages of an article a record holds, and whether that is all of it."""

from typing import Final

from kompascrawler.items import Halaman, Route

TOLERANCE: Final = 15
"""Words by which the count may differ from the declared one and the article still be whole.

The site's rule, as ``pages.rawbody`` and ``count_words`` follow it, has no known difference (69
of 69 articles of one page). An unknown kind of caption counts about as much as an infographic's
did before its rule was found (10 and 12 words); a page holds some 200.
"""


def judge(
    *,
    pages_declared: int | None,
    asked_for_all: bool,
    anchors: int,
    words_declared: int | None,
    words_counted: int,
) -> Halaman:
    """Judge one answer of the site: page 1 (or a later one), or ``?page=all``.

    ``pages_declared`` is what pager or head say, None when they say nothing; ``anchors`` the
    highest page whose beginning is marked inside the body, 1 without marks. The address alone
    proves nothing: an answer to ``?page=all`` whose words fall short is one page.
    """
    expected = max(pages_declared or 1, anchors)
    whole = None if words_declared is None else has_all_words(words_declared, words_counted)
    route: Route = "all" if asked_for_all and expected > 1 else "single"
    if expected == 1:
        fetched = 1
    elif whole is None:
        fetched = anchors if asked_for_all else 1
    else:
        fetched = expected if whole else 1
    complete = fetched == expected and whole is not False
    undeclared = pages_declared is None and words_declared is None
    return Halaman(
        pages_expected=expected,
        pages_fetched=fetched,
        route=route,
        words_declared=words_declared,
        words_counted=words_counted,
        complete=None if undeclared else complete,
    )


def has_all_words(declared: int, counted: int) -> bool:
    """Tell whether a count proves that no page is missing, within ``TOLERANCE``.

    >>> has_all_words(432, 205), has_all_words(432, 420)
    (False, True)
    """
    return abs(declared - counted) <= TOLERANCE
