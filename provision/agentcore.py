"""Resources of AgentCore: a memory with its strategies, the harness's role, and the harness with its functions."""

from __future__ import annotations

from typing import Any

from provision.resource import ABSENT, FailedStateError, Resource, ResourceStatus, differing
from provision.roles import RoleResource, allows, document_of, model_statement, trusts
from provision.spec import functions

BUILT_IN = "travel_demo-TRAVELDEMO"
"""The local endpoint's built-in harness and memory; others may use their name."""
_SERVICE = "bedrock-agentcore-control"
_SETTLED = frozenset({"READY", "ACTIVE"})
_WORDS = {"executionRoleArn": "role", "systemPrompt": "instruction", "allowedTools": "allowed tools"}
_MANAGED = "It manages its own memory, which would go with all that it holds if another took its place."
STRATEGIES: dict[str, tuple[str, str, str]] = {
    "summaryMemoryStrategy": ("summaries", "SUMMARIZATION", "/summaries/{actorId}/{sessionId}/"),
    "semanticMemoryStrategy": ("facts", "SEMANTIC", "/facts/{actorId}/"),
    "userPreferenceMemoryStrategy": ("preferences", "USER_PREFERENCE", "/preferences/{actorId}/"),
}
"""What records are made, by the member of CreateMemory's strategy input: name, type and namespace template."""
RETRIEVAL = {
    "/summaries/{actorId}/": {"topK": 5, "relevanceScore": 0.0},
    "/facts/{actorId}/": {"topK": 10, "relevanceScore": 0.0},
    "/preferences/{actorId}/": {"topK": 5, "relevanceScore": 0.0},
}
"""What the harness recalls: of all of a user's sessions, so that recall crosses sessions. Scores rank and never cut."""


