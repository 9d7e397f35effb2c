"""Test cases made from pages of the site: the markup is theirs, the words are ours. Pure."""

from tests.cases.rewrite import Rewriter

__all__ = ["Rewriter"]
