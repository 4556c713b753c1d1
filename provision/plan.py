"""The resources in the order in which they are built, and what has to be done to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from provision.agents import ActionGroup, Agent, Alias, Prepared
from provision.cloud import Cloud
from provision.function import Function, Permission
from provision.record import Record
from provision.resource import Resource
from provision.roles import AgentRole, FunctionRole
from provision.stores import LogGroup, Table


class Action(StrEnum):
    """What is done to a resource."""

    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    FOREIGN = "foreign"
    """It exists and was not built here, so it is left alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """A resource and what is to be done to it; `why` names what differs."""

    resource: Resource
    action: Action
    why: tuple[str, ...] = ()


def resources(cloud: Cloud, record: Record, code: bytes) -> list[Resource]:
    """All that belongs to the agent. What waits long comes early, so that states pass beside each other."""
    spec = cloud.spec
    return [
        AgentRole(cloud, record),
        FunctionRole(cloud, record),
        *([Table(cloud, record)] if spec.table else []),
        LogGroup(cloud, record),
        Agent(cloud, record),
        Function(cloud, record, code),
        ActionGroup(cloud, record),
        Permission(cloud, record),
        Prepared(cloud, record),
        *([Alias(cloud, record)] if spec.alias else []),
    ]


def plan(built: Sequence[Resource], *, adopt: bool = False) -> list[Step]:
    """What has to be done, in order; it only looks. Raises CallError."""
    steps: list[Step] = []
    changed: set[str] = set()
    for resource in built:
        look = resource.look()
        why = look.differs
        if not look.exists:
            action = Action.CREATE
        elif not look.ours:
            action, why = (Action.CHANGE, ("tag", *why)) if adopt else (Action.FOREIGN, ())
        else:
            if isinstance(resource, Prepared) and changed & {"agent", "action group"}:
                why = why or ("changes",)
            if isinstance(resource, Alias) and "preparation" in changed:
                why = why or ("version",)
            action = Action.CHANGE if why else Action.KEEP
        if action in {Action.CREATE, Action.CHANGE}:
            changed.add(resource.kind)
        steps.append(Step(resource, action, why))
    return steps
