# mypy: ignore-errors
"""Run in the clients' own environment: agent-evaluation's target for agents, configured by the environment alone."""

from agenteval.targets.bedrock_agent.target import BedrockAgentTarget

target = BedrockAgentTarget("TRAVELDEMO", "TSTALIASID", aws_region="us-east-1")
target.invoke("My name is Edda.")
answer = target.invoke("What is my name?")
print("answered", answer.response)
print("traces", len(answer.data["bedrock_agent_trace"]))
