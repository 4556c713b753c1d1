"""Resources of the action group's Lambda function, and the permission to invoke it."""

from __future__ import annotations

import json
from typing import Any

from provision.aws_session import AwsSession
from provision.package import digest
from provision.resource import ABSENT, FailedStateError, Resource, ResourceStatus, differing
from provision.spec import HANDLER, MEMORY_MB, RUNTIME, STATEMENT, TIMEOUT_S
from provision.state_file import StateFile

_WORDS = {"MemorySize": "memory", "CodeSha256": "code"}


class FunctionResource(Resource):
    """The function's code and settings."""

    kind = "function"
    needs = ("function role", "log group")

    def __init__(self, cloud: AwsSession, record: StateFile, code: bytes) -> None:
        super().__init__(cloud, record)
        self._code = code

    @property
    def name(self) -> str:
        return self.spec.function

    @property
    def _settings(self) -> dict[str, Any]:
        variables = {"BOOKINGS_TTL_DAYS": "365"}
        if self.spec.table:
            variables["BOOKINGS_TABLE"] = self.spec.table_name
        return {
            "Runtime": RUNTIME,
            "Handler": HANDLER,
            "Role": self.spec.role_arn(self.spec.function_role),
            "Timeout": TIMEOUT_S,
            "MemorySize": MEMORY_MB,
            "Environment": {"Variables": variables},
        }

    def status(self) -> ResourceStatus:
        found = self.cloud.find("lambda", "GetFunction", FunctionName=self.name)
        if found is None:
            return ABSENT
        configuration = found["Configuration"]
        wanted = {**self._settings, "CodeSha256": digest(self._code), "Architectures": ["arm64"]}
        words = {key: _WORDS.get(key, key.lower()) for key in wanted}
        return ResourceStatus(True, self.is_ours(found.get("Tags") or {}), differing(wanted, configuration, words))

    def create(self) -> None:
        self.cloud.call(
            "lambda",
            "CreateFunction",
            FunctionName=self.name,
            Code={"ZipFile": self._code},
            Architectures=["arm64"],
            Tags=self.spec.tags,
            **self._settings,
        )

    def update(self) -> None:
        found = self.cloud.call("lambda", "GetFunction", FunctionName=self.name)
        configuration = found["Configuration"]
        if not self.is_ours(found.get("Tags") or {}):
            self.cloud.call("lambda", "TagResource", Resource=configuration["FunctionArn"], Tags=self.spec.tags)
        if differing(self._settings, configuration, {}):
            self.cloud.call("lambda", "UpdateFunctionConfiguration", FunctionName=self.name, **self._settings)
        # The code is updated in `finish`: Lambda accepts no second update before the first has completed.

    def finish(self) -> None:
        configuration = self.cloud.call("lambda", "GetFunction", FunctionName=self.name)["Configuration"]
        if configuration["CodeSha256"] != digest(self._code) or configuration.get("Architectures") != ["arm64"]:
            self.cloud.call(
                "lambda", "UpdateFunctionCode", FunctionName=self.name, ZipFile=self._code, Architectures=["arm64"]
            )

    def delete(self) -> None:
        self.cloud.find("lambda", "DeleteFunction", FunctionName=self.name)

    def waiting(self) -> str:
        found = self.cloud.find("lambda", "GetFunction", FunctionName=self.name)
        if found is None:
            return ""
        configuration = found["Configuration"]
        for key in ("State", "LastUpdateStatus"):
            if configuration.get(key) == "Failed":
                raise FailedStateError(str(configuration.get(f"{key}Reason") or "Lambda gives no reason."))
        if configuration.get("State", "Active") not in ("Active", "Inactive"):
            return str(configuration["State"])
        return "updating" if configuration.get("LastUpdateStatus") == "InProgress" else ""


class Permission(Resource):
    """The function's resource policy: only this agent may invoke it."""

    kind = "permission"
    needs = ("function", "agent")

    @property
    def name(self) -> str:
        return f"{STATEMENT} on {self.spec.function}"

    def status(self) -> ResourceStatus:
        statement = self._statement()
        if statement is None:
            return ABSENT
        conditions = json.dumps(statement.get("Condition", {}))
        agent_id = self.record.get("agent_id")
        right = bool(agent_id) and self._agent_arn in conditions and self.spec.account in conditions
        return ResourceStatus(True, True, () if right else ("agent",))

    def create(self) -> None:
        self.cloud.call(
            "lambda",
            "AddPermission",
            FunctionName=self.spec.function,
            StatementId=STATEMENT,
            Action="lambda:InvokeFunction",
            Principal="bedrock.amazonaws.com",
            SourceAccount=self.spec.account,
            SourceArn=self._agent_arn,
        )

    def update(self) -> None:
        self.delete()
        self.create()

    def delete(self) -> None:
        if self._statement() is not None:
            self.cloud.find("lambda", "RemovePermission", FunctionName=self.spec.function, StatementId=STATEMENT)

    @property
    def _agent_arn(self) -> str:
        return self.spec.arn("bedrock", f"agent/{self.record.get('agent_id')}")

    def _statement(self) -> dict[str, Any] | None:
        found = self.cloud.find("lambda", "GetPolicy", FunctionName=self.spec.function)
        statements: list[dict[str, Any]] = json.loads(found["Policy"])["Statement"] if found else []
        return next((each for each in statements if each.get("Sid") == STATEMENT), None)
