"""Client tokens, which make creations idempotent."""

from __future__ import annotations

import hashlib
import json

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.agentcore.lookups import conflict_error
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

_KIND = "agentcore client token"
_MISMATCH = "The clientToken was used before with other parameters. Send another one."


def digest(params: Params) -> str:
    """Return a digest of an input, which is the same for the same input."""
    return hashlib.sha256(json.dumps(params, sort_keys=True, default=str).encode()).hexdigest()


def find_created(endpoint: RegionalEndpoint, kind: str, params: Params) -> str | None:
    """Return the id that an earlier call with this token made and that still exists, or None.

    Raises ConflictException if the earlier call had other parameters.
    """
    token = params.get("clientToken")
    found = endpoint.control.resources.get(_KIND, f"{kind}/{token}") if token else None
    if found is None or endpoint.control.resources.get(kind, found["made"]) is None:
        return None
    if found["request"] != digest(params):
        raise conflict_error(_MISMATCH)
    made: str = found["made"]
    return made


def keep_token(endpoint: RegionalEndpoint, kind: str, params: Params, made: str) -> None:
    """Store the id that a call made under its token."""
    if token := params.get("clientToken"):
        endpoint.control.resources.put(_KIND, f"{kind}/{token}", {"request": digest(params), "made": made})


def was_done(endpoint: RegionalEndpoint, operation: str, arn: str, params: Params) -> bool:
    """Whether a call changed a resource under its token before; if not, it is noted as done now.

    Raises ConflictException if the earlier call had other parameters.
    """
    token = params.get("clientToken")
    if not token:
        return False
    key = f"{arn}/{operation}/{token}"
    found = endpoint.control.resources.get(_KIND, key)
    if found is None:
        endpoint.control.resources.put(_KIND, key, {"request": digest(params)})
        return False
    if found["request"] != digest(params):
        raise conflict_error(_MISMATCH)
    return True


def find_result(endpoint: RegionalEndpoint, scope: str, params: Params) -> Params | None:
    """Return the stored output of an earlier call with this token, or None. Raises ValidationException."""
    token = params.get("clientToken")
    found = endpoint.control.resources.get(_KIND, f"{scope}/{token}") if token else None
    if found is None:
        return None
    if found["request"] != digest(params):
        raise mismatch_error()
    result: Params = found["result"]
    return result


def keep_result(endpoint: RegionalEndpoint, scope: str, params: Params, result: Params) -> None:
    """Store the output of a call under its token."""
    if token := params.get("clientToken"):
        document = {"request": digest(params), "result": result}
        endpoint.control.resources.put(_KIND, f"{scope}/{token}", document)


def drop_results(endpoint: RegionalEndpoint, scope: str) -> None:
    """Delete the outputs that were stored for a deleted resource."""
    endpoint.control.resources.delete_under(_KIND, f"{scope}/")


def mismatch_error() -> ServiceError:
    """Return the data plane's error for a token that came before with another input."""
    return ServiceError("ValidationException", _MISMATCH, reason="IdempotentParameterMismatchException")