class MemoryResource(Resource):
    """A memory of its own, which outlives the harness. Its id is looked up by name."""

    kind = "memory"

    @property
    def name(self) -> str:
        return self.spec.memory_name

    def status(self) -> ResourceStatus:
        found = self._found()
        self.record.set(memory_arn=found["arn"] if found else None, memory_resource=found["id"] if found else None)
        if found is None:
            return ABSENT
        tags = self.cloud.call(_SERVICE, "ListTagsForResource", resourceArn=found["arn"]).get("tags", {})
        differs = [] if found["eventExpiryDuration"] == self.spec.event_days else ["event expiry"]
        if self._missing(found):
            differs.append("strategies")
        return ResourceStatus(True, self.is_ours(tags), tuple(differs))

    def create(self) -> None:
        made = self.cloud.call(
            _SERVICE,
            "CreateMemory",
            name=self.name,
            eventExpiryDuration=self.spec.event_days,
            memoryStrategies=_strategies(STRATEGIES),
            clientToken=f"{self.record.token}-memory",
            tags=self.spec.tags,
        )["memory"]
        self.record.set(memory_arn=made["arn"], memory_resource=made["id"])

    def update(self) -> None:
        if (found := self._found()) is None:
            return
        missing = self._missing(found)
        added = {"memoryStrategies": {"addMemoryStrategies": _strategies(missing)}} if missing else {}
        if added or found["eventExpiryDuration"] != self.spec.event_days:
            self.cloud.call(
                _SERVICE, "UpdateMemory", memoryId=found["id"], eventExpiryDuration=self.spec.event_days, **added
            )
        self.cloud.call(_SERVICE, "TagResource", resourceArn=found["arn"], tags=self.spec.tags)

    def delete(self) -> None:
        if (found := self._found()) and found["status"] != "DELETING":
            self.cloud.find(_SERVICE, "DeleteMemory", memoryId=found["id"])

    def waiting(self) -> str:
        if (found := self._found()) is None:
            return ""
        if state := _transient(found):
            return state
        # What is said before a strategy is active never becomes a record.
        strategies = [str(each.get("status", "ACTIVE")) for each in found.get("strategies") or ()]
        if "FAILED" in strategies:
            raise FailedStateError("A strategy of the memory is in the state FAILED.")
        return next((f"strategies {state}" for state in strategies if state != "ACTIVE"), "")

    def _missing(self, found: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
        """Return the strategies that the memory does not have."""
        there = {(each["name"], each["type"]) for each in found.get("strategies") or ()}
        return {member: each for member, each in STRATEGIES.items() if each[:2] not in there}

    def _found(self) -> dict[str, Any] | None:
        """Return the memory with that name; an account has at most one."""
        for each in self.cloud.all(_SERVICE, "ListMemories", "memories"):
            if each["id"].rpartition("-")[0] != self.name or each["id"] == BUILT_IN:
                continue
            if found := self.cloud.find(_SERVICE, "GetMemory", memoryId=each["id"]):
                memory: dict[str, Any] = found["memory"]
                return memory
        return None


class HarnessRole(RoleResource):
    """Role of the harness: may invoke its model, and use its own memory and log."""

    kind = "harness role"
    needs = ("memory",)

    @property
    def name(self) -> str:
        return self.spec.harness_role

    @property
    def trust(self) -> dict[str, Any]:
        condition = {
            "StringEquals": {"aws:SourceAccount": self.spec.account},
            "ArnLike": {"aws:SourceArn": self.spec.arn("bedrock-agentcore", "*")},
        }
        return document_of([trusts("bedrock-agentcore.amazonaws.com") | {"Condition": condition}])

    @property
    def policy(self) -> dict[str, Any]:
        spec = self.spec
        memory = str(self.record.get("memory_arn") or spec.arn("bedrock-agentcore", f"memory/{spec.memory_name}-*"))
        log = spec.arn("logs", "log-group:/aws/bedrock-agentcore/runtimes/*")
        workload = spec.arn("bedrock-agentcore", "workload-identity-directory/default*")
        return document_of(
            [
                model_statement(spec),
                allows("Memory", [f"bedrock-agentcore:{each}" for each in _MEMORY_CALLS], [memory]),
                allows("Log", [f"logs:{each}" for each in _LOG_CALLS], [log]),
                allows("Trace", [f"xray:{each}" for each in _TRACE_CALLS], ["*"]),
                allows("Image", ["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"], ["*"]),
                allows("Identity", [f"bedrock-agentcore:{each}" for each in _IDENTITY_CALLS], [workload]),
            ]
        )


class Harness(Resource):
    """The harness: model, instruction, the three inline functions, and the memory. Its id is looked up by name."""

    kind = "harness"
    needs = ("harness role", "memory")

    @property
    def name(self) -> str:
        return self.spec.harness_name

    @property
    def _settings(self) -> dict[str, Any]:
        return {
            "executionRoleArn": self.spec.role_arn(self.spec.harness_role),
            "model": {"bedrockModelConfig": {"modelId": self.spec.model}},
            "systemPrompt": [{"text": self.spec.instruction.strip()}],
            "tools": inline_functions(),
            "allowedTools": [each["name"] for each in functions()],  # else shell and file_operations are on
        }

    @property
    def _memory(self) -> dict[str, Any]:
        configuration = {"arn": str(self.record.get("memory_arn")), "retrievalConfig": RETRIEVAL}
        return {"agentCoreMemoryConfiguration": configuration}

    def status(self) -> ResourceStatus:
        found = self._found()
        self.record.set(harness_arn=found["arn"] if found else None, harness_id=found["harnessId"] if found else None)
        if found is None:
            return ABSENT
        tags = self.cloud.call(_SERVICE, "ListTagsForResource", resourceArn=found["arn"]).get("tags", {})
        wanted = {**self._settings, "memory": self._memory}
        blocked = _MANAGED if "managedMemoryConfiguration" in (found.get("memory") or {}) else ""
        return ResourceStatus(True, self.is_ours(tags), differing(wanted, found, _WORDS), blocked)

    def create(self) -> None:
        made = self.cloud.call(
            _SERVICE,
            "CreateHarness",
            harnessName=self.name,
            memory=self._memory,
            clientToken=f"{self.record.token}-harness",
            tags=self.spec.tags,
            **self._settings,
        )["harness"]
        self.record.set(harness_arn=made["arn"], harness_id=made["harnessId"])

    def update(self) -> None:
        if (found := self._found()) is None:
            return
        memory = {"optionalValue": self._memory}
        self.cloud.call(_SERVICE, "UpdateHarness", harnessId=found["harnessId"], memory=memory, **self._settings)
        self.cloud.call(_SERVICE, "TagResource", resourceArn=found["arn"], tags=self.spec.tags)

    def delete(self) -> None:
        if (found := self._found()) and found["status"] != "DELETING":
            self.cloud.find(_SERVICE, "DeleteHarness", harnessId=found["harnessId"])

    def waiting(self) -> str:
        found = self._found()
        return "" if found is None else _transient(found)

    def _found(self) -> dict[str, Any] | None:
        """Return the harness with that name; an account has at most one."""
        for each in self.cloud.all(_SERVICE, "ListHarnesses", "harnesses"):
            if each["harnessName"] != self.name or each["harnessId"] == BUILT_IN:
                continue
            if found := self.cloud.find(_SERVICE, "GetHarness", harnessId=each["harnessId"]):
                harness: dict[str, Any] = found["harness"]
                return harness
        return None


def inline_functions() -> list[dict[str, Any]]:
    """Return the travel agent's functions as tools whose calls are returned to the caller."""
    return [
        {
            "type": "inline_function",
            "name": each["name"],
            "config": {
                "inlineFunction": {
                    "description": each["description"],
                    "inputSchema": {
                        "type": "object",
                        "properties": {
                            name: {"type": "string", "description": parameter["description"]}
                            for name, parameter in each["parameters"].items()
                        },
                        "required": list(each["parameters"]),
                    },
                }
            },
        }
        for each in functions()
    ]


def _strategies(members: dict[str, tuple[str, str, str]]) -> list[dict[str, Any]]:
    return [{member: {"name": name, "namespaceTemplates": [place]}} for member, (name, _, place) in members.items()]


def _transient(found: dict[str, Any]) -> str:
    """Return the state if it is transient, else an empty string. Raises FailedStateError."""
    status = str(found["status"])
    if status.endswith("FAILED"):
        raise FailedStateError(str(found.get("failureReason") or f"Its state is {status}; AWS gives no reason."))
    return "" if status in _SETTLED else status


_MEMORY_CALLS = ("CreateEvent", "DeleteEvent", "GetEvent", "ListEvents", "RetrieveMemoryRecords")
_LOG_CALLS = ("CreateLogGroup", "CreateLogStream", "DescribeLogGroups", "DescribeLogStreams", "PutLogEvents")
_TRACE_CALLS = ("GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments")
_IDENTITY_CALLS = ("GetWorkloadAccessToken", "GetWorkloadAccessTokenForJWT", "GetWorkloadAccessTokenForUserId")
"""What the role of a harness needs (AWS devguide, harness-security)."""
