"""Sends one message through Apprise, for ``notify``.

To be run as ``python -m kompascrawler.outcome.apprise_worker``.

The order comes as JSON on standard input, so that no list of processes shows an address. The
numbers of the addresses that were reached go to standard output as soon as each is; without a
body nothing is sent, and they are those that Apprise takes.
"""

import asyncio
import json
import sys
from typing import Any

from kompascrawler.outcome.notify import NOT_INSTALLED


async def _send(order: dict[str, Any]) -> None:
    async def send_to(number: int, address: str) -> None:
        service = Apprise()
        if service.add(address) and (
            "body" not in order
            or await service.async_notify(
                body=order["body"], title=order["title"], notify_type=order["kind"]
            )
        ):
            print(number, flush=True)

    sending = [send_to(*each) for each in enumerate(order["to"], start=1)]
    await asyncio.gather(*sending, return_exceptions=True)  # one that fails stops no other


if __name__ == "__main__":
    try:
        from apprise import Apprise
    except ModuleNotFoundError:
        sys.exit(NOT_INSTALLED)
    asyncio.run(_send(json.load(sys.stdin)))
