"""Decides what the replica publishes: which article at which time, of what kind. Pure.

Articles are numbered by *serial*: 0 is the newest at the start, -1 the one before, 1 the next
to come. What a serial holds depends on the seed and the serial alone, not on how many articles
the site has (except that links never lead below the oldest).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from kompascrawler.items import Related
from tests.replica import kcm, metadata
from tests.replica.behaviours import BEHAVIOURS
from tests.replica.channels import GLOBAL, address, number
from tests.replica.clock import PER_DAY, STEP
from tests.replica.pieces import Paragraph, Piece
from tests.replica.prose import Prose
from tests.replica.story import Channel, Kind, Story
from tests.replica.writing import Opening, Writer


class Slot(NamedTuple):
    """What is settled about an article before it is written."""

    published: datetime
    number: str
    title: str
    url: str

    @property
    def id(self) -> str:
        """Identity of the article."""
        return f"{self.published:%Y-%m-%d}-{self.number}"


class Newsroom:
    """The articles of one channel, each made when it is first asked for."""

    def __init__(
        self,
        *,
        seed: int,
        oldest: int,
        layouts: Sequence[str],
        behaviour: Callable[[int], str],
        start: datetime,
        channel: Channel = GLOBAL,
        step: timedelta = STEP,
    ) -> None:
        """``oldest`` is the lowest serial; layouts are dealt out among the articles.

        ``behaviour`` tells how the pages of a serial's article can be had, ``start`` is the
        site's clock at the start, ``step`` the time from one article to the next.
        """
        self._start = start
        self._step = step
        self._seed = seed
        self._oldest = oldest
        self._layouts = layouts
        self._behaviour = behaviour
        self._channel = channel
        self._stories: dict[int, Story] = {}
        self._slots: dict[int, Slot] = {}

    def story(self, serial: int) -> Story:
        """Return the article of a serial."""
        if serial not in self._stories:
            original = self._original(serial)
            written = self._write(serial) if original is None else self._again(serial, original)
            self._stories[serial] = written
        return self._stories[serial]

    def slot(self, serial: int) -> Slot:
        """Return time, number, title and address of an article, without writing it."""
        if serial not in self._slots:
            self._slots[serial] = self._settle(serial)
        return self._slots[serial]

    def _settle(self, serial: int) -> Slot:
        random = self._random(serial, "slot")
        seconds = random.randrange(int(self._step.total_seconds()) - 60)
        published = self._start + self._step * (serial - 1) + timedelta(seconds=seconds)
        published = published.replace(microsecond=0)
        number_ = number(published, random.randrange(10), self._channel)
        original = self._original(serial)
        title = self._title(serial, random) if original is None else self.slot(original).title
        return Slot(published, number_, title, address(self._channel, published, number_, title))

    def _title(self, serial: int, random: Random) -> str:
        kind = self._kind(serial)
        if kind == "roundup":
            return "[POPULER GLOBAL] " + " | ".join(
                self.slot(other).title for other in self._rounded_up(serial)[:2]
            )
        headline = Prose(random, self._start.date()).headline()
        return metadata.series(kind, random) + headline

    def _kind(self, serial: int) -> Kind:
        least = self._least_pages(serial)
        is_due = self._channel.name == GLOBAL.name and serial % PER_DAY == 5 and least <= 2
        if is_due and len(self._rounded_up(serial)) > 2:
            return "roundup"
        kind = metadata.kind(self._random(serial, "kind"))
        # The other kinds have one page.
        return kind if least == 1 or kind == "agency" else "news"

    def _least_pages(self, serial: int) -> int:
        return BEHAVIOURS[self._behaviour(serial)].least_pages

    def _rounded_up(self, serial: int) -> list[int]:
        """Return the serials of the articles that a roundup takes up: of the day before."""
        candidates = range(max(self._oldest, serial - 30), serial - 1)
        count = min(len(candidates), self._random(serial, "round").choice((4, 4, 5)))
        chosen = self._random(serial, "round").sample(candidates, count)
        return [other for other in chosen if other % PER_DAY != 5 and self._original(other) is None]

    def _original(self, serial: int) -> int | None:
        """Return the serial that this one publishes again under a new number, or None."""
        random = self._random(serial, "again")
        original = serial - random.randint(20, 200)
        is_again = self._channel.name == GLOBAL.name and random.random() < 0.012
        first_hand = original >= self._oldest and original % PER_DAY != 5 and serial % PER_DAY != 5
        return original if is_again and first_hand and self._original(original) is None else None

    def _again(self, serial: int, original: int) -> Story:
        slot, first = self.slot(serial), self.story(original)
        return replace(
            first,
            id=slot.id,
            url=slot.url,
            layout=self._layout(serial),
            published_at=slot.published,
            updated_at=None,
            original=first.id,
        )

    def _write(self, serial: int) -> Story:
        slot, kind, random = self.slot(serial), self._kind(serial), self._random(serial, "story")
        prose = Prose(random, slot.published.date())
        writer = Writer(random, prose, self._links(serial))
        pages = self._body(serial, kind, random, writer)
        people = [prose.person() for _ in range(random.choice((1, 1, 1, 2)))]
        story = Story(
            id=slot.id,
            url=slot.url,
            channel=self._channel,
            kind=kind,
            layout=self._layout(serial),
            title=slot.title,
            description=prose.sentence(),
            published_at=slot.published,
            updated_at=self._update(serial, slot.published),
            authors=() if kind == "agency" else tuple(dict.fromkeys(people)),
            editors=(prose.person(),),
            sources=metadata.sources(kind, random),
            topic=metadata.topic(random),
            tags=metadata.tags(pages, prose, random),
            dateline=metadata.dateline(kind, random),
            lead_photo=writer.image(),
            pages=pages,
            behaviour=self._behaviour(serial),
        )
        return kcm.as_of_2015(story) if story.layout == kcm.LAYOUT else story

    def _body(
        self, serial: int, kind: Kind, random: Random, writer: Writer
    ) -> tuple[tuple[Piece, ...], ...]:
        if kind == "roundup":
            return writer.roundup([self._opening(other) for other in self._rounded_up(serial)])
        if kind == "column":
            return writer.column(random.randint(250, 500))
        if kind == "question":
            return writer.question(random.randint(200, 400))
        if kind in ("infographic", "video"):
            return writer.short("infographic" if kind == "infographic" else "youtube")
        return writer.news(*metadata.size(random, least=self._least_pages(serial)))

    def _opening(self, serial: int) -> Opening:
        paragraphs = [
            piece.text
            for piece in self.story(serial).pages[0]
            if isinstance(piece, Paragraph) and piece.text
        ]
        return Opening(self.slot(serial).title, self._link(serial), tuple(paragraphs[:2]))

    def _links(self, serial: int) -> list[Related]:
        """Return earlier articles to link to; the very first ones can only link to each other."""
        lowest = max(self._oldest, serial - 300)
        earlier = range(lowest, serial) or range(serial, serial + 1)
        random = self._random(serial, "links")
        return [self._link(random.choice(earlier)) for _ in range(8)]

    def _link(self, serial: int) -> Related:
        slot = self.slot(serial)
        return Related(id=slot.id, title=slot.title, url=slot.url)

    def _update(self, serial: int, published: datetime) -> datetime | None:
        """Return when the article was updated ("Diperbarui"): 3 % were, hours to days later."""
        random = self._random(serial, "update")
        until = self._start - published
        if random.random() >= 0.03 or until < timedelta(hours=3):
            return None
        later = random.random() * min(until, timedelta(days=3))
        return (published + later).replace(microsecond=0)

    def _layout(self, serial: int) -> str:
        return self._random(serial, "layout").choice(self._layouts)

    def _random(self, serial: int, purpose: str) -> Random:
        return Random(f"{self._seed}/{self._channel.name}/{serial}/{purpose}")
