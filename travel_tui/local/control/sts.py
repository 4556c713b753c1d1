"""sts: who is calling."""

from __future__ import annotations

from travel_tui.local.control.names import CALLER_ARN
from travel_tui.local.control.table import operations
from travel_tui.local.endpoint import Endpoint
from travel_tui.local.settings import ACCOUNT
from travel_tui.local.wire.call import Params


def get_caller_identity(_endpoint: Endpoint, _params: Params) -> Params:
    """GetCallerIdentity: the same for everybody."""
    return {"UserId": ACCOUNT, "Account": ACCOUNT, "Arn": CALLER_ARN}


OPERATIONS = operations(get_caller_identity)
