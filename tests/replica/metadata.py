"""What an article has besides its text: kind, length, series, sources, tags, dateline. Pure.

Shares are those of the captured Global pages where they were counted; the rare things are a
little less rare, so that a site of a few hundred articles has some of each.
"""

from collections.abc import Sequence
from random import Random

from tests.replica import vocabulary as v
from tests.replica.pieces import Paragraph, Piece
from tests.replica.prose import Prose
from tests.replica.story import Dateline, Kind

# Pages of an article on Global, 2020: 46 of 147 have no pager (docs/site.md, section 2).
_PAGE_COUNTS = {1: 46, 2: 72, 3: 18, 4: 7, 5: 1, 6: 2, 7: 1}
_WORDS = {1: (150, 330), 2: (300, 520), 3: (450, 700), 4: (560, 780)}
_KINDS: dict[Kind, int] = {
    "news": 800,
    "agency": 110,
    "column": 25,
    "question": 20,
    "infographic": 20,
    "video": 25,
}
_SERIES = (
    "[Cerita Dunia] ",
    "[UNIK GLOBAL] ",
    "[Biografi Tokoh Dunia] ",
    "Hari Ini dalam Sejarah: ",
)
_TOPICS = ("Perundingan Selat Utara", "Pemilu Kepulauan Barat", "Krisis Gandum Dunia")

# Forms of the dateline (docs/site.md, sections 6 and 14): the usual ones first and often.
_DATELINES = (
    *["<strong>{place}, KOMPAS.com</strong> - "] * 20,
    *["<strong>KOMPAS.com</strong> - "] * 20,
    *["<strong>KOMPAS.com -</strong> "] * 6,
    *["<strong>{place}, KOMPAS.com -</strong> "] * 4,
    *["<strong>{place}, KOMPAS.com</strong> &ndash; "] * 4,
    *["<strong>KOMPAS.com</strong> – "] * 2,
    *["<strong>{place}, KOMPAS.com</strong> — "] * 2,
    "<strong>KOMPAS.com&nbsp;</strong>- ",
    "<strong>{place}, KOMPAS.com</strong> -",
    "<strong>{place}, KOMPAS.com</strong> ",
    "<strong>{place}, KOMPAS.COM</strong> — ",
    "<strong><a target='_self' class='inner-link-tag' href='https://www.kompas.com/tag/{place}'"
    " style='color:#428bca;'>{place}</a>, KOMPAS.com</strong> - ",
)


def kind(random: Random) -> Kind:
    """Return what kind of article it is; roundups are not left to chance."""
    return random.choices(list(_KINDS), list(_KINDS.values()))[0]


def size(random: Random, *, least: int) -> tuple[int, int]:
    """Return how many pages, at least so many, and about how many words a news article has."""
    count = max(least, random.choices(list(_PAGE_COUNTS), list(_PAGE_COUNTS.values()))[0])
    return count, random.randint(*_WORDS.get(count, (700, 820)))


def series(kind: Kind, random: Random) -> str:
    """Return what stands before a headline: mostly nothing."""
    if kind == "infographic":
        return "INFOGRAFIK: "
    if kind == "video":
        return "VIDEO - "
    return random.choice(_SERIES) if random.random() < 0.05 else ""


def topic(random: Random) -> str | None:
    """Return the topic page that one in ten articles belongs to."""
    return random.choice(_TOPICS) if random.random() < 0.1 else None


def sources(kind: Kind, random: Random) -> tuple[str, ...]:
    """Return the agencies and media that an article names."""
    # 145 of the 147 Global pages name a source; columns do not (docs/site.md, section 5).
    return () if kind == "column" else tuple(random.sample(v.AGENCIES, random.choice((1, 1, 2, 3))))


def tags(pages: Sequence[Sequence[Piece]], prose: Prose, random: Random) -> tuple[str, ...]:
    """Return the tags: some of the article's own words, which the page then links."""
    text = " ".join(piece.text for piece in pages[0] if isinstance(piece, Paragraph))
    own = [country for country in v.COUNTRIES if country in text][:3]
    if "(AS)" in text:
        own += ["AS", "hewan"]
    count = random.randint(1, 3)
    return tuple(dict.fromkeys([*own, *(prose.tag() for _ in range(count))]))


def dateline(kind: Kind, random: Random) -> Dateline | None:
    """Return how an article begins; one that answers a question begins with the question."""
    markup = random.choice(_DATELINES)
    place = random.choice(v.PLACES) if "{place}" in markup else None
    if kind == "question":
        return None
    return Dateline(place=place, markup=markup, paragraph=1 if kind == "column" else 0)
