"""Client tokens, which make creations idempotent."""

from __future__ import annotations

import hashlib
import json

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.bedrock_agent.checks import conflict_error
from travel_tui.local.wire.call import Params

_KIND = "client token"


def find_created(endpoint: RegionalEndpoint, scope: str, params: Params) -> str | None:
    """Return the id created by an earlier call with this token, or None. Raises ConflictException for other input.

    `scope` is the agent's id and the kind of the new resource, or "" for agents themselves.
    """
    token = params.get("clientToken")
    found = endpoint.control.resources.get(_KIND, f"{scope}/{token}") if token else None
    if found is None:
        return None
    if found["request"] != _digest(params):
        raise conflict_error(
            "The clientToken was used before with other parameters. Send another one, or the same request."
        )
    made: str = found["made"]
    return made


def store(endpoint: RegionalEndpoint, scope: str, params: Params, made: str) -> None:
    """Store the id created by a call under its token."""
    if token := params.get("clientToken"):
        document = {"request": _digest(params), "made": made}
        endpoint.control.resources.put(_KIND, f"{scope}/{token}", document)


def delete_tokens(endpoint: RegionalEndpoint, agent_id: str, token: str | None) -> None:
    """Delete the tokens of a deleted agent."""
    endpoint.control.resources.delete(_KIND, f"/{token}")
    endpoint.control.resources.delete_under(_KIND, f"{agent_id}/")


def _digest(params: Params) -> str:
    return hashlib.sha256(json.dumps(params, sort_keys=True, default=str).encode()).hexdigest()
