"""No answer at all."""

from typing import Final

from kompascrawler.outcome.cards import ExitStatus
from tests.faults.row import ARTICLES, Row, fault
from tests.world import Trouble

_NAMELESS: Final = "http://replica.invalid:1"
_CLOSED: Final = "http://127.0.0.1:9"

NETWORK: Final = (
    Row(
        name="DNS failure",
        planted="the proxy's name cannot be looked up",
        trouble=Trouble(env={"http_proxy": _NAMELESS, "https_proxy": _NAMELESS}),
        status=ExitStatus.UNREACHABLE,
    ),
    Row(
        name="Connections refused",
        planted="the proxy's port is closed",
        trouble=Trouble(env={"http_proxy": _CLOSED, "https_proxy": _CLOSED}),
        status=ExitStatus.UNREACHABLE,
    ),
    Row(
        name="Hosts unreachable",
        planted="no way through to any host",
        # Scrapy notices a tunnel that is not built by its time-out only.
        trouble=Trouble(orders=[{"name": "unreachable"}], settings={"DOWNLOAD_TIMEOUT": 1}),
        status=ExitStatus.UNREACHABLE,
        only_soak="like Connections refused",
    ),
    Row(
        name="Time-outs",
        planted="answers begin and never end",
        trouble=Trouble(orders=[{"name": "never_loads"}], settings={"DOWNLOAD_TIMEOUT": 1}),
        status=ExitStatus.UNREACHABLE,
    ),
    Row(
        name="Connections broken",
        planted="every one, before the answer",
        trouble=fault("drop"),
        status=ExitStatus.UNREACHABLE,
        only_soak="like Connections refused",
    ),
    Row(
        name="Slow answers",
        planted="half a second for each article",
        trouble=fault("slow", path=ARTICLES, seconds=0.5),
        status=ExitStatus.FINE,
        had=4,
        only_soak="like Time-outs",
    ),
    Row(
        name="Certificate without a name",
        planted="of a trusted authority, for every host: nothing is asked for",
        trouble=fault("certificate", odd="no_names"),
        status=ExitStatus.UNREACHABLE,
    ),
    Row(
        name="Certificate of another host",
        planted="of a trusted authority, for every host",
        trouble=fault("certificate", odd="another_host"),
        status=ExitStatus.UNREACHABLE,
        only_soak="like Certificate without a name",
    ),
    Row(
        name="Malformed certificate",
        planted="of a trusted authority, its names cannot be read",
        trouble=fault("certificate", odd="malformed_names"),
        status=ExitStatus.UNREACHABLE,
        only_soak="like Certificate without a name",
    ),
)
