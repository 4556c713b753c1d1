"""AgentCore at an endpoint, and what tests do with it."""

from __future__ import annotations

import itertools
import json
import uuid
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar

from tests.endpoint import until
from tests.local.services.clients import Aws

ACCOUNT = "123456789012"
PRINCIPAL = "bedrock-agentcore.amazonaws.com"
DEMO = "travel_demo-TRAVELDEMO"
STRATEGIES = [
    {"summaryMemoryStrategy": {"name": "summaries", "namespaceTemplates": ["/summaries/{actorId}/{sessionId}/"]}},
    {"semanticMemoryStrategy": {"name": "facts", "namespaceTemplates": ["/facts/{actorId}/"]}},
    {"userPreferenceMemoryStrategy": {"name": "preferences", "namespaceTemplates": ["/preferences/{actorId}/"]}},
]
WEATHER_TOOL = {
    "type": "inline_function",
    "name": "get_weather",
    "config": {
        "inlineFunction": {
            "description": "get the weather in a city",
            "inputSchema": {
                "type": "object",
                "properties": {"city": {"type": "string", "description": "the city"}},
                "required": ["city"],
            },
        }
    },
}
_numbers = itertools.count(1)


class AgentCore(Aws):
    """The services, and short forms of what tests need."""

    recorders: ClassVar[list[list[tuple[str, dict[str, Any]]]]] = []
    """Lists that get each operation with its input."""

    @cached_property
    def data(self) -> Any:
        """The data plane."""
        return self._recorded(self.bedrock_agentcore)

    @cached_property
    def control(self) -> Any:
        """The control plane."""
        return self._recorded(self.bedrock_agentcore_control)

    def _recorded(self, client: Any) -> Any:
        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            for recorder in self.recorders:
                recorder.append((model.name, dict(params)))

        client.meta.events.register("before-parameter-build", note)
        return client

    def memory(self, *, strategies: Any = STRATEGIES, **more: Any) -> str:
        """Create a memory, wait for it, and return its id."""
        name = f"memory_{next(_numbers)}_{uuid.uuid4().hex[:6]}"
        made = self.control.create_memory(name=name, eventExpiryDuration=30, memoryStrategies=strategies, **more)
        memory_id: str = made["memory"]["id"]
        until(lambda: self.control.get_memory(memoryId=memory_id)["memory"]["status"] == "ACTIVE")
        return memory_id

    def harness(self, **more: Any) -> dict[str, Any]:
        """Create a harness, wait for it, and return it."""
        number = next(_numbers)
        role = more.pop("executionRoleArn", None) or self.role(f"harness-{number}-{uuid.uuid4().hex[:6]}", PRINCIPAL)
        made = self.control.create_harness(
            harnessName=f"harness_{number}_{uuid.uuid4().hex[:6]}",
            executionRoleArn=role,
            **{"memory": {"disabled": {}}, **more},
        )
        return self.ready(made["harness"]["harnessId"])

    def ready(self, harness_id: str) -> dict[str, Any]:
        """Wait until a harness is READY and return it."""

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = self.control.get_harness(harnessId=harness_id)["harness"]
            return found if found["status"] == "READY" else None

        found = until(look)
        assert found
        return found

    def tell(self, memory_id: str, actor: str, session: str, *texts: str, role: str = "USER", **more: Any) -> str:
        """Store messages as one event and return its id."""
        payload = [{"conversational": {"role": role, "content": {"text": text}}} for text in texts]
        asked = {"eventTimestamp": datetime.now(UTC), "payload": payload, **more}
        made = self.data.create_event(memoryId=memory_id, actorId=actor, sessionId=session, **asked)
        event_id: str = made["event"]["eventId"]
        return event_id

    def texts(self, memory_id: str, path: str, **more: Any) -> list[str]:
        """The texts of the records under a path."""
        pages = self.data.get_paginator("list_memory_records").paginate(memoryId=memory_id, namespacePath=path, **more)
        return [record["content"]["text"] for page in pages for record in page["memoryRecordSummaries"]]

    def await_text(self, memory_id: str, path: str, words: str) -> list[str]:
        """Wait for a record with some words and return all texts under the path."""

        def look() -> list[str]:
            texts = self.texts(memory_id, path)
            return texts if any(words in text for text in texts) else []

        return until(look)

    def invoke(self, harness: dict[str, Any] | str, session: str, content: Any, **more: Any) -> list[dict[str, Any]]:
        """The events of a call; `content` is a text or blocks."""
        arn = harness if isinstance(harness, str) else harness["arn"]
        blocks = [{"text": content}] if isinstance(content, str) else content
        answer = self.data.invoke_harness(
            harnessArn=arn,
            runtimeSessionId=session,
            **{"actorId": "anna", "messages": [{"role": "user", "content": blocks}], **more},
        )
        return list(answer["stream"])


def session_id() -> str:
    """A session id of InvokeHarness's length."""
    return f"session-{uuid.uuid4()}"


def said(events: list[dict[str, Any]]) -> str:
    """The text of an answer."""
    return "".join(e["contentBlockDelta"]["delta"].get("text", "") for e in events if "contentBlockDelta" in e)


def stop_reason(events: list[dict[str, Any]]) -> str:
    """The last stop reason."""
    return str([e["messageStop"]["stopReason"] for e in events if "messageStop" in e][-1])


def call_in(events: list[dict[str, Any]]) -> tuple[str, str, Any]:
    """The one call of an answer: id, name and input."""
    (start,) = [e["contentBlockStart"]["start"]["toolUse"] for e in events if "contentBlockStart" in e]
    parts = [e["contentBlockDelta"]["delta"]["toolUse"]["input"] for e in events if "contentBlockDelta" in e]
    return start["toolUseId"], start["name"], json.loads("".join(parts))


def result(tool_use_id: str, text: str, status: str = "success") -> list[dict[str, Any]]:
    """The content that answers a call."""
    return [{"toolResult": {"toolUseId": tool_use_id, "content": [{"text": text}], "status": status}}]
