"""Generated Indonesian news prose: sentences, quotes, headlines, captions. Pure.

Every sentence interleaves fixed words with words drawn from long lists, so that two stories
share next to no run of four words (near-duplicate detection must not confuse them).
"""

from datetime import date
from random import Random

from tests.replica import vocabulary as v

_SENTENCES = (
    "{Role} {country} {person} {verb} {noun} {adj} {circ}.",
    "{body} {country} {verb} {number} {noun} {adj} yang {verb2} {noun2} {circ}.",
    "Menurut {role} {person}, {noun} {adj} itu {verb} {noun2} {country} {circ}.",
    "{Noun} {adj} di {country} {verb} {noun2}, sementara {body} {verb2} {noun3} {circ}.",
    "{Circ}, {role} {person} {verb} {noun} {adj} milik {body}.",
    "Sedikitnya {number} {noun} {verb} {noun2} {adj} saat {role} {country} {verb2} {noun3}.",
    "{person} yang juga {role} di {country} {verb} {noun} dan {verb2} {noun2} {adj}.",
    "Adapun {noun} {adj} {verb} {number} {noun2} {circ}, kurang dari {number2} {noun3}.",
    "Sebelumnya, {body} {verb} {noun} {country} karena {noun2} {adj} {verb2} {noun3}.",
    "Namun, {noun} {country} masih {verb} {noun2} {adj} {circ}.",
)
_QUOTES = (
    '"{Noun} {adj} kami {verb} {noun2} {circ}," {say} {person}.',
    '"Kami {verb} {noun} dan {verb2} {noun2} {adj}," {say} {person}, {role} {country}.',
    '"{Noun} itu {verb} {noun2} {adj}. {Circ}, {noun3} {verb2} semuanya," {say} {person}.',
)
_HEADLINES = (
    "{Role} {country} {Verb} {Noun} {Adj} {Noun2}",
    "{Noun} {Adj} di {country} {Verb} {number} {Noun2}",
    "{country} {Verb} {Noun} {Adj}, {Body}: {Noun2} {Verb2} {Noun3}",
    "{number} {Noun} {Adj} {Verb} {Noun2} {country}",
    '{Body} {Verb} "{Noun} {Adj}", {country} {Verb2} {Noun2}',
    "{Noun} {country} {Verb} {Noun2}, Apa {Adj} {Noun3} Itu?",
)


class Prose:
    """A writer of one story: the same random source gives the same words."""

    def __init__(self, random: Random, day: date) -> None:
        self._random = random
        self._day = day

    def person(self) -> str:
        """Return an invented name."""
        return f"{self._pick(v.GIVEN_NAMES)} {self._pick(v.FAMILY_NAMES)}"

    def sentence(self) -> str:
        """Return a sentence of some twelve to twenty words."""
        return self._fill(self._pick(_SENTENCES))

    def lead(self) -> str:
        """Return an opening sentence, dated as the paper does: ``Senin (16/11/2026)``."""
        day = f"{v.DAYS[self._day.weekday()]} ({self._day.day}/{self._day.month}/{self._day.year})"
        return f"{self.sentence()[:-1]}, {day}."

    def quote(self) -> str:
        """Return a quoted sentence with its speaker, in straight or curly marks."""
        text = self._fill(self._pick(_QUOTES))
        if self._random.random() < 0.2:
            text = text.replace('"', "“", 1).replace('"', "”", 1)
        return text

    def paragraph(self) -> str:
        """Return one to three sentences, now and then a quote."""
        if self._random.random() < 0.25:
            return self.quote()
        return " ".join(self.sentence() for _ in range(self._random.choice((1, 1, 2, 2, 3))))

    def abbreviated(self) -> str:
        """Return a sentence with words that the 2020 template breaks when it links them.

        It puts a blank before each topic link: "( AS)", "hewan- hewan" (docs/site.md, section 19).
        """
        return self._fill("{Body} Amerika Serikat (AS) {verb} hewan-hewan {adj} {circ}.")

    def headline(self) -> str:
        """Return a title as the paper capitalises it."""
        return self._fill(self._pick(_HEADLINES))

    def heading(self) -> str:
        """Return a sub-heading: a few words, the first one capitalised."""
        return self._fill("{Noun} {adj} {country} {verb} {noun2}")

    def item(self) -> str:
        """Return an item of a list."""
        return self._fill("{Noun} {adj} {verb} {number} {noun2}")

    def question(self) -> str:
        """Return a question of a reader."""
        return self._fill("Mengapa {noun} {adj} {verb} {noun2} di {country}?")

    def caption(self) -> str:
        """Return a caption of a photo."""
        return self._fill("{Noun} {adj} {verb} {noun2} di {country} {circ}.")

    def tag(self) -> str:
        """Return a tag: a country, or a noun with its adjective."""
        return self._fill(self._pick(("{country}", "{noun} {adj}", "{noun} {country}")))

    def _pick(self, options: "list[str] | tuple[str, ...]") -> str:
        return self._random.choice(options)

    def _fill(self, template: str) -> str:
        nouns = self._random.sample(v.NOUNS, 3)
        verbs = self._random.sample(v.VERBS, 2)
        words = {
            "role": self._pick(v.ROLES),
            "body": self._pick(v.BODIES),
            "circ": self._pick(v.CIRCUMSTANCES),
            "adj": self._pick(v.ADJECTIVES),
            "noun": nouns[0],
            "noun2": nouns[1],
            "noun3": nouns[2],
            "verb": verbs[0],
            "verb2": verbs[1],
        }
        # A slot written with a capital takes its word with one: "{Noun}" at the start.
        words |= {key.capitalize(): word[0].upper() + word[1:] for key, word in words.items()}
        return template.format(
            **words,
            country=self._pick(v.COUNTRIES),
            person=self.person(),
            number=self._random.randint(3, 980),
            number2=self._random.randint(981, 4800),
            say=self._pick(v.SAYING),
        )
