"""What a finished run amounts to: the exit status of ``scrapy crawl`` and a summary. Pure."""

from kompascrawler.verdict.checks import BY_SERIOUSNESS
from kompascrawler.verdict.judging import judge
from kompascrawler.verdict.status import ExitStatus, Verdict

__all__ = ["BY_SERIOUSNESS", "ExitStatus", "Verdict", "judge"]
