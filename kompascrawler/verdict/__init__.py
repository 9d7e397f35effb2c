"""What a finished run amounts to: the exit status of ``scrapy crawl`` and a summary. Pure."""

from kompascrawler.verdict.causes import BY_SERIOUSNESS, judge, summary
from kompascrawler.verdict.status import ExitStatus, Verdict

__all__ = ["BY_SERIOUSNESS", "ExitStatus", "Verdict", "judge", "summary"]
