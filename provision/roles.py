"""IAM roles of the Lambda function and of the agent."""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from typing import Any

from provision.resource import ABSENT, Resource, ResourceStatus
from provision.spec import Spec

_PROFILE = re.compile(r"^(us|us-gov|eu|apac|au|ca|jp|global)\.")
"""Prefixes of inference profile ids: the geography over which calls are distributed."""
_POLICY = "travel-tui"


class RoleResource(Resource):
    """A role with one inline policy, which is deleted with the role."""

    @property
    @abstractmethod
    def trust(self) -> dict[str, Any]:
        """Return the trust policy."""

    @property
    @abstractmethod
    def policy(self) -> dict[str, Any]:
        """Return the permissions policy."""

    def status(self) -> ResourceStatus:
        found = self.cloud.find("iam", "GetRole", RoleName=self.name)
        if found is None:
            return ABSENT
        tags = self.cloud.call("iam", "ListRoleTags", RoleName=self.name).get("Tags", [])
        granted = self.cloud.find("iam", "GetRolePolicy", RoleName=self.name, PolicyName=_POLICY)
        differs = []
        if _document(found["Role"].get("AssumeRolePolicyDocument")) != self.trust:
            differs.append("trust")
        if granted is None or _document(granted["PolicyDocument"]) != self.policy:
            differs.append("policy")
        return ResourceStatus(True, self.is_ours({tag["Key"]: tag["Value"] for tag in tags}), tuple(differs))

    def create(self) -> None:
        tags = [{"Key": key, "Value": value} for key, value in self.spec.tags.items()]
        self.cloud.call(
            "iam", "CreateRole", RoleName=self.name, AssumeRolePolicyDocument=json.dumps(self.trust), Tags=tags
        )
        self._grant()

    def update(self) -> None:
        self.cloud.call("iam", "UpdateAssumeRolePolicy", RoleName=self.name, PolicyDocument=json.dumps(self.trust))
        self._grant()
        tags = [{"Key": key, "Value": value} for key, value in self.spec.tags.items()]
        self.cloud.call("iam", "TagRole", RoleName=self.name, Tags=tags)

    def delete(self) -> None:
        if self.cloud.find("iam", "GetRole", RoleName=self.name) is None:
            return
        self.cloud.find("iam", "DeleteRolePolicy", RoleName=self.name, PolicyName=_POLICY)
        self.cloud.find("iam", "DeleteRole", RoleName=self.name)

    def _grant(self) -> None:
        self.cloud.call(
            "iam", "PutRolePolicy", RoleName=self.name, PolicyName=_POLICY, PolicyDocument=json.dumps(self.policy)
        )


class FunctionRole(RoleResource):
    """Role of the Lambda function: may write its own log, and access bookings in its own table."""

    kind = "function role"

    @property
    def name(self) -> str:
        return self.spec.function_role

    @property
    def trust(self) -> dict[str, Any]:
        return document_of([trusts("lambda.amazonaws.com")])

    @property
    def policy(self) -> dict[str, Any]:
        group = self.spec.arn("logs", f"log-group:{self.spec.log_group}:*")
        statements = [allows("Log", ["logs:CreateLogStream", "logs:PutLogEvents"], [group])]
        if self.spec.table:
            actions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
            table = self.spec.arn("dynamodb", f"table/{self.spec.table_name}")
            statements.append(allows("Bookings", actions, [table]))
        return document_of(statements)


class AgentRole(RoleResource):
    """Role of the agent: may invoke its model. Only agents of this account and Region can assume it."""

    kind = "agent role"

    @property
    def name(self) -> str:
        return self.spec.agent_role

    @property
    def trust(self) -> dict[str, Any]:
        condition = {
            "StringEquals": {"aws:SourceAccount": self.spec.account},
            "ArnLike": {"aws:SourceArn": self.spec.arn("bedrock", "agent/*")},
        }
        return document_of([trusts("bedrock.amazonaws.com") | {"Condition": condition}])

    @property
    def policy(self) -> dict[str, Any]:
        return document_of([model_statement(self.spec)])


def model_statement(spec: Spec) -> dict[str, Any]:
    """Return the statement that allows to invoke the agent's model, in all Regions of its inference profile."""
    model = spec.model.rpartition("/")[2]
    invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
    if not is_profile(spec.model):
        arn = f"arn:{spec.partition}:bedrock:{spec.region}::foundation-model/{model}"
        return allows("Model", invoke, [arn])
    profile = spec.model if spec.model.startswith("arn:") else spec.arn("bedrock", f"inference-profile/{model}")
    anywhere = f"arn:{spec.partition}:bedrock:*::foundation-model/{_PROFILE.sub('', model)}"
    if "application-inference-profile" in profile:  # its id does not contain the model
        anywhere = f"arn:{spec.partition}:bedrock:*::foundation-model/*"
    actions = [*invoke, "bedrock:GetFoundationModel", "bedrock:GetInferenceProfile"]
    return allows("Model", actions, [profile, anywhere])


def is_profile(model: str) -> bool:
    """Whether `model` names an inference profile rather than a foundation model."""
    return "inference-profile/" in model or bool(_PROFILE.match(model))


def trusts(service: str) -> dict[str, Any]:
    """Return the statement that lets a service assume the role."""
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}


def allows(sid: str, actions: list[str], resources: list[str]) -> dict[str, Any]:
    """Return the statement that allows these actions on these resources."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def document_of(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a policy of these statements."""
    return {"Version": "2012-10-17", "Statement": statements}


def _document(policy: Any) -> Any:
    return json.loads(policy) if isinstance(policy, str) else policy
