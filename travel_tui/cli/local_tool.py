"""Run the travel agent's own function on this machine, for a tool call returned by an agent."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from travel_tui.agent import ReturnedResult, ToolCall

FUNCTIONS = frozenset({"book_trip", "update_existing_trip_dates", "delete_existing_trip_reservation"})
"""The functions that this machine has: those of the Lambda code shipped with travel-tui."""
_TIMEOUT_S = 30.0


async def call_local_function(call: ToolCall) -> ReturnedResult:
    """Return the function's result for the call; bookings are stored next to the local endpoint's. Never raises."""
    from travel_tui.action_runner import ActionRunner
    from travel_tui.backends.shared.function_event import function_event, function_result
    from travel_tui.local.runtime.functions import packaged_code
    from travel_tui.paths import local_state, private_folder

    bookings = private_folder(local_state()) / "returned-bookings.sqlite3"
    runner = ActionRunner(packaged_code(), environment={"BOOKINGS_DB": str(bookings)}, timeout_s=_TIMEOUT_S)
    try:
        done = await runner.invoke(
            function_event(call), function_name="here", function_arn="here", request_id=str(uuid.uuid4())
        )
    finally:
        await runner.close()
    return function_result(call, done.payload)
