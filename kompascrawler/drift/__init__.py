"""Markup drift: whether the pages of a run still look as pages of the site did before.

Pure but for ``extension`` and for ``ending``, which asks the store for the history and keeps pages.
"""
