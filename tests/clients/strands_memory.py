# mypy: ignore-errors
"""Run in the clients' own environment: a Strands agent whose session manager keeps its memory in AgentCore.

Its model is a stand-in that answers with what it was given, so that it shows which records were put before it.
"""

import sys
import time

import boto3
from bedrock_agentcore.memory.integrations.strands.config import AgentCoreMemoryConfig, RetrievalConfig
from bedrock_agentcore.memory.integrations.strands.session_manager import AgentCoreMemorySessionManager
from strands import Agent, tool
from strands.models.model import Model

(memory_id,) = sys.argv[1:]


class Parrot(Model):
    """Calls the tool for a question about the weather, else answers with the last message."""

    def update_config(self, **model_config):
        """Take no configuration."""

    def get_config(self):
        """Return no configuration."""
        return {}

    async def structured_output(self, output_model, prompt, system_prompt=None, **kwargs):
        """Yield nothing."""
        yield {}

    async def stream(self, messages, tool_specs=None, system_prompt=None, **kwargs):
        """Yield one message."""
        blocks = messages[-1]["content"]
        texts = [block["text"] for block in blocks if "text" in block]
        results = [part["text"] for block in blocks if "toolResult" in block for part in block["toolResult"]["content"]]
        yield {"messageStart": {"role": "assistant"}}
        if any("weather" in text for text in texts):
            yield {"contentBlockStart": {"start": {"toolUse": {"name": "get_weather", "toolUseId": "t-1"}}}}
            yield {"contentBlockDelta": {"delta": {"toolUse": {"input": '{"city": "Lisbon"}'}}}}
            stop = "tool_use"
        else:
            yield {"contentBlockStart": {"start": {}}}
            yield {"contentBlockDelta": {"delta": {"text": "I was told: " + " ".join(texts + results)}}}
            stop = "end_turn"
        yield {"contentBlockStop": {}}
        yield {"messageStop": {"stopReason": stop}}


@tool
def get_weather(city: str) -> str:
    """Get the weather in a city"""
    return f"My home is in {city}, where it rains."


def agent(session_id):
    """An agent in a session of anna's."""
    config = AgentCoreMemoryConfig(
        memory_id=memory_id,
        session_id=session_id,
        actor_id="anna",
        retrieval_config={"/facts/{actorId}/": RetrievalConfig(top_k=3, relevance_score=0.3)},
    )
    manager = AgentCoreMemorySessionManager(config, region_name="us-east-1")
    return Agent(model=Parrot(), tools=[get_weather], session_manager=manager, callback_handler=None)


first = agent("first")
first("I am allergic to penicillin.")
first("What is the weather in Lisbon?")
data = boto3.client("bedrock-agentcore")


def facts():
    """The texts of anna's facts."""
    found = data.list_memory_records(memoryId=memory_id, namespacePath="/facts/anna/")["memoryRecordSummaries"]
    return [record["content"]["text"] for record in found]


while not facts():
    time.sleep(0.1)
print("facts", facts())
print("recalled", agent("second")("What am I allergic to?"))
print("reloaded", len(agent("first").messages))
