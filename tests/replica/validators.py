"""ETag and Last-Modified of article pages, and when 304 is enough of an answer. Pure."""

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from tests.replica.exchange import Reply, Request
from tests.replica.story import Story


def validated(reply: Reply, request: Request, story: Story, page: str) -> Reply:
    """Return an article's page with its validators, or 304 where the client has it already.

    They stand for the article: a page whose lists of other articles changed is not another one.
    Whether the site sends any is not known.
    """
    changed = story.changed_at or story.updated_at or story.published_at
    tag = f'"{story.id}-{story.revision}-{page}"'
    modified = format_datetime(changed.astimezone(UTC), usegmt=True)
    headers = {"ETag": tag, "Last-Modified": modified}
    if _is_known(request, tag, changed):
        return Reply(status=304, headers=headers)
    return replace(reply, headers=reply.headers | headers)


def _is_known(request: Request, tag: str, changed: datetime) -> bool:
    """Tell whether the client has the page; its tags count before its time."""
    if given := request.headers.get("if-none-match"):
        tags = [part.strip().removeprefix("W/") for part in given.split(",")]
        return tag in tags or given.strip() == "*"
    try:
        return changed <= parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
