"""What happens to articles after they came out: revisions and deletions. Pure."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from tests.replica.kcm import LAYOUT as OF_2015
from tests.replica.pieces import Paragraph
from tests.replica.prose import Prose
from tests.replica.story import Story

PARTS: Final = ("title", "text", "updated")
"""What a revision changes: headline, first Halaman, time of update ("Diperbarui")."""


class Edits:
    """The revisions and deletions so far, by the identity of the article."""

    def __init__(self) -> None:
        self._revised: dict[str, Story] = {}
        self._deleted: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many there were."""
        return sum(s.revision for s in self._revised.values()) + len(self._deleted)

    def revise(self, story: Story, now: datetime, parts: Collection[str]) -> Story:
        """Change parts of an article; raises ValueError for a part that there is not."""
        if unknown := set(parts) - set(PARTS):
            raise ValueError(f"no part {min(unknown)!r}; there are: {', '.join(PARTS)}")
        self._revised[story.id] = _revised(self.current(story), now, parts)
        return self._revised[story.id]

    def delete(self, article_id: str, status: int) -> None:
        """Answer an article with a status (404, 410) from now on."""
        self._deleted[article_id] = status

    def current(self, story: Story) -> Story:
        """Return an article as it is now."""
        return self._revised.get(story.id, story)

    def title(self, article_id: str, title: str) -> str:
        """Return the title that an article has now."""
        return self._revised[article_id].title if article_id in self._revised else title

    def updated(self, article_id: str) -> datetime | None:
        """Return when an article was revised, where its page says so."""
        return self._revised[article_id].updated_at if article_id in self._revised else None

    def deleted(self, article_id: str) -> int | None:
        """Return the status of a deleted article, None where it is still there."""
        return self._deleted.get(article_id)


def _revised(story: Story, now: datetime, parts: Collection[str]) -> Story:
    prose = Prose(Random(f"{story.id}/revision {story.revision + 1}"), now.date())
    headline, added = prose.headline(), Paragraph(prose.paragraph())
    earliest = (story.changed_at or story.updated_at or story.published_at) + timedelta(minutes=1)
    changed = max(now, earliest)
    revised = replace(story, revision=story.revision + 1, changed_at=changed)
    if "title" in parts:
        revised = replace(revised, title=headline)
    if "text" in parts:
        # The dateline stands in the first or second paragraph.
        first = (*story.pages[0][:2], added, *story.pages[0][2:])
        revised = replace(revised, pages=(first, *story.pages[1:]))
    if "updated" in parts and story.layout != OF_2015:
        revised = replace(revised, updated_at=changed)
    return revised
