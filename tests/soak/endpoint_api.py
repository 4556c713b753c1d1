"""The local endpoint's own API under /_local, as a soak uses it."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


class EndpointApi:
    """Moves an endpoint's clock, injects faults, and reads its calls."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def advance(self, seconds: float) -> None:
        """Move the clock on."""
        self._call("POST", "advance", {"seconds": seconds})

    def fault(self, text: str) -> None:
        """Inject a fault."""
        self._call("POST", "faults", {"faults": [text]})

    def clear_faults(self) -> None:
        """Drop the faults that no call has met."""
        self._call("DELETE", "faults")

    def take_calls(self) -> list[dict[str, Any]]:
        """Return the calls since the last time, and forget them."""
        found: list[dict[str, Any]] = self._call("GET", "calls")["calls"]
        self._call("DELETE", "calls")
        return found

    def _call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/_local/{path}", data, method=method)
        with self._opener.open(request, timeout=60) as answer:
            return json.load(answer)
