"""The members of every operation that has an optional one, and the refusal of those that are not supported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from travel_tui.local.members import (
    bedrock_agent,
    bedrock_agent_runtime,
    bedrock_agentcore,
    bedrock_agentcore_control,
    dynamodb,
    iam,
    lambda_,
    logs,
)
from travel_tui.local.members.member import Members
from travel_tui.local.wire.call import Params
from travel_tui.local.wire.errors import ServiceError

MEMBERS: dict[str, dict[str, Members]] = {
    "bedrock-agent": bedrock_agent.MEMBERS,
    "bedrock-agent-runtime": bedrock_agent_runtime.MEMBERS,
    "bedrock-agentcore": bedrock_agentcore.MEMBERS,
    "bedrock-agentcore-control": bedrock_agentcore_control.MEMBERS,
    "dynamodb": dynamodb.MEMBERS,
    "iam": iam.MEMBERS,
    "lambda": lambda_.MEMBERS,
    "logs": logs.MEMBERS,
}
"""By service and operation."""
REASONS: dict[str, dict[str, str]] = {
    "bedrock-agent": bedrock_agent.REASONS,
    "bedrock-agent-runtime": bedrock_agent_runtime.REASONS,
    "bedrock-agentcore": bedrock_agentcore.REASONS,
    "bedrock-agentcore-control": bedrock_agentcore_control.REASONS,
    "dynamodb": dynamodb.REASONS,
    "iam": iam.REASONS,
    "lambda": lambda_.REASONS,
    "logs": logs.REASONS,
}
"""Why a user needs an operation that nothing of this project but its tests calls, by service and operation."""
MISSING: dict[str, dict[str, str]] = {
    "bedrock-agent": {
        "AssociateAgentCollaborator": "has no collaborators",
        "AssociateAgentKnowledgeBase": "has no knowledge bases",
        "CreateKnowledgeBase": "has no knowledge bases",
        "CreateFlow": "has no flows",
        "CreatePrompt": "has no prompt management",
    },
    "bedrock-agent-runtime": {
        "InvokeInlineAgent": "has no inline agents; create one with CreateAgent",
        "InvokeFlow": "has no flows",
        "Retrieve": "has no knowledge bases",
        "RetrieveAndGenerate": "has no knowledge bases",
        "CreateSession": "keeps the sessions of InvokeAgent alone",
    },
    "bedrock-agentcore": {
        "InvokeAgentRuntime": "runs no agents of other frameworks; a harness is called with InvokeHarness",
        "InvokeAgentRuntimeCommand": "runs no containers",
        "StopRuntimeSession": "runs no containers; a session of a harness has no end",
        "StartBrowserSession": "has no browser",
        "StartCodeInterpreterSession": "has no code interpreter",
        "IngestData": "takes events one by one (CreateEvent)",
    },
    "bedrock-agentcore-control": {
        "CreateAgentRuntime": "runs no containers",
        "CreateGateway": "has no gateways",
        "CreateBrowser": "has no browser",
        "CreateCodeInterpreter": "has no code interpreter",
        "CreateApiKeyCredentialProvider": "keeps no credentials",
    },
    "dynamodb": {
        "Scan": "reads items by their key alone (GetItem, Query)",
        "BatchWriteItem": "writes items one by one",
        "TransactWriteItems": "has no transactions",
    },
    "lambda": {
        "PublishVersion": "keeps no versions of functions",
        "CreateAlias": "keeps no aliases of functions",
        "PublishLayerVersion": "has no layers",
        "CreateFunctionUrlConfig": "has no function URLs",
    },
    "sts": {"AssumeRole": "hands out no credentials: every request is the account's own"},
}
"""Operations that users ask for and that are not there: what is missing, as an end of *The local endpoint …*."""

_ERRORS = {"iam": "InvalidInput", "lambda": "InvalidParameterValueException", "logs": "InvalidParameterException"}
"""Error code for what is refused, of services that do not use ValidationException."""


def check_supported(operation: OperationModel, params: Params) -> None:
    """Raise the service's error for invalid input if a refused member is set."""
    service = operation.service_model.service_name
    for path, member in MEMBERS.get(service, {}).get(operation.name, {}).items():
        if member.kind != "refused" or operation.input_shape is None:
            continue
        for value in _values(operation.input_shape, params, path.split(".")):
            if value and value not in member.accepted:  # an empty or false value asks for nothing
                accepted = f", or give it as {' or '.join(map(str, member.accepted))}" if member.accepted else ""
                raise ServiceError(
                    _ERRORS.get(service, "ValidationException"),
                    f"The local endpoint {member.note}: leave {path} out{accepted}.",
                )


def _values(shape: Shape, value: Any, path: list[str]) -> Iterator[Any]:
    """Yield the values at a path; lists and maps on the way have the rest of it in each of their items."""
    if not path:
        yield value
    elif isinstance(shape, ListShape):
        for each in value:
            yield from _values(shape.member, each, path)
    elif isinstance(shape, MapShape):
        for each in value.values():
            yield from _values(shape.value, each, path)
    elif isinstance(shape, StructureShape) and value.get(path[0]) is not None:
        yield from _values(shape.members[path[0]], value[path[0]], path[1:])
