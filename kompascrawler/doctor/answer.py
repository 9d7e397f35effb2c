"""What the site answers the doctor. Pure."""

from dataclasses import dataclass

from kompascrawler.politeness.non_content import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer, or why there is none."""

    url: str
    """Where it came from, after redirects; what was asked for, where none came."""
    status: int | None = None
    """HTTP status; None where no answer came."""
    body: bytes = b""
    encoding: str | None = None
    """Encoding that the header declares."""
    leads_to: str | None = None
    """Where a redirect leads that was not followed."""
    date: str | None = None
    """The site's clock, as the header ``Date`` states it."""
    imposter: Kind | None = None
    """What the page is instead of content; None where it is what was asked for."""
    problem: str | None = None
    """Why no answer came, in a few words."""
    is_ours: bool = False
    """Whether it was us who did not ask: robots.txt forbids it, the requests are used up."""

    @property
    def is_page(self) -> bool:
        """Whether it may be read."""
        return self.status == 200 and self.imposter is None

    @property
    def is_forbidden(self) -> bool:
        """Whether robots.txt forbids to ask for it."""
        return self.is_ours and "robots.txt" in (self.problem or "")

    def __str__(self) -> str:
        """Name it in a few words."""
        if self.imposter:
            return f"{self.imposter} page instead of content"
        return self.problem or f"status {self.status}"

    @property
    def refuses_us(self) -> bool:
        """Whether the site says that it does not want us, or wants us to be a person."""
        return self.status in (401, 403, 429) or self.imposter in ("challenge", "consent", "login")
