"""Who waits for the end of which host's probe."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, Literal, NamedTuple

from kompascrawler.store.links import rfc3339
from kompascrawler.store.model import Breaker

_STEP: Final = 1.0
"""Seconds between two looks whether there is still something to wait for."""


class Probes:
    """The probes that are under way, by host."""

    def __init__(self) -> None:
        self._ends: dict[str, asyncio.Event] = {}

    def begin(self, host: str) -> None:
        """Take note that a host is probed."""
        self._ends[host] = asyncio.Event()

    def end(self, host: str) -> None:
        """Let everybody go on who waits for a host's probe; there may be none."""
        if ended := self._ends.pop(host, None):
            ended.set()

    async def wait(self, host: str, limit: float, *, meanwhile: Callable[[], None]) -> None:
        """Wait until a host's probe has ended, for so many seconds at most.

        ``meanwhile`` is called from time to time; what it raises ends the waiting.
        """
        ended, latest = self._ends[host], monotonic() + limit
        while not ended.is_set() and monotonic() < latest:
            meanwhile()
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _STEP)


Answer = Literal["yes", "probe", "wait", "no"]
"""Whether a host may be asked: yes; yes, and this request is the probe; when the probe is
answered; not in this run."""

_HALF_OPEN: Final = ("probe_due", "probing")
NO_RULES: Final = "robots.txt cannot be had"
"""What a cause begins with where a host is left alone for want of its rules."""


def is_down(cause: str) -> bool:
    """Tell whether a cause says that a host is not up, rather than that it turns us away.

    >>> [is_down(cause) for cause in ("http 503 with Retry-After of 90 s", "http 429 with …")]
    [True, False]
    """
    return cause.startswith(("http 5", NO_RULES))


class Policy(NamedTuple):
    """When breakers open, and how long they stay open."""

    refusals: int
    """Refusals in a row that open a breaker."""
    challenges: int
    """Challenge pages in a row that do."""
    first_wait: float
    """Seconds until the first probe; twice as many after each probe that fails, …"""
    longest_wait: float
    """… up to this."""

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
        forget: Callable[[str], None],
        clock: Callable[[], datetime],
    ) -> None:
        """Take up what earlier runs left open (``saved``); ``save`` and ``forget`` keep changes.

        ``clock`` gives the time with its zone.
        """
        self._policy = policy
        self._save = save
        self._forget = forget
        self._clock = clock
        self._hosts = {breaker.host: self._taken_up(breaker) for breaker in saved}

    def _taken_up(self, breaker: Breaker) -> _Host:
        """Return a host as an earlier run left it.

        A probe further ahead than the longest wait was fixed under another clock and is due.
        """
        left = datetime.fromisoformat(breaker.next_probe) - self._clock()
        is_due = not timedelta(0) < left <= timedelta(seconds=self._policy.longest_wait)
        return _Host(breaker, "probe_due" if is_due else "open", cause=breaker.cause)

    # questions -----------------------------------------------------------------------------------
    def may_ask(self, host: str) -> Answer:
        """Tell whether a page of the host may be asked for now; see ``Answer``."""
        known = self._hosts.get(host)
        if known is None or known.state == "closed":
            return "yes"
        if known.state == "probe_due":
            known.state = "probing"
            return "probe"
        return "wait" if known.state == "probing" else "no"

    def is_open(self, host: str) -> bool:
        """Tell whether nothing is to be asked of the host in this run."""
        known = self._hosts.get(host)
        return known is not None and known.state == "open"

    def is_probing(self, host: str) -> bool:
        """Tell whether the host's probe is under way."""
        known = self._hosts.get(host)
        return known is not None and known.state == "probing"

    def why(self, host: str) -> str:
        """Say in a line why a host whose breaker is open is not asked, and until when."""
        known = self._hosts[host]
        until = f"next probe {known.breaker.next_probe}" if known.breaker else "not in this run"
        return f"{host}: {known.cause}; {until}"

    def cause(self, host: str) -> str:
        """Return why a host was left alone, in a few words."""
        return self._hosts[host].cause

    def outlives_the_run(self, host: str) -> bool:
        """Tell whether a breaker that is open is left to the next run."""
        return self._hosts[host].breaker is not None

    # answers -------------------------------------------------------------------------------------
    def record_success(self, host: str) -> bool:
        """Take note of an answer that is no refusal; tell whether it closed the breaker."""
        known = self._known(host)
        if known.state == "open":
            return False  # asked for before it opened
        was_probing = known.state in _HALF_OPEN
        known.state, known.refusals, known.challenges, known.is_welcome = "closed", 0, 0, True
        if was_probing:
            self._forget(host)
        return was_probing

    def record_failure(self, host: str, cause: str, *, is_challenge: bool = False) -> bool:
        """Take note of a refusal; tell whether the breaker is open by it."""
        known = self._known(host)
        if known.state == "open":
            return False
        known.refusals += 1
        known.challenges += is_challenge
        known.cause = cause
        is_enough = (
            known.state in _HALF_OPEN
            or known.refusals >= self._policy.refusals
            or known.challenges >= self._policy.challenges
        )
        if is_enough:
            self._open(host, known)
        return is_enough

    def probe_failed(self, host: str) -> bool:
        """Take note that a probe was not answered; tell whether the breaker stays open by it."""
        known = self._known(host)
        if known.state != "probing":
            return False
        self._open(host, known)
        return True

    def open_for(self, host: str, cause: str, seconds: float) -> None:
        """Open the breaker for as long as the host asks for, and no less than any other time."""
        known = self._known(host)
        known.cause = cause
        self._open(host, known, at_least=seconds)

    def force_open(self, host: str, cause: str) -> bool:
        """Have nothing more asked of the host in this run, whatever the next one does.

        Where it was to be probed that is a probe that failed. Tells whether the breaker is open
        by it.
        """
        known = self._known(host)
        if known.state == "open":
            return False
        known.cause = cause
        if known.state in _HALF_OPEN:
            self._open(host, known)
        else:
            known.state, known.breaker = "open", None
        return True

    def end_run(self) -> list[str]:
        """Open the breakers of hosts that gave nothing but refusals; return the hosts."""
        opened = [
            host
            for host, known in self._hosts.items()
            if known.state == "closed" and known.refusals and not known.is_welcome
        ]
        for host in opened:
            self._open(host, self._hosts[host])
        return opened

    def _known(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host())

    def _open(self, host: str, known: _Host, *, at_least: float = 0.0) -> None:
        now = self._clock()
        earlier = known.breaker  # also of a probe of this run that succeeded in vain
        probes = earlier.probes + 1 if earlier else 0
        wait = min(max(self._policy.wait(probes), at_least), self._policy.longest_wait)
        known.state = "open"
        known.breaker = Breaker(
            host,
            known.cause,
            earlier.opened_at if earlier else rfc3339(now),
            probes,
            rfc3339(now + timedelta(seconds=wait)),
        )
        self._save(known.breaker)
