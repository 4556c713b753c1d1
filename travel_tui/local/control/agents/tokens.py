"""Client tokens: a creation that is sent twice happens once."""

from __future__ import annotations

import hashlib
import json

from travel_tui.local.control.agents.checks import conflict
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.wire.call import Params

_KIND = "client token"


def made_before(endpoint: Endpoint, scope: str, params: Params) -> str | None:
    """The id of what an earlier call with this token made, or None; another input is a ConflictException.

    `scope` is the agent's id and what of it is made, or "" for agents themselves.
    """
    token = params.get("clientToken")
    found = endpoint.control.resources.get(_KIND, f"{scope}/{token}") if token else None
    if found is None:
        return None
    if found["request"] != _digest(params):
        raise conflict("The clientToken was used before with other parameters. Send another one, or the same request.")
    made: str = found["made"]
    return made


def remember(endpoint: Endpoint, scope: str, params: Params, made: str) -> None:
    """Keep what a call made, by its token."""
    if token := params.get("clientToken"):
        document = {"request": _digest(params), "made": made}
        endpoint.control.resources.put(_KIND, f"{scope}/{token}", document)


def forget(endpoint: Endpoint, agent_id: str, token: str | None) -> None:
    """Forget the tokens of an agent that is deleted."""
    endpoint.control.resources.delete(_KIND, f"/{token}")
    endpoint.control.resources.delete_under(_KIND, f"{agent_id}/")


def _digest(params: Params) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True, default=str).encode()).hexdigest()
