"""Address of a harness and of a memory of Amazon Bedrock AgentCore, as the config has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from travel_tui.agent import ErrorKind, Problem

AGENTCORE = "agentcore"
"""The value of an agent's key `backend`."""
DEFAULT_ENDPOINT = "DEFAULT"
"""The endpoint that every harness has; it follows the newest version."""

_HARNESSES = r"arn:[^:]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:harness/"
_HARNESS_ID = r"([a-zA-Z][a-zA-Z0-9_]{0,39}-[a-zA-Z0-9]{10})"
HARNESS_ARN = re.compile(_HARNESSES + _HARNESS_ID)
"""Matches a harness's ARN; the group is its id (InvokeHarness in botocore's service model)."""
HARNESS = re.compile(f"(?:{_HARNESSES})?{_HARNESS_ID}")
"""Matches a harness's ARN or its id; the group is the id."""
MEMORY_ID = re.compile(
    r"(?:arn:[^:]*:bedrock-agentcore:[a-z0-9-]+:[0-9]{12}:memory/)?([a-zA-Z][a-zA-Z0-9-_]{0,99}-[a-zA-Z0-9]{10})"
)
"""Matches a memory's id or its ARN; the group is the id (ListMemoryRecords in botocore's service model)."""
ENDPOINT = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,47}")
"""Matches the name of a harness's endpoint (the qualifier of InvokeHarness)."""

ASK, HERE, LAMBDA = "ask", "here", "lambda"
"""Who runs a harness's inline functions: the user is asked, their code on this machine, or a Lambda function."""

AGENTCORE_KEYS = (
    "harness_arn",
    "harness_endpoint",
    "agentcore_memory_id",
    "preview_recall",
    "function_name",
    "run_functions",
)
"""Keys of an agent's table in the config that belong to this backend."""
_EXPECTED = {
    "harness_arn": "a harness's ARN in quotation marks; `aws bedrock-agentcore-control list-harnesses` shows it",
    "harness_endpoint": "the name of an endpoint of the harness in quotation marks, or leave the line out",
    "agentcore_memory_id": "a memory's id or ARN in quotation marks; `aws bedrock-agentcore-control list-memories` "
    "shows it",
    "preview_recall": "true or false",
    "function_name": "the name or ARN of a Lambda function in quotation marks, or leave the line out",
    "run_functions": f'"{ASK}", "{HERE}", or with function_name "{LAMBDA}"',
}
_PATTERNS = {
    "harness_arn": HARNESS,
    "harness_endpoint": ENDPOINT,
    "agentcore_memory_id": MEMORY_ID,
    "run_functions": re.compile(f"{ASK}|{HERE}|{LAMBDA}"),
}

NO_HARNESS = Problem(
    ErrorKind.INVALID,
    "There is nobody to chat with.",
    "This is a memory without a harness.",
    "`travel-tui connect` adds a harness; records, events and retrieval work without one.",
)
"""Why a memory alone takes no turns."""


@dataclass(frozen=True, slots=True)
class AgentCoreConfig:
    """A harness, or a memory alone. At least one of `harness_arn` and `agentcore_memory_id` is set.

    `harness_arn` may be the harness's id alone; its ARN is then read from the service, whatever account it belongs to.
    `agentcore_memory_id` is the id of the memory resource; without it, the harness's own memory is read from the
    service. The user's memory id is the actor in that memory.
    """

    harness_arn: str | None = None
    harness_endpoint: str = DEFAULT_ENDPOINT
    agentcore_memory_id: str | None = None
    preview_recall: bool = True
    """Whether to retrieve, after each turn, what would be recalled for its message: the service does not tell it."""
    function_name: str | None = None
    """The Lambda function that can run the harness's inline functions."""
    run_functions: str = ASK
    """Who runs them: ASK, HERE or LAMBDA."""

    @property
    def harness_id(self) -> str | None:
        """Id of the harness; None without one."""
        found = HARNESS.fullmatch(self.harness_arn or "")
        return found[1] if found else None

    @property
    def memory_resource(self) -> str | None:
        """Id of the memory resource, without the rest of its ARN; None if it has to be read from the harness."""
        found = MEMORY_ID.fullmatch(self.agentcore_memory_id or "")
        return found[1] if found else None

    @property
    def agent_id(self) -> str:
        """What the sessions are filed under: the harness's id, else the memory's."""
        return self.harness_id or self.memory_resource or ""

    @property
    def alias_id(self) -> str:
        """What stands behind the agent id: the harness's endpoint, else the word memory."""
        return self.harness_endpoint if self.harness_arn else "memory"

    def as_table(self) -> dict[str, Any]:
        """Return the keys to write to the config; defaults are left out."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) != each.default}


class AgentCoreConfigError(ValueError):
    """A key of the config cannot be used: `key`, what was `found`, and what is `expected`."""

    def __init__(self, key: str, found: str, expected: str) -> None:
        super().__init__(f"{key} {found}")
        self.key, self.found, self.expected = key, found, expected


def read_agentcore(table: Mapping[str, Any]) -> AgentCoreConfig:
    """Read this backend's keys of an agent's table. Raises AgentCoreConfigError."""
    if table.get("harness_arn") is None and table.get("agentcore_memory_id") is None:
        raise AgentCoreConfigError("harness_arn", "is missing", f"{_EXPECTED['harness_arn']}; or agentcore_memory_id")
    values: dict[str, Any] = {key: table[key] for key in AGENTCORE_KEYS if table.get(key) is not None}
    for key, value in values.items():
        wanted: type = bool if key == "preview_recall" else str
        if type(value) is not wanted or value == "" or (key in _PATTERNS and not _PATTERNS[key].fullmatch(str(value))):
            raise AgentCoreConfigError(key, f"is {value!r}", _EXPECTED[key])
    found = AgentCoreConfig(**values)
    if found.run_functions == LAMBDA and found.function_name is None:
        raise AgentCoreConfigError("function_name", "is missing", _EXPECTED["function_name"])
    return found


def check_memory_resource(value: str) -> Problem | None:
    """Return the problem with the id or ARN of a memory resource, or None."""
    if MEMORY_ID.fullmatch(value):
        return None
    return Problem(
        ErrorKind.INVALID,
        f"{value!r} is not the id of an AgentCore memory.",
        "An id is a name, a hyphen and ten letters or digits, such as travel-a1B2c3D4e5; its ARN will do too.",
        "`aws bedrock-agentcore-control list-memories` lists them; nothing was sent.",
    )
