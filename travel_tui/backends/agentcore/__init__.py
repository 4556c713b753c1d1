"""Harnesses and memories of Amazon Bedrock AgentCore. Importing it imports no boto3; opening an agent does."""
