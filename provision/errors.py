"""Errors of provisioning: the resource, the call, AWS's own message, and what to do."""

from __future__ import annotations

import json
import re

from provision.agentcore_policies import agentcore_provision_policy
from provision.agents import is_maintenance_mode
from provision.aws_session import CallError
from provision.policies import provision_policy
from provision.resource import FailedStateError, Resource
from provision.spec import Spec
from travel_tui.agent import ErrorKind, Problem
from travel_tui.agentcore_config import AGENTCORE
from travel_tui.backends.shared.errors import AgentLocation, describe_error

_DENIED = re.compile(r"to perform: (?P<action>[\w-]+:\w+)")
_ON = re.compile(r"on resource: (?P<arn>arn:\S+)")


class ProvisionError(Exception):
    """A step failed. `closed` means that the account may not create agents at all."""

    def __init__(self, problem: Problem, *, closed: bool = False) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.closed = closed


def call_failed(
    resource: Resource | None, error: CallError, place: AgentLocation, again: str, spec: Spec | None = None
) -> ProvisionError:
    """Return the error for a failed call on `resource`; `again` is the command to run once the cause is fixed.

    `spec` describes the agent if there is no resource to take it from.
    """
    spec = resource.spec if resource else spec
    known = describe_error(error.error, place)
    where = f"The {resource.kind} {resource.name}" if resource else "The account"
    what = f"{where}: {error.service}:{error.operation} failed."
    if is_maintenance_mode(error):
        return ProvisionError(
            Problem(
                ErrorKind.DENIED,
                "AWS does not create new agents for this account.",
                known.why,
                "Build it on AgentCore with `travel-tui provision --backend agentcore`, use an existing agent with "
                "`travel-tui connect`, or `travel-tui demo`, which needs no AWS.",
            ),
            closed=True,
        )
    return ProvisionError(Problem(known.cause, what, known.why, _advice(error, known, place, again, resource, spec)))


def state_failed(resource: Resource, error: FailedStateError, again: str) -> ProvisionError:
    """Return the error for a resource in a state that it does not leave."""
    what = f"The {resource.kind} {resource.name} has failed."
    spec = resource.spec
    removal = f"travel-tui destroy --name {spec.name} --backend {spec.backend}"
    advice = f"Fix that, and run `{again}` again; `{removal}` removes it all, also what cannot be fixed."
    return ProvisionError(Problem(ErrorKind.SERVICE, what, str(error), advice))


def timed_out(resource: Resource, state: str, waited_s: float, again: str) -> ProvisionError:
    """Return the error for a resource that was not ready in time."""
    what = f"The {resource.kind} {resource.name} is not ready."
    why = f"After {waited_s:.0f} s its state is still {state}."
    return ProvisionError(Problem(ErrorKind.STALLED, what, why, f"Run `{again}` again to resume."))


def foreign(found: list[Resource], again: str) -> ProvisionError:
    """Return the error for resources of the same names that this tool did not create."""
    names = ", ".join(f"{each.kind} {each.name}" for each in found)
    advice = f"Choose another --name, or adopt them with `{again} --adopt`."
    return ProvisionError(
        Problem(
            ErrorKind.CONFLICT,
            "Some of these resources already exist and were not created by travel-tui.",
            f"{names}.",
            advice,
        )
    )


def blocked(resource: Resource, why: str) -> ProvisionError:
    """Return the error for a resource that cannot be changed to what is wanted without a loss."""
    advice = "Choose another --name, or use it as it is with `travel-tui connect`. Nothing was changed."
    return ProvisionError(
        Problem(ErrorKind.CONFLICT, f"The {resource.kind} {resource.name} is left alone.", why, advice)
    )


def _advice(
    error: CallError, known: Problem, place: AgentLocation, again: str, resource: Resource | None, spec: Spec | None
) -> str:
    cause = known.cause
    resume = " to resume" if resource else ""  # without one, nothing has begun
    if cause is ErrorKind.DENIED:
        of_spec = f" --backend {spec.backend} --name {spec.name}" if spec else ""
        return (
            f"{place.who}, and request this statement: {json.dumps(_missing(error, spec))} "
            f"(`travel-tui provision{of_spec} --print-policy` prints them all). Then run `{again}` again."
        )
    if cause is ErrorKind.CREDENTIALS:
        return f"{known.advice} Then run `{again}` again{resume}."
    if cause is ErrorKind.UNREACHABLE:
        return f"Check the network, the proxy and --region, and run `{again}` again{resume}."
    if cause is ErrorKind.INVALID and not error.code:  # an AWS setting
        return f"{known.advice} Then run `{again}` again."
    return f"Run `{again}` again{resume}."


def _missing(error: CallError, spec: Spec | None) -> dict[str, object]:
    """Return the smallest statement that allows a denied call, from AWS's message, completed from the policy."""
    denied, on = _DENIED.search(error.message), _ON.search(error.message)
    action = denied["action"] if denied else error.action
    statement: dict[str, object] = {"Effect": "Allow", "Action": action, "Resource": "*"}
    policy = agentcore_provision_policy if spec and spec.backend == AGENTCORE else provision_policy
    for known in policy(spec)["Statement"] if spec else ():
        if action in known["Action"]:
            of_policy = known["Resource"]
            statement["Resource"] = of_policy[0] if len(of_policy) == 1 else of_policy
            if "Condition" in known:
                statement["Condition"] = known["Condition"]
    if on:
        statement["Resource"] = on["arn"]
    return statement
