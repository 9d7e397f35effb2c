"""What the replica has published so far, over all its channels, and how to find it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from tests.replica.channels import OTHERS
from tests.replica.eras import STEP, Era
from tests.replica.listing import Entry
from tests.replica.newsroom import Newsroom, Slot
from tests.replica.story import Channel, Story

_SHARE = len(OTHERS)
"""The other channels together publish as much as world news alone."""


class Desk(NamedTuple):
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
    """All published articles; time moves by ``publish``."""

    def __init__(
        self,
        *,
        seed: int,
        articles: int,
        layouts: tuple[str, ...],
        behaviour: Callable[[int], str],
        era: Era,
    ) -> None:
        """``behaviour`` tells how the pages of a serial's article can be had."""
        self._published = 0
        self._start = era.start
        desks = [(era.world, articles, STEP)]
        desks += [(other, -(-articles // _SHARE), STEP * _SHARE) for other in OTHERS]
        self._desks = [
            Desk(
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
            for channel, count, step in desks
        ]
        self._known: tuple[int, dict[str, tuple[Desk, int]]] = (-1, {})

    @property
    def now(self) -> datetime:
        """The replica's clock (WIB)."""
        return self._start + STEP * self._published

    def publish(self, n: int) -> None:
        """Let the time pass in which world news has ``n`` articles."""
        self._published += n

    def entries(self, *channels: Channel) -> list[Entry]:
        """Return what the channels have published, as a listing shows it, newest first."""
        found = [
            Entry(slot.url, slot.title, desk.channel.name, slot.published)
            for desk, slot in self._slots()
            if desk.channel in channels
        ]
        return sorted(found, key=lambda entry: entry.published, reverse=True)

    def stories(self) -> list[Story]:
        """Return the articles of world news, newest first."""
        desk = self._desks[0]
        return [desk.newsroom.story(serial) for serial in desk.serials(self.now)]

    def find(self, article_id: str) -> Story | None:
        """Return a published article of any channel by its identity, or None."""
        moment, known = self._known
        if moment != self._published:
            moment = self._published
            known = {
                desk.newsroom.slot(serial).id: (desk, serial)
                for desk in self._desks
                for serial in desk.serials(self.now)
            }
            self._known = (moment, known)
        if article_id not in known:
            return None
        desk, serial = known[article_id]
        return desk.newsroom.story(serial)

    def _slots(self) -> Iterator[tuple[Desk, Slot]]:
        for desk in self._desks:
            for serial in desk.serials(self.now):
                yield desk, desk.newsroom.slot(serial)
