"""The travel agent's own function, run on this machine for a call that an agent handed back."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

from travel_tui.agent import ReturnedResult

if TYPE_CHECKING:
    from travel_tui.agent import ToolCall

_TIMEOUT_S = 30.0


async def call_here(call: ToolCall) -> ReturnedResult:
    """What the function answers to the call; its bookings are kept beside the local endpoint's. Nothing is raised."""
    from travel_tui.action_runner import ActionRunner
    from travel_tui.local.runtime.functions import packaged_code
    from travel_tui.paths import local_state, private_folder

    bookings = private_folder(local_state()) / "returned-bookings.sqlite3"
    event = {
        "messageVersion": "1.0",
        "agent": {"name": "", "id": "", "alias": "", "version": ""},
        "inputText": "",
        "sessionId": "",
        "actionGroup": call.action_group,
        "function": call.function,
        "parameters": [asdict(each) for each in call.parameters],
        "sessionAttributes": {},
        "promptSessionAttributes": {},
    }
    runner = ActionRunner(packaged_code(), environment={"BOOKINGS_DB": str(bookings)}, timeout_s=_TIMEOUT_S)
    try:
        done = await runner.invoke(event, function_name="here", function_arn="here", request_id=str(uuid.uuid4()))
    finally:
        await runner.close()
    try:
        answered = done.payload["response"]["functionResponse"]
        text, state = str(answered["responseBody"]["TEXT"]["body"]), answered.get("responseState")
    except (KeyError, TypeError):
        text, state = f"The function failed: {done.payload}", "FAILURE"
    return ReturnedResult(call.action_group, call.function, text, state)
