"""Descriptions of AgentCore's errors: the shared ones, with what its own codes mean and what to do about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from travel_tui.agent import AgentError, ErrorKind, Problem
from travel_tui.backends.shared.errors import AgentLocation, NotSentError, describe_error


@dataclass(frozen=True, slots=True)
class HarnessLocation:
    """Where a harness or a memory is, as needed in advice."""

    shared: AgentLocation
    harness_arn: str | None = None
    memory_id: str | None = None

    def describe(self, error: Exception) -> Problem:
        """Describe an error for the user; `why` has AWS's own message."""
        if isinstance(error, AgentError):
            return error.problem
        problem = describe_error(error, self.shared)
        if isinstance(error, NotSentError) or not isinstance(error, ClientError):
            return problem
        if fields := _fields(error):
            problem = replace(problem, why=f"{problem.why} {fields}")
        what = (
            "Harness, endpoint, memory or session not found." if problem.cause is ErrorKind.NOT_FOUND else problem.what
        )
        return replace(problem, what=what, advice=self._advice(problem, error.operation_name))

    def _advice(self, problem: Problem, operation: str) -> str:
        options = self.shared.options
        match problem.cause:
            case ErrorKind.DENIED:
                actions = _ACTIONS.get(operation, (operation,))
                allowed = " and ".join(f"bedrock-agentcore:{each}" for each in actions)
                return f"{self.shared.who}, and ask for {allowed} on {self._resource(operation)}."
            case ErrorKind.NOT_FOUND:
                kind = "harnesses" if self.harness_arn else "memories"
                return (
                    f"Compare the config with `aws bedrock-agentcore-control list-{kind}{options}`; "
                    "`travel-tui connect` chooses another."
                )
            case ErrorKind.CONFLICT:
                return "Wait until it is READY or ACTIVE, then try again."
            case ErrorKind.DEPENDENCY:
                return (
                    "Check the harness's log in CloudWatch (groups /aws/bedrock-agentcore/…), and its role's access to "
                    "its model. Actions may already have run; check before retrying."
                )
            case _:
                return problem.advice

    def _resource(self, operation: str) -> str:
        if "Harness" in operation:
            return self.harness_arn or "the harness"
        return f"the memory {self.memory_id}" if self.memory_id else "its memory"


_ACTIONS = {"InvokeHarness": ("InvokeHarness", "InvokeAgentRuntime")}
"""Actions that an operation needs, where it is more than the one of its name."""


def _fields(error: ClientError) -> str:
    """Return the fields that the service found invalid, in words."""
    response: Any = error.response
    named = [f"{each.get('name', '')}: {each.get('message', '')}" for each in response.get("fieldList") or ()]
    return f"Fields: {'; '.join(named)}." if named else ""
