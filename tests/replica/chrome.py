"""What surrounds the content on every page: navigation, scripts, advertisement slots. Pure.

The heavy form has the weight and the build of the real pages (about 230 KB, 1,400 elements,
64 KB of scripts; measured on the captured Global pages of October 2020), for benchmarks.
"""

# ruff: noqa: E501  # markup stands in lines as long as the site writes them

from functools import lru_cache
from random import Random
from typing import Literal

Padding = Literal["light", "real"]
"""How much of it there is: enough to be in the way, or as much as on the real pages."""

_CHANNELS = ("nasional", "megapolitan", "regional", "tren", "money", "bola", "tekno", "otomotif")
_COUNTS = {"light": (12, 4, 0), "real": (160, 58, 170)}


@lru_cache
def above(padding: Padding) -> str:
    """Return what stands before the content: tag manager, header, navigation."""
    links, scripts, _ = _COUNTS[padding]
    return f"""<noscript><iframe src="//www.googletagmanager.com/ns.html?id=GTM-X" height="0" width="0" style="display:none;visibility:hidden"></iframe></noscript>
<div class="wrap">
<div class="header clearfix">
    <form class="search search--header" action="https://search.kompas.com/search/"><input class="form__input" type="text" name="q" placeholder="Search"></form>
    <ul class="nav__row clearfix">
{_navigation(links)}    </ul>
</div>
{_scripts(scripts // 2, "above")}"""


@lru_cache
def below(padding: Padding) -> str:
    """Return what stands after the content: boxes that scripts fill, footer, scripts."""
    links, scripts, boxes = _COUNTS[padding]
    slots = "\n".join(
        f'<div class="kcm kcm__slot clearfix"><div id="div-gpt-ad-{number}">'
        f'<span class="slot slot--{number % 7}"></span></div></div>'
        for number in range(boxes)
    )
    return f"""{slots}
<div class="footer clearfix"><ul class="footer__row">
{_navigation(links // 3)}</ul><p class="footer__copy">Kompas Cyber Media</p></div>
{_scripts(scripts - scripts // 2, "below")}
</div>"""


def _navigation(links: int) -> str:
    blank = ("\n" + " " * 44) * 4  # the templates leave such runs: 90 KB of a page are blanks
    return "".join(
        f"""        <li class="nav__item">{blank}<a target="" class="nav__link nav__link--{name}" href="https://{name}.kompas.com/topik/{number}">{name.title()} {number}</a>{blank}</li>
"""
        for number in range(links)
        for name in [_CHANNELS[number % len(_CHANNELS)]]
    )


def _scripts(count: int, place: str) -> str:
    """Return scripts that look like advertisement set-up; they do nothing."""
    random = Random(place)
    return "\n".join(
        "<script>\n(function(){var slots=["
        + ",".join(
            f'{{code:"div-gpt-ad-{random.randrange(10**6)}",sizes:[[{random.randrange(900)},90]]}}'
            for _ in range(22)
        )
        + "];window.kcmslots=(window.kcmslots||[]).concat(slots);})();\n</script>"
        for _ in range(count)
    )
