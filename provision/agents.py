"""Resources of the agent: the agent itself, its action group, its prepared draft and its alias."""

from __future__ import annotations

from typing import Any

from provision.agent_inventory import DRAFT
from provision.aws_session import CallError
from provision.resource import ABSENT, FailedStateError, Resource, ResourceStatus, differing
from provision.spec import DESCRIPTION, GROUP, GROUP_DESCRIPTION, functions

BUILT_IN = "TRAVELDEMO"
"""The local endpoint's built-in agent; others may use its name."""
_SERVICE = "bedrock-agent"
_WORDS = {
    "agentResourceRoleArn": "role",
    "foundationModel": "model",
    "idleSessionTTLInSeconds": "idle limit",
    "memoryConfiguration": "memory",
}
_SETTLED = frozenset({"PREPARED", "NOT_PREPARED"})


class AgentResource(Resource):
    """The agent's settings. Its id is looked up by name, since only the name is known beforehand."""

    kind = "agent"
    needs = ("agent role",)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def _settings(self) -> dict[str, Any]:
        return {
            "agentResourceRoleArn": self.spec.role_arn(self.spec.agent_role),
            "description": DESCRIPTION,
            "foundationModel": self.spec.model,
            "idleSessionTTLInSeconds": self.spec.idle_s,
            "instruction": self.spec.instruction,
            "memoryConfiguration": self.spec.memory,
        }

    def status(self) -> ResourceStatus:
        found = self._found()
        self.record.set(agent_id=found["agentId"] if found else None)
        if found is None:
            return ABSENT
        tags = self.cloud.call(_SERVICE, "ListTagsForResource", resourceArn=found["agentArn"]).get("tags", {})
        memory = found.get("memoryConfiguration", {})
        if self.spec.recent_sessions is None:
            memory = {key: value for key, value in memory.items() if key != "sessionSummaryConfiguration"}
        now = {**found, "memoryConfiguration": memory}
        return ResourceStatus(True, self.is_ours(tags), differing(self._settings, now, _WORDS))

    def create(self) -> None:
        made = self.cloud.call(
            _SERVICE,
            "CreateAgent",
            agentName=self.name,
            clientToken=self.record.token,
            tags=self.spec.tags,
            **self._settings,
        )
        self.record.set(agent_id=made["agent"]["agentId"], unprepared=True)

    def update(self) -> None:
        agent_id = self.record.get("agent_id")
        self.record.set(unprepared=True)
        self.cloud.call(_SERVICE, "UpdateAgent", agentId=agent_id, agentName=self.name, **self._settings)
        self.cloud.call(
            _SERVICE, "TagResource", resourceArn=self.spec.arn("bedrock", f"agent/{agent_id}"), tags=self.spec.tags
        )

    def delete(self) -> None:
        if (found := self._found()) and found["agentStatus"] != "DELETING":
            self.cloud.find(_SERVICE, "DeleteAgent", agentId=found["agentId"], skipResourceInUseCheck=True)

    def waiting(self) -> str:
        found = self._found()
        return "" if found is None else _state(found)

    def _found(self) -> dict[str, Any] | None:
        """Return the agent with that name; an account has at most one."""
        listed = [
            each["agentId"]
            for each in self.cloud.all(_SERVICE, "ListAgents", "agentSummaries")
            if each["agentName"] == self.name and each["agentId"] != BUILT_IN
        ]
        for agent_id in listed:
            if found := self.cloud.find(_SERVICE, "GetAgent", agentId=agent_id):
                agent: dict[str, Any] = found["agent"]
                return agent
        return None


class _OfAgent(Resource):
    """A resource that belongs to an agent and is deleted with it."""

    goes_with = "agent"

    @property
    def agent_id(self) -> str | None:
        found: str | None = self.record.get("agent_id")
        return found

    def waiting(self) -> str:
        if self.agent_id is None:
            return ""
        found = self.cloud.find(_SERVICE, "GetAgent", agentId=self.agent_id)
        return _state(found["agent"]) if found else ""


