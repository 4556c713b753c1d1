"""The one place that knows boto3 and the shapes of AWS."""

from travel_tui.bedrock.client import BedrockAgent, open_agent, open_agent_in_thread
from travel_tui.bedrock.clients import Credentials

__all__ = ["BedrockAgent", "Credentials", "open_agent", "open_agent_in_thread"]
