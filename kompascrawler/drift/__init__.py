"""Markup drift: whether the pages of a run still look as pages of the site did before.

Pure but for ``extension``, and the end of ``judge``, which asks the store and keeps pages.
"""
