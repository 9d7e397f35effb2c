"""The pages ("Halaman") of an article: which there are, how to get them, whether all are here."""

from kompascrawler.halaman.completeness import TOLERANCE, has_all_words, judge, shortfall
from kompascrawler.halaman.joining import Part, count_words, without_suffix

__all__ = [
    "TOLERANCE",
    "Part",
    "count_words",
    "has_all_words",
    "judge",
    "shortfall",
    "without_suffix",
]
