"""The one error of this folder: a page that is not read."""


class PageRefused(Exception):  # noqa: N818 - named for what happened; it is no fault of ours
    """No layout fits the page, or it lacks what makes an article; nothing of it is used.

    ``reason`` is a short word for statistics and the reject folder: ``empty`` (no markup at
    all), ``no_layout`` (home page, section front, index, challenge page), ``no_body`` (an
    article's page without its text), ``not_an_article`` (neither address nor page say which
    article it is).
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)  # both, so that another process can raise it anew
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[1])
