# mypy: ignore-errors
"""Run in the clients' own environment: langchain-aws makes an agent, which returns control to its tools."""

import sys

from langchain_aws.agents.base import BedrockAgentsRunnable
from langchain_core.tools import tool

url, role = sys.argv[1:]


@tool("AssetDetail::get_weather")
def get_weather(city: str) -> str:
    """Get the weather in a city"""
    return f"It is sunny in {city}."


agent = BedrockAgentsRunnable.create_agent(
    agent_name="langchain-weather",
    agent_resource_role_arn=role,
    foundation_model="us.amazon.nova-pro-v1:0",
    instruction="You are an agent that tells people about the weather in any city.",
    tools=[get_weather],
    region_name="us-east-1",
    bedrock_endpoint_url=url,
    runtime_endpoint_url=url,
)
(action,) = agent.invoke({"input": "What is the weather in Lisbon?"})
print("asked for", action.tool, action.tool_input)
done = agent.invoke(
    {
        "input": "What is the weather in Lisbon?",
        "session_id": action.session_id,
        "intermediate_steps": [(action, get_weather.invoke(action.tool_input))],
    }
)
print("answered", done.return_values["output"])

demo = BedrockAgentsRunnable(
    agent_id="TRAVELDEMO", credentials_profile_name=None, region_name="us-east-1", endpoint_url=url
)
print("demo", demo.invoke({"input": "Hello, who are you?"}).return_values["output"])
