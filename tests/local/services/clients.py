"""Clients of all services at one endpoint, and what tests make with them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.endpoint import RunningEndpoint, client_at

ACCOUNT = "123456789012"
INSTRUCTION = "You are an agent that helps people with whatever your functions can do."
MODEL = "anthropic.claude-3-sonnet-20240229-v1:0"
ECHO = "def handler(event, context):\n    print('got', event)\n    return {'echo': event}\n"


class Aws:
    """The services at an endpoint, in one Region."""

    def __init__(self, endpoint: RunningEndpoint, region: str = "us-east-1") -> None:
        self.endpoint = endpoint
        self.region = region
        self._clients: dict[str, Any] = {}

    def __getattr__(self, service: str) -> Any:
        name = {"lambda_": "lambda"}.get(service, service.replace("_", "-"))
        if name not in self._clients:
            self._clients[name] = client_at(self.endpoint.url, self.endpoint.key, name, self.region)
        return self._clients[name]

    def close(self) -> None:
        """Close all clients."""
        for client in self._clients.values():
            client.close()

    def role(self, name: str, *services: str) -> str:
        """The ARN of a new role that these services can assume."""
        made = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(*services))
        return str(made["Role"]["Arn"])

    def function(self, name: str, source: str = ECHO, **more: Any) -> dict[str, Any]:
        """A new function with a role of its own."""
        asked = {
            "FunctionName": name,
            "Runtime": "python3.12",
            "Handler": "code.handler",
            "Code": {"ZipFile": zipped({"code.py": source})},
            **more,
        }
        if "Role" not in asked:
            asked["Role"] = self.role(f"role-of-{name}", "lambda.amazonaws.com")
        made: dict[str, Any] = self.lambda_.create_function(**asked)
        return made

    def agent(self, name: str, **more: Any) -> str:
        """The id of a new agent with a role of its own."""
        asked = {"agentName": name, "instruction": INSTRUCTION, "foundationModel": MODEL, **more}
        if "agentResourceRoleArn" not in asked:
            asked["agentResourceRoleArn"] = self.role(f"role-of-{name}", "bedrock.amazonaws.com")
        return str(self.bedrock_agent.create_agent(**asked)["agent"]["agentId"])

    def status(self, agent: str) -> str:
        """An agent's status."""
        return str(self.bedrock_agent.get_agent(agentId=agent)["agent"]["agentStatus"])


def trust(*services: str) -> str:
    """A trust policy."""
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def permission(action: str = "logs:PutLogEvents", resource: str = "*") -> str:
    """A policy that allows an action."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def zipped(files: dict[str, str]) -> bytes:
    """A zip file of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as bundle:
        for name, text in files.items():
            bundle.writestr(name, text)
    return content.getvalue()


@contextmanager
def refused(code: str, words: str = "") -> Iterator[pytest.ExceptionInfo[ClientError]]:
    """Holds that what is inside is refused with this error."""
    with pytest.raises(ClientError) as caught:
        yield caught
    assert caught.value.response["Error"]["Code"] == code, caught.value
    assert words in caught.value.response["Error"]["Message"], caught.value
