"""Specification of the provisioned travel agent, its Lambda function and table, and all resource names."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

TAG = "travel-tui"
"""Key of the tag, with the agent's name as its value, that identifies all resources of this tool."""
NAME = "travel-assistant-with-memory"
MODEL = "us.anthropic.claude-sonnet-4-6"
"""An inference profile for US Regions; the reference notebook's model is no longer offered."""
DESCRIPTION = "Agent for providing travel assistant to manage trips reservations"
INSTRUCTION = """
You are a travel agency agent that helps customers making travel reservations.
You can create, update and delete travel reservations.
"""
GROUP = "BookingManagerActionGroup"
GROUP_DESCRIPTION = """
Action group to manage travel bookings. It allows you to create, update and delete train and air travel reservations
"""
IDLE_S = 1800
STORAGE_DAYS = 30
STATEMENT = "allow_bedrock"
"""The names, texts and figures above and the functions below are the reference notebook's."""
RUNTIME = "python3.14"
"""The newest that Lambda runs on arm64; botocore lists the next one before it is available everywhere."""
TIMEOUT_S = 180
MEMORY_MB = 256
HANDLER = "lambda_function.lambda_handler"
KEY = "booking_id"
EXPIRY = "expires_at"

UNKNOWN_REGION, UNKNOWN_ACCOUNT = "REGION", "ACCOUNT"
"""Stand for the Region and account in ARNs of a policy that is printed before they are known."""

_FUNCTIONS: dict[str, tuple[str, dict[str, str]]] = {
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
        {"booking_id": "the id of the trip to delete"},
    ),
}


@dataclass(frozen=True, slots=True)
class Spec:
    """One agent with all its resources. `alias` is the name of a versioned alias, None for the draft's own."""

    region: str
    account: str
    partition: str = "aws"
    name: str = NAME
    model: str = MODEL
    instruction: str = INSTRUCTION
    idle_s: int = IDLE_S
    storage_days: int = STORAGE_DAYS
    recent_sessions: int | None = None
    """Number of summaries in a new session's prompt; None leaves it to the service."""
    table: bool = True
    alias: str | None = None
    backend: str = "bedrock-agents"
    """The service to build on: Agents for Bedrock, or AgentCore."""

    @property
    def suffix(self) -> str:
        return f"{self.region}-{self.account}"

    @property
    def agent_role(self) -> str:
        return _fitting(f"AmazonBedrockExecutionRoleForAgents_{self.name}", 64)

    @property
    def harness_role(self) -> str:
        return _fitting(f"AmazonBedrockAgentCoreHarness_{self.name}", 64)

    @property
    def harness_name(self) -> str:
        return _underscored(self.name, 40)

    @property
    def memory_name(self) -> str:
        return _underscored(self.name, 48)

    @property
    def event_days(self) -> int:
        """Days that events are kept; a memory takes 7 to 365 (AWS quotas)."""
        return max(7, self.storage_days)

    @property
    def function_role(self) -> str:
        return self._local_name(f"{self.name}-lambda-role")

    @property
    def function(self) -> str:
        return self._local_name(self.name)

    def _local_name(self, stem: str) -> str:
        """Return the name with Region and account; where one is unknown, a pattern for IAM that matches it."""
        if self.region == UNKNOWN_REGION:
            return f"{stem[:_HASHED_FROM]}-*"
        if self.account == UNKNOWN_ACCOUNT:
            return f"{f'{stem}-{self.region}'[:_HASHED_FROM]}-*"
        return _fitting(f"{stem}-{self.suffix}", 64)

    @property
    def table_name(self) -> str:
        return f"{self.name}-bookings"

    @property
    def log_group(self) -> str:
        return f"/aws/lambda/{self.function}"

    def arn(self, service: str, resource: str, *, region: bool = True) -> str:
        """Return the ARN of a resource of this account."""
        return f"arn:{self.partition}:{service}:{self.region if region else ''}:{self.account}:{resource}"

    def role_arn(self, role: str) -> str:
        return self.arn("iam", f"role/{role}", region=False)

    @property
    def tags(self) -> dict[str, str]:
        return {TAG: self.name}

    @property
    def memory(self) -> dict[str, Any]:
        """The agent's memoryConfiguration."""
        memory: dict[str, Any] = {"enabledMemoryTypes": ["SESSION_SUMMARY"], "storageDays": self.storage_days}
        if self.recent_sessions is not None:
            memory["sessionSummaryConfiguration"] = {"maxRecentSessions": self.recent_sessions}
        return memory


def functions() -> list[dict[str, Any]]:
    """Return the action group's functionSchema. booking_id is a string: it is 8 hex digits."""
    return [
        {
            "name": name,
            "description": text,
            "parameters": {key: {"description": of, "required": True, "type": "string"} for key, of in values.items()},
        }
        for name, (text, values) in _FUNCTIONS.items()
    ]


_HASHED_FROM = 55
"""Characters before the hash in a name of 64."""


def _underscored(name: str, most: int) -> str:
    """Return a name as harnesses and memories take it: letters, digits and underscores, first a letter."""
    cleaned = re.sub(r"[^a-zA-Z0-9_]", "_", name)
    return _fitting(cleaned if cleaned[:1].isalpha() else f"a_{cleaned}", most).replace("-", "_")


def _fitting(name: str, most: int) -> str:
    """Return `name`, or if it is too long, its beginning and a hash of it, which is the same every time."""
    return name if len(name) <= most else f"{name[: most - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
