"""The agent that is there from the start: the reference notebook's travel assistant, as TRAVELDEMO."""

from __future__ import annotations

from datetime import datetime

from travel_tui.local.settings import ACCOUNT
from travel_tui.local.state.agents import DRAFT, TEST_ALIAS, Agents, Document
from travel_tui.local.state.moments import to_text

AGENT_ID = "TRAVELDEMO"
MODEL = "travel-tui.embedded-rules-v1"
"""No language model: the rules of `travel_tui.local.brain`. The trace shows it under this name."""

_NAME = "travel-assistant-with-memory"
"""The notebook's. It stays free for an agent of the user's own, so that the notebook runs beside this one."""
_RESOURCES = "travel-demo"
"""In the names of its role and function, which the notebook's must not meet."""
_DESCRIPTION = "Agent for providing travel assistant to manage trips reservations"
_INSTRUCTION = """
You are a travel agency agent that helps customers making travel reservations.
You can create, update and delete travel reservations.
"""
_GROUP = "BookingManagerActionGroup"
_GROUP_DESCRIPTION = """
Action group to manage travel bookings. It allows you to create, update and delete train and air travel reservations
"""
_IDLE_LIMIT = 1800
_STORAGE_DAYS = 30
_FUNCTIONS = {
    "book_trip": (
        "book a trip for a customer",
        {
            "origin": "city of origin for the trip",
            "destination": "city of destination for the trip",
            "start_date": "the start date for the trip in the format YYYY-MM-DD",
            "end_date": "the end date for the trip in the format YYYY-MM-DD",
            "transportation_mode": "the transportation mode. One of TRAIN or AIR",
        },
    ),
    "update_existing_trip_dates": (
        "update start or end date for an existing trip reservation",
        {
            "booking_id": "the id of the trip to update",
            "new_start_date": "the new start date for the trip in the format YYYY-MM-DD",
            "new_end_date": "the new end date for the trip in the format YYYY-MM-DD",
        },
    ),
    "delete_existing_trip_reservation": (
        "delete an existing trip reservation",
        {"booking_id": "the id of the trip to update"},
    ),
}
"""Descriptions and parameters as the notebook has them; only booking_id is a string here, which is what it is."""


def lambda_arn(region: str) -> str:
    """The ARN of the Lambda function behind the agent's action group."""
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{_RESOURCES}-{region}-{ACCOUNT}"


def agent_arn(region: str) -> str:
    """The ARN of the agent."""
    return f"arn:aws:bedrock:{region}:{ACCOUNT}:agent/{AGENT_ID}"


def ensure(agents: Agents, region: str, now: datetime) -> None:
    """Create and prepare the agent unless it is there."""
    if agents.behind(AGENT_ID, TEST_ALIAS):
        return
    times: Document = {"createdAt": to_text(now), "updatedAt": to_text(now)}
    agents.save_agent(
        {
            "agentId": AGENT_ID,
            "agentName": _NAME,
            "agentArn": agent_arn(region),
            "agentVersion": DRAFT,
            "agentStatus": "PREPARED",
            "agentResourceRoleArn": f"arn:aws:iam::{ACCOUNT}:role/AmazonBedrockExecutionRoleForAgents_{_RESOURCES}",
            "description": _DESCRIPTION,
            "instruction": _INSTRUCTION,
            "foundationModel": MODEL,
            "idleSessionTTLInSeconds": _IDLE_LIMIT,
            "memoryConfiguration": {"enabledMemoryTypes": ["SESSION_SUMMARY"], "storageDays": _STORAGE_DAYS},
            "preparedAt": to_text(now),
            **times,
        }
    )
    agents.save_action_group(
        {
            "agentId": AGENT_ID,
            "agentVersion": DRAFT,
            "actionGroupId": "TRAVELACTS",
            "actionGroupName": _GROUP,
            "actionGroupState": "ENABLED",
            "actionGroupExecutor": {"lambda": lambda_arn(region)},
            "description": _GROUP_DESCRIPTION,
            "functionSchema": {"functions": [_function(name) for name in _FUNCTIONS]},
            **times,
        }
    )
    agents.freeze(AGENT_ID, DRAFT)
    agents.save_alias(
        {
            "agentId": AGENT_ID,
            "agentAliasId": TEST_ALIAS,
            "agentAliasName": "AgentTestAlias",
            "agentAliasArn": f"arn:aws:bedrock:{region}:{ACCOUNT}:agent-alias/{AGENT_ID}/{TEST_ALIAS}",
            "agentAliasStatus": "PREPARED",
            "routingConfiguration": [{"agentVersion": DRAFT}],
            **times,
        },
        DRAFT,
    )


def _function(name: str) -> Document:
    description, parameters = _FUNCTIONS[name]
    details = {key: {"description": text, "required": True, "type": "string"} for key, text in parameters.items()}
    return {"name": name, "description": description, "parameters": details}
