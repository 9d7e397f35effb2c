"""The control address of a replica: publish, revise, delete, order faults, read the log. No I/O."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import ClassVar, Final
from urllib.parse import parse_qs

from tests.replica.edits import PARTS
from tests.replica.exchange import Editable, Reply, Request, Served
from tests.replica.faults import Faults
from tests.replica.request_log import RequestLog

CONTROL_HOST: Final = "replica.invalid"
"""Host of the control address; only the gateway knows it, nothing is ever looked up."""
CONTROL_PATH: Final = "/control"
"""Path of the control address on the proxy itself, for ``curl`` and a browser."""
_CHANGES: Final = ("publish", "revise", "delete", "what", "status")


def is_control(request: Request) -> bool:
    """Tell whether a request is for the control address, not for the site."""
    is_local = request.host in ("127.0.0.1", "localhost") and request.path == CONTROL_PATH
    return is_local or request.host == CONTROL_HOST


class Control:
    """Obeys the requests of the control address."""

    def __init__(self, site: Served, faults: Faults, log: RequestLog) -> None:
        self._site = site
        self._faults = faults
        self._log = log

    def answer(self, request: Request) -> Reply:
        """Obey a request; 400 with a reason where it cannot be obeyed."""
        command = self._COMMANDS.get((request.method, request.path))
        if command is None:
            known = ", ".join(f"{method} {path}" for method, path in self._COMMANDS)
            return _json({"error": f"the control address knows: {known}"}, status=404)
        try:
            return _json(command(self, request))
        except (ValueError, TypeError, KeyError) as error:
            return _json({"error": str(error)}, status=400)

    def _change(self, request: Request) -> object:
        """Publish, revise and delete, in this order; without any say what there is."""
        asked = parse_qs(request.query, keep_blank_values=True)
        if unknown := asked.keys() - set(_CHANGES):
            raise ValueError(f"unknown: {min(unknown)}; known: {', '.join(_CHANGES)}")
        done: dict[str, object] = {}
        if "publish" in asked:
            done["published"] = self._site.publish(_count(asked["publish"][-1]))
        parts = ",".join(asked.get("what", PARTS)).split(",")
        revised = [self._editable.revise(name, parts) for name in asked.get("revise", [])]
        if revised:
            done["revised"] = [{"url": story.url, "title": story.title} for story in revised]
        for name in asked.get("delete", []):
            self._editable.delete(name, int(asked.get("status", ["404"])[-1]))
            done["deleted"] = asked["delete"]
        return done or {"articles": [story.id for story in self._editable.stories]}

    @property
    def _editable(self) -> Editable:
        if not isinstance(self._site, Editable):
            raise TypeError("saved pages stay as they are")
        return self._site

    def _publish(self, request: Request) -> object:
        return {"published": self._site.publish(_count(request.parameters.get("n", "1")))}

    def _show_log(self, _: Request) -> object:
        return [asdict(line) for line in list(self._log.lines)]

    def _order_faults(self, request: Request) -> object:
        orders = json.loads(request.body)
        orders = orders if isinstance(orders, list) else [orders]
        self._faults.load(orders)
        return {"ordered": len(orders)}

    def _clear_faults(self, _: Request) -> object:
        self._faults.clear()
        return {"ordered": 0}

    _COMMANDS: ClassVar[dict[tuple[str, str], Callable[["Control", Request], object]]] = {
        ("GET", CONTROL_PATH): _change,
        ("POST", CONTROL_PATH): _change,
        ("POST", "/publish"): _publish,
        ("GET", "/log"): _show_log,
        ("POST", "/faults"): _order_faults,
        ("DELETE", "/faults"): _clear_faults,
    }


def _count(text: str) -> int:
    """Return how many articles are to be published."""
    if not text.isdecimal():
        raise ValueError(f"publish: a number of articles, not {text!r}")
    return int(text)


def _json(value: object, status: int = 200) -> Reply:
    body = json.dumps(value).encode() + b"\n"
    return Reply(status=status, body=body, content_type="application/json")
