"""What stays as it is when a page is rewritten: labels, dates, boilerplate, code. Data only.

Whatever is not listed here is replaced: a word that nobody thought of is text of the site.
"""

from typing import Final

from kompascrawler.cleaning.boilerplate import LAST_LINES, LINES, PHRASES
from kompascrawler.cleaning.clean import PARTICLES
from kompascrawler.cleaning.pointers import SMALL
from kompascrawler.pages.byline import IMPERSONAL, MONTHS
from tests.replica.vocabulary import DAYS


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


CHANNELS: Final = _set("""
    global internasional news nasional regional megapolitan tren health food edu edukasi skola
    sains tekno money otomotif properti travel lifestyle bola sports hype entertainment biz
    lestari indeks www kompas
""")
"""The site's sections, as they stand in addresses, labels and ``content_category``."""

WORDS: Final = frozenset(
    [
        *CHANNELS,
        *PARTICLES,  # a place of a dateline is told by them
        *MONTHS,
        *(day.lower() for day in DAYS),
        *_set("com wib wita wit diperbarui halaman all penulis editor sumber redaksi vs"),
    ]
)
"""Words that stay wherever they stand, in lower case; single letters do too."""

LABELS: Final = frozenset(
    [
        *LINES,
        *LAST_LINES,
        *IMPERSONAL,
        *("tag:", "tag", "home", "next", "tim redaksi", "show all", "komentar", "kontributor"),
    ]
)
"""Whole texts that stay, in lower case."""

READING: Final = _set("""
    baca juga pula berita beritanya artikel artikelnya kisah kisahnya cerita ceritanya ulasan
    ulasannya lainnya simak klik silakan silahkan temukan selengkapnya selangkapnya lengkapnya
    selengkapnya secara lengkap anda kamu pembaca bisa dapat membaca membacanya dibaca dibacanya
    menyimak menyimaknya disimak melalui lewat pada di sini disini tautan link ini berikut dalam
    video jawabannya
""")
"""Words of sentences that send the reader elsewhere; they stay in lines that hold such a one."""

SYNDICATION: Final = _set("""
    artikel ini sudah telah pernah tayang ditayangkan tayangkan sebelumnya di dengan judul klik
    untuk baca pada
""")
"""Words of "Artikel ini telah tayang di … dengan judul …" that stay; the rest is prose."""

NAMING: Final = _set("""
    kontributor tim penulis naskah editor sumber narator video produser musik music dan and of
    bin binti de van von
""")
"""Words that stay in credits typed by hand."""

AGENCIES: Final = _set("reuters afp ap upi xinhua antara")
"""Agencies that stay in the tag that ends a text, "(AP/AFP/Reuters)", for it is told by them."""

RESERVED: Final = frozenset(
    [
        *WORDS,
        *SMALL,
        *READING,
        *SYNDICATION,
        *NAMING,
        *AGENCIES,
        *(word for rule in PHRASES for word in rule.trigger.split()),
        *(word for line in LABELS for word in line.split()),
    ]
)
"""Words that never stand in for another: rules look for them."""

HOSTS: Final = (
    *("kompas.com", "kompas.id", "kompas.tv", "t.me", "whatsapp.com", "schema.org"),
    *("youtube.com", "youtu.be", "youtube-nocookie.com", "twitter.com", "x.com", "instagram.com"),
    *("tiktok.com", "facebook.com", "t.co"),
)
"""Hosts that stay: rules look at them, or they are where a post or a video stands."""

PATH: Final = (
    CHANNELS
    | frozenset(["kompascomupdate", "kompascom"])
    | _set("""
    read xml copy tag image komentar profile crops data photo photos embed watch channel status
    video reel p page search topik-pilihan list kompascom desktop css js images
""")
)
"""Parts of paths that stay when they stand alone between slashes."""

QUERY: Final = _set("page all site date url source id xml_path urlpage json limit") | CHANNELS
"""Words that stay in queries and fragments."""

EXTENSIONS: Final = _set("jpg jpeg png gif webp svg ico html htm js css php mp4 xml json txt aspx")
