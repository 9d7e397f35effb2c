"""What an article's addresses answer, as its behaviour has it. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from tests.replica.article import Showing, Surroundings, article_page
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.content import part_of_body
from tests.replica.exchange import Reply, Request
from tests.replica.faults import FAULTS
from tests.replica.kcm import LAYOUT, kcm_page
from tests.replica.story import Story
from tests.replica.validators import validated

_SECONDS_APART: Final = 0.05
"""By how much each page answers later than the one after it, where pages are late."""
ALL_ANSWERS: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    **{name: (name, {}) for name in ("400", "403", "404", "410", "500", "empty", "login")},
    "challenge": ("challenge", {"status": 403}),
    "never": ("never_loads", {}),
    "front": ("redirect_to", {"location": "https://www.kompas.com/global"}),
}
"""What ``?page=all`` of every article can answer instead of a page: fault and its options."""


def answer_article(
    story: Story, request: Request, around: Surroundings, all_answers: str | None = None
) -> Reply:
    """Answer a request for an article; ``all_answers`` is one of ``ALL_ANSWERS`` or None."""
    asked = request.parameters.get("page", "1")
    page = "1" if story.layout == LAYOUT else _page(asked, len(story.pages))
    if asked == "all" and all_answers is not None:
        fault, options = ALL_ANSWERS[all_answers]
        return FAULTS[fault](request, lambda _: _answer_page(story, page, around), options)
    reply = _answer_page(story, page, around)
    return validated(reply, request, story, page) if reply.status == 200 else reply


def _answer_page(story: Story, page: str, around: Surroundings) -> Reply:
    if story.layout == LAYOUT:
        return Reply(body=kcm_page(story, around.missed).encode())
    behaviour, count = BEHAVIOURS[story.behaviour], len(story.pages)
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
    """Return the page meant: one over the last shows the first (docs/site.md, section 2)."""
    return asked if asked == "all" or _is_page(asked, count) else "1"


def _is_page(asked: str, count: int) -> bool:
    return asked.isdecimal() and 1 <= int(asked) <= count
