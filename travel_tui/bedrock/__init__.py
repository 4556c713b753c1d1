"""The one place that knows boto3 and the shapes of AWS. Importing it imports no boto3; opening an agent does."""

from travel_tui.bedrock.client import Credentials, open_agent, open_agent_in_thread

__all__ = ["Credentials", "open_agent", "open_agent_in_thread"]
