"""The pages ("Halaman") of an article: which there are, how to get them, whether all are here."""

from kompascrawler.halaman.part import Part
from kompascrawler.halaman.titles import without_suffix
from kompascrawler.halaman.verdict import TOLERANCE, has_all_words, judge, shortfall
from kompascrawler.halaman.words import count_words

__all__ = [
    "TOLERANCE",
    "Part",
    "count_words",
    "has_all_words",
    "judge",
    "shortfall",
    "without_suffix",
]
