# mypy: ignore-errors
"""Run in an environment of Python 3.12 or newer: the SDK generated for AgentCore alone, which sends no clientToken."""

import asyncio
import sys
from datetime import UTC, datetime

from aws_sdk_bedrock_agentcore import models
from aws_sdk_bedrock_agentcore.client import AsyncBedrockAgentCoreClient
from aws_sdk_bedrock_agentcore.config import AsyncBedrockAgentCoreConfig
from smithy_aws_core.identity import EnvironmentCredentialsResolver

(url,) = sys.argv[1:]
MEMORY = "travel_demo-TRAVELDEMO"


async def main():
    """Store an event, list its actor, and read a harness's answer."""
    config = await AsyncBedrockAgentCoreConfig.resolve()
    config.endpoint_uri, config.region = url, "us-east-1"
    config.aws_credentials_identity_resolver = EnvironmentCredentialsResolver()
    client = AsyncBedrockAgentCoreClient(config)
    said = models.Conversational(content=models.ContentText("I like tea."), role="USER")
    await client.create_event(
        models.CreateEventInput(
            memory_id=MEMORY,
            actor_id="py/actor",
            session_id="s",
            event_timestamp=datetime.now(UTC),
            payload=[models.PayloadTypeConversational(said)],
        )
    )
    listed = await client.list_actors(models.ListActorsInput(memory_id=MEMORY))
    print("actor", next(actor.actor_id for actor in listed.actor_summaries if actor.actor_id.startswith("py/")))
    message = models.HarnessMessage(role="user", content=[models.HarnessContentBlockText("What can you do?")])
    answer = await client.invoke_harness(
        models.InvokeHarnessInput(
            harness_arn=f"arn:aws:bedrock-agentcore:us-east-1:123456789012:harness/{MEMORY}",
            runtime_session_id="session-".ljust(40, "0"),
            actor_id="py",
            messages=[message],
        )
    )
    text, stop = "", ""
    async for event in answer.output_stream:
        value = event.value
        if isinstance(event, models.InvokeHarnessStreamOutputContentBlockDelta):
            text += value.delta.value
        elif isinstance(event, models.InvokeHarnessStreamOutputMessageStop):
            stop = value.stop_reason
    print("text", "**book**" in text)
    print("stop", getattr(stop, "value", stop))


asyncio.run(main())
