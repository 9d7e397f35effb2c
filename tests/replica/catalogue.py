"""What the replica has published so far, over all its channels, and how to find it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.replica.channels import OTHERS
from tests.replica.clock import STEP, Era
from tests.replica.edits import Edits
from tests.replica.listing import Entry
from tests.replica.newsroom import Newsroom, Slot
from tests.replica.story import Channel, Story

_SHARE = len(OTHERS)
"""The other channels together publish as much as world news alone."""


class ChannelFeed(NamedTuple):
    """A channel with its newsroom."""

    channel: Channel
    newsroom: Newsroom
    oldest: int
    start: datetime
    step: timedelta

    def serials(self, now: datetime) -> range:
        """Return the serials that are out, newest first."""
        return range((now - self.start) // self.step, self.oldest - 1, -1)


class Catalogue:
    """All published articles; time moves by ``publish``, ``edits`` tells what changed since."""

    def __init__(
        self,
        *,
        seed: int,
        articles: int,
        layouts: tuple[str, ...],
        behaviour: Callable[[int], str],
        era: Era,
        more: int | None = None,
    ) -> None:
        """``behaviour`` tells how the pages of a serial's article can be had.

        ``more`` is how many articles can be published after the start, None: any number.
        """
        self.edits = Edits()
        self._published = 0
        self._more = more
        self._start = era.start
        _feeds = [(era.world, articles, STEP)]
        _feeds += [(other, -(-articles // _SHARE), STEP * _SHARE) for other in OTHERS]
        self._feeds = [
            ChannelFeed(
                channel,
                Newsroom(
                    seed=seed,
                    oldest=1 - count,
                    layouts=layouts,
                    behaviour=behaviour,
                    start=era.start,
                    channel=channel,
                    step=step,
                ),
                1 - count,
                era.start,
                step,
            )
            for channel, count, step in _feeds
        ]
        self._known: tuple[int, dict[str, tuple[ChannelFeed, int]]] = (-1, {})

    @property
    def now(self) -> datetime:
        """The replica's clock (WIB)."""
        return self._start + STEP * self._published

    def publish(self, n: int) -> int:
        """Let the time pass in which world news has ``n`` articles; return how many it had."""
        done = n if self._more is None else min(n, self._more - self._published)
        self._published += done
        return done

    def entries(self, *channels: Channel) -> list[Entry]:
        """Return what the channels have published, as a listing shows it, newest first."""
        found = [
            Entry(
                slot.url,
                self.edits.title(slot.id, slot.title),
                feed.channel.name,
                slot.published,
                self.edits.updated(slot.id),
            )
            for feed, slot in self._slots()
            if feed.channel in channels and not self.edits.deleted(slot.id)
        ]
        return sorted(found, key=lambda entry: entry.published, reverse=True)

    def stories(self) -> list[Story]:
        """Return the articles of world news, newest first."""
        feed = self._feeds[0]
        stories = (feed.newsroom.story(serial) for serial in feed.serials(self.now))
        return [self.edits.current(s) for s in stories if not self.edits.deleted(s.id)]

    def find(self, article_id: str) -> Story | None:
        """Return a published article by its identity, also one that was deleted, or None."""
        moment, known = self._known
        if moment != self._published:
            moment = self._published
            known = {
                feed.newsroom.slot(serial).id: (feed, serial)
                for feed in self._feeds
                for serial in feed.serials(self.now)
            }
            self._known = (moment, known)
        if article_id not in known:
            return None
        feed, serial = known[article_id]
        return self.edits.current(feed.newsroom.story(serial))

    def _slots(self) -> Iterator[tuple[ChannelFeed, Slot]]:
        for feed in self._feeds:
            for serial in feed.serials(self.now):
                yield feed, feed.newsroom.slot(serial)