class ActionGroup(_OfAgent):
    """The agent's action group: three functions implemented by the Lambda function."""

    kind = "action group"
    needs = ("agent", "function")
    name = GROUP

    @property
    def _settings(self) -> dict[str, Any]:
        return {
            "actionGroupExecutor": {"lambda": self.spec.arn("lambda", f"function:{self.spec.function}")},
            "actionGroupState": "ENABLED",
            "description": GROUP_DESCRIPTION,
            "functionSchema": {"functions": functions()},
        }

    def status(self) -> ResourceStatus:
        found = self._found()
        if found is None:
            return ABSENT
        schema = {"functions": [_plain(each) for each in found.get("functionSchema", {}).get("functions", [])]}
        names = {"actionGroupExecutor": "function", "functionSchema": "functions", "actionGroupState": "state"}
        return ResourceStatus(True, True, differing(self._settings, {**found, "functionSchema": schema}, names))

    def create(self) -> None:
        self.record.set(unprepared=True)
        self.cloud.call(
            _SERVICE,
            "CreateAgentActionGroup",
            agentId=self.agent_id,
            agentVersion=DRAFT,
            actionGroupName=GROUP,
            clientToken=f"{self.record.token}-group",
            **self._settings,
        )

    def update(self) -> None:
        if found := self._found():
            self.record.set(unprepared=True)
            self.cloud.call(
                _SERVICE,
                "UpdateAgentActionGroup",
                agentId=self.agent_id,
                agentVersion=DRAFT,
                actionGroupId=found["actionGroupId"],
                actionGroupName=GROUP,
                **self._settings,
            )

    def delete(self) -> None:
        """Do nothing: it is deleted with its agent."""

    def _found(self) -> dict[str, Any] | None:
        if self.agent_id is None:
            return None
        of_draft = {"agentId": self.agent_id, "agentVersion": DRAFT}
        for each in self.cloud.all(_SERVICE, "ListAgentActionGroups", "actionGroupSummaries", **of_draft):
            if each["actionGroupName"] == GROUP:
                found = self.cloud.call(
                    _SERVICE, "GetAgentActionGroup", actionGroupId=each["actionGroupId"], **of_draft
                )
                group: dict[str, Any] = found["agentActionGroup"]
                return group
        return None


class PreparedDraft(_OfAgent):
    """The prepared draft; prepared again after every change."""

    kind = "preparation"
    needs = ("agent", "action group", "permission")
    name = DRAFT

    def status(self) -> ResourceStatus:
        found = self.cloud.find(_SERVICE, "GetAgent", agentId=self.agent_id) if self.agent_id else None
        if found is None or found["agent"].get("preparedAt") is None:
            return ABSENT
        stale = found["agent"]["agentStatus"] not in {"PREPARED", "PREPARING"} or self.record.get("unprepared")
        return ResourceStatus(True, True, ("changes",) if stale else ())

    def create(self) -> None:
        self.cloud.call(_SERVICE, "PrepareAgent", agentId=self.agent_id)
        self.record.set(unprepared=None, alias_stale=True)

    def update(self) -> None:
        self.create()

    def delete(self) -> None:
        """Do nothing: it is deleted with its agent."""


class Alias(_OfAgent):
    """A versioned alias: it answers with the agent's settings as of the version it points to."""

    kind = "alias"
    needs = ("preparation",)

    @property
    def name(self) -> str:
        return str(self.spec.alias)

    def status(self) -> ResourceStatus:
        found = self._found()
        self.record.set(alias_id=found["agentAliasId"] if found else None)
        if found is None:
            return ABSENT
        return ResourceStatus(True, True, ("version",) if self.record.get("alias_stale") else ())

    def create(self) -> None:
        made = self.cloud.call(
            _SERVICE,
            "CreateAgentAlias",
            agentId=self.agent_id,
            agentAliasName=self.name,
            clientToken=f"{self.record.token}-{self.name}"[:256],
            tags=self.spec.tags,
        )
        self.record.set(alias_id=made["agentAlias"]["agentAliasId"], alias_stale=None)

    def update(self) -> None:
        alias_id = self.record.get("alias_id")
        self.cloud.call(
            _SERVICE, "UpdateAgentAlias", agentId=self.agent_id, agentAliasId=alias_id, agentAliasName=self.name
        )
        self.record.set(alias_stale=None)

    def delete(self) -> None:
        """Do nothing: it is deleted with its agent."""

    def waiting(self) -> str:
        found = self._found()
        if found is None or found["agentAliasStatus"] == "PREPARED":
            return ""
        if found["agentAliasStatus"] == "FAILED":
            raise FailedStateError("The alias is in the state FAILED.")
        return str(found["agentAliasStatus"])

    def _found(self) -> dict[str, Any] | None:
        if self.agent_id is None:
            return None
        listed = self.cloud.all(_SERVICE, "ListAgentAliases", "agentAliasSummaries", agentId=self.agent_id)
        return next((each for each in listed if each["agentAliasName"] == self.name), None)


def is_maintenance_mode(error: CallError) -> bool:
    """Whether CreateAgent was refused because the account may not create agents at all."""
    return error.operation == "CreateAgent" and "maintenance mode" in error.message.lower()


def _state(agent: dict[str, Any]) -> str:
    """Return the agent's state if it is transient, else an empty string. Raises FailedStateError."""
    status = str(agent["agentStatus"])
    if status == "FAILED":
        reasons = " ".join([*agent.get("failureReasons", ()), *agent.get("recommendedActions", ())])
        raise FailedStateError(reasons or "AWS gives no reason.")
    return "" if status in _SETTLED else status


def _plain(function: dict[str, Any]) -> dict[str, Any]:
    """Return a function as it was requested, without the fields that AWS adds."""
    return {key: value for key, value in function.items() if key != "requireConfirmation" or value != "DISABLED"}
