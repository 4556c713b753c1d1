"""Amazon Bedrock AgentCore: memories and harnesses, both control plane and data plane."""
