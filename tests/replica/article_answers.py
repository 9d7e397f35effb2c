"""What an article's addresses answer, as its behaviour has it. Pure."""

from typing import Final

from tests.replica.article import Showing, Surroundings, article_page
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.content import part_of_body
from tests.replica.exchange import Reply
from tests.replica.kcm import LAYOUT, kcm_page
from tests.replica.story import Story

_SECONDS_APART: Final = 0.05
"""By how much each page answers later than the one after it, where pages are late."""


def answer_article(story: Story, asked: str, around: Surroundings) -> Reply:
    """Answer a request for an article; ``asked`` is the value of its ``page``."""
    if story.layout == LAYOUT:
        return Reply(body=kcm_page(story, around.missed).encode())
    behaviour, count = BEHAVIOURS[story.behaviour], len(story.pages)
    page = _page(asked, count)
    number = int(page) if page != "all" else 0
    if behaviour.missing and number == count // 2 + 1:
        return Reply(status=behaviour.missing, body=b"<html><body></body></html>")
    is_late = behaviour.is_late and number > 0
    return Reply(
        body=article_page(story, _showing(story, page), around).encode(),
        delay=(count - number) * _SECONDS_APART if is_late else 0.0,
    )


def answer_part(story: Story, number: str) -> Reply | None:
    """Answer what a script of an article's page asks for; None where no script would."""
    script = BEHAVIOURS[story.behaviour].script
    if script in (None, "body") or not _is_page(number, len(story.pages)):
        return None
    return Reply(body=part_of_body(story, int(number)).encode())


def _showing(story: Story, page: str) -> Showing:
    behaviour = BEHAVIOURS[story.behaviour]
    if page == "all":
        text = "all" if behaviour.all == "whole" else "1"
        return Showing(text, "1" if behaviour.all == "first" else "all")
    shown = page if behaviour.numbers == "own" else "1"
    return Showing(shown, shown)


def _page(asked: str, count: int) -> str:
    """Return the page meant: one over the last shows the first (TEXT.md section 5)."""
    return asked if asked == "all" or _is_page(asked, count) else "1"


def _is_page(asked: str, count: int) -> bool:
    return asked.isdecimal() and 1 <= int(asked) <= count
