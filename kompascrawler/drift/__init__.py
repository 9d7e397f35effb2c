"""Markup drift: whether the pages of a run still look as pages of the site usually do.

Pure but for ``ending``, which asks the store for what is usual and keeps what was seen.
"""
