"""The built-in agent TRAVELDEMO: the reference notebook's travel assistant."""

from __future__ import annotations

from datetime import datetime

from travel_tui.local.state.agents import DRAFT, TEST_ALIAS, Agents, Document
from travel_tui.local.state.scope import Scope
from travel_tui.local.state.timestamps import to_text

AGENT_ID = "TRAVELDEMO"
MODEL = "travel-tui.embedded-rules-v1"
"""Name of the scripted agent (`travel_tui.local.scripted_agent`) in traces; it is not a language model."""

_NAME = "travel-assistant-with-memory"
"""The notebook's agent name. Users can still create an agent of that name, so the notebook runs beside this one."""
_RESOURCES = "travel-demo"
"""Part of the names of the role and the function; must differ from the notebook's."""
_DESCRIPTION = "Agent for providing travel assistant to manage trips reservations"
INSTRUCTION = """
You are a travel agency agent that helps customers making travel reservations.
You can create, update and delete travel reservations.
"""
_GROUP = "BookingManagerActionGroup"
_GROUP_DESCRIPTION = """
Action group to manage travel bookings. It allows you to create, update and delete train and air travel reservations
"""
_IDLE_LIMIT = 1800
_STORAGE_DAYS = 30
FUNCTIONS = {
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
"""Descriptions and parameters from the notebook, except that booking_id is a string, which is its actual type."""


def lambda_arn(scope: Scope) -> str:
    """Return the ARN of the Lambda function behind the agent's action group."""
    return scope.arn("lambda", f"function:{_RESOURCES}-{scope.region}-{scope.account}")


def agent_arn(scope: Scope) -> str:
    """Return the ARN of the agent."""
    return scope.arn("bedrock", f"agent/{AGENT_ID}")


def ensure(agents: Agents, scope: Scope, now: datetime) -> None:
    """Create and prepare the agent in `scope`, which is that of `agents`, unless it exists."""
    if agents.version_behind_alias(AGENT_ID, TEST_ALIAS):
        return
    times: Document = {"createdAt": to_text(now), "updatedAt": to_text(now)}
    agents.save_agent(
        {
            "agentId": AGENT_ID,
            "agentName": _NAME,
            "agentArn": agent_arn(scope),
            "agentVersion": DRAFT,
            "agentStatus": "PREPARED",
            "agentResourceRoleArn": scope.of_account.arn(
                "iam", f"role/AmazonBedrockExecutionRoleForAgents_{_RESOURCES}"
            ),
            "description": _DESCRIPTION,
            "instruction": INSTRUCTION,
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
            "actionGroupExecutor": {"lambda": lambda_arn(scope)},
            "description": _GROUP_DESCRIPTION,
            "functionSchema": {"functions": [_function(name) for name in FUNCTIONS]},
            **times,
        }
    )
    agents.save_as_version(AGENT_ID, DRAFT)
    agents.save_alias(
        {
            "agentId": AGENT_ID,
            "agentAliasId": TEST_ALIAS,
            "agentAliasName": "AgentTestAlias",
            "agentAliasArn": scope.arn("bedrock", f"agent-alias/{AGENT_ID}/{TEST_ALIAS}"),
            "agentAliasStatus": "PREPARED",
            "routingConfiguration": [{"agentVersion": DRAFT}],
            **times,
        },
        DRAFT,
    )


def _function(name: str) -> Document:
    description, parameters = FUNCTIONS[name]
    details = {key: {"description": text, "required": True, "type": "string"} for key, text in parameters.items()}
    return {"name": name, "description": description, "parameters": details}
