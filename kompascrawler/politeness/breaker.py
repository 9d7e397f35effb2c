"""Circuit breakers: when a host is left alone, and when it is asked again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from kompascrawler.store.database import rfc3339
from kompascrawler.store.model import Breaker

Permission = Literal["yes", "probe", "wait", "no"]
"""Whether a host may be asked: yes; as the probe; when the probe is answered; not in this run."""
_HALF_OPEN: Final = ("probe_due", "probing")
NO_RULES: Final = "robots.txt cannot be had"
"""What a cause begins with where a host is left alone for want of its rules."""


class Policy(NamedTuple):
    """When breakers open, and how long they stay open: the settings ``BREAKER_…``."""

    refusals: int
    challenges: int
    first_wait: float
    longest_wait: float

    def wait(self, probes: int) -> float:
        """Return the seconds until the next probe, after so many that failed.

        >>> [Policy(5, 1, 600, 86400).wait(probes) for probes in (0, 1, 2, 99)]
        [600.0, 1200.0, 2400.0, 86400.0]
        """
        return float(min(self.first_wait * 2.0 ** min(probes, 60), self.longest_wait))


@dataclass(slots=True)
class _Host:
    breaker: Breaker | None = None
    """What is remembered of a breaker that is open, or was when this run began to probe."""
    state: Literal["closed", "open", "probe_due", "probing"] = "closed"
    refusals: int = 0
    challenges: int = 0
    cause: str = ""
    is_welcome: bool = False
    """Whether any of its answers in this run was no refusal."""


class Breakers:
    """The breakers of one run."""

    def __init__(
        self,
        policy: Policy,
        saved: Iterable[Breaker] = (),
        *,
        save: Callable[[Breaker], None],
        forget: Callable[[str], object],
        clock: Callable[[], datetime],
    ) -> None:
        """Take up what earlier runs left open; ``save`` and ``forget`` keep changes."""
        self._policy = policy
        self._save = save
        self._forget = forget
        self._clock = clock
        self._hosts = {breaker.host: self._taken_up(breaker) for breaker in saved}

    def _taken_up(self, breaker: Breaker) -> _Host:
        # A probe further ahead than the longest wait was fixed under another clock and is due.
        left = datetime.fromisoformat(breaker.next_probe) - self._clock()
        is_due = not timedelta(0) < left <= timedelta(seconds=self._policy.longest_wait)
        return _Host(breaker, "probe_due" if is_due else "open", cause=breaker.cause)

    def may_ask(self, host: str) -> Permission:
        """Tell whether a page of the host may be requested now."""
        known = self._known(host)
        if known.state == "closed":
            return "yes"
        if known.state == "probe_due":
            known.state = "probing"
            return "probe"
        return "wait" if known.state == "probing" else "no"

    def is_open(self, host: str) -> bool:
        """Tell whether nothing is to be asked of the host in this run."""
        return self._known(host).state == "open"

    def is_probing(self, host: str) -> bool:
        """Tell whether the host's probe is under way."""
        return self._known(host).state == "probing"

    def why(self, host: str) -> str:
        """Say why a host whose breaker is open is not asked, and until when."""
        known = self._hosts[host]
        until = f"next probe {known.breaker.next_probe}" if known.breaker else "not in this run"
        return f"{host}: {known.cause}; {until}"

    def outlives_the_run(self, host: str) -> bool:
        """Tell whether a breaker that is open is left to the next run."""
        return self._hosts[host].breaker is not None

    def is_down(self, host: str) -> bool:
        """Tell whether a host was left alone because it is not up, rather than by its refusal."""
        return self._hosts[host].cause.startswith(("http 5", NO_RULES))

    def record_success(self, host: str) -> bool:
        """Record an answer that is no refusal; tell whether it closed the breaker."""
        known = self._known(host)
        if known.state == "open":
            return False  # asked for before it opened
        was_probing = known.state in _HALF_OPEN
        known.state, known.refusals, known.challenges, known.is_welcome = "closed", 0, 0, True
        if was_probing:
            self._forget(host)
        return was_probing

    def record_failure(self, host: str, cause: str, *, is_challenge: bool = False) -> bool:
        """Record a refusal; tell whether the breaker is open by it."""
        known = self._known(host)
        if known.state == "open":
            return False
        known.refusals += 1
        known.challenges += is_challenge
        known.cause = cause
        return (
            known.state in _HALF_OPEN
            or known.refusals >= self._policy.refusals
            or known.challenges >= self._policy.challenges
        ) and self._open(host)

    def probe_failed(self, host: str) -> bool:
        """Record a failed probe; tell whether the breaker stays open by it."""
        return self.is_probing(host) and self._open(host)

    def open_for(self, host: str, cause: str, seconds: float) -> bool:
        """Open the breaker for as long as the host asks for, and no less than any other time."""
        self._known(host).cause = cause
        return self._open(host, at_least=seconds)

    def force_open(self, host: str, cause: str) -> bool:
        """Ask nothing more of the host in this run; tell whether that is news."""
        known = self._known(host)
        if known.state == "open":
            return False
        known.cause = cause
        if known.state in _HALF_OPEN:
            return self._open(host)
        known.state, known.breaker = "open", None
        return True

    def end_run(self) -> list[str]:
        """Open the breakers of hosts that gave nothing but refusals; return the hosts."""
        return [
            host
            for host, known in self._hosts.items()
            if known.state == "closed" and known.refusals and not known.is_welcome
            if self._open(host)
        ]

    def _known(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    def _open(self, host: str, *, at_least: float = 0.0) -> Literal[True]:
        known, now = self._hosts[host], self._clock()
        earlier = known.breaker  # also of a probe of this run that succeeded in vain
        probes = earlier.probes + 1 if earlier else 0
        wait = min(max(self._policy.wait(probes), at_least), self._policy.longest_wait)
        next_probe = rfc3339(now + timedelta(seconds=wait))
        opened_at = earlier.opened_at if earlier else rfc3339(now)
        known.state = "open"
        known.breaker = Breaker(host, known.cause, opened_at, probes, next_probe)
        self._save(known.breaker)
        return True
