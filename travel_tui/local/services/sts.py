"""Operations of sts: the caller's identity."""

from __future__ import annotations

from travel_tui.local.regional import RegionalEndpoint
from travel_tui.local.services.names import caller_arn
from travel_tui.local.services.operation_table import operations
from travel_tui.local.wire.call import Params


def get_caller_identity(endpoint: RegionalEndpoint, _params: Params) -> Params:
    """GetCallerIdentity: the same for all callers."""
    account = endpoint.scope.account
    return {"UserId": account, "Account": account, "Arn": caller_arn(endpoint.scope)}


OPERATIONS = operations(get_caller_identity)
