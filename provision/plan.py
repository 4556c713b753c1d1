"""Plan of a provision: the resources in order of creation, and the action for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from provision.agentcore import Harness, HarnessRole, MemoryResource
from provision.agents import ActionGroup, AgentResource, Alias, PreparedDraft
from provision.aws_session import AwsSession
from provision.function import FunctionResource, Permission
from provision.resource import Resource
from provision.roles import AgentRole, FunctionRole
from provision.state_file import StateFile
from provision.stores import LogGroup, TableResource
from travel_tui.agentcore_config import AGENTCORE


class Action(StrEnum):
    """Action on a resource."""

    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    FOREIGN = "foreign"
    """It exists and was not created by this tool, so it is left alone."""
    BLOCKED = "blocked"
    """It cannot be changed to what is wanted without a loss."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A resource and its action; `why` names the differences."""

    resource: Resource
    action: Action
    why: tuple[str, ...] = ()


def resources(cloud: AwsSession, record: StateFile, code: bytes) -> list[Resource]:
    """Return the agent's resources. Those that take long to become ready come early, so that their waits overlap."""
    spec = cloud.spec
    if spec.backend == AGENTCORE:
        return [
            FunctionRole(cloud, record),
            *([TableResource(cloud, record)] if spec.table else []),
            LogGroup(cloud, record),
            MemoryResource(cloud, record),
            HarnessRole(cloud, record),
            FunctionResource(cloud, record, code),
            Harness(cloud, record),
        ]
    return [
        AgentRole(cloud, record),
        FunctionRole(cloud, record),
        *([TableResource(cloud, record)] if spec.table else []),
        LogGroup(cloud, record),
        AgentResource(cloud, record),
        FunctionResource(cloud, record, code),
        ActionGroup(cloud, record),
        Permission(cloud, record),
        PreparedDraft(cloud, record),
        *([Alias(cloud, record)] if spec.alias else []),
    ]


def plan(built: Sequence[Resource], *, adopt: bool = False) -> list[PlanStep]:
    """Return the actions, in order; nothing is changed. Raises CallError."""
    steps: list[PlanStep] = []
    changed: set[str] = set()
    for resource in built:
        status = resource.status()
        why = status.differs
        if not status.exists:
            action = Action.CREATE
        elif status.blocked and (status.is_tagged or adopt):
            action, why = Action.BLOCKED, (status.blocked,)
        elif not status.is_tagged:
            action, why = (Action.CHANGE, ("tag", *why)) if adopt else (Action.FOREIGN, ())
        else:
            if isinstance(resource, PreparedDraft) and changed & {"agent", "action group"}:
                why = why or ("changes",)
            if isinstance(resource, Alias) and "preparation" in changed:
                why = why or ("version",)
            action = Action.CHANGE if why else Action.KEEP
        if action in {Action.CREATE, Action.CHANGE}:
            changed.add(resource.kind)
        steps.append(PlanStep(resource, action, why))
    return steps
